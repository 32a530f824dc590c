import fc from "fast-check"
import { expect, test } from "vitest"
import { middles, quantile, quickselect } from "../../src/math/select.ts"

const number = fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.integer({ min: -3, max: 3 }))
const numbers = fc.array(number, { minLength: 1, maxLength: 200 })
const sorted = (a: Iterable<number>): number[] => [...a].map(x => x + 0).sort((x, y) => x - y)

test("quickselect finds what sorting finds, and parts the numbers about it", () => {
  fc.assert(fc.property(numbers, fc.nat(), (given, at) => {
    const a = Float64Array.from(given), k = at % a.length, found = quickselect(a, k)
    expect(found + 0).toBe(sorted(given)[k])
    expect(Math.max(-Infinity, ...a.subarray(0, k))).toBeLessThanOrEqual(found)
    expect(Math.min(Infinity, ...a.subarray(k))).toBeGreaterThanOrEqual(found)
    expect(sorted(a)).toEqual(sorted(given))
  }))
})

test("quickselect of a part leaves the rest as it is", () => {
  const a = Float64Array.from([9, 5, 3, 4, 1, 0])
  expect(quickselect(a, 2, 1, 5)).toBe(3)
  expect([a[0], a[5]]).toEqual([9, 0])
})

test("middles are the two middle numbers of a sorted copy", () => {
  fc.assert(fc.property(numbers, given => {
    const a = Float64Array.from(given), n = a.length, order = sorted(given)
    const [lower, upper] = middles(n)(a)
    expect([lower + 0, upper + 0]).toEqual([order[(n - 1) >> 1], order[n >> 1]])
    expect([...a]).toEqual(given)
  }), { numRuns: 500 })
})

test("middles used again and again do not remember", () => {
  const find = middles(4)
  expect([...find(Float64Array.of(4, 1, 3, 2))]).toEqual([2, 3])
  expect([...find(Float64Array.of(7, 7, 7, 7))]).toEqual([7, 7])
  expect([...find(Float64Array.of(0, 0, 1e6, 1e6))]).toEqual([0, 1e6])
})

test("quantile interpolates order statistics", () => {
  fc.assert(fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (given, p) => {
    const order = sorted(given), position = p * (given.length - 1), k = Math.floor(position), next = order[Math.min(k + 1, order.length - 1)]
    expect(quantile(Float64Array.from(given), p)).toBeCloseTo(order[k] + (position - k) * (next - order[k]), 7)
  }))
  expect(quantile(new Float64Array(0), 0.5)).toBeNaN()
})
