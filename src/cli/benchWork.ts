import { philox } from "../math/random.ts"
import { flowOf } from "../nets/flowOf.ts"
import { initialWeights, type Shape } from "../nets/mlp.ts"
import type { Batch } from "../nets/shards.ts"

/** The net of the step: three inputs z, a, t, and J. */
export const STEP_SHAPE: Shape = { inputs: 3, hidden: [50, 50, 50, 50], activation: "tanh" }
export const STEP_POINTS = 1024
export const STEP_SHOCKS = 2

/** Coefficients of f = value J + z J_z + a J_a + t J_t + zz J_zz + za J_za + aa J_aa, each known at each point. */
export const COEFFICIENTS = ["value", "z", "a", "t", "zz", "za", "aa"] as const
export type Coefficients = Readonly<Record<(typeof COEFFICIENTS)[number], Float64Array>>

/** About what they are, each within a tenth of it: an HJB equation with discounting, two shocks and their correlation. */
const MEANS = { value: -0.05, z: 0.1, a: 0.2, t: 1, zz: 0.05, za: 0.01, aa: 0.05 }

export interface StepWork {
  readonly weights: Float64Array
  readonly coefficients: Coefficients
  /** The loss mean(f^2) + mean((J - 1)^2). */
  readonly batch: Batch
}

/** The step that the benchmark measures: the same weights, points and coefficients each time. */
export function stepWork(n = STEP_POINTS): StepWork {
  const { next } = philox(0, 0), { inputs } = STEP_SHAPE
  const weights = initialWeights(STEP_SHAPE, next)
  const points = Float64Array.from({ length: inputs * n }, next)
  const about = (mean: number) => Float64Array.from({ length: n }, () => mean * (0.9 + 0.2 * next()))
  const coefficients = Object.fromEntries(COEFFICIENTS.map(name => [name, about(MEANS[name])])) as Coefficients
  return { weights, coefficients, batch: batchOf(points, coefficients) }
}

/** The batch of the loss at points with these coefficients. */
export function batchOf(points: Float64Array, { value, z, a, t, zz, za, aa }: Coefficients): Batch {
  const n = value.length, { inputs } = STEP_SHAPE
  const rows = (...of: readonly Float64Array[]) => {
    const joined = new Float64Array(of.length * n)
    of.forEach((row, k) => joined.set(row, k * n))
    return joined
  }
  // Of the symmetric matrix J_za counts twice.
  const flow = flowOf(points, { n, inputs, drift: rows(z, a, t), diffuse: [0, 1], diffusion: rows(zz, za.map(x => x / 2), aa) })
  const all = (x: number) => new Float64Array(n).fill(x)
  const squares = [
    { net: 0, weight: all(1 / n), offset: all(0), onValue: value, onGenerator: all(1) },
    { net: 0, weight: all(1 / n), offset: all(-1), onValue: all(1), onGenerator: all(0) },
  ]
  return { flow, squares }
}
