import { expect, test } from "vitest"
import { brownian } from "../../src/simulate/brownian.ts"

/** Increments over the 2^level parts of a period, by bridges. */
function increments(source: ReturnType<typeof brownian>, levels: number, shock: number): number[] {
  let parts = [source.normal(0, shock)]
  for (let level = 0; level < levels; level++)
    parts = parts.flatMap((whole, i) => {
      const left = whole / 2 + (Math.sqrt(1 / 2 ** level) / 2) * source.normal(2 ** level + i, shock)
      return [left, whole - left]
    })
  return parts
}

test("the parts of a period add up to it, and have the variance of their length, without correlation", () => {
  const source = brownian(3, 0, 2, 4), n = 4000
  const moments = { square: new Float64Array(16), next: 0, cross: 0 }
  for (let path = 0; path < n; path++) {
    source.open(path, 7)
    const [a, b] = [0, 1].map(shock => increments(source, 4, shock))
    expect(a.reduce((x, y) => x + y, 0)).toBeCloseTo(source.normal(0, 0), 12)
    a.forEach((x, i) => { moments.square[i] += (16 * x * x) / n; moments.next += (16 * x * a[(i + 1) % 16]) / (16 * n); moments.cross += (16 * x * b[i]) / (16 * n) })
  }
  // Four standard errors.
  for (const square of moments.square) expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
  expect(Math.abs(moments.next)).toBeLessThan(4 / Math.sqrt(16 * n))
  expect(Math.abs(moments.cross)).toBeLessThan(4 / Math.sqrt(16 * n))
})

test("a number depends on its address alone, not on what was asked before", () => {
  const address = [[0, 0], [1, 0], [2, 1], [3, 0], [9, 1], [5, 0], [15, 1], [4, 0]] as const
  const first = brownian(2 ** 40 + 5, 1, 2, 4), second = brownian(2 ** 40 + 5, 1, 2, 4)
  first.open(12, 1000)
  const forward = address.map(([place, k]) => first.normal(place, k))
  for (const [path, period] of [[11, 1000], [12, 999], [12, 1003], [12, 1000]]) { second.open(path, period); second.normal(0, 1); second.normal(7, 0) }
  expect(address.toReversed().map(([place, k]) => second.normal(place, k)).reverse()).toEqual(forward)
  expect(second.uniform(3, 0)).toBe(first.uniform(3, 0))
})

test("other seeds, purposes, paths, periods, places and shocks give other numbers", () => {
  const of = (seed: number, purpose: number, path: number, period: number, place: number, k: number): number => {
    const source = brownian(seed, purpose, 2, 4)
    source.open(path, period)
    return source.normal(place, k)
  }
  const all = [of(0, 0, 0, 0, 0, 0), of(1, 0, 0, 0, 0, 0), of(0, 1, 0, 0, 0, 0), of(0, 0, 1, 0, 0, 0), of(0, 0, 0, 1, 0, 0), of(0, 0, 0, 0, 1, 0), of(0, 0, 0, 0, 0, 1), of(2 ** 32, 0, 0, 0, 0, 0)]
  expect(new Set(all).size).toBe(all.length)
})
