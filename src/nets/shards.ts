import type { Flow, GeneratorNet } from "./jet.ts"
import { squaresAt, type Square } from "./squares.ts"

/** The points of a step with the loss on them. */
export interface Batch {
  readonly flow: Flow
  readonly squares: readonly Square[]
}

/** The fewest points of a shard but the last: fewer are not worth packing the weights for. A multiple of all tiles. */
const LEAST = 256
const MOST_SHARDS = 16

/** Starts of the shards of `n` points, and `n`. They depend on `n` alone: whoever works on which, sums are the same. */
export function shardStarts(n: number): readonly number[] {
  const length = LEAST * Math.max(1, Math.ceil(n / (LEAST * MOST_SHARDS)))
  return [...Array.from({ length: Math.ceil(n / length) }, (_, shard) => shard * length), n]
}

/** What the shards of a batch leave: for each the gradient and then the loss, `weights + 1` numbers. */
export function slotsFor(n: number, weights: number): number {
  return (shardStarts(n).length - 1) * (weights + 1)
}

/** Someone who runs shards: an evaluator of so many nets with room for what goes to and fro. */
export function shardRunner(net: GeneratorNet, nets: number, capacity: number) {
  const out = new Float64Array(2 * nets * capacity), cotangent = new Float64Array(2 * nets * capacity)
  return (weights: Float64Array, { flow, squares }: Batch, shard: number, slots: Float64Array): void => {
    const starts = shardStarts(flow.n), slot = slots.subarray(shard * (weights.length + 1), (shard + 1) * (weights.length + 1))
    let loss = 0
    const respond = (from: number, to: number) => { loss += squaresAt(squares, nets, flow.n, from, to, out, cotangent) }
    slot.fill(0)
    net.pass(weights, flow, starts[shard], starts[shard + 1], { out, cotangent, respond }, slot)
    slot[weights.length] = loss
  }
}

export type ShardRunner = ReturnType<typeof shardRunner>

/** Adds the slots in order to `gradient`, and returns the loss. */
export function reduceSlots(slots: Float64Array, n: number, gradient: Float64Array): number {
  const shards = shardStarts(n).length - 1, count = gradient.length
  let loss = 0
  for (let shard = 0; shard < shards; shard++) {
    const at = shard * (count + 1)
    for (let k = 0; k < count; k++) gradient[k] += slots[at + k]
    loss += slots[at + count]
  }
  return loss
}
