import { once } from "node:events"
import { Worker, type MessagePort } from "node:worker_threads"
import { awaitParts, beginRound, BOARD, BOARD_BYTES, type Words } from "./crewBoard.ts"

/** Worker threads that take part in rounds of work with this one, and what has become of them. */
export interface Workers {
  readonly count: number
  hire(): void
  /** Waits until all are ready. Ends them and throws where one fails, or takes longer than `patience` milliseconds. */
  ready(patience: number): Promise<void>
  /** Throws the first fault that there was: a crew with a fault computes no more. */
  check(): void
  /** Notes a fault found by others. */
  spoil(why: string): void
  /** Sleeps until so many parts of the round are done. Throws where a worker fails, or does not answer for `patience` milliseconds. */
  finish(parts: number, patience: number): void
  /** Ends them, whatever they are at. */
  close(): Promise<void>
}

export const boardMemory = (): SharedArrayBuffer => new SharedArrayBuffer(BOARD_BYTES)

/** A thread that lives the life of a member, which is a module of this folder. */
export const hireMember = (member: string, order: object, transfer: MessagePort[] = []): Worker =>
  new Worker(new URL("../../bin/worker.js", import.meta.url), { workerData: { member, order }, transferList: transfer })

/** Where a member says that it is ready. */
export interface Port { postMessage(text: string): void }

/** Workers about a board, none at first. `spins` are loads before this thread goes to sleep. */
export function workersAbout(board: Int32Array, hire: () => Worker, words: Words, spins = 0): Workers {
  const workers: Worker[] = []
  let fault: string | undefined, closing = false
  const check = (): void => { if (fault !== undefined) throw new Error(fault) }
  const close = async (): Promise<void> => {
    closing = true
    Atomics.store(board, BOARD.stop, 1)
    beginRound(board)
    await Promise.all(workers.map(worker => worker.terminate()))
  }
  return {
    get count() { return workers.length },
    hire: () => {
      const worker = hire()
      worker.on("error", error => { fault ??= `a worker failed: ${error.message}` })
      worker.on("exit", status => { if (!closing) fault ??= `a worker ended with status ${status} before its work was done` })
      // Whoever forgets to close a crew can still end.
      worker.unref()
      workers.push(worker)
    },
    ready: async patience => {
      for (const worker of workers) worker.ref()
      try {
        await Promise.all(workers.map(worker => once(worker, "message", { signal: AbortSignal.timeout(patience) })))
      } catch (error) {
        await close()
        throw new Error(fault ?? `a worker did not start within ${patience / 1000} s`, { cause: error })
      }
      for (const worker of workers) worker.unref()
    },
    check,
    spoil: why => { fault ??= why },
    finish: (parts, patience) => {
      fault ??= awaitParts(board, parts, patience, words, spins)
      check()
    },
    close,
  }
}
