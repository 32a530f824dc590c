import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { symmetricSum, type SymmetricSum } from "../../src/nets/dense.ts"

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

const full = (s: SymmetricSum): Float64Array => Float64Array.from({ length: s.size ** 2 }, (_, k) => s.at(Math.floor(k / s.size), k % s.size))

function expectClose(a: Float64Array, b: Float64Array, tolerance: number): void {
  expect(a.length).toBe(b.length)
  expect(a.reduce((most, x, k) => Math.max(most, Math.abs(x - b[k])), 0)).toBeLessThan(tolerance)
}

function checkProducts(rows: number, columns: number, seed: number): void {
  const a = matrix(rows, columns, seed)
  const outer = symmetricSum(rows), inner = symmetricSum(columns)
  outer.addGram(a, columns)
  inner.addNormal(a, rows)
  expectClose(full(outer), naiveGram(a, rows, columns), 1e-11)
  expectClose(full(inner), naiveGram(transposed(a, rows, columns), columns, rows), 1e-11)
  expect(outer.trace()).toBeCloseTo(a.reduce((sum, x) => sum + x * x, 0), 9)
  expect(inner.trace()).toBeCloseTo(outer.trace(), 9)
}

describe("symmetricSum", () => {
  it("multiplies a matrix by its transpose, either way", () => {
    fc.assert(fc.property(sizes, ([rows, columns, seed]) => checkProducts(rows, columns, seed)), { numRuns: 25 })
    for (const [rows, columns] of large) checkProducts(rows, columns, 1)
  })

  it("is the same whether rows or columns come at once or in parts", () => {
    fc.assert(fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), ([rows, columns, seed], share) => {
      const a = matrix(rows, columns, seed), cut = Math.floor(share * rows)
      const once = symmetricSum(columns), twice = symmetricSum(columns)
      once.addNormal(a, rows)
      twice.addNormal(a, cut)
      // A stranger in between, who uses the same memory.
      symmetricSum(7).addGram(matrix(7, 3, 5), 3)
      twice.addNormal(a.subarray(cut * columns), rows - cut)
      expectClose(full(twice), full(once), 1e-12)
    }), { numRuns: 25 })
  })

  it("factors at several shifts and solves", () => {
    fc.assert(fc.property(sizes, ([n, , seed]) => {
      const a = matrix(n, n, seed), product = naiveGram(a, n, n)
      const sum = symmetricSum(n)
      sum.addGram(a, n)
      const x = matrix(1, n, seed + 1)
      for (const shift of [1, 10, 0.5]) {
        expect(sum.factor(shift)).toBe(-1)
        const b = x.map((x_i, i) => product.subarray(i * n, (i + 1) * n).reduce((t, value, k) => t + value * x[k], shift * x_i))
        sum.solve(b)
        expectClose(b, x, 1e-10)
      }
      expectClose(full(sum), product, 1e-11)
    }), { numRuns: 25 })
  })

  it("names the pivot that is not positive", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 140 }), fc.nat(), (n, pick) => {
      const a = new Float64Array(n * n)
      for (let k = 0; k < n; k++) a[k * n + k] = k === pick % n ? 0 : 1
      const sum = symmetricSum(n)
      sum.addGram(a, n)
      expect(sum.factor(0)).toBe(pick % n)
      expect(sum.factor(1e-9)).toBe(-1)
      expect(sum.factor(-2)).toBe(0)
      expect(sum.factor(NaN)).toBe(0)
    }), { numRuns: 25 })
  })

  it("does not solve with a factor that another has replaced, and refuses arrays that are too short", () => {
    const first = symmetricSum(2), second = symmetricSum(2)
    for (const s of [first, second]) s.addGram(Float64Array.of(1, 0, 0, 1), 2)
    expect(() => first.solve(Float64Array.of(1, 1))).toThrow("the factor is no longer there")
    first.factor(0)
    second.factor(0)
    expect(() => first.solve(Float64Array.of(1, 1))).toThrow("the factor is no longer there")
    expect(() => first.addGram(new Float64Array(5), 3)).toThrow("got `a` of length `5`; expected at least 6")
    expect(() => first.addNormal(new Float64Array(3), 2)).toThrow(RangeError)
  })
})
