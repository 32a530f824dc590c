import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { sellingDirections } from "../../src/math/selling.ts"

const sum = (directions: ReturnType<typeof sellingDirections>["directions"]): [number, number, number] =>
  directions.reduce<[number, number, number]>(([a, b, c], { offset: [x, y], weight: w }) => [a + w * x * x, b + w * x * y, c + w * y * y], [0, 0, 0])

describe("sellingDirections", () => {
  const size = fc.double({ min: 0.01, max: 100, noNaN: true }), rho = fc.double({ min: -0.99, max: 0.99, noNaN: true })

  test("three whole vectors with weights that are not negative make up the matrix", () => {
    fc.assert(fc.property(size, size, rho, (a, c, r) => {
      const b = r * Math.sqrt(a * c)
      const { directions, kept } = sellingDirections(a, b, c, [1000, 1000])
      expect(kept).toBe(1)
      expect(directions.every(({ weight, offset }) => weight >= 0 && offset.every(Number.isInteger))).toBe(true)
      const [aa, bb, cc] = sum(directions)
      for (const [got, wanted] of [[aa, a], [bb, b], [cc, c]]) expect(Math.abs(got - wanted)).toBeLessThan(1e-9 * (a + c))
    }), { numRuns: 1000 })
  })

  test("with a bound on their length the variances stay, and the covariance shrinks towards zero by the part that is told", () => {
    fc.assert(fc.property(size, size, rho, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), (a, c, r, ...reach) => {
      const b = r * Math.sqrt(a * c)
      const { directions, kept } = sellingDirections(a, b, c, reach)
      expect(kept).toBeGreaterThanOrEqual(0)
      expect(kept).toBeLessThanOrEqual(1)
      for (const { offset, weight } of directions) if (weight > 0) offset.forEach((x, k) => { expect(Math.abs(x)).toBeLessThanOrEqual(reach[k]) })
      const [aa, bb, cc] = sum(directions)
      for (const [got, wanted] of [[aa, a], [bb, kept * b], [cc, c]]) expect(Math.abs(got - wanted)).toBeLessThan(1e-9 * (a + c))
    }), { numRuns: 1000 })
  })

  test("equal variances need only the diagonal and the axes, whatever the correlation", () => {
    const { directions, kept } = sellingDirections(1, 0.95, 1, [1, 1])
    expect(kept).toBe(1)
    expect(directions.find(({ offset: [x, y] }) => x * y !== 0)!.weight).toBeCloseTo(0.95, 12)
  })
})
