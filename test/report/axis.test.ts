import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { axisOf, isOn, linearAxis, logAxis, positionOn } from "../../src/report/axis.ts"
import { textOf } from "../../src/report/markup.ts"

const size = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: -1e-8, max: 1e-8, noNaN: true }), fc.constant(NaN), fc.constant(Infinity))

describe("axisOf", () => {
  it("has a proper domain and few distinct ticks inside it, whatever the values", () => {
    fc.assert(fc.property(fc.array(size, { maxLength: 40 }), fc.boolean(), (values, tight) => {
      const axis = axisOf(values, { tight })
      const [low, high] = axis.domain
      expect(Number.isFinite(low) && Number.isFinite(high) && low < high).toBe(true)
      expect(axis.ticks.length).toBeGreaterThan(0)
      expect(axis.ticks.length).toBeLessThan(12)
      for (const tick of axis.ticks) expect(isOn(axis, tick)).toBe(true)
      const texts = axis.ticks.map(tick => textOf(axis.text(tick)))
      expect(new Set(texts).size).toBe(texts.length)
    }), { numRuns: 400 })
  })

  it("draws rounding about a constant as the constant", () => {
    const { domain } = axisOf([1.2, 1.2 + 1e-15, 1.2 - 1e-16])
    expect(domain[0]).toBeLessThan(1.1)
    expect(domain[1]).toBeGreaterThan(1.3)
    expect(axisOf([0, 1e-17, -1e-17]).domain).toEqual([-1, 1])
    expect(axisOf([1e-9, 1e-9]).domain[1]).toBeLessThan(2e-9)
  })

  it("names the power of ten of small numbers", () => {
    const axis = axisOf([1e-9, 5e-9])
    expect(textOf(axis.factor)).toContain("10^−9")
    expect(textOf(axis.text(axis.ticks[1]))).toMatch(/^\d(\.\d)?$/)
  })

  it("does not let a pole flatten the curve", () => {
    const values = Array.from({ length: 1000 }, (_, i) => Math.sin(i / 100) + 1 / (i + 1e-4) ** 3)
    expect(axisOf(values).domain[1]).toBeLessThan(10)
  })

  it("reaches 0 and 1 for a state that stops a hair before", () => expect(axisOf([0.001, 0.999], { tight: true }).domain).toEqual([0, 1]))
})

describe("logAxis", () => {
  it("covers positive values by whole decades", () => {
    const { domain, ticks } = logAxis([2e-9, 3e-4, 0, -1, NaN])
    expect(domain[0]).toBeCloseTo(1e-9, 20)
    expect(domain[1]).toBeCloseTo(1e-3, 12)
    expect(ticks.length).toBeLessThan(8)
  })
  it("stands without any value", () => expect(logAxis([]).domain[0]).toBeGreaterThan(0))
})

it("positionOn runs from 0 to 1", () => {
  expect(positionOn(linearAxis(2, 6), 3)).toBeCloseTo(0.25)
  expect(positionOn(logAxis([1e-4, 1]), 1e-2)).toBeCloseTo(0.5)
})
