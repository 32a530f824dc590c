import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { buildLoss, lossTerms, residualsAt, type LossInput, type Output } from "../../src/solve/aliens/loss.ts"
import { boundaryPoints, drawSample, TERMS, type Counts } from "../../src/solve/aliens/sample.ts"
import type { LookUp } from "../../src/solve/aliens/curves.ts"
import { channelsOf, type Points } from "../../src/solve/valueNet.ts"
import { alongLines } from "./alongLines.ts"
import { curvedGrids } from "./models.ts"

const { states } = problem(curvedGrids)
const [wealth, productivity] = states
const CHANNELS = channelsOf(2)
const counts: Counts = { f: 14, j: 7, b: boundaryPoints(2), c1: 5, c2: 9 }
const DT = 0.7
const axes = states.map(s => s.nodes(9))
const points = drawSample(philox(1, 0), counts, states, { axes, switches: [{ rows: axes[1].map(a => a + 0.2) }], width: 0.05 }, DT)
const [zs, as] = points.states
/** What a net is multiplied by. */
const UNIT = 1.7
type Ends = LossInput["ends"]
const ENDS: readonly Ends[] = [["natural", "natural"], ["reflecting", "natural"], ["natural", "reflecting"]]

/** log J(z, a, t) = c . (1, z, a, z^2, za, a^2, t) with a in units of .1, in the order of the channels; and J itself. */
const known = (c: readonly number[]) => {
  const log = (z: number, a: number, t: number): number[] => {
    const y = 10 * a
    return [c[0] + c[1] * z + c[2] * y + c[3] * z * z + c[4] * z * y + c[5] * y * y + c[6] * t,
      c[1] + 2 * c[3] * z + c[4] * y, 10 * (c[2] + c[4] * z + 2 * c[5] * y), c[6], 2 * c[3], 10 * c[4], 200 * c[5]]
  }
  return {
    log,
    level: (z: number, a: number, t: number): number[] => {
      const [n, nz, na, nt, nzz, nza, naa] = log(z, a, t), j = Math.exp(n)
      return [j, j * nz, j * na, j * nt, j * (nzz + nz * nz), j * (nza + nz * na), j * (naa + na * na)]
    },
  }
}
type Known = ReturnType<typeof known>
const channelsAt = (of: Known, output: Output) => (output === "log" ? of.log : of.level)

/** The channels of a function that is written down. */
type Written = ({ n, states, t }: Points) => Float64Array
const written = (f: (z: number, a: number, t: number) => number[]): Written => ({ n, states: [z, a], t }) => {
  const out = new Float64Array(CHANNELS * n)
  for (let p = 0; p < n; p++) f(z[p], a[p], t[p]).forEach((y, c) => { out[c * n + p] = y })
  return out
}

/** b_z, b_a, d_zz, d_za, d_aa, l, s at a point. */
type Coefficients = (z: number, a: number) => number[]
const some: Coefficients = (z, a) => [0.02 - 0.05 * z + a, 0.01 - 0.3 * a * z, 0.001 + 0.04 * z * a, 0.0003 - 0.0007 * z, 0.0001 + 0.002 * a * a, -0.06 + 0.02 * z * a, 0.03 * z - 0.1 * a]
const lookUpOf = (c: Coefficients): LookUp => ([z, a], out) => out.set(c(z, a))

const input = (output: Output, old: (z: number, a: number) => number[], more: Partial<LossInput> = {}): LossInput => ({
  points, counts, weights: { f: 1, j: 1, b: 1, c1: 1, c2: 1 }, output, dt: DT, ends: ["natural", "natural"], coefficients: lookUpOf(some),
  old: { value: zs.map((z, p) => old(z, as[p])[0]), first: [1, 2].map(c => zs.map((z, p) => old(z, as[p])[c])) }, ...more,
})
function residuals(net: Written, given: LossInput) {
  const loss = buildLoss(given), { n } = points, out = new Float64Array(n), lines = alongLines(net(points), loss.flow, 2), slope = new Float64Array(lines.length).fill(9)
  residualsAt(loss, UNIT, lines.map(y => y / UNIT), 0, n, out, slope)
  return { loss, out, slope }
}
/** The points of a term. */
const of = (term: keyof Counts): number[] => {
  const from = TERMS.slice(0, TERMS.indexOf(term)).reduce((sum, t) => sum + counts[t], 0)
  return Array.from({ length: counts[term] }, (_, k) => from + k)
}
/** The state at whose end a boundary point lies. */
const endOf = (p: number): 0 | 1 => (zs[p] === wealth.from || zs[p] === wealth.to ? 0 : 1)

const small = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 })

