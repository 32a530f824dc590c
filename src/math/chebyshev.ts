import { solveDense } from "./dense.ts"

/**
 * Polynomials on [-1, 1] as Chebyshev coefficients c: sum_k c[k] T_k(y), evaluated with their first two derivatives by the
 * three-term recurrence T_k+1 = 2 y T_k - T_k-1 and its derivatives.
 */
export interface Chebyshev {
  value: number
  slope: number
  bend: number
  /** Sets the three at y. */
  at(coefficients: readonly number[], y: number): void
}

export function chebyshev(): Chebyshev {
  const made: Chebyshev = {
    value: 0, slope: 0, bend: 0,
    at: (c, y) => {
      let t0 = 1, t1 = y, d0 = 0, d1 = 1, b0 = 0, b1 = 0
      made.value = c.length > 0 ? c[0] : 0
      made.slope = made.bend = 0
      for (let k = 1; k < c.length; k++) {
        made.value += c[k] * t1
        made.slope += c[k] * d1
        made.bend += c[k] * b1
        const t2 = 2 * y * t1 - t0, d2 = 2 * t1 + 2 * y * d1 - d0, b2 = 4 * d1 + 2 * y * b1 - b0
        t0 = t1; t1 = t2; d0 = d1; d1 = d2; b0 = b1; b1 = b2
      }
    },
  }
  return made
}

/**
 * The least-squares polynomial of degree `degree` (lowered to what the points determine) through values at points y of [-1, 1].
 * Points should not be much denser than even. Solves the normal equations, which are well conditioned in this basis.
 */
export function fitChebyshev(y: ArrayLike<number>, values: ArrayLike<number>, degree: number): number[] {
  const m = Math.min(degree, y.length - 1) + 1
  const basis = Array.from({ length: m }, (_, k) => Array.from({ length: y.length }, (_, i) => Math.cos(k * Math.acos(Math.min(1, Math.max(-1, y[i]))))))
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, v, i) => sum + v * b[i], 0)
  const matrix = Float64Array.from(basis.flatMap(a => basis.map(b => dot(a, b)))), right = Float64Array.from(basis, a => dot(a, values))
  if (!solveDense(matrix, right, m)) throw new RangeError("the points of a polynomial fit must differ")
  return [...right]
}
