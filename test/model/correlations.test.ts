import fc from "fast-check"
import { expect, test } from "vitest"
import { correlationMatrix } from "../../src/model/correlations.ts"

const matrix = (ab: number, bc: number, ac: number): number[][] | string =>
  correlationMatrix([["A", "B", ab], ["C", "B", bc], ["A", "C", ac]].map(([a, b, value]) => ({ between: [String(a), String(b)] as const, value: String(value) })), ["A", "B", "C"], Number)
const of = (ab: number, bc: number, ac: number): string | undefined => {
  const found = matrix(ab, bc, ac)
  return typeof found === "string" ? found : undefined
}

test("three correlations are possible exactly where their determinant is not negative", () => {
  const rho = fc.double({ min: -1, max: 1, noNaN: true })
  fc.assert(fc.property(rho, rho, rho, (a, b, c) => {
    const determinant = 1 + 2 * a * b * c - a * a - b * b - c * c
    fc.pre(Math.abs(determinant) > 1e-9)
    expect(of(a, b, c) === undefined).toBe(determinant > 0)
  }), { numRuns: 500 })
})

test("perfect correlations are possible where they agree", () => {
  expect(of(1, 1, 1)).toBeUndefined()
  expect(of(1, -1, -1)).toBeUndefined()
  expect(of(0, 1, 0)).toBeUndefined()
  expect(of(1, 1, 0.5)).toBe("correlations: no shocks can be correlated like this at these parameters (the matrix is not positive semi-definite)")
})

test("each lies between -1 and 1", () => {
  expect(of(0, -1.01, 0)).toBe("correlations.2.value: is `-1.01` at these parameters; expected a number from -1 to 1")
  expect(of(0, 0, NaN)).toBe("correlations.3.value: is `NaN` at these parameters; expected a number from -1 to 1")
})

test("the matrix is symmetric, with ones on its diagonal", () => {
  expect(matrix(0.5, -0.25, 0.1)).toEqual([[1, 0.5, 0.1], [0.5, 1, -0.25], [0.1, -0.25, 1]])
})
