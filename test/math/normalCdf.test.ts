import fc from "fast-check"
import { expect, test } from "vitest"
import { normalBetween, normalCdf, normalDensity } from "../../src/math/normalCdf.ts"

test("known values, with relative accuracy in the tail", () => {
  expect(normalCdf(0)).toBe(0.5)
  expect(normalCdf(1)).toBeCloseTo(0.8413447460685429, 15)
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 15)
  for (const [z, p] of [[-3, 1.3498980316300946e-3], [-5, 2.866515718791939e-7], [-10, 7.619853024160527e-24], [-30, 4.906713927148187e-198]]) expect(normalCdf(z) / p).toBeCloseTo(1, 12)
  expect(normalCdf(Infinity)).toBe(1)
  expect(normalCdf(-Infinity)).toBe(0)
  expect(normalCdf(NaN)).toBeNaN()
})

test("it is symmetric, increases, and its slope is the density", () => {
  fc.assert(fc.property(fc.double({ min: -8, max: 8, noNaN: true }), z => {
    expect(normalCdf(z) + normalCdf(-z)).toBeCloseTo(1, 15)
    const h = 1e-4, slope = normalBetween(z - h, z + h) / (2 * h)
    expect(slope / normalDensity(z)).toBeCloseTo(1, 6)
  }))
})

test("between two points of either tail nothing is lost", () => {
  expect(normalBetween(9, 10) / normalBetween(-10, -9)).toBe(1)
  expect(normalBetween(-Infinity, Infinity)).toBe(1)
})
