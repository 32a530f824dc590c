import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { rouwenhorst, stationaryDeviation, tauchen, tauchenHussey, trapezoidal, trapezoidalSize, type Autoregression, type ChainOfAutoregression } from "../../src/math/autoregression.ts"
import { gaussHermite } from "../../src/math/gaussHermite.ts"
import { chainMoments, expectation } from "../../src/math/markovChain.ts"

const CHAINS: Readonly<Record<string, (law: Autoregression) => ChainOfAutoregression>> = {
  trapezoidal: law => trapezoidal(law, trapezoidalSize(law, 9, 0.75), 9),
  tauchenHussey: law => tauchenHussey(law, 25), rouwenhorst: law => rouwenhorst(law, 25), tauchen: law => tauchen(law, 25),
}
const somewhere = fc.record({
  mean: fc.double({ min: -3, max: 3, noNaN: true }), persistence: fc.double({ min: -0.9, max: 0.9, noNaN: true }), volatility: fc.double({ min: 0.01, max: 1.5, noNaN: true }),
})

describe.each(Object.entries(CHAINS))("%s", (_, make) => {
  test("rows sum to one, states increase about the mean, and the law at a state is its row", () => {
    fc.assert(fc.property(somewhere, law => {
      const { values, transitions, rowAt } = make(law), n = values.length, row = new Float64Array(n)
      for (let i = 0; i < n; i++) {
        const own = transitions.subarray(i * n, (i + 1) * n)
        expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
        expect(own.every(p => p >= 0)).toBe(true)
        if (i > 0) expect(values[i]).toBeGreaterThan(values[i - 1])
        rowAt(values[i], row)
        row.forEach((p, j) => expect(p).toBeCloseTo(own[j], 12))
      }
      expect((values[0] + values[n - 1]) / 2).toBeCloseTo(law.mean, 10)
    }), { numRuns: 20 })
  })

  test("without risk it rests at its mean", () => {
    const { values, transitions } = make({ mean: 2, persistence: 0.5, volatility: 0 })
    expect([Array.from(values), Array.from(transitions)]).toEqual([[2], [1]])
  })
})

test("the trapezoidal rule has every conditional moment to rounding", () => {
  fc.assert(fc.property(somewhere, law => {
    const chain = CHAINS.trapezoidal(law), deviation = stationaryDeviation(law)
    const { mean, variance, autocorrelation } = chainMoments(chain)!
    expect((mean - law.mean) / deviation).toBeCloseTo(0, 9)
    expect(variance / deviation ** 2).toBeCloseTo(1, 9)
    expect(autocorrelation).toBeCloseTo(law.persistence, 9)
    const next = expectation(chain, chain.values.map(Math.exp))
    chain.values.forEach((x, i) => {
      if (Math.abs(x - law.mean) < 2 * deviation) expect(Math.log(next[i]) - ((1 - law.persistence) * law.mean + law.persistence * x + law.volatility ** 2 / 2)).toBeCloseTo(0, 8)
    })
  }), { numRuns: 25 })
})

test("Rouwenhorst's chain has mean, variance and autocorrelation of the law, given the state and in the long run", () => {
  fc.assert(fc.property(somewhere, fc.integer({ min: 2, max: 30 }), (law, n) => {
    const chain = rouwenhorst(law, n), { mean, persistence, volatility } = law
    const long = chainMoments(chain)!
    expect((long.mean - mean) / volatility).toBeCloseTo(0, 8)
    expect(long.variance / stationaryDeviation(law) ** 2).toBeCloseTo(1, 8)
    expect(long.autocorrelation).toBeCloseTo(persistence, 8)
    const first = expectation(chain, chain.values), second = expectation(chain, chain.values.map(x => x * x))
    chain.values.forEach((x, i) => {
      expect(first[i] - (mean + persistence * (x - mean))).toBeCloseTo(0, 10)
      expect((second[i] - first[i] ** 2) / volatility ** 2).toBeCloseTo(1, 7)
    })
    // Between its states the law keeps the conditional mean.
    const row = new Float64Array(n), x = (chain.values[0] + 2 * chain.values[1]) / 3
    chain.rowAt(x, row)
    expect(row.reduce((sum, p, j) => sum + p * chain.values[j], 0) - (mean + persistence * (x - mean))).toBeCloseTo(0, 10)
  }), { numRuns: 40 })
})

test("Tauchen's chain has the moments in the limit, at second order in the width of its cells", () => {
  const law = { mean: 1, persistence: 0.6, volatility: 0.2 }
  const excess = [41, 81, 161].map(n => chainMoments(tauchen(law, n, 7))!.variance / stationaryDeviation(law) ** 2 - 1)
  expect(Math.log2(excess[0] / excess[1])).toBeCloseTo(2, 1)
  expect(Math.log2(excess[1] / excess[2])).toBeCloseTo(2, 1)
})

test("Tauchen and Hussey's chain is Gauss-Hermite quadrature where nothing persists, and converges where something does", () => {
  const { nodes, weights } = gaussHermite(9), chain = tauchenHussey({ mean: 0.5, persistence: 0, volatility: 0.3 }, 9)
  nodes.forEach((z, i) => expect(chain.values[i]).toBeCloseTo(0.5 + 0.3 * z, 14))
  weights.forEach((w, j) => expect(chain.transitions[4 * 9 + j]).toBeCloseTo(w, 13))
  const law = { mean: 0, persistence: 0.8, volatility: 0.1 }
  const off = [10, 20, 40].map(n => Math.abs(chainMoments(tauchenHussey(law, n))!.variance / stationaryDeviation(law) ** 2 - 1))
  expect(off[1]).toBeLessThan(off[0] / 20)
  expect(off[2]).toBeLessThan(1e-9)
})
