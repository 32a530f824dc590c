/** The standard normal: its density and its distribution function, to the last few bits in both tails. */

export const normalDensity = (z: number): number => Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)

/**
 * P(Z <= z). Near zero by the series 1/2 + phi(z) (z + z^3/3 + z^5/15 + ...) (Marsaglia 2004), in the tails by Laplace's
 * continued fraction of Mills' ratio, so that small probabilities keep their relative accuracy.
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return NaN
  if (Math.abs(z) > 3) return z < 0 ? upperTail(-z) : 1 - upperTail(z)
  let term = z, sum = z
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (z * z) / k
    sum += term
  }
  return 0.5 + sum * normalDensity(z)
}

/** P(low < Z <= high), without cancellation where both lie in one tail. */
export const normalBetween = (low: number, high: number): number =>
  low > 0 ? normalCdf(-low) - normalCdf(-high) : normalCdf(high) - normalCdf(low)

/** P(Z > z) for z > 3: phi(z)/(z + 1/(z + 2/(z + 3/(z + ...)))). */
function upperTail(z: number): number {
  let fraction = z
  for (let k = 200; k >= 1; k--) fraction = z + k / fraction
  return normalDensity(z) / fraction
}
