import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { solveDense } from "../../src/math/dense.ts"
import { autocorrelationTime, chainOf, expectedAfter, meanTimesTo, stationaryOf, type Chain } from "../../src/math/jumpChain.ts"
import { philox } from "../../src/math/random.ts"

const two = (up: number, down: number): Chain => chainOf(2, (i, jump) => { jump(1 - i, i === 0 ? up : down) })

/** Every state jumps to some within `reach`, at random rates of very different size. */
const random = (size: number, reach: number, seed: number): Chain => {
  const { next } = philox(seed, 0)
  return chainOf(size, (i, jump) => {
    for (let j = Math.max(0, i - reach); j <= Math.min(size - 1, i + reach); j++) if (j !== i && (Math.abs(j - i) === 1 || next() < 0.5)) jump(j, 10 ** (4 * next() - 2))
  })
}

const flowInto = (chain: Chain, p: Float64Array): Float64Array => {
  const flow = new Float64Array(chain.size)
  for (let i = 0; i < chain.size; i++)
    for (let k = chain.starts[i]; k < chain.starts[i + 1]; k++) {
      flow[chain.targets[k]] += p[i] * chain.rates[k]
      flow[i] -= p[i] * chain.rates[k]
    }
  return flow
}

describe("stationaryOf", () => {
  test("balances what flows in and out of every state, is not negative and sums to one", () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 7 }), fc.nat(1000), (size, reach, seed) => {
      const chain = random(size, reach, seed), p = stationaryOf(chain)
      expect(p.every(x => x >= 0)).toBe(true)
      expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
      expect(Math.max(...flowInto(chain, p).map(Math.abs))).toBeLessThan(1e-11)
    }))
  })

  test("has relative accuracy far down in the tails: a birth-death chain that decays over 1,000 orders of magnitude", () => {
    const ratio = 1e-10, n = 101
    const chain = chainOf(n, (i, jump) => {
      if (i + 1 < n) jump(i + 1, 1)
      if (i > 0) jump(i - 1, 1 / ratio)
    })
    const p = stationaryOf(chain)
    for (const i of [1, 5, 29]) expect(p[i] / p[0] / ratio ** i).toBeCloseTo(1, 10)
    // And grows over as many, where it must not overflow.
    const mirrored = chainOf(n, (i, jump) => {
      if (i + 1 < n) jump(i + 1, 1 / ratio)
      if (i > 0) jump(i - 1, 1)
    })
    expect(stationaryOf(mirrored)[n - 2] / stationaryOf(mirrored)[n - 1] / ratio).toBeCloseTo(1, 10)
  })
})

describe("expectedAfter", () => {
  test("two states relax exponentially", () => {
    const chain = two(0.3, 0.7)
    for (const t of [0, 0.01, 1, 30]) {
      const [from0, from1] = expectedAfter(chain, Float64Array.of(0, 1), t)!
      expect(from0).toBeCloseTo(0.3 * (1 - Math.exp(-t)), 12)
      expect(from1).toBeCloseTo(0.3 + 0.7 * Math.exp(-t), 12)
    }
  })

  test("constants stay constants, positive functions stay positive, and time adds up", () => {
    const chain = random(40, 3, 5), f = Float64Array.from({ length: 40 }, (_, i) => (i % 7) / 7)
    for (const x of expectedAfter(chain, f.map(() => 1), 2)!) expect(x).toBeCloseTo(1, 13)
    const once = expectedAfter(chain, f, 0.6)!, twice = expectedAfter(chain, expectedAfter(chain, f, 0.25)!, 0.35)!
    expect(Math.min(...once)).toBeGreaterThanOrEqual(0)
    once.forEach((x, i) => { expect(x).toBeCloseTo(twice[i], 11) })
  })

  test("goes by implicit steps where terms would be too many, and refuses where the band is too wide for them", () => {
    const chain = random(60, 3, 5), f = Float64Array.from({ length: 60 }, (_, i) => Number(i < 20))
    const byTerms = expectedAfter(chain, f, 0.1)!, bySteps = expectedAfter(chain, f, 0.1, 1)!
    bySteps.forEach((x, i) => { expect(Math.abs(x - byTerms[i])).toBeLessThan(2e-3) })
    for (const x of expectedAfter(chain, f.map(() => 1), 0.1, 1)!) expect(x).toBeCloseTo(1, 11)
    // Much faster than it is looked at: two states are in equilibrium.
    expect(expectedAfter(two(1e9, 3e9), Float64Array.of(0, 1), 1)![0]).toBeCloseTo(0.25, 6)
    const wide = chainOf(3000, (i, jump) => { jump((i + 1500) % 3000, 1e9) })
    expect(expectedAfter(wide, new Float64Array(3000), 1)).toBeUndefined()
  })
})

test("mean times of a symmetric walk to its end: those of the ruined gambler", () => {
  const n = 30, rate = 2.5
  const chain = chainOf(n + 1, (i, jump) => {
    if (i < n) jump(i + 1, rate)
    if (i > 0) jump(i - 1, rate)
  })
  meanTimesTo(chain, i => i === 0 || i === n)!.forEach((t, i) => { expect(t).toBeCloseTo((i * (n - i)) / (2 * rate), 9) })
  expect(meanTimesTo(chainOf(3, (i, jump) => { if (i < 2) jump(1 - i, 1) }), i => i === 2)).toBeUndefined()
})

describe("autocorrelationTime", () => {
  test("is that of the exponential decay of two states", () => {
    expect(autocorrelationTime(two(0.3, 0.7), Float64Array.of(0.7, 0.3), Float64Array.of(5, -2))).toBeCloseTo(1, 12)
    expect(autocorrelationTime(two(2, 3), Float64Array.of(0.6, 0.4), Float64Array.of(0, 1))).toBeCloseTo(0.2, 12)
  })

  test("is the integral of the autocorrelation of any chain", () => {
    const chain = random(6, 5, 3), p = stationaryOf(chain), f = Float64Array.of(1, 4, -2, 0, 3, 3)
    // By the dense inverse of (1 p^T - G), which maps f - mean(f) to the same function.
    const a = new Float64Array(36)
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 6; j++) a[i * 6 + j] += p[j]
      for (let k = chain.starts[i]; k < chain.starts[i + 1]; k++) { a[i * 6 + i] += chain.rates[k]; a[i * 6 + chain.targets[k]] -= chain.rates[k] }
    }
    const mean = f.reduce((sum, x, i) => sum + p[i] * x, 0), centred = f.map(x => x - mean), y = centred.slice()
    solveDense(a, y)
    const tau = y.reduce((sum, x, i) => sum + p[i] * x * centred[i], 0) / centred.reduce((sum, x, i) => sum + p[i] * x * x, 0)
    expect(autocorrelationTime(chain, p, f)).toBeCloseTo(tau, 9)
  })
})

test("a chain refuses jumps that lead nowhere", () => {
  expect(() => chainOf(2, (_, jump) => { jump(2, 1) })).toThrow("a jump from 0 to 2 at rate 1")
  expect(() => chainOf(2, (i, jump) => { jump(1 - i, -1) })).toThrow(RangeError)
})