describe("the five losses (7) in two states", () => {
  it.each(["log", "linear"] as const)("are those of a known function (%s), at the ends of both states too", output => {
    fc.assert(fc.property(small, small, fc.constantFrom(...ENDS), (c, shift, ends) => {
      const j = known(c), old = channelsAt(known(c.map((x, k) => x + 0.2 * shift[k])), output)
      const before = (z: number, a: number): number[] => old(z, a, DT)
      const { out } = residuals(written(channelsAt(j, output)), input(output, before, { ends }))
      const size = (p: number): number => (output === "log" ? 1 : Math.abs(before(zs[p], as[p])[0]))
      /** dt (J_t + b J_z + d J_zz + l J + s) relative to J, or to the old value; without second derivatives by one state at its end. */
      const pde = (p: number, without: readonly number[] = []): number => {
        const cs = some(zs[p], as[p]), v = j.level(zs[p], as[p], points.t[p])
        without.forEach(k => { cs[k] = 0 })
        return (DT * (v[3] + cs[0] * v[1] + cs[1] * v[2] + cs[2] * v[4] + cs[3] * v[5] + cs[4] * v[6] + cs[5] * v[0] + cs[6])) / (output === "log" ? v[0] : size(p))
      }
      const close = (found: number, value: number): void => { expect(Math.abs(found - value)).toBeLessThan(1e-9 * (1 + Math.abs(value))) }
      const now = (p: number, t: number): number[] => channelsAt(j, output)(zs[p], as[p], t)
      for (const term of ["f", "c2"] as const) for (const p of of(term)) close(out[p] * Math.sqrt(counts[term]), pde(p))
      for (const term of ["j", "c1"] as const) for (const p of of(term)) close(out[p] * Math.sqrt(counts[term]), (now(p, DT)[0] - before(zs[p], as[p])[0]) / size(p))
      for (const p of of("b")) {
        const s = endOf(p), perUnit = 1 / points.first[s][p] / size(p)
        close(out[p] * Math.sqrt(counts.b),
          points.t[p] === DT ? (now(p, DT)[1 + s] - before(zs[p], as[p])[1 + s]) * perUnit
            : ends[s] === "reflecting" ? now(p, points.t[p])[1 + s] * perUnit
              : pde(p, s === 0 ? [2, 3] : [3, 4]))
      }
    }), { numRuns: 30 })
  })

  it("ask slopes and end conditions at all four ends", () => {
    const seen = new Map<string, number>()
    for (const p of of("b")) {
      const s = endOf(p), key = [s, points.states[s][p] === states[s].to, points.t[p] === DT].join()
      expect([states[s].from, states[s].to]).toContain(points.states[s][p])
      seen.set(key, (seen.get(key) ?? 0) + 1)
    }
    expect([...seen.values()]).toEqual(new Array(8).fill(counts.b / 8))
  })

  it.each([["growing", 0.06, 0], ["at rest, with a source", 0, 0.03]])("vanish at an exact solution of the PDE with every term: %s", (_, growth, source) => {
    const j = known([0.3, -0.4, 0.2, 0.3, -0.25, 0.15, growth])
    // The diffusion vanishes at the ends, as at natural ones. J_t/J is a constant, so that l depends on the states alone.
    const exact: Coefficients = (z, a) => {
      const inZ = (z - wealth.from) * (wealth.to - z), inA = (a - productivity.from) * (productivity.to - a)
      const c = [0.02 - 0.05 * z + a, 0.01 - 0.3 * a * z, 0.2 * inZ, -0.4 * inZ * inA, 0.5 * inA, 0, source * (1 + z * a)]
      const v = j.level(z, a, 0)
      c[5] = -(v[3] + c[0] * v[1] + c[1] * v[2] + c[2] * v[4] + c[3] * v[5] + c[4] * v[6] + c[6]) / v[0]
      return c
    }
    for (const output of ["log", "linear"] as const) {
      const f = channelsAt(j, output)
      const given = input(output, (z, a) => f(z, a, DT), { coefficients: lookUpOf(exact) })
      const { loss, out } = residuals(written(f), given)
      expect(Object.values(lossTerms(loss, out)).every(l => l < 1e-24)).toBe(true)
      // And not at its neighbour.
      const off = known([0.3, -0.4, 0.2, 0.3, -0.24, 0.15, growth])
      const other = residuals(written(channelsAt(off, output)), given)
      expect(Object.values(lossTerms(other.loss, other.out)).every(l => l > 1e-9)).toBe(true)
    }
  })

  it("have the slopes that training follows", () => {
    for (const output of ["log", "linear"] as const) for (const ends of ENDS) {
      const f = channelsAt(known([0.1, 0.4, 0.3, -0.3, 0.2, -0.1, 0.2]), output)
      const given = input(output, (z, a) => f(z, a, DT).map(y => y * 1.02), { ends })
      const { loss, slope } = residuals(written(f), given)
      for (let c = 0; c < CHANNELS; c++) {
        const h = 1e-6
        const [up, down] = [h, -h].map(by => residuals(written((z, a, t) => f(z, a, t).map((y, k) => (k === c ? y + by : y))), given).out)
        // The outputs are linear in the channels.
        const by = alongLines(new Float64Array(CHANNELS * points.n).fill(1 / UNIT, c * points.n, (c + 1) * points.n), loss.flow, 2)
        const expected = (p: number): number => by.reduce((sum, y, k) => sum + (k % points.n === p ? y * slope[k] : 0), 0)
        up.forEach((r, p) => expect(Math.abs((r - down[p]) / (2 * h) - expected(p)), `${output} ${ends} channel ${c}`).toBeLessThan(1e-7))
      }
    }
  })

  it("look coefficients up at both states", () => {
    const { loss } = residuals(written(known([0, 0, 0, 0, 0, 0, 0]).log), input("log", () => [0, 0, 0]))
    const { n, directions, factors } = loss.flow, along = (k: number, s: number, p: number): number => directions[(k * 3 + s) * n + p]
    const covariance = (s: number, r: number, p: number): number => [0, 1].reduce((sum, k) => sum + factors[k * n + p] * along(k, s, p) * along(k, r, p), 0)
    for (const term of ["f", "c2"] as const) for (const p of of(term)) {
      const found = [along(2, 0, p), along(2, 1, p), covariance(0, 0, p), 2 * covariance(0, 1, p), covariance(1, 1, p), loss.level[p], loss.source[p]]
      some(zs[p], as[p]).forEach((c, k) => expect(found[k]).toBeCloseTo(c, 14))
      expect(along(2, 2, p)).toBe(1)
    }
  })
})
