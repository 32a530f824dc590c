import { sharedBatch, type BatchPlan } from "../nets/sharedBatch.ts"
import { shardRunner, shardStarts } from "../nets/shards.ts"
import { wasmJets } from "../nets/wasmJets.ts"
import { offerNative, takeKernels, type KernelBuild } from "../nets/kernelBuilds.ts"
import { machineCode } from "./machineCode.ts"
import { BOARD, SPINS, reportFailure, takeShards } from "./crewBoard.ts"

/** What a member is given to start with. */
export interface CrewOrder {
  readonly kernels: KernelBuild
  readonly plan: BatchPlan
  readonly memory: SharedArrayBuffer
  readonly board: SharedArrayBuffer
}

/** The life of a worker: takes shards of each step until it is told to stop. `ready` is called before the first; tests replace `work`. */
export function serve(order: CrewOrder, ready: () => void, work = workOf): void {
  const board = new Int32Array(order.board)
  try {
    const run = work(order), shards = shardStarts(order.plan.n).length - 1
    let seen = 0
    ready()
    for (;;) {
      for (let spin = 0; spin < SPINS && Atomics.load(board, BOARD.step) === seen; spin++);
      Atomics.wait(board, BOARD.step, seen)
      seen = Atomics.load(board, BOARD.step)
      if (Atomics.load(board, BOARD.stop) !== 0) return
      takeShards(board, shards, run)
    }
  } catch (error) {
    reportFailure(board, error)
    throw error
  }
}

/** How one shard is run. */
function workOf({ kernels, plan, memory }: CrewOrder): (shard: number) => void {
  offerNative(machineCode(process.env))
  takeKernels(kernels)
  const { weights, batch, slots } = sharedBatch(memory, plan)
  const run = shardRunner(wasmJets(plan.precision).generator(plan.shapes, plan.shocks, plan.n), plan.shapes.length, plan.n)
  return shard => run(weights, batch, shard, slots)
}
