import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { boundaryPoints, drawSample, edgeOf, TERMS, type Active, type Counts, type Term } from "../../src/solve/aliens/sample.ts"
import { activeBands } from "../../src/solve/sampling/bands.ts"
import { curveAt } from "../../src/solve/aliens/curves.ts"
import { benchmark, curvedGrids } from "./models.ts"

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

describe("drawSample in two states", () => {
  const { states } = problem(curvedGrids)
  const counts: Counts = { f: 60, j: 24, b: boundaryPoints(2), c1: 18, c2: 32 }
  const axes = states.map(s => s.nodes(7)), WIDTH = 0.04
  // A curve that rises and falls with productivity, and one near the upper end.
  const switches = [{ rows: axes[1].map(a => 0.3 + 0.1 * Math.sin(60 * a)) }, { rows: axes[1].map(a => 0.99 - 0.2 * (a - 0.1)) }]
  const draw = (seed: number, curves = switches.slice(0, 1)) => drawSample(philox(seed, 1), counts, states, { axes, switches: curves, width: WIDTH }, DT)
  const places = (term: Term): number[] => {
    const from = TERMS.slice(0, TERMS.indexOf(term)).reduce((sum, t) => sum + counts[t], 0)
    return Array.from({ length: counts[term] }, (_, k) => from + k)
  }
  /** Which of n equal intervals of [0, 1] holds each number; rounding may move one by 1e-6 of an interval. */
  const strata = (shares: readonly number[]): number[] => shares.map(u => Math.floor(u * shares.length + 1e-6 * (u * shares.length % 1 > 0.5 ? 1 : -1)))
  const every = (n: number): number[] => Array.from({ length: n }, (_, k) => k)
  const sorted = (list: number[]): number[] => list.toSorted((a, b) => a - b)

  it("puts one point into each stratum of each state (a Latin hypercube), at its time", () => {
    fc.assert(fc.property(fc.nat(), seed => {
      const { states: at, x, t } = draw(seed)
      for (const term of TERMS) {
        const own = places(term), coordinate = (s: number): number[] => own.map(p => (x[s][p] + 1) / 2)
        if (term === "f" || term === "j") for (const s of [0, 1]) expect(sorted(strata(coordinate(s)))).toEqual(every(own.length))
        if (term === "c1" || term === "c2") expect(sorted(strata(coordinate(1)))).toEqual(every(own.length))
        for (const p of own) {
          at.forEach((z, s) => { expect(z[p]).toBeGreaterThanOrEqual(states[s].from); expect(z[p]).toBeLessThanOrEqual(states[s].to) })
          if (term === "j" || term === "c1") expect(t[p]).toBe(DT)
          else if (term !== "b") { expect(t[p]).toBeGreaterThanOrEqual(0); expect(t[p]).toBeLessThan(DT) }
        }
      }
    }), { numRuns: 40 })
  })

  it("pairs the strata at random", () => {
    let cross = 0, n = 0
    const times = [0, 0]
    for (let seed = 0; seed < 60; seed++) {
      const { x, t } = draw(seed)
      for (const p of places("f")) {
        cross += x[0][p] * x[1][p]
        times[0] += (t[p] / DT - 0.5) * x[0][p]
        times[1] += (t[p] / DT - 0.5) * x[1][p]
        n++
      }
    }
    // Four standard deviations: products of independent uniforms on [-1, 1], or one on [-1/2, 1/2].
    expect(Math.abs(cross / n)).toBeLessThan((4 / 3) / Math.sqrt(n))
    for (const sum of times) expect(Math.abs(sum / n)).toBeLessThan((4 / 6) / Math.sqrt(n))
  })

  it("puts boundary points on the four ends in turn: slopes at dt first, then what holds there, spread along each end", () => {
    fc.assert(fc.property(fc.nat(), seed => {
      const { states: at, x, t } = draw(seed), own = places("b")
      own.forEach((p, k) => {
        const edge = edgeOf(k, 2), { state, upper, slope } = edge
        expect(edge).toEqual({ state: [0, 0, 1, 1][k % 4], upper: k % 2 === 1, slope: k < own.length / 2 })
        expect(at[state][p]).toBe(upper ? states[state].to : states[state].from)
        if (slope) expect(t[p]).toBe(DT)
        else { expect(t[p]).toBeGreaterThanOrEqual(0); expect(t[p]).toBeLessThan(DT) }
      })
      for (const s of [0, 1]) {
        const free = strata(own.map(p => (x[s][p] + 1) / 2)).filter((_, k) => edgeOf(k, 2).state !== s)
        expect(new Set(free).size).toBe(own.length / 2)
      }
    }), { numRuns: 30 })
  })

  it("puts active points into the band about the curve at their own productivity, one in each stratum of its width", () => {
    fc.assert(fc.property(fc.nat(), seed => {
      const { states: [z, a] } = draw(seed)
      for (const term of ["c1", "c2"] as const) {
        const shares = places(term).map(p => (z[p] - curveAt(axes, switches[0], [NaN, a[p]]) + WIDTH) / (2 * WIDTH))
        expect(strata(shares)).toEqual(every(counts[term]))
      }
    }), { numRuns: 30 })
    // No interval of wealth alone would do: the curve moves by far more than the band is wide.
    const at = [0.126, 0.178].map(a => curveAt(axes, switches[0], [0, a]))
    expect(Math.abs(at[0] - at[1])).toBeGreaterThan(2 * WIDTH)
  })

  it("shares them out among several curves by the length of their bands inside the domain", () => {
    const { states: [z, a] } = draw(3, switches)
    for (const term of ["c1", "c2"] as const) places(term).forEach((p, k) => {
      const bands = activeBands(switches.map(c => curveAt(axes, c, [0, a[p]])), WIDTH, states[0].from, states[0].to)
      expect(bands[1].to).toBe(states[0].to)
      const lengths = bands.map(b => b.to - b.from), first = lengths[0] / (lengths[0] + lengths[1])
      const inside = bands.findIndex(b => z[p] >= b.from && z[p] <= b.to)
      expect(inside).toBeGreaterThanOrEqual(0)
      if ((k + 1) / counts[term] < first) expect(inside).toBe(0)
      if (k / counts[term] > first) expect(inside).toBe(1)
    })
  })

  it("is fresh each time, and the same again from the same seed", () => {
    expect(draw(9)).toEqual(draw(9))
    expect(draw(10).states).not.toEqual(draw(9).states)
  })
})
