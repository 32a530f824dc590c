import type { Worker } from "node:worker_threads"
import { reduceSlots, shardRunner, shardStarts, type Batch } from "../nets/shards.ts"
import { shareBatch, sharedBatch, sharedBytes, type BatchPlan } from "../nets/sharedBatch.ts"
import { kernelJets } from "../nets/kernelJets.ts"
import { kernelBuild } from "../nets/kernelBuilds.ts"
import { beginRound, SPINS, takeShards } from "./crewBoard.ts"
import type { CrewOrder } from "./crewMember.ts"
import { boardMemory, hireMember, workersAbout } from "./workers.ts"

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

/** Throws an Error where a worker fails, is killed or does not answer in time; nothing waits for ever. */
export async function startCrew(batch: Batch, { precision, shapes, shocks, threads, patience: { start = 60_000, step = 60_000 } = {}, hire = order => hireMember("crewMember", order) }: CrewOptions): Promise<Crew> {
  const plan: BatchPlan = { precision, shapes, shocks, n: batch.flow.n, squares: batch.squares.map(({ net }) => net) }
  const order: CrewOrder = { kernels: kernelBuild(), plan, memory: new SharedArrayBuffer(sharedBytes(plan)), board: boardMemory() }
  const board = new Int32Array(order.board), shared = sharedBatch(order.memory, plan)
  const shards = shardStarts(plan.n).length - 1
  const run = shardRunner(kernelJets(precision).generator(shapes, shocks, plan.n), shapes.length, plan.n)
  const workers = workersAbout(board, () => hire(order), { during: "in the midst of a step", part: "its part of a step" }, SPINS)
  shareBatch(batch, shared.batch)
  for (let k = 1; k < threads; k++) workers.hire()
  await workers.ready(start)
  return {
    gradient(weights, gradient) {
      workers.check()
      shared.weights.set(weights)
      beginRound(board)
      takeShards(board, shards, shard => run(shared.weights, shared.batch, shard, shared.slots))
      workers.finish(shards, step)
      gradient.fill(0)
      return reduceSlots(shared.slots, plan.n, gradient)
    },
    load: next => shareBatch(next, shared.batch),
    close: workers.close,
  }
}
