import { solveDense } from "./dense.ts"

/**
 * Polynomials on [-1, 1]^m of bounded total degree as Chebyshev coefficients: sum_k c[k] T_k1(y_1) ... T_km(y_m) over all k with
 * k_1 + ... + k_m at most the degree, in the order of `termsOf` (in one variable c[0], c[1], ...), with their first and second
 * derivatives by the three-term recurrence T_k+1 = 2 y T_k - T_k-1 and its derivatives. Without variables: one number.
 */
export interface Chebyshev {
  value: number
  /** Derivatives by each variable. */
  readonly slope: Float64Array
  /** Derivatives by each pair i <= j of variables, row by row. */
  readonly bend: Float64Array
  /** Sets the three at y. */
  at(coefficients: readonly number[], y: readonly number[]): void
}

/** The exponents of each coefficient: by total degree, and in each degree those first that have more in the first variables. */
export function termsOf(variables: number, degree: number): number[][] {
  const of = (m: number, sum: number): number[][] => (m === 0 ? (sum === 0 ? [[]] : [])
    : m === 1 ? [[sum]] : Array.from({ length: sum + 1 }, (_, k) => sum - k).flatMap(first => of(m - 1, sum - first).map(rest => [first, ...rest])))
  return Array.from({ length: degree + 1 }, (_, sum) => of(variables, sum)).flat()
}

export function chebyshev(variables = 1): Chebyshev {
  const m = variables
  const made: Chebyshev = {
    value: 0, slope: new Float64Array(m), bend: new Float64Array((m * (m + 1)) / 2),
    at: (c, y) => {
      const terms = termsFor(c.length)
      const degree = terms.length > 0 ? terms[terms.length - 1].reduce((a, b) => a + b, 0) : 0
      tabulate(y, degree)
      made.value = 0
      made.slope.fill(0)
      made.bend.fill(0)
      for (let k = 0; k < c.length; k++) {
        made.value += c[k] * product(terms[k], -1, -1)
        for (let i = 0, at = 0; i < m; i++) {
          made.slope[i] += c[k] * product(terms[k], i, -1)
          for (let j = i; j < m; j++) made.bend[at++] += c[k] * product(terms[k], i, j)
        }
      }
    },
  }
  /** T_k, T_k' and T_k'' of each variable. */
  let table: Float64Array[][] = []
  const tabulate = (y: readonly number[], degree: number): void => {
    if (table.length !== m || (m > 0 && table[0][0].length < degree + 2)) table = Array.from({ length: m }, () => [0, 1, 2].map(() => new Float64Array(degree + 2)))
    for (let i = 0; i < m; i++) {
      const [t, d, b] = table[i], x = y[i]
      t[0] = 1
      t[1] = x
      d[1] = 1
      for (let k = 1; k < degree; k++) {
        t[k + 1] = 2 * x * t[k] - t[k - 1]
        d[k + 1] = 2 * t[k] + 2 * x * d[k] - d[k - 1]
        b[k + 1] = 4 * d[k] + 2 * x * b[k] - b[k - 1]
      }
    }
  }
  /** Of a term, differentiated by the variables i and j (-1: not). */
  const product = (term: readonly number[], i: number, j: number): number => {
    let x = 1
    for (let v = 0; v < m; v++) x *= table[v][Number(v === i) + Number(v === j)][term[v]]
    return x
  }
  const known = new Map<number, number[][]>()
  const termsFor = (count: number): number[][] => {
    const held = known.get(count)
    if (held) return held
    let degree = 0
    while (degree < count && m > 0 && termsOf(m, degree).length < count) degree++
    const terms = termsOf(m, degree).slice(0, count)
    known.set(count, terms)
    return terms
  }
  return made
}

/**
 * The least-squares polynomial of total degree `degree` (lowered to what the number of points determines) through values at points of
 * [-1, 1]^m, one array a variable. Points should not be much denser than even. Solves the normal equations, which are well conditioned in this basis.
 */
export function fitChebyshev(points: readonly ArrayLike<number>[], values: ArrayLike<number>, degree: number): number[] {
  const m = points.length, n = values.length
  let most = degree
  while (most > 0 && termsOf(m, most).length > n) most--
  const terms = termsOf(m, most)
  const basis = terms.map(term => Array.from({ length: n }, (_, i) => term.reduce((x, k, v) => x * Math.cos(k * Math.acos(Math.min(1, Math.max(-1, points[v][i])))), 1)))
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, v, i) => sum + v * b[i], 0)
  const matrix = Float64Array.from(basis.flatMap(a => basis.map(b => dot(a, b)))), right = Float64Array.from(basis, a => dot(a, values))
  if (!solveDense(matrix, right, terms.length)) throw new RangeError("the points of a polynomial fit must differ")
  return [...right]
}
