import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bandOf, logShades, scaleSvg, shadeAt, shadesOf } from "../../src/report/shades.ts"

/** Relative luminance, as in the Web's guidelines for contrast. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

describe("colours", () => {
  it("are darker for larger values, so that they are read in grey", () => {
    const greys = Array.from({ length: 41 }, (_, i) => luminance(shadeAt(i / 40)))
    for (let i = 1; i < greys.length; i++) expect(greys[i]).toBeLessThan(greys[i - 1])
    expect(greys[0] / greys[40]).toBeGreaterThan(8)
  })
})

describe("shadesOf", () => {
  const size = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: -1e-8, max: 1e-8, noNaN: true }), fc.constant(NaN), fc.constant(Infinity))
  it("has increasing levels inside its axis, and a colour for every value, whatever the values", () => {
    fc.assert(fc.property(fc.array(size, { maxLength: 60 }), values => {
      const shades = shadesOf(values), { axis: { domain: [low, high] }, levels, colours } = shades
      expect(Number.isFinite(low) && Number.isFinite(high) && low < high).toBe(true)
      expect(colours).toHaveLength(levels.length + 1)
      levels.forEach((level, i) => expect(level > (levels[i - 1] ?? low) && level < high).toBe(true))
      for (const value of values.filter(Number.isFinite)) expect(colours[bandOf(shades, value)]).toMatch(/^#[0-9a-f]{6}$/)
      expect(scaleSvg(shades, { x: 400, top: 20, bottom: 300 })).not.toMatch(/NaN|undefined|Infinity/)
    }), { numRuns: 300 })
  })

  it("has about ten bands of round numbers", () => {
    const { levels } = shadesOf(Array.from({ length: 101 }, (_, i) => 0.88 + 0.72 * i / 100))
    expect(levels.length).toBeGreaterThan(6)
    expect(levels.length).toBeLessThan(16)
    for (const level of levels) expect(Math.abs(level * 20 - Math.round(level * 20))).toBeLessThan(1e-9)
  })

  it("does not let a pole flatten the rest, and says that values lie beyond", () => {
    const values = Array.from({ length: 400 }, (_, i) => Math.sin(i / 30) + (i < 3 ? 1000 : 0))
    const { axis, beyond, levels } = shadesOf(values)
    expect(axis.domain[1]).toBeLessThan(5)
    expect(beyond).toEqual({ below: false, above: true })
    expect(levels.length).toBeGreaterThan(4)
  })

  it("gives positive values of very different size a log scale", () => {
    expect(shadesOf(Array.from({ length: 200 }, (_, i) => 0.2 / (0.001 + i / 200))).axis.kind).toBe("log")
    expect(shadesOf(Array.from({ length: 200 }, (_, i) => 1 + i / 200)).axis.kind).toBe("linear")
  })

  it("puts a constant in one band", () => {
    const shades = shadesOf([1.2, 1.2 + 1e-15, 1.2 - 1e-16])
    expect(bandOf(shades, 1.2 + 1e-15)).toBe(bandOf(shades, 1.2 - 1e-15))
  })
})

it("logShades parts decades", () => {
  const { levels } = logShades([3e-9, 2e-2], 8)
  for (const level of levels) expect(Math.log10(level) - Math.round(Math.log10(level))).toBeCloseTo(0, 9)
})
