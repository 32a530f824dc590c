/** Gauss-Hermite quadrature for the standard normal density (probabilists' weight). */
export interface Quadrature {
  /** Increasing. */
  readonly nodes: Float64Array
  /** Positive, of sum one. */
  readonly weights: Float64Array
}

/**
 * n nodes z_i and weights w_i with sum_i w_i f(z_i) = E f(Z), Z standard normal, exact for polynomials of degree 2n - 1.
 *
 * The nodes are the zeros of the n-th Hermite polynomial, which is carried in its orthonormal scale
 * (h_{k+1} = (z h_k - sqrt(k) h_{k-1})/sqrt(k+1)), so that nothing overflows; w_i = 1/(n h_{n-1}(z_i)^2). The sequence
 * h_0(z), ..., h_n(z) changes sign as often as there are zeros above z (Sturm), so each zero is found by bisection and made
 * sharp by Newton's method. Golub & Welsch (1969) find the same zeros as eigenvalues of the recurrence.
 *
 * @param n from 1 to 300 (beyond, the last weights are below the smallest float64).
 */
export function gaussHermite(n: number): Quadrature {
  if (!Number.isInteger(n) || n < 1 || n > 300) throw new RangeError(`a Gauss-Hermite rule of ${n} nodes; expected a whole number from 1 to 300`)
  const nodes = new Float64Array(n), weights = new Float64Array(n)
  for (let i = Math.floor(n / 2); i < n; i++) {
    const z = 2 * i + 1 === n ? 0 : zero(n, n - 1 - i)
    nodes[n - 1 - i] = -z
    nodes[i] = z // the middle one is 0, not -0
    weights[i] = weights[n - 1 - i] = 1 / (n * hermite(n, z).below ** 2)
  }
  const total = weights.reduce((sum, w) => sum + w, 0) // 1 up to rounding
  return { nodes, weights: weights.map(w => w / total) }
}

/** h_n(z), h_{n-1}(z), and how many zeros of h_n lie above z. */
function hermite(n: number, z: number): { value: number; below: number; above: number } {
  let below = 0, value = 1, above = 0
  for (let k = 0; k < n; k++) {
    const next = (z * value - Math.sqrt(k) * below) / Math.sqrt(k + 1)
    if (next < 0 !== value < 0) above++
    below = value
    value = next
  }
  return { value, below, above }
}

/** The positive zero of h_n that has `above` zeros above it. */
function zero(n: number, above: number): number {
  let low = 0, high = 2 * Math.sqrt(n) // all zeros lie below (Szegö)
  while (high - low > 1e-8 * high) {
    const middle = (low + high) / 2
    if (hermite(n, middle).above > above) low = middle
    else high = middle
  }
  let z = (low + high) / 2
  for (let k = 0; k < 3; k++) {
    const { value, below } = hermite(n, z)
    z -= value / (Math.sqrt(n) * below) // h_n' = sqrt(n) h_{n-1}
  }
  return z
}
