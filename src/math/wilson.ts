import { normalQuantile } from "./normal.ts"

/**
 * The score interval of a proportion (Wilson, 1927): `successes` of `trials`, both ends, at a level such as 0.95. Unlike the interval
 * of the estimate's own standard error it never leaves [0, 1] and is not a point where all or none succeed.
 */
export function wilsonInterval(successes: number, trials: number, level = 0.95): readonly [low: number, high: number] {
  if (trials === 0) return [0, 1]
  const z2 = normalQuantile((1 + level) / 2) ** 2, share = successes / trials
  const middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
  const half = Math.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials ** 2))) / (1 + z2 / trials)
  return [successes === 0 ? 0 : middle - half, successes === trials ? 1 : middle + half]
}
