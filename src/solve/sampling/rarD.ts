import type { Random } from "../../math/random.ts"
import { pick, type Box, type Columns, type Score } from "./box.ts"
import { uniform } from "./uniform.ts"
import { power } from "../../math/power.ts"

export interface Density {
  /** Power of the residual in the density, default 2. */
  readonly power?: number
  /** Weight of the uniform density beside it, default 0. */
  readonly floor?: number
}

/**
 * Residual-based adaptive refinement by distribution (RAR-D of Wu, Zhu, Tan, Kartha and Lu, 2023): of `pool` uniform candidates, `count`
 * drawn without replacement with probabilities in proportion to residual^power / mean(residual^power) + floor. The defaults
 * are theirs (k = 2, c = 0). They are to be added to the points trained on.
 */
export function rarD(box: Box, count: number, pool: number, score: Score, random: Pick<Random, "next">, density: Density = {}): Columns {
  const candidates = uniform(box, pool, random)
  return pick(candidates, drawBy(densities(score(candidates), density), count, random))
}

/** residual^power / mean(residual^power) + floor. One everywhere where all residuals are zero; a residual that is not finite counts as the largest. */
export function densities(scores: Float64Array, { power: exponent = 2, floor = 0 }: Density = {}): Float64Array {
  const most = scores.reduce((m, x) => (Number.isFinite(x) ? Math.max(m, x) : m), 0)
  if (most === 0) return scores.map(() => 1)
  // Relative to the largest, so that no power over- or underflows as a whole.
  const powers = scores.map(x => power(Number.isFinite(x) ? x / most : 1, exponent))
  const mean = powers.reduce((sum, x) => sum + x, 0) / powers.length
  return powers.map(x => x / mean + floor)
}

/**
 * Indices of `count` draws without replacement, each in proportion to the weights that are left: those with the smallest waiting times
 * -log(u)/weight for independent uniform u (Efraimidis and Spirakis, 2006). A weight of zero is drawn only when all others are.
 */
export function drawBy(weights: Float64Array, count: number, random: Pick<Random, "next">): number[] {
  const waits = weights.map(w => -Math.log(1 - random.next()) / w)
  return Array.from(waits.keys()).sort((i, j) => (waits[i] < waits[j] ? -1 : waits[i] > waits[j] ? 1 : i - j)).slice(0, count)
}
