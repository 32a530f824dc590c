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
 * (h_{k+1} = (z h_k - sqrt(k) h_{k-1})/sqrt(k+1)), so that nothing overflows; w_i = 1/(n h_{n-1}(z_i)^2). Zeros of
 * h_{n-1} and h_n interlace, so those of each degree are bracketed by those of the degree before, and found there by
 * Newton's method kept inside its bracket. Golub & Welsch (1969) find the same zeros as eigenvalues.
 *
 * @param n from 1 to 300 (beyond, the last weights are below the smallest float64).
 */
export function gaussHermite(n: number): Quadrature {
  if (!Number.isInteger(n) || n < 1 || n > 300) throw new RangeError(`a Gauss-Hermite rule of ${n} nodes; expected a whole number from 1 to 300`)
  let nodes = [0]
  for (let degree = 2; degree <= n; degree++) {
    const end = 2 * Math.sqrt(degree) // all zeros of h_degree lie inside (Szegö)
    const walls = [-end, ...nodes, end]
    nodes = Array.from({ length: degree }, (_, i) => zeroBetween(degree, walls[i], walls[i + 1]))
  }
  const zeros = nodes.map((z, i) => (z - nodes[n - 1 - i]) / 2) // symmetric to the last bit
  const weights = zeros.map(z => 1 / (n * hermite(n, z).below ** 2))
  const total = weights.reduce((sum, w) => sum + w, 0) // 1 up to rounding
  return { nodes: Float64Array.from(zeros), weights: Float64Array.from(weights, w => w / total) }
}

/** h_n(z) and h_{n-1}(z). */
function hermite(n: number, z: number): { value: number; below: number } {
  let below = 0, value = 1
  for (let k = 0; k < n; k++) [below, value] = [value, (z * value - Math.sqrt(k) * below) / Math.sqrt(k + 1)]
  return { value, below }
}

/** The one zero of h_n between two walls; h_n' = sqrt(n) h_{n-1}. */
function zeroBetween(n: number, low: number, high: number): number {
  const rising = hermite(n, high).value > 0
  let [a, b] = [low, high], z = (low + high) / 2
  for (let k = 0; k < 100; k++) {
    const { value, below } = hermite(n, z)
    if (value > 0 === rising) b = z
    else a = z
    const newton = z - value / (Math.sqrt(n) * below)
    const next = newton > a && newton < b ? newton : (a + b) / 2
    if (Math.abs(next - z) <= 1e-16 * Math.max(1, Math.abs(z))) return next
    z = next
  }
  return z
}
