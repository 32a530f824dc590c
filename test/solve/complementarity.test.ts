import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { complement, complementSlope, COMPLEMENTARITY } from "../../src/solve/network/complementarity.ts"

const away = fc.tuple(fc.double({ min: 1e-9, max: 100, noNaN: true }), fc.boolean()).map(([size, up]) => (up ? size : -size))
const number = fc.double({ min: -100, max: 100, noNaN: true })

describe.each(COMPLEMENTARITY)("complementarity by %s", by => {
  test("is zero just where both are at least zero and one of them is", () => {
    fc.assert(fc.property(number, f => {
      const positive = Math.abs(f)
      for (const [a, b] of [[positive, 0], [0, positive]]) expect(complement(by, a, b)).toBe(0)
    }))
    fc.assert(fc.property(away, away, (f, g) => {
      expect(Math.sign(complement(by, f, g))).toBe(f > 0 && g > 0 ? 1 : -1)
    }))
  })

  test("its slopes are those of differences, away from the kink", () => {
    fc.assert(fc.property(number, number, (f, g) => {
      fc.pre(Math.abs(f - g) > 0.1 && Math.hypot(f, g) > 0.1)
      const h = 1e-5
      expect(complementSlope(by, f, g, 0)).toBeCloseTo((complement(by, f + h, g) - complement(by, f - h, g)) / (2 * h), 6)
      expect(complementSlope(by, f, g, 1)).toBeCloseTo((complement(by, f, g + h) - complement(by, f, g - h)) / (2 * h), 6)
    }))
  })

  test("at its kink the slopes are limits of slopes nearby", () => {
    const at = [0, 1].map(side => complementSlope(by, 0, 0, side as 0 | 1))
    const near = [0, 1].map(side => complementSlope(by, 1e-9, by === "min" ? 2e-9 : 1e-9, side as 0 | 1))
    at.forEach((s, k) => expect(s).toBeCloseTo(near[k], 12))
  })
})

test("Fischer-Burmeister is close to the smaller where the other is far above it, and keeps its digits", () => {
  // f g/(f + g) to first order, so that the error is f^2/2.
  for (const f of [1e-12, 1e-6, -1e-6]) expect(Math.abs(complement("fischer-burmeister", f, 1) - f)).toBeLessThan(0.51 * f * f + 1e-16)
  expect(complement("fischer-burmeister", 1e-20, 1) / 1e-20).toBeCloseTo(1, 12)
})
