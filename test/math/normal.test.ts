import fc from "fast-check"
import { expect, test } from "vitest"
import { normalOfWord, normalQuantile, uniformOfWord } from "../../src/math/normal.ts"
import { normalBelow } from "../simulate/synthetic.ts"

test("the quantile undoes the distribution function, in the middle and in both tails", () => {
  // normalBelow has no relative accuracy near 1: tails are tried from below.
  fc.assert(fc.property(fc.double({ min: -8, max: 1, noNaN: true }), x => {
    const back = normalQuantile(normalBelow(x))
    expect(Math.abs(back - x)).toBeLessThan(1e-12 + 1e-13 * Math.abs(x) + 4e-16 / Math.exp((-x * x) / 2) * normalBelow(x))
  }), { numRuns: 2000 })
})

test("it is odd about one half, and meets the tables of Wichura (1988)", () => {
  expect(normalQuantile(0.5)).toBe(0)
  expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 15)
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167814, 14)
  expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798408, 13)
  fc.assert(fc.property(fc.double({ min: 0.01, max: 0.5, noNaN: true }), p => { expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 12) }))
})

test("words of 32 bits give finite numbers strictly inside", () => {
  for (const word of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
    expect(uniformOfWord(word)).toBeGreaterThan(0)
    expect(uniformOfWord(word)).toBeLessThan(1)
    expect(Math.abs(normalOfWord(word))).toBeLessThan(6.5)
  }
  expect(normalOfWord(0)).toBe(-normalOfWord(2 ** 32 - 1))
})
