import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { outputLength, type PathRunner, type PathTask } from "../simulate/pathTask.ts"
import { BOARD, BOARD_BYTES, failureOn } from "./crewBoard.ts"
import { ROUND_WORDS, takeBlocks, type PathOrder } from "./pathMember.ts"

/** Threads that share the paths of a simulation: this one and `threads - 1` workers. */
export interface PathCrew extends PathRunner {
  close(): Promise<void>
}

const hireMember = (order: PathOrder): Worker => new Worker(new URL("../../bin/pathWorker.js", import.meta.url), { workerData: order })

/** A round is divided into at most so many blocks: enough for any number of cores to end together. */
const MOST_BLOCKS = 64

/**
 * Starts a crew. The bits do not depend on `threads`: a path has random numbers of its own, and what is added up are whole
 * numbers. `most` is the largest number of paths of a round, by task. Throws an Error where a worker fails, ends early or does not
 * answer within `patience` milliseconds. `hire` makes a worker; for tests.
 */
export async function startPathCrew(tasks: readonly PathTask[], most: readonly number[], threads: number, { patience = 120_000, hire = hireMember }: { patience?: number; hire?: (order: PathOrder) => Worker } = {}): Promise<PathCrew> {
  const blockOf = (paths: number): number => Math.ceil(paths / MOST_BLOCKS)
  const room = Math.max(...tasks.map((task, i) => Math.ceil(most[i] / blockOf(most[i])) * outputLength(task, blockOf(most[i]))))
  const order: PathOrder = { tasks, round: new SharedArrayBuffer(8 * ROUND_WORDS), slots: new SharedArrayBuffer(8 * room), board: new SharedArrayBuffer(BOARD_BYTES) }
  const board = new Int32Array(order.board), words = new Float64Array(order.round), slots = new Float64Array(order.slots)
  let fault: string | undefined, closing = false
  const workers = Array.from({ length: threads - 1 }, () => {
    const worker = hire(order)
    worker.on("error", error => { fault ??= `a worker failed: ${error.message}` })
    worker.on("exit", status => { if (!closing) fault ??= `a worker ended with status ${status} before its work was done` })
    return worker
  })
  const begin = (): void => {
    Atomics.add(board, BOARD.step, 1)
    Atomics.notify(board, BOARD.step)
  }
  const close = async () => {
    closing = true
    Atomics.store(board, BOARD.stop, 1)
    begin()
    await Promise.all(workers.map(worker => worker.terminate()))
  }
  try {
    await Promise.all(workers.map(worker => once(worker, "message", { signal: AbortSignal.timeout(patience) })))
  } catch (error) {
    await close()
    throw new Error(fault ?? `a worker did not start within ${patience / 1000} s`, { cause: error })
  }
  // Whoever forgets to close a crew can still end.
  for (const worker of workers) worker.unref()

  const awaitMembers = (): string | undefined => {
    for (let done = Atomics.load(board, BOARD.done); done < workers.length && failureOn(board) === undefined; done = Atomics.load(board, BOARD.done))
      if (Atomics.wait(board, BOARD.done, done, patience) === "timed-out") return `a worker did not finish its paths within ${patience / 1000} s: it may have been killed`
    const failure = failureOn(board)
    return failure && `a worker failed while it followed paths: ${failure}`
  }
  return {
    run(task, first, end, out) {
      if (fault !== undefined) throw new Error(fault)
      const paths = end - first, blockPaths = blockOf(paths), blocks = Math.ceil(paths / blockPaths), length = outputLength(tasks[task], blockPaths)
      words.set([task, first, end, blockPaths, length, blocks])
      Atomics.store(board, BOARD.done, 0)
      Atomics.store(board, BOARD.next, 0)
      begin()
      takeBlocks(order)
      fault = awaitMembers()
      if (fault !== undefined) throw new Error(fault)
      for (let block = 0; block < blocks; block++) {
        const slot = slots.subarray(block * length, (block + 1) * length)
        if (tasks[task].kind === "forecast") out.set(slot.subarray(0, Math.min(length, out.length - block * length)), block * length)
        else for (let i = 0; i < length; i++) out[i] += slot[i]
      }
    },
    close,
  }
}
