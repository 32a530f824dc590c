/** Expectations of functions of y = exp(X), X normal with mean m and deviation s. */

/** E y^k = exp(k m + k^2 s^2/2). */
export const lognormalMoment = (m: number, s: number, k = 1): number => Math.exp(k * m + (k * k * s * s) / 2)

/**
 * Points z and weights w with sum w f(z) = E f(Z), Z standard normal: the trapezoidal rule. Its error falls geometrically with the
 * spacing (exp(-2 pi^2/spacing^2) for entire f), and what lies beyond `reach` deviations is left out.
 */
export function normalRule(spacing = 0.25, reach = 12): { nodes: Float64Array; weights: Float64Array } {
  const half = Math.round(reach / spacing)
  const nodes = Float64Array.from({ length: 2 * half + 1 }, (_, i) => spacing * (i - half))
  return { nodes, weights: nodes.map(z => (spacing * Math.exp(-(z * z) / 2)) / Math.sqrt(2 * Math.PI)) }
}

/** E f(y). */
export function lognormalMean(f: (y: number) => number, m: number, s: number): number {
  if (s === 0) return f(Math.exp(m))
  const { nodes, weights } = normalRule()
  return nodes.reduce((sum, z, i) => sum + weights[i] * f(Math.exp(m + s * z)), 0)
}
