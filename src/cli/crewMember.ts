import { parentPort, workerData } from "node:worker_threads"
import { sharedBatch, type BatchPlan } from "../nets/sharedBatch.ts"
import { shardRunner, shardStarts } from "../nets/shards.ts"
import { wasmJets } from "../nets/wasmJets.ts"
import { takeKernels, type KernelBuild } from "../nets/webAssembly.ts"
import { BOARD, SPINS, takeShards } from "./crewBoard.ts"

/** What a member is given to start with. */
export interface CrewOrder {
  readonly kernels: KernelBuild
  readonly plan: BatchPlan
  readonly memory: SharedArrayBuffer
  readonly board: SharedArrayBuffer
}

function serve({ kernels, plan, memory, board: words }: CrewOrder): void {
  const board = new Int32Array(words), { weights, batch, slots } = sharedBatch(memory, plan)
  takeKernels(kernels)
  const run = shardRunner(wasmJets(plan.precision).generator(plan.shape, plan.shocks, plan.n), plan.n)
  const shards = shardStarts(plan.n).length - 1
  let seen = 0
  parentPort?.postMessage("ready")
  for (;;) {
    for (let spin = 0; spin < SPINS && Atomics.load(board, BOARD.step) === seen; spin++);
    Atomics.wait(board, BOARD.step, seen)
    seen = Atomics.load(board, BOARD.step)
    if (Atomics.load(board, BOARD.stop) !== 0) return
    takeShards(board, shards, (shard) => run(weights, batch, shard, slots))
  }
}

const order = workerData as CrewOrder
try {
  serve(order)
} catch (error) {
  const board = new Int32Array(order.board)
  Atomics.store(board, BOARD.failed, 1)
  Atomics.notify(board, BOARD.done)
  throw error
}
