import { sharedBatch, type BatchPlan } from "../nets/sharedBatch.ts"
import { shardRunner, shardStarts } from "../nets/shards.ts"
import { kernelJets } from "../nets/kernelJets.ts"
import { offerNative, takeKernels, type KernelBuild } from "../nets/kernelBuilds.ts"
import { attend, SPINS, takeShards } from "./crewBoard.ts"
import { machineCode } from "./machineCode.ts"
import type { Port } from "./workers.ts"

/** What a member is given to start with. */
export interface CrewOrder {
  readonly kernels: KernelBuild
  readonly plan: BatchPlan
  readonly memory: SharedArrayBuffer
  readonly board: SharedArrayBuffer
}

/** The life of a worker: takes shards of each step until it is told to stop. Tests replace `work`. */
export function serve(order: CrewOrder, port: Port, work = workOf): void {
  const board = new Int32Array(order.board), shards = shardStarts(order.plan.n).length - 1
  attend(board, () => {
    const run = work(order)
    port.postMessage("ready")
    return () => { takeShards(board, shards, run) }
  }, SPINS)
}

/** How one shard is run. */
function workOf({ kernels, plan, memory }: CrewOrder): (shard: number) => void {
  offerNative(machineCode(process.env))
  takeKernels(kernels)
  const { weights, batch, slots } = sharedBatch(memory, plan)
  const run = shardRunner(kernelJets(plan.precision).generator(plan.shapes, plan.shocks, plan.n), plan.shapes.length, plan.n)
  return shard => run(weights, batch, shard, slots)
}
