import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { candidates, placementOf, SAMPLINGS, type Sampling } from "../../src/solve/aliens/placement.ts"
import { drawSample, TERMS, type Counts } from "../../src/solve/aliens/sample.ts"
import { startPaths, walk } from "../../src/solve/aliens/ergodicPaths.ts"
import type { Points } from "../../src/solve/valueNet.ts"
import { benchmark } from "./models.ts"

const { states } = problem(benchmark)
const [state] = states
const counts: Counts = { f: 50, j: 20, b: 10, c1: 16, c2: 24 }, DT = 1.5
const active = { axes: [state.nodes(2)], switches: [], width: 0.05 }
/** The PDE fails near z = 0.7 at early times, the terminal value near z = 0.2. */
const score = ({ states: [z], t }: Points, term: "f" | "j"): Float64Array =>
  z.map((x, p) => (term === "f" ? Math.exp(-(((x - 0.7) / 0.02) ** 2)) * (1 - t[p] / DT) : Math.exp(-(((x - 0.2) / 0.02) ** 2))))
const paths = [Float64Array.from({ length: 100 }, (_, k) => 0.4 + k / 1000)]

function drawn(sampling: Sampling, seed = 1) {
  const random = philox(seed, 1), placement = placementOf(sampling, { states, dt: DT, random, score, paths })
  const of = ({ states: [z], t }: Points) => {
    const from = (term: string) => TERMS.slice(0, TERMS.indexOf(term as "f")).reduce((sum, other) => sum + counts[other], 0)
    return Object.fromEntries(TERMS.map(term => [term, { z: [...z.slice(from(term), from(term) + counts[term])], t: [...t.slice(from(term), from(term) + counts[term])] }]))
  }
  return [0, 1].map(() => of(drawSample(random, counts, states, active, DT, placement)))
}

describe("placementOf", () => {
  it("gives every term its points: inside the domain, at dt where they are terminal", () => {
    for (const sampling of SAMPLINGS.filter(s => s !== "active")) for (const sample of drawn(sampling)) for (const term of TERMS) {
      expect(sample[term].z).toHaveLength(counts[term])
      for (const z of sample[term].z) { expect(z).toBeGreaterThanOrEqual(state.from); expect(z).toBeLessThanOrEqual(state.to) }
      if (term === "j" || term === "c1") for (const t of sample[term].t) expect(t).toBe(DT)
    }
  })

  it("lets residuals choose: all greedily where they are largest, most by density, and keeps what it chose", () => {
    const near = (values: number[], at: number, by: number) => values.filter(z => Math.abs(z - at) < by).length / values.length
    for (const [sampling, share] of [["rar-g", 0.9], ["rar-d", 0.9]] as const) {
      const [first, second] = drawn(sampling)
      expect(near(first.c2.z, 0.7, 0.07)).toBeGreaterThanOrEqual(share)
      expect(near(first.c1.z, 0.2, 0.07)).toBeGreaterThanOrEqual(share)
      expect(first.c2.t.filter(t => t < DT / 2).length).toBeGreaterThan(0.55 * counts.c2)
      expect(second.c2).toEqual(first.c2)
      expect(second.f.z).not.toEqual(first.f.z)
      expect(candidates(sampling, 7)).toBe(70)
    }
  })

  it("puts all but the boundary's points on simulated paths", () => {
    const [sample] = drawn("simulation")
    for (const term of ["f", "j", "c1", "c2"]) for (const z of sample[term].z) expect(paths[0]).toContain(z)
    expect(sample.b.z).toContain(state.from)
  })
})

it("simulated paths forget where they began and have the moments of an Ornstein-Uhlenbeck process", () => {
  const random = philox(3, 0), paths = startPaths(states, random), reversion = 1, noise = 0.1, mean = 0.4
  const law = { shocks: 1, at: ([x]: readonly number[], out: Float64Array) => { out[0] = reversion * (mean - x); out[1] = noise } }
  for (let k = 0; k < 3; k++) walk(paths, law, states, random)
  const [z] = paths, n = z.length
  const m = z.reduce((a, b) => a + b, 0) / n, v = z.reduce((a, b) => a + (b - m) ** 2, 0) / n
  expect(m).toBeCloseTo(mean, 2)
  // Euler's method with step h has the variance s^2/(2k - k^2 h).
  expect(Math.sqrt(v)).toBeCloseTo(noise / Math.sqrt(2 * reversion - reversion ** 2 / 12), 2)
})
