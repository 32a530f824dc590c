import type { Random } from "../../math/random.ts"
import { pick, type Box, type Columns, type Score } from "./box.ts"
import { uniform } from "./uniform.ts"

/**
 * Residual-based adaptive refinement, greedy: of `pool` uniform candidates the `count` with the largest residuals (Lu, Meng, Mao and
 * Karniadakis, 2021; RAR-G of Wu, Zhu, Tan, Kartha and Lu, 2023, "A comprehensive study of non-adaptive and residual-based
 * adaptive sampling for physics-informed neural networks"). They are to be added to the points trained on.
 */
export function rarG(box: Box, count: number, pool: number, score: Score, random: Pick<Random, "next">): Columns {
  const candidates = uniform(box, pool, random)
  return pick(candidates, largest(score(candidates), count))
}

/** Indices of the largest scores, the largest first; a score that is not finite comes before all. */
export function largest(scores: Float64Array, count: number): number[] {
  const size = (i: number): number => (Number.isFinite(scores[i]) ? scores[i] : Infinity)
  return Array.from(scores.keys()).sort((i, j) => (size(j) > size(i) ? 1 : size(j) < size(i) ? -1 : i - j)).slice(0, count)
}
