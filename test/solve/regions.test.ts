import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { regionStencils } from "../../src/solve/grid/regions.ts"
import { applyStencil, type Stencil } from "../../src/solve/grid/stencil.ts"

const always = (): boolean => true, never = (): boolean => false

/** Nodes on [1, 2], unevenly, with a switch before node `cut`. */
const cases = fc.tuple(fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 9, maxLength: 14 }), fc.integer({ min: 3, max: 6 }))
  .map(([steps, cut]) => {
    const total = steps.reduce((a, b) => a + b, 0)
    const nodes = Float64Array.from([1, ...steps.map((_, i) => 1 + steps.slice(0, i + 1).reduce((a, b) => a + b, 0) / total)])
    return { nodes, cut, regime: Uint8Array.from(nodes, (_, i) => (i < cut ? 0 : 1)) }
  })
const coefficient = fc.double({ min: -2, max: 2, noNaN: true })

/** The stencils on one line. */
const regionsOn = (nodes: Float64Array, regime: Uint8Array, marches: (regime: number) => boolean, start?: number) => {
  const all = regionStencils([nodes], marches, start)
  all.set(regime)
  return { march: all.march[0], first: all.first[0], second: all.second()[0] }
}
const apply = (s: Stencil, f: Float64Array, known = 0): Float64Array => {
  const out = new Float64Array(f.length)
  applyStencil(s, f, out, Float64Array.of(known))
  return out
}
const parabola = (a: number, b: number, c: number) => ({ at: (x: number): number => a + b * x + c * x * x, slope: (x: number): number => b + 2 * c * x, bend: 2 * c })

describe("regionStencils", () => {
  it("differentiate each side of a kink as if the other were not there", () => {
    fc.assert(fc.property(cases, coefficient, coefficient, coefficient, coefficient, ({ nodes, cut, regime }, b, c, d, e) => {
      const below = parabola(1, b, c), above = parabola(-3, d, e)
      const f = nodes.map((x, i) => (i < cut ? below.at(x) : above.at(x)))
      const { first, second } = regionsOn(nodes, regime, never)
      const slope = apply(first, f), bend = apply(second, f)
      nodes.forEach((x, i) => {
        const side = i < cut ? below : above, edge = i === 0 || i === cut - 1 || i === cut || i === nodes.length - 1
        expect(bend[i]).toBeCloseTo(side.bend, 6)
        if (!edge) expect(slope[i]).toBeCloseTo(side.slope(x), 7)
        else expect(Math.abs(slope[i] - side.slope(x))).toBeLessThan(Math.abs(side.bend) / 2 + 1e-9)
      })
    }))
  })

  it("march backward: exact for parabolas from the start on, with one step where a switch lies between the nodes behind", () => {
    fc.assert(fc.property(cases, coefficient, coefficient, ({ nodes, cut, regime }, b, c) => {
      const f = parabola(1, b, c), values = nodes.map(f.at)
      const { march } = regionsOn(nodes, regime, always, 0.9)
      const slope = apply(march, values, f.at(0.9))
      nodes.forEach((x, i) => {
        const before = i === 0 ? 0.9 : nodes[i - 1]
        expect(slope[i]).toBeCloseTo(i === 0 || i === cut + 1 ? (f.at(x) - f.at(before)) / (x - before) : f.slope(x), 7)
        for (let k = 0; k < 3; k++) expect(march.columns[i * 3 + k]).toBeLessThanOrEqual(i)
      })
    }))
  })

  it("do not let a node's own side choose how it looks back", () => {
    fc.assert(fc.property(cases, fc.nat(), ({ nodes, regime }, pick) => {
      const i = pick % nodes.length, other = regime.slice()
      other[i] ^= 1
      const row = (r: Uint8Array): number[] => { const { march } = regionsOn(nodes, r, always, 0.9); return [...march.weights.slice(3 * i, 3 * i + 3), march.ghost[i]] }
      expect(row(other)).toEqual(row(regime))
    }))
  })

  it("look back only where the block is a differential equation", () => {
    const nodes = Float64Array.from({ length: 8 }, (_, i) => i), regime = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1)
    const { first, march } = regionsOn(nodes, regime, side => side === 0)
    for (const i of [1, 2, 3]) expect(first.weights.slice(3 * i, 3 * i + 3)).toEqual(march.weights.slice(3 * i, 3 * i + 3))
    expect(apply(first, nodes.map(x => x ** 3))[5]).toBeCloseTo((6 ** 3 - 4 ** 3) / 2, 12)
  })

  it("have no slope at the first node where nothing is known below it", () => {
    const { march } = regionsOn(Float64Array.of(0, 1, 3, 4), new Uint8Array(4), always)
    expect(apply(march, Float64Array.of(5, 7, 3, 1), 99).slice(0, 2)).toEqual(Float64Array.of(0, 2))
  })
})
