import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { activeBands, along } from "../../../src/solve/sampling/bands.ts"

describe("activeBands", () => {
  it("lie about the switches, inside the domain", () => {
    expect(activeBands([0.02, 0.5, 0.99], 0.05, 0.001, 0.999)).toEqual([
      { from: 0.001, to: expect.closeTo(0.07, 12) }, { from: 0.45, to: 0.55 }, { from: 0.94, to: 0.999 }])
    expect(activeBands([], 0.05, 0, 1)).toEqual([])
  })
})

describe("along", () => {
  it("measures the length of the bands below a point: uniform shares are uniform points", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.01, max: 2, noNaN: true }), { minLength: 2, maxLength: 8 }).filter(l => l.length % 2 === 0), fc.double({ min: 0, max: 1, noNaN: true }), (lengths, u) => {
      // Gaps and bands in turn.
      const ends = lengths.reduce<number[]>((at, l) => [...at, (at.at(-1) ?? 0) + l], [])
      const bands = Array.from({ length: lengths.length / 2 }, (_, k) => ({ from: ends[2 * k], to: ends[2 * k + 1] }))
      const total = bands.reduce((sum, b) => sum + b.to - b.from, 0), point = along(bands, u)
      expect(bands.some(b => point >= b.from && point <= b.to)).toBe(true)
      expect(bands.reduce((sum, b) => sum + Math.max(0, Math.min(point, b.to) - b.from), 0)).toBeCloseTo(u * total, 10)
    }))
  })
})
