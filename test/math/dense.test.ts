import fc from "fast-check"
import { expect, test } from "vitest"
import { solveDense } from "../../src/math/dense.ts"
import { philox } from "../../src/math/random.ts"

const product = (matrix: ArrayLike<number>, x: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: x.length }, (_, i) => Array.from({ length: x.length }, (_, j) => matrix[i * x.length + j] * x[j]).reduce((a, b) => a + b, 0))

test("what is multiplied by a random matrix comes back", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(1e6), (n, seed) => {
    const { normal } = philox(seed, 0)
    const matrix = Float64Array.from({ length: n * n }, normal), x = Float64Array.from({ length: n }, normal)
    const right = product(matrix, x), kept = right.slice(), given = matrix.slice()
    expect(solveDense(matrix, right)).toBe(true)
    // Backward stability: the residual is small whatever the condition of the matrix.
    const size = Math.max(...right.map(Math.abs), 1)
    product(given, right).forEach((b, i) => expect(Math.abs(b - kept[i])).toBeLessThan(1e-12 * size * n * 10))
  }))
})

test("a zero on the diagonal is no obstacle", () => {
  const right = Float64Array.of(2, 3, 5)
  expect(solveDense(Float64Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0), right)).toBe(true)
  expect([...right]).toEqual([5, 2, 3])
})

test.each([
  ["a row of zeros", [1, 2, 0, 0]], ["proportional rows", [1, 2, 2, 4]], ["NaN", [NaN, 1, 1, 1]], ["infinity", [Infinity, 1, 1, 1]],
])("%s is reported", (_, matrix) => {
  expect(solveDense(Float64Array.from(matrix), Float64Array.of(1, 1))).toBe(false)
})

test("the leading part of longer arrays can be solved", () => {
  const right = Float64Array.of(6, 8, 99)
  expect(solveDense(Float64Array.of(2, 0, 0, 4, 99), right, 2)).toBe(true)
  expect([...right]).toEqual([3, 2, 99])
})
