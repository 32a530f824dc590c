import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { addTo, banded, solveBanded, type Banded } from "../../src/math/banded.ts"
import { solveDense } from "../../src/math/dense.ts"
import { philox } from "../../src/math/random.ts"

const shapes = fc.record({ size: fc.integer({ min: 1, max: 25 }), lower: fc.nat(5), upper: fc.nat(5), seed: fc.nat(1e6) })

/** The same random matrix, banded and dense; `scale(i, j)` weights its entries. */
function random({ size, lower, upper, seed }: { size: number; lower: number; upper: number; seed: number }, scale = (_i: number, _j: number): number => 1) {
  const { normal } = philox(seed, 1)
  const narrow = banded(size, lower, upper), full = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let j = Math.max(0, i - lower); j <= Math.min(size - 1, i + upper); j++) {
      full[i * size + j] = normal() * scale(i, j)
      addTo(narrow, i, j, full[i * size + j] / 2)
      addTo(narrow, i, j, full[i * size + j] / 2)
    }
  return { narrow, full, right: Float64Array.from({ length: size }, normal) }
}

/** The largest residual of full x = right, relative to |full| |x| + |right| in the largest norm: what pivoting bounds. */
function misfit(full: Float64Array, x: Float64Array, right: Float64Array): number {
  const n = right.length, largest = (list: Float64Array): number => Math.max(...list.map(Math.abs))
  const row = (i: number, f: (j: number) => number): number => Array.from({ length: n }, (_, j) => f(i * n + j)).reduce((sum, value) => sum + value, 0)
  const norm = Math.max(...right.map((_, i) => row(i, at => Math.abs(full[at]))))
  return largest(right.map((b, i) => row(i, at => full[at] * x[at % n]) - b)) / (norm * largest(x) + largest(right))
}

describe("solveBanded", () => {
  test("solves random banded systems to a residual of rounding", () => {
    fc.assert(fc.property(shapes, shape => {
      const { narrow, full, right } = random(shape)
      const x = right.slice()
      expect(solveBanded(narrow, x)).toBe(-1)
      expect(misfit(full, x, right)).toBeLessThan(1e-12)
    }), { numRuns: 200 })
  })

  test("finds what a dense solver finds, where the matrix is well conditioned", () => {
    fc.assert(fc.property(shapes, shape => {
      const { narrow, full, right } = random(shape, (i, j) => (i === j ? 0 : 0.02))
      for (let i = 0; i < shape.size; i++) { addTo(narrow, i, i, 1 + i); full[i * shape.size + i] += 1 + i }
      const x = right.slice(), y = right.slice()
      expect(solveBanded(narrow, x)).toBe(-1)
      expect(solveDense(full.slice(), y)).toBe(true)
      x.forEach((value, i) => expect(Math.abs(value - y[i])).toBeLessThan(1e-12))
    }), { numRuns: 200 })
  })

  test("exchanges rows: a diagonal of zeros, or of numbers far too small, costs no digits", () => {
    fc.assert(fc.property(shapes, fc.constantFrom(0, 1e-18), (shape, tiny) => {
      const wide = { ...shape, size: 2 * Math.ceil(shape.size / 2), lower: Math.max(1, shape.lower), upper: Math.max(1, shape.upper) }
      // Large entries next to the diagonal, in pairs of rows, make the matrix regular without its diagonal.
      const { narrow, full, right } = random(wide, (i, j) => (i === j ? tiny : j === (i ^ 1) ? 10 : 0.1))
      const x = right.slice()
      expect(solveBanded(narrow, x)).toBe(-1)
      expect(misfit(full, x, right)).toBeLessThan(1e-12)
    }), { numRuns: 200 })
  })

  test("names the row of a pivot that is zero or not finite", () => {
    const with_ = (entries: [number, number, number][]): Banded => {
      const matrix = banded(4, 1, 1)
      for (const [i, j, value] of entries) addTo(matrix, i, j, value)
      return matrix
    }
    const right = (): Float64Array => Float64Array.of(1, 1, 1, 1)
    expect(solveBanded(with_([[0, 0, 1], [1, 1, 1], [3, 3, 1]]), right())).toBe(2)
    expect(solveBanded(with_([[0, 0, 1], [0, 1, 2], [1, 0, 2], [1, 1, 4], [2, 2, 1], [3, 3, 1]]), right())).toBe(1)
    expect(solveBanded(with_([[0, 0, 1], [1, 1, Infinity], [2, 2, 1], [3, 3, 1]]), right())).toBe(1)
    expect(solveBanded(with_([[0, 0, NaN], [1, 1, 1], [2, 2, 1], [3, 3, 1]]), right())).toBe(0)
  })
})

test("addTo refuses what lies outside the band or the matrix", () => {
  const matrix = banded(4, 1, 2)
  for (const [i, j] of [[2, 0], [0, 3], [3, 4], [4, 3], [-1, 0], [0, -1]])
    expect(() => addTo(matrix, i, j, 1), `(${i}, ${j})`).toThrow(RangeError)
  expect(() => addTo(matrix, 2, 0, 1)).toThrow("entry (2, 0) lies outside a band of 1 below and 2 above")
  expect(matrix.data.every(x => x === 0)).toBe(true)
})
