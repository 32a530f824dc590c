import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { drawSample, TERMS, type Active, type Counts, type Term } from "../../src/solve/aliensSample.ts"
import { activeBands } from "../../src/solve/sampling.ts"
import { benchmark } from "./models.ts"

const { states } = problem(benchmark)
const [axis] = states
const counts: Counts = { f: 50, j: 20, b: 10, c1: 16, c2: 24 }
const DT = 1.5
const active: Active = { axes: [axis.nodes(2)], switches: [0.2, 0.7].map(z => ({ rows: Float64Array.of(z) })), width: 0.05 }
const bands = activeBands([0.2, 0.7], 0.05, axis.from, axis.to)
const draw = (seed: number, used = 0) => drawSample(philox(seed, 1, used), counts, states, active, DT)
const places = (term: Term): [number, number] => {
  const from = TERMS.slice(0, TERMS.indexOf(term)).reduce((sum, t) => sum + counts[t], 0)
  return [from, from + counts[term]]
}

describe("drawSample", () => {
  it("puts one point into each stratum of the coordinate, at any time, for the PDE; at dt for the terminal value", () => {
    fc.assert(fc.property(fc.nat(), seed => {
      const { states: [z], t, x: [x] } = draw(seed)
      for (const term of ["f", "j"] as const) {
        const [from, to] = places(term), n = to - from
        for (let k = 0; k < n; k++) {
          const s = (x[from + k] + 1) / 2
          expect(s * n).toBeGreaterThan(k - 1e-6)
          expect(s * n).toBeLessThan(k + 1 + 1e-6)
          expect(z[from + k]).toBeGreaterThanOrEqual(axis.from)
          expect(z[from + k]).toBeLessThanOrEqual(axis.to)
          if (term === "j") expect(t[from + k]).toBe(DT)
          else { expect(t[from + k]).toBeGreaterThanOrEqual(0); expect(t[from + k]).toBeLessThan(DT) }
        }
      }
    }), { numRuns: 40 })
  })

  it("puts the active points into the bands, by their length, and boundary points at the ends in turn", () => {
    const { states: [z], t } = draw(5)
    for (const term of ["c1", "c2"] as const) {
      const [from, to] = places(term)
      const inside = Array.from(z.slice(from, to), x => bands.findIndex(b => x >= b.from && x <= b.to))
      expect(inside.every(b => b >= 0)).toBe(true)
      // Two bands of one length: half each.
      expect(inside.filter(b => b === 0).length).toBe((to - from) / 2)
      if (term === "c1") expect(t.slice(from, to).every(x => x === DT)).toBe(true)
    }
    const [from, to] = places("b")
    for (let p = from; p < to; p++) {
      expect(z[p]).toBe((p - from) % 2 === 0 ? axis.from : axis.to)
      if (p - from < 2) expect(t[p]).toBe(DT)
      else expect(t[p]).toBeLessThan(DT)
    }
  })

  it("has the moments of uniform points", () => {
    let mean = 0, square = 0, time = 0, n = 0
    for (let seed = 0; seed < 40; seed++) {
      const { x: [x], t } = draw(seed)
      for (let p = 0; p < counts.f; p++, n++) { mean += x[p]; square += x[p] ** 2; time += t[p] / DT }
    }
    expect(mean / n).toBeCloseTo(0, 2)
    expect(square / n).toBeCloseTo(1 / 3, 2)
    expect(time / n).toBeCloseTo(0.5, 1)
  })

  it("is fresh each time, and the same again from the same place of the stream", () => {
    const random = philox(9, 1)
    const first = drawSample(random, counts, states, active, DT), used = random.used
    const second = drawSample(random, counts, states, active, DT)
    expect(first.states).not.toEqual(second.states)
    expect(draw(9)).toEqual(first)
    expect(draw(9, used)).toEqual(second)
    expect(draw(10).states).not.toEqual(first.states)
  })
})
