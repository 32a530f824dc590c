import fc from "fast-check"
import { expect, test } from "vitest"
import { differenceWeights } from "../../src/math/differences.ts"

/** Distinct nodes, not in order and not evenly spaced: gaps between 0.1 and 1 of a walk, shuffled. */
const nodes = fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 1, maxLength: 7 })
  .map(gaps => gaps.reduce<number[]>((walk, gap) => [...walk, (walk.at(-1) ?? -2) + gap], []))
  .chain(walk => fc.shuffledSubarray(walk, { minLength: walk.length }))

/** The derivative of x^power of an order. */
const derivative = (power: number, order: number, x: number): number =>
  order > power ? 0 : Array.from({ length: order }, (_, k) => power - k).reduce((a, b) => a * b, 1) * x ** (power - order)

test("exact for polynomials of degree nodes - 1, any point, any order", () => {
  fc.assert(fc.property(nodes, fc.double({ min: -1, max: 1, noNaN: true }), fc.nat(4), (at, x, order) => {
    fc.pre(order < at.length)
    const weights = differenceWeights(x, at, order)
    expect(weights).toHaveLength(at.length)
    for (let power = 0; power < at.length; power++) {
      const terms = weights.map((w, k) => w * at[k] ** power)
      const size = terms.reduce((sum, term) => sum + Math.abs(term), 1)
      expect(Math.abs(terms.reduce((a, b) => a + b, 0) - derivative(power, order, x))).toBeLessThan(1e-11 * size)
    }
  }))
})

test("not exact beyond: x^n through n nodes misses by the product of distances", () => {
  fc.assert(fc.property(nodes, fc.double({ min: -1, max: 1, noNaN: true }), (at, x) => {
    const value = differenceWeights(x, at, 0).reduce((sum, w, k) => sum + w * at[k] ** at.length, 0)
    const remainder = at.reduce((product, node) => product * (x - node), 1)
    expect(x ** at.length - value).toBeCloseTo(remainder, 6)
  }))
})

test("the textbook stencils", () => {
  expect(differenceWeights(0, [-1, 0, 1], 1)).toEqual([-0.5, 0, 0.5])
  expect(differenceWeights(0, [-1, 0, 1], 2)).toEqual([1, -2, 1])
  expect(differenceWeights(0, [0, 1, 2], 1)).toEqual([-1.5, 2, -0.5])
  expect(differenceWeights(0, [0, 1], 2)).toEqual([0, 0])
})
