import { expect, test } from "vitest"
import { cosineRate, explorationRate, explore, exploreBlocks } from "../../src/learn/exploration.ts"

test("the schedule: linear over its part of the episodes, then constant", () => {
  const rate = (episode: number): number => explorationRate(episode, 100, { first: 1, last: 0.1, over: 0.3 })
  expect(rate(0)).toBe(1)
  expect(rate(15)).toBeCloseTo(0.55, 14)
  expect([rate(30), rate(31), rate(100)]).toEqual([0.1, 0.1, 0.1])
  expect(explorationRate(0, 100, { first: 1, last: 0.1, over: 0 })).toBe(0.1)
})

test("the cosine: both ends, the middle, and slack beyond", () => {
  expect(cosineRate(0, 1e-3, 1e-5)).toBeCloseTo(1e-3, 16)
  expect(cosineRate(0.5, 1e-3, 1e-5)).toBeCloseTo((1e-3 + 1e-5) / 2, 16)
  expect(cosineRate(1, 1e-3, 1e-5)).toBeCloseTo(1e-5, 16)
  expect(cosineRate(2, 1e-3, 1e-5)).toBe(cosineRate(1, 1e-3, 1e-5))
})

const SPACES = [{ name: "a", is: "", low: 0, high: 2, levels: 0, lot: 1 }, { name: "b", is: "", low: 5, high: 6, levels: 0, lot: 1 }]

test("epsilon: that share of prices is replaced, evenly over the space, each asset by itself", () => {
  const n = 20_000, prices = new Float64Array(2 * n).fill(-1)
  explore(prices, SPACES, 0.3, { seed: 1, stream: 2, block: 0 })
  SPACES.forEach(({ low, high }, a) => {
    const drawn = prices.subarray(a * n, (a + 1) * n).filter(p => p !== -1)
    expect(Math.abs(drawn.length / n - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / n))
    const mean = drawn.reduce((sum, p) => sum + p, 0) / drawn.length, variance = drawn.reduce((sum, p) => sum + (p - mean) ** 2, 0) / drawn.length
    expect(Math.abs(mean - (low + high) / 2)).toBeLessThan((5 * (high - low)) / Math.sqrt(12 * drawn.length))
    expect(variance / ((high - low) ** 2 / 12)).toBeCloseTo(1, 1)
  })
  let both = 0
  for (let i = 0; i < n; i++) if (prices[i] !== -1 && prices[n + i] !== -1) both++
  expect(Math.abs(both / n - 0.09)).toBeLessThan(5 * Math.sqrt((0.09 * 0.91) / n))
})

test("no exploration at 0, nothing but at 1; the same block gives the same, the next block other draws", () => {
  const drawn = (rate: number, block: number): Float64Array => { const out = new Float64Array(40).fill(-1); explore(out, SPACES, rate, { seed: 1, stream: 2, block }); return out }
  expect(drawn(0, 0).every(p => p === -1)).toBe(true)
  expect(drawn(1, 0).every(p => p >= 0)).toBe(true)
  expect(drawn(1, 0)).toEqual(drawn(1, 0))
  const next = drawn(1, exploreBlocks(40)), first = drawn(1, 0)
  expect(next.some(p => first.includes(p))).toBe(false)
})
