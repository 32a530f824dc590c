import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { chebyshev, fitChebyshev } from "../../src/math/chebyshev.ts"

const coefficients = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 10 })
const inside = fc.double({ min: -0.99, max: 0.99, noNaN: true })
/** Value, slope and bend. */
const at = (c: readonly number[], y: number): number[] => {
  const made = chebyshev()
  made.at(c, [y])
  return [made.value, made.slope[0], made.bend[0]]
}
/** Points in [-1, 1] about even, each moved by up to 40% of their distance. */
const points = (count: number, moves: readonly number[]): number[] => Array.from({ length: count }, (_, i) => -1 + (2 * (i + 0.5 + 0.4 * moves[i % moves.length])) / count)
const moves = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 40, maxLength: 40 })

describe("chebyshev", () => {
  it("sums c_k cos(k arccos y)", () => {
    fc.assert(fc.property(coefficients, fc.double({ min: -1, max: 1, noNaN: true }), (c, y) => {
      expect(at(c, y)[0]).toBeCloseTo(c.reduce((sum, ck, k) => sum + ck * Math.cos(k * Math.acos(y)), 0), 12)
    }))
  })

  it("has the derivatives of its value", () => {
    fc.assert(fc.property(coefficients, inside, (c, y) => {
      const h = 1e-5, [below, here, above] = [-h, 0, h].map(by => at(c, y + by))
      for (const order of [1, 2]) expect(Math.abs((above[order - 1] - below[order - 1]) / (2 * h) - here[order])).toBeLessThan(1e-5 * (1 + c.length ** (2 * order)))
    }))
  })

  it("has the known derivatives at the ends: k^2 and k^2 (k^2 - 1)/3", () => {
    for (let k = 0; k < 12; k++) for (const end of [-1, 1]) {
      const unit = Array.from({ length: k + 1 }, (_, j) => (j === k ? 1 : 0)), sign = end ** k
      at(unit, end).forEach((found, order) => expect(found).toBeCloseTo([sign, sign * end * k ** 2, (sign * k ** 2 * (k ** 2 - 1)) / 3][order], 9))
    }
  })

  it("of no coefficients is zero", () => {
    expect(at([], 0.3)).toEqual([0, 0, 0])
    expect(at([0.7], 0.3)).toEqual([0.7, 0, 0])
  })
})

describe("fitChebyshev", () => {
  it("is exact for polynomials of its degree or less, at points that are about even", () => {
    fc.assert(fc.property(coefficients, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 20 }), moves, (c, more, extra, moved) => {
      const degree = c.length - 1 + more, y = points(2 * degree + 2 + extra, moved)
      const found = fitChebyshev([y], y.map(x => at(c, x)[0]), degree)
      expect(found.length).toBe(degree + 1)
      found.forEach((f, k) => expect(Math.abs(f - (c[k] ?? 0))).toBeLessThan(1e-9))
    }))
  })

  it("leaves what is orthogonal to all polynomials of its degree", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 24, maxLength: 24 }), fc.integer({ min: 0, max: 8 }), moves, (values, degree, moved) => {
      const y = points(24, moved), found = fitChebyshev([y], values, degree)
      const left = values.map((v, i) => v - at(found, y[i])[0])
      for (let k = 0; k <= degree; k++) expect(Math.abs(left.reduce((sum, v, i) => sum + v * Math.cos(k * Math.acos(y[i])), 0))).toBeLessThan(1e-10)
    }))
  })

  it("is lowered to the degree that few points determine, and then meets them", () => {
    const y = [-1, -0.2, 0.9], values = [2, -1, 0.5]
    const found = fitChebyshev([y], values, 8)
    expect(found.length).toBe(3)
    y.forEach((x, i) => expect(at(found, x)[0]).toBeCloseTo(values[i], 12))
    expect(fitChebyshev([[0.3]], [4], 8)).toEqual([4])
  })

  it("is well conditioned: errors of the values up to e move no coefficient by 1.6 e", () => {
    // Of a projection with Chebyshev's weight it would be 4/pi.
    for (const [degree, count] of [[4, 9], [8, 13], [8, 21], [8, 41], [12, 61]]) {
      const y = Array.from({ length: count }, (_, i) => -1 + (2 * i) / (count - 1))
      const units = y.map((_, i) => fitChebyshev([y], y.map((_, j) => (i === j ? 1 : 0)), degree))
      for (let k = 0; k <= degree; k++) expect(units.reduce((sum, unit) => sum + Math.abs(unit[k]), 0), `degree ${degree}, ${count} points`).toBeLessThan(1.6)
    }
  })
})
