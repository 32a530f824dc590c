import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { gaussHermite } from "../../src/math/gaussHermite.ts"
import { lognormalMean, lognormalMoment } from "../../src/math/lognormal.ts"
import { growingTree, independentTree, marketTheory, persistentTree } from "../../src/math/lucasTree.ts"

test("lognormal means: powers in closed form, and what has poles off the axis by another rule", () => {
  fc.assert(fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), (m, s, k) => {
    expect(lognormalMean(y => y ** k, m, s) / lognormalMoment(m, s, k)).toBeCloseTo(1, 12)
  }))
  const { nodes, weights } = gaussHermite(200)
  expect(lognormalMean(y => 1 / (1 + y), -0.3, 0.8)).toBeCloseTo(nodes.reduce((sum, z, i) => sum + weights[i] / (1 + Math.exp(0.8 * z - 0.3)), 0), 9)
})

/** Numbers of the reference page, each computed there by another program. */
describe("the market's economies", () => {
  test.each<["L0" | "L1" | "L2" | "L3", object, number, number]>([
    ["L0", {}, 0.85152, 0], ["L1", {}, 0.85152, 0], ["L2", {}, 0.8037, 0.045], ["L2", { income: 10 }, 0.8452, 0.005], ["L2", { gamma: 2 }, 0.768, 0.103], ["L3", {}, 0.85152, 1.12],
  ])("%s %j: mean price %d, deviation %d", (economy, options, mean, deviation) => {
    const theory = marketTheory(economy, options)
    expect(Math.abs(theory.meanPrice - mean)).toBeLessThan(0.5 * 10 ** -String(mean).split(".")[1].length)
    expect(Math.abs(theory.priceDeviation - deviation)).toBeLessThan(6e-3)
  })
  test("p* of L0 and L1 is 19 e^1.5/100 at any dividend, and q* is beta", () => {
    for (const economy of ["L0", "L1"] as const) {
      const { price, bond } = marketTheory(economy)
      for (const y of [0.01, 0.045, 1]) {
        expect(price(y)).toBeCloseTo(0.19 * Math.exp(1.5), 12)
        expect(bond(y)).toBeCloseTo(0.95, 13)
      }
    }
  })
  test("bonds at the mean dividend", () => {
    for (const [options, q] of [[{}, 0.9524], [{ income: 10 }, 0.95]] as const) expect(marketTheory("L2", options).bond(Math.exp(1.5) / 100)).toBeCloseTo(q, 4)
    expect(marketTheory("L3").bond(Math.exp(1.5) / 100)).toBeCloseTo(2.58, 2)
    expect(marketTheory("L3").price(0.03)).toBeCloseTo(0.57, 12)
  })
})

test("independent dividends: prices obey the Euler equations, at any parameters", () => {
  const { nodes, weights } = gaussHermite(120)
  fc.assert(fc.property(fc.double({ min: 0.5, max: 0.99, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: 0.1, max: 3, noNaN: true }), (beta, gamma, income) => {
    const tree = { beta, gamma, logMean: -0.5, volatility: 0.5, income }, { price, bond } = independentTree(tree)
    const mean = (f: (y: number) => number) => nodes.reduce((sum, z, i) => sum + weights[i] * f(Math.exp(-0.5 + 0.5 * z)), 0)
    const factor = (y: number, next: number) => beta * ((income + next) / (income + y)) ** -gamma
    for (const y of [0.2, 1, 3]) {
      expect(mean(next => factor(y, next) * (price(next) + next)) / price(y)).toBeCloseTo(1, 9)
      expect(mean(next => factor(y, next)) / bond(y)).toBeCloseTo(1, 9)
    }
  }), { numRuns: 50 })
})

test("persistent dividends: the numbers of QuantEcon's economy", () => {
  const price = persistentTree({ beta: 0.95, gamma: 2, persistence: 0.9, volatility: 0.1 })
  for (const [y, p] of [[0.5, 6.13211], [1, 19.41703], [1.5, 38.79331], [2, 63.85392], [2.503433, 94.5798]]) expect(Math.abs(price(y) / p - 1)).toBeLessThan(1e-6)
  const logarithmic = persistentTree({ beta: 0.95, gamma: 1, persistence: 0.9, volatility: 0.1 })
  for (const y of [0.5, 1, 2]) expect(logarithmic(y)).toBeCloseTo(19 * y, 11)
})

test("independent growth: Mehra's (2003) returns, and no price where there is none", () => {
  const mu = 0.0172, variance = 0.00125, ratio = growingTree({ beta: 0.99, gamma: 10, logMean: mu, volatility: Math.sqrt(variance) })
  const equity = (lognormalMoment(mu, Math.sqrt(variance)) * (1 + ratio)) / ratio - 1, safe = 1 / (0.99 * lognormalMoment(mu, Math.sqrt(variance), -10)) - 1
  expect(equity).toBeCloseTo(0.14117, 5)
  expect(safe).toBeCloseTo(0.12699, 5)
  expect(growingTree({ beta: 0.99, gamma: 0, logMean: 0.02, volatility: 0 })).toBe(Infinity)
})
