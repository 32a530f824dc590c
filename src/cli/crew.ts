import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { reduceSlots, shardRunner, shardStarts, type Batch } from "../nets/shards.ts"
import { shareBatch, sharedBatch, sharedBytes, type BatchPlan } from "../nets/sharedBatch.ts"
import { wasmJets } from "../nets/wasmJets.ts"
import { kernelBuild } from "../nets/kernelBuilds.ts"
import { BOARD, BOARD_BYTES, SPINS, failureOn, takeShards } from "./crewBoard.ts"
import type { CrewOrder } from "./crewMember.ts"

/** Threads that share the work of a step, of one net or several: this one and `threads - 1` workers. */
export interface Crew {
  /** Writes the gradient of the loss on the batch and returns the loss; the same bits for any number of threads. */
  gradient(weights: Float64Array, gradient: Float64Array): number
  /** Puts another batch of the same plan in the place of the first. */
  load(batch: Batch): void
  close(): Promise<void>
}

export interface CrewOptions {
  readonly precision: BatchPlan["precision"]
  readonly shapes: BatchPlan["shapes"]
  readonly shocks: number
  readonly threads: number
  /** Milliseconds that a worker may take to start, and to finish its shard after all others; default one minute each. */
  readonly patience?: { readonly start?: number; readonly step?: number }
  /** Makes a worker; for tests. */
  readonly hire?: (order: CrewOrder) => Worker
}

const hireMember = (order: CrewOrder): Worker => new Worker(new URL("../../bin/worker.js", import.meta.url), { workerData: order })

/** Throws an Error where a worker fails, is killed or does not answer in time; nothing waits for ever. */
export async function startCrew(batch: Batch, { precision, shapes, shocks, threads, patience: { start = 60_000, step = 60_000 } = {}, hire = hireMember }: CrewOptions): Promise<Crew> {
  const plan: BatchPlan = { precision, shapes, shocks, n: batch.flow.n, squares: batch.squares.map(({ net }) => net) }
  const order: CrewOrder = { kernels: kernelBuild(), plan, memory: new SharedArrayBuffer(sharedBytes(plan)), board: new SharedArrayBuffer(BOARD_BYTES) }
  const board = new Int32Array(order.board), shared = sharedBatch(order.memory, plan)
  const shards = shardStarts(plan.n).length - 1
  const run = shardRunner(wasmJets(precision).generator(shapes, shocks, plan.n), shapes.length, plan.n)
  let fault: string | undefined, closing = false
  shareBatch(batch, shared.batch)

  const workers = Array.from({ length: threads - 1 }, () => {
    const worker = hire(order)
    worker.on("error", error => { fault ??= `a worker failed: ${error.message}` })
    worker.on("exit", status => { if (!closing) fault ??= `a worker ended with status ${status} before its work was done` })
    return worker
  })
  const close = async () => {
    closing = true
    Atomics.store(board, BOARD.stop, 1)
    Atomics.add(board, BOARD.step, 1)
    Atomics.notify(board, BOARD.step)
    await Promise.all(workers.map(worker => worker.terminate()))
  }
  try {
    await Promise.all(workers.map(worker => once(worker, "message", { signal: AbortSignal.timeout(start) })))
  } catch (error) {
    await close()
    throw new Error(fault ?? `a worker did not start within ${start / 1000} s`, { cause: error })
  }
  // Whoever forgets to close a crew can still end.
  for (const worker of workers) worker.unref()

  const spinUntilMoved = (done: number) => {
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(board, BOARD.done) !== done) return true
    return false
  }
  const awaitShards = (): string | undefined => {
    for (let done = Atomics.load(board, BOARD.done); done < shards; done = Atomics.load(board, BOARD.done)) {
      const failure = failureOn(board)
      if (failure !== undefined) return `a worker failed in the midst of a step: ${failure}`
      if (!spinUntilMoved(done) && Atomics.wait(board, BOARD.done, done, step) === "timed-out")
        return `a worker did not finish its part of a step within ${step / 1000} s: it may have been killed`
    }
    return undefined
  }
  return {
    gradient(weights, gradient) {
      if (fault !== undefined) throw new Error(fault)
      shared.weights.set(weights)
      Atomics.store(board, BOARD.done, 0)
      Atomics.store(board, BOARD.next, 0)
      Atomics.add(board, BOARD.step, 1)
      Atomics.notify(board, BOARD.step)
      takeShards(board, shards, shard => run(shared.weights, shared.batch, shard, shared.slots))
      fault = awaitShards()
      if (fault !== undefined) throw new Error(fault)
      gradient.fill(0)
      return reduceSlots(shared.slots, plan.n, gradient)
    },
    load: next => shareBatch(next, shared.batch),
    close,
  }
}
