import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { cholesky, choleskySolve, gram, normal } from "../../src/nets/dense.ts"

const sizes = fc.tuple(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 90 }), fc.nat())
/** Beyond one chunk of columns or of rows. */
const large = [[3, 1101], [1101, 3], [131, 513]] as const

function matrix(rows: number, columns: number, seed: number): Float64Array {
  const { next } = philox(seed, 0)
  return Float64Array.from({ length: rows * columns }, () => 2 * next() - 1)
}

function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
  return a.map((_, k) => a[(k % rows) * columns + Math.floor(k / rows)])
}

function naiveGram(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * rows)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < rows; j++)
      for (let k = 0; k < columns; k++) out[i * rows + j] += a[i * columns + k] * a[j * columns + k]
  return out
}

function expectClose(a: Float64Array, b: Float64Array, tolerance: number): void {
  expect(a.length).toBe(b.length)
  expect(a.reduce((most, x, k) => Math.max(most, Math.abs(x - b[k])), 0)).toBeLessThan(tolerance)
}

function checkProducts(rows: number, columns: number, seed: number): void {
  const a = matrix(rows, columns, seed)
  const outer = new Float64Array(rows * rows)
  const inner = new Float64Array(columns * columns)
  gram(a, rows, columns, outer)
  normal(a, rows, columns, inner)
  expectClose(outer, naiveGram(a, rows, columns), 1e-11)
  expectClose(inner, naiveGram(transposed(a, rows, columns), columns, rows), 1e-11)
}

describe("dense", () => {
  it("multiplies a matrix by its transpose", () => {
    fc.assert(fc.property(sizes, ([rows, columns, seed]) => checkProducts(rows, columns, seed)), { numRuns: 25 })
    for (const [rows, columns] of large) checkProducts(rows, columns, 1)
  })

  it("factors and solves", () => {
    fc.assert(fc.property(sizes, ([n, , seed]) => {
      const a = naiveGram(matrix(n, n, seed), n, n)
      for (let k = 0; k < n; k++) a[k * n + k] += 1
      const factor = a.slice()
      // Only the lower triangle is read.
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) factor[i * n + j] = NaN
      expect(cholesky(factor, n)).toBe(-1)
      expectClose(naiveGram(factor, n, n), a, 1e-11)
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(factor[i * n + j]).toBe(0)
      const x = matrix(1, n, seed + 1)
      const b = x.map((_, i) => a.subarray(i * n, (i + 1) * n).reduce((sum, value, k) => sum + value * x[k], 0))
      choleskySolve(factor, n, b)
      expectClose(b, x, 1e-10)
    }), { numRuns: 25 })
  })

  it("names the pivot that is not positive", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 140 }), fc.nat(), fc.constantFrom(0, -1, NaN), (n, pick, bad) => {
      const a = new Float64Array(n * n)
      for (let k = 0; k < n; k++) a[k * n + k] = 1
      a[(pick % n) * (n + 1)] = bad
      expect(cholesky(a, n)).toBe(pick % n)
    }), { numRuns: 25 })
  })

  it("refuses arrays that are too short", () => {
    expect(() => gram(new Float64Array(5), 2, 3, new Float64Array(4))).toThrow("got `a` of length `5`; expected at least 6")
    expect(() => normal(new Float64Array(6), 2, 3, new Float64Array(8))).toThrow("`out`")
    expect(() => cholesky(new Float64Array(3), 2)).toThrow(RangeError)
  })
})
