import type { Batch } from "./shards.ts"
import { slotsFor } from "./shards.ts"
import { weightCount, type Shape } from "./mlp.ts"

/** All that the arrays of a batch need to be found again in memory that threads share. Plain data. */
export interface BatchPlan {
  readonly precision: "float32" | "float64"
  /** The nets, which all see the same points. */
  readonly shapes: readonly Shape[]
  readonly shocks: number
  readonly n: number
  /** Whose is each term of the loss. */
  readonly squares: readonly number[]
}

export interface SharedBatch {
  readonly weights: Float64Array
  readonly batch: Batch
  readonly slots: Float64Array
}

function lengths({ shapes, shocks, n, squares }: BatchPlan): number[] {
  const count = shapes.reduce((sum, shape) => sum + weightCount(shape), 0), [{ inputs }] = shapes
  return [count, inputs * n, (shocks + 1) * inputs * n, shocks * n, ...Array.from({ length: 4 * squares.length }, () => n), slotsFor(n, count)]
}

/** Bytes of a buffer that holds weights, batch and slots. */
export function sharedBytes(plan: BatchPlan): number {
  return 8 * lengths(plan).reduce((sum, length) => sum + length, 0)
}

/** The arrays in such a buffer. */
export function sharedBatch(buffer: SharedArrayBuffer, plan: BatchPlan): SharedBatch {
  let at = 0
  const [weights, points, directions, factors, ...rest] = lengths(plan).map((length) => {
    const view = new Float64Array(buffer, at, length)
    at += view.byteLength
    return view
  })
  const squares = plan.squares.map((net, k) => {
    const [weight, offset, onValue, onGenerator] = rest.slice(4 * k, 4 * k + 4)
    return { net, weight, offset, onValue, onGenerator }
  })
  return { weights, batch: { flow: { n: plan.n, points, directions, factors }, squares }, slots: rest[4 * plan.squares.length] }
}

/** Copies a batch into shared arrays of the same plan. */
export function shareBatch(from: Batch, to: Batch): void {
  to.flow.points.set(from.flow.points)
  to.flow.directions.set(from.flow.directions)
  to.flow.factors.set(from.flow.factors)
  from.squares.forEach((square, k) => {
    const target = to.squares[k]
    for (const name of ["weight", "offset", "onValue", "onGenerator"] as const) target[name].set(square[name])
  })
}
