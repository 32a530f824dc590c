import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { buildLoss, lossTerms, residualsAt, type LossInput, type Output } from "../../src/solve/aliens/loss.ts"
import { drawSample, TERMS, type Counts } from "../../src/solve/aliens/sample.ts"
import { lookUp } from "../../src/solve/aliens/curves.ts"
import { channelsOf, type Points } from "../../src/solve/valueNet.ts"
import { alongLines } from "./alongLines.ts"
import { benchmark } from "./models.ts"

const { states } = problem(benchmark)
const [axis] = states
const CHANNELS = channelsOf(1)
const counts: Counts = { f: 12, j: 7, b: 6, c1: 5, c2: 9 }
const DT = 0.7
const points = drawSample(philox(1, 0), counts, states, { axes: [axis.nodes(2)], switches: [{ rows: Float64Array.of(0.3) }], width: 0.05 }, DT)
const nodes = axis.nodes(400)
const [at] = points.states
/** What a net is multiplied by. */
const UNIT = 1.7

/** J(z, t) = exp(a + b z + c z^2 + d t), with the derivatives of J, and of its logarithm. */
const known = (a: number, b: number, c: number, d: number) => ({
  log: (z: number, t: number): number[] => [a + b * z + c * z * z + d * t, b + 2 * c * z, d, 2 * c],
  level: (z: number, t: number): number[] => {
    const j = Math.exp(a + b * z + c * z * z + d * t), slope = b + 2 * c * z
    return [j, j * slope, j * d, j * (2 * c + slope * slope)]
  },
})

/** The channels of a function that is written down. */
type Written = ({ n, states, t }: Points) => Float64Array
const written = (f: (z: number, t: number) => number[]): Written => ({ n, states: [z], t }) => {
  const out = new Float64Array(CHANNELS * n)
  for (let p = 0; p < n; p++) f(z[p], t[p]).forEach((y, c) => { out[c * n + p] = y })
  return out
}

/** Coefficients b, d, l, s that are linear in z, so that looking them up between nodes is exact. */
const columns = [nodes.map(z => 0.02 - 0.05 * z), nodes.map(z => 0.001 + 0.004 * z), nodes.map(z => -0.06 + 0.02 * z), nodes.map(z => 0.03 * z)]
const coefficients = (z: number): number[] => [0.02 - 0.05 * z, 0.001 + 0.004 * z, -0.06 + 0.02 * z, 0.03 * z]

const input = (output: Output, old: (z: number) => number[], more: Partial<LossInput> = {}): LossInput => ({
  points, counts, weights: { f: 1, j: 1, b: 1, c1: 1, c2: 1 }, output, dt: DT, ends: [axis.ends], coefficients: lookUp([nodes], columns, []),
  old: { value: at.map(z => old(z)[0]), first: [at.map(z => old(z)[1])] }, ...more,
})
function residuals(net: Written, given: LossInput) {
  const loss = buildLoss(given), { n } = points, out = new Float64Array(n), lines = alongLines(net(points), loss.flow, 1), slope = new Float64Array(lines.length).fill(9)
  residualsAt(loss, UNIT, lines.map(y => y / UNIT), 0, n, out, slope)
  return { loss, out, slope }
}
/** The points of a term. */
const of = (term: keyof Counts): number[] => {
  const from = TERMS.slice(0, TERMS.indexOf(term)).reduce((sum, t) => sum + counts[t], 0)
  return Array.from({ length: counts[term] }, (_, k) => from + k)
}

const small = fc.double({ min: -1.5, max: 1.5, noNaN: true })

describe("the five losses (7)", () => {
  it.each(["log", "linear"] as const)("are those of a known function (%s)", output => {
    fc.assert(fc.property(small, small, small, small, fc.double({ min: -0.2, max: 0.2, noNaN: true }), (a, b, c, d, shift) => {
      const j = known(a, b, c, d), old = known(a + shift, b - shift, c, d)
      const of7 = output === "log" ? j.log : j.level
      const before = (z: number): number[] => (output === "log" ? old.log : old.level)(z, DT)
      const { out } = residuals(written(of7), input(output, before))
      /** dt (J_t + b J_z + d J_zz + l J + s) relative to J, or to the old value. */
      const pde = (p: number, diffusion = true): number => {
        const [cb, cd, cl, cs] = coefficients(at[p])
        const [v, z, t, zz] = j.level(at[p], points.t[p])
        return (DT * (t + cb * z + (diffusion ? cd * zz : 0) + cl * v + cs)) / (output === "log" ? v : Math.abs(before(at[p])[0]))
      }
      const size = (p: number): number => (output === "log" ? 1 : Math.abs(before(at[p])[0]))
      const close = (found: number, value: number): void => { expect(Math.abs(found - value)).toBeLessThan(1e-9 * (1 + Math.abs(value))) }
      for (const term of ["f", "c2"] as const) for (const p of of(term)) close(out[p] * Math.sqrt(counts[term]), pde(p))
      for (const term of ["j", "c1"] as const) for (const p of of(term)) close(out[p] * Math.sqrt(counts[term]), (of7(at[p], DT)[0] - before(at[p])[0]) / size(p))
      of("b").forEach((p, k) => close(out[p] * Math.sqrt(counts.b),
        k < 2 ? (of7(at[p], DT)[1] - before(at[p])[1]) / points.first[0][p] / size(p) : pde(p, false)))
    }), { numRuns: 40 })
  })

  it("vanish at a function that solves the PDE and meets the old one", () => {
    // With b = d = s = 0 and l constant the solution is exp(-l t) times any function.
    const zero = nodes.map(() => 0)
    const j = known(0.3, -0.4, 0.2, 0.06), level = nodes.map(() => -0.06)
    for (const output of ["log", "linear"] as const) {
      const f = output === "log" ? j.log : j.level
      const { loss, out } = residuals(written(f), input(output, z => f(z, DT), { coefficients: lookUp([nodes], [zero, zero, level, zero], []) }))
      expect(Object.values(lossTerms(loss, out)).every(l => l < 1e-24)).toBe(true)
    }
  })

  it("ask for no slope at reflecting ends", () => {
    const flat = known(0.2, 0, 0, 0.1), tilted = known(0.2, 0.5, 0, 0.1)
    const ends = (f: typeof flat): number[] => { const { out } = residuals(written(f.log), input("log", z => f.log(z, DT), { ends: ["reflecting"] })); return of("b").map(p => out[p]) }
    expect(ends(flat).every(r => Math.abs(r) < 1e-15)).toBe(true)
    ends(tilted).slice(2).forEach((r, k) => expect(r).toBeCloseTo(0.5 / points.first[0][of("b")[k + 2]] / Math.sqrt(counts.b), 12))
  })

  it("have the slopes that training follows", () => {
    for (const output of ["log", "linear"] as const) for (const ends of ["natural", "reflecting"] as const) {
      const j = known(0.1, 0.4, -0.3, 0.2), f = output === "log" ? j.log : j.level
      const given = input(output, z => f(z, DT).map(y => y * 1.02), { ends: [ends] })
      const { loss, slope } = residuals(written(f), given)
      for (let c = 0; c < CHANNELS; c++) {
        const h = 1e-6
        const [up, down] = [h, -h].map(by => residuals(written((z, t) => f(z, t).map((y, k) => (k === c ? y + by : y))), given).out)
        // The outputs are linear in the channels.
        const by = alongLines(new Float64Array(CHANNELS * points.n).fill(1 / UNIT, c * points.n, (c + 1) * points.n), loss.flow, 1)
        const expected = (p: number): number => by.reduce((sum, y, k) => sum + (k % points.n === p ? y * slope[k] : 0), 0)
        up.forEach((r, p) => expect(Math.abs((r - down[p]) / (2 * h) - expected(p)), `${output} ${ends} channel ${c}`).toBeLessThan(1e-7))
      }
    }
  })

  it("weigh each term by its own lambda, which the terms reported leave out", () => {
    const j = known(0.1, 0.4, -0.3, 0.2), old = known(0.2, 0.3, -0.3, 0.2)
    const weights = { f: 2, j: 3, b: 5, c1: 7, c2: 0 }
    const even = residuals(written(j.log), input("log", z => old.log(z, DT)))
    const uneven = residuals(written(j.log), input("log", z => old.log(z, DT), { weights }))
    const plain = lossTerms(even.loss, even.out), weighted = lossTerms(uneven.loss, uneven.out)
    for (const term of TERMS) {
      const sum = of(term).reduce((total, p) => total + uneven.out[p] ** 2, 0)
      expect(sum).toBeCloseTo(weights[term] * plain[term], 12)
      if (weights[term] > 0) expect(weighted[term]).toBeCloseTo(plain[term], 12)
      else expect(weighted[term]).toBe(0)
    }
  })

  it("look coefficients up on their own side of a break", () => {
    const jump = nodes.map(z => (z < 0.3 ? 1 : 5))
    const { loss } = residuals(written(known(0, 0, 0, 0).log), input("log", () => [0, 0, 0, 0], { coefficients: lookUp([nodes], [jump, jump, jump, jump], [{ rows: Float64Array.of(0.3) }]) }))
    for (const term of ["f", "c2"] as const) for (const p of of(term)) expect(loss.level[p]).toBeCloseTo(at[p] <= 0.3 ? 1 : 5, 12)
  })
})
