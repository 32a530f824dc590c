import { describe, expect, it } from "vitest"
import { expectedAfter } from "../../src/math/jumpChain.ts"
import { autocorrelationTime, meanTimesTo } from "../../src/math/jumpChain.ts"
import { cellsOf, countOf, indicesOf, volumeOf, type Cells } from "../../src/simulate/cells.ts"
import { forwardOf, solved } from "../../src/simulate/forward.ts"
import { entryRate, yearsToCrisis, type Kolmogorov } from "../../src/simulate/kolmogorov.ts"
import { lawOf } from "../../src/simulate/law.ts"
import { crisisShares, partMasses, type Parts } from "../../src/simulate/parts.ts"
import { regionsOf } from "../../src/simulate/regions.ts"
import { orders } from "../solve/models.ts"
import { normalBelow, process, type Process } from "./synthetic.ts"

interface Built extends Kolmogorov { readonly cells: Cells; readonly parts: Parts; readonly masses: Float64Array }

function build({ problem, solution }: Process, shape?: readonly number[]): Built {
  const regions = regionsOf(problem, solution)
  const law = lawOf(problem, solution, regions, regions.slack && { flags: regions.slack })
  const { cells, parts, kolmogorov, masses } = shape ? solved(law, cellsOf(problem.states, shape)) : forwardOf(law, problem.states)
  return { ...kolmogorov, cells, parts, masses }
}

const crisis = ({ parts, masses }: Built): number => partMasses(parts, masses).reduce((sum, mass, p) => sum + mass * parts.crisis[p], 0)
const state = ({ cells, masses }: Built, s: number): Float64Array => masses.map((_, c) => cells.centres[s][indicesOf(cells, c)[s]])
const mean = (x: Float64Array, weights: Float64Array): number => x.reduce((sum, v, i) => sum + weights[i] * v, 0)

/** dx = s(x) dW on [0, 1] with reflecting ends, s = 0.5 below the switch and 0.2 above: the density goes like 1/s^2. */
const steps = (at: number): Process => process({
  states: { x: { is: "x", from: 0, to: 1, drift: "0", risk: "if(psi < 1, 0.5, 0.2)" } }, points: [30],
  side: { formula: `x - ${at}`, at: () => at, of: ([x]) => x - at },
})

describe("one state", () => {
  it("a diffusion that jumps: the mass on either side is exact on any grid, wherever the switch cuts a cell", () => {
    for (const at of [0.3, 0.3141, 0.35])
      for (const n of [20, 37, 200]) {
        const built = build(steps(at), [n]), share = at / 0.25 / (at / 0.25 + (1 - at) / 0.04)
        expect(crisis(built)).toBeCloseTo(share, 10)
      }
  })

  it("with drift and a jump in both: of second order against the integral of the forward equation", () => {
    // D p = exp(int mu/D): p = exp(-2 k (x - m)^2 / (2 s^2)) / s^2 up to a factor on each side, D p continuous at the switch.
    const k = 0.3, m = 0.6, at = 0.42
    const p = (x: number): number => {
      const of = (s: number): number => Math.exp((-k * (x - m) ** 2) / (s * s)) / (s * s)
      const join = (of(0.5) && Math.exp((-k * (at - m) ** 2) / 0.04) / Math.exp((-k * (at - m) ** 2) / 0.25))
      return x < at ? of(0.5) * join : of(0.2)
    }
    const integral = (a: number, b: number): number => { let sum = 0; const n = 20_000; for (let i = 0; i < n; i++) sum += p(a + ((i + 0.5) * (b - a)) / n); return (sum * (b - a)) / n }
    const wanted = integral(0, at) / (integral(0, at) + integral(at, 1))
    const made = process({
      states: { x: { is: "x", from: 0, to: 1, drift: "k*(m - x)", risk: "if(psi < 1, 0.5, 0.2)" } }, parameters: { k, m }, points: [41],
      side: { formula: `x - ${at}`, at: () => at, of: ([x]) => x - at },
    })
    const errors = [25, 50, 100, 200].map(n => Math.abs(crisis(build(made, [n])) - wanted))
    expect(errors.at(-1)).toBeLessThan(1e-5)
    for (const order of orders(errors).slice(-2)) expect(order).toBeGreaterThan(1.5)
  })

  it("conserves mass: probabilities sum to one at any time, and stay where they are in the long run", () => {
    const { chain, masses } = build(steps(0.3), [50])
    expect(masses.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 13)
    // A distribution moves by the adjoint: its total against every function of the state moves as that function does.
    const f = masses.map((_, i) => Math.sin(i)), later = expectedAfter(chain, f, 0.7)!
    expect(mean(later, masses)).toBeCloseTo(mean(f, masses), 12)
    for (const x of expectedAfter(chain, f.map(() => 1), 3)!) expect(x).toBeCloseTo(1, 12)
  })

  it("mean exit times solve L T = -1: Brownian motion and a process of Ornstein and Uhlenbeck", () => {
    const exit = (drift: string, n: number): { x: Float64Array; t: Float64Array } => {
      const { chain, cells } = build(process({ states: { x: { is: "x", from: 0, to: 1, drift, risk: "0.4" } }, points: [3] }), [n])
      const x = cells.centres[0], inside = (c: number): boolean => x[c] > 0.2 && x[c] < 0.8
      return { x, t: meanTimesTo(chain, c => !inside(c))! }
    }
    const brown = exit("0", 500)
    // The chain leaves when it is in a cell outside: in the mean at the middle of the first of these.
    brown.t.forEach((t, c) => { expect(Math.abs(t - Math.max(0, (brown.x[c] - 0.199) * (0.801 - brown.x[c])) / 0.16)).toBeLessThan(1e-9) })
    // T(x) for dx = -k (x - 1/2) dt + s dW on (0.2, 0.8), by quadrature: T = int_x^b S(y) dy int_mid^y m(u) du by symmetry.
    const k = 2, s2 = 0.16
    const quadrature = (x: number): number => {
      const n = 4000, h = (0.801 - 0.5) / n
      let inner = 0, total = 0
      for (let i = 0; i < n; i++) {
        const y = 0.5 + (i + 0.5) * h
        inner += h * (2 / s2) * Math.exp((-k * (y - 0.5) ** 2) / s2)
        if (y > x) total += h * Math.exp((k * (y - 0.5) ** 2) / s2) * inner
      }
      return total
    }
    const pulled = exit("2*(0.5 - x)", 500)
    for (const at of [0.51, 0.6, 0.7]) {
      const c = pulled.x.findIndex(x => x >= at)
      expect(Math.abs(pulled.t[c] / quadrature(pulled.x[c]) - 1)).toBeLessThan(0.01)
    }
  })

  it("the autocorrelation time of a process with linear drift is the inverse of its pull", () => {
    for (const risk of ["0.3", "0.5*sqrt(x*(1 - x))"]) {
      const built = build(process({ states: { x: { is: "x", from: 0, to: 1, drift: "5*(0.4 - x)", risk } }, points: [101] }), [400])
      expect(autocorrelationTime(built.chain, built.masses, state(built, 0))).toBeCloseTo(0.2, risk === "0.3" ? 2 : 3)
    }
  })

  it("entries into the crisis, looked at rarely, are those of independent looks; often, they grow like one over the square root of the interval", () => {
    const rough = build(steps(0.3), [30]), p = crisis(rough), built = build(steps(0.3), [300])
    expect(entryRate(rough, rough.parts, rough.masses, 60)! * 60).toBeCloseTo(p * (1 - p), 4)
    const [a, b] = [0.01, 0.0025].map(dt => entryRate(built, built.parts, built.masses, dt)!)
    expect(b / a).toBeGreaterThan(1.85)
    expect(b / a).toBeLessThan(2.15)
  })

  it("years until the crisis: from the reflecting end of a Brownian motion, distance squared over variance", () => {
    const built = build(steps(0.3), [300]), years = yearsToCrisis(built, built.parts)!
    expect(years[299]).toBeCloseTo(0.7 ** 2 / 0.04, 0)
    expect(Math.abs(years[299] / (0.49 / 0.04) - 1)).toBeLessThan(0.02)
    expect(crisisShares(built.parts)[0]).toBe(1)
    expect(years[0]).toBe(0)
  })

  it("where nothing moves at random, all mass ends where the drift leads; where nothing moves at all, nothing overflows", () => {
    const still = (drift: string): Built => build(process({ states: { x: { is: "x", from: 0, to: 1, drift, risk: "0" } }, points: [11] }), [50])
    expect(still("0.4 - x").masses.slice(19, 21).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
    expect(still("one").masses[49]).toBeCloseTo(1, 9)
    expect(still("0").masses.every(Number.isFinite)).toBe(true)
  })
})

describe("two states", () => {
  const k = 0.5, l = 0.3, c = 0.2, s = 0.3, r = 0.15
  /** Linear, with correlated shocks: normal, with the covariance of Lyapunov's equation. */
  const linear = (rho: number): Process => process({
    states: { x: { is: "x", from: -1.5, to: 1.5, drift: "-k*x", risk: { A: "s" } }, y: { is: "y", from: -1.5, to: 1.5, drift: "c*x - l*y", risk: { B: "r" } } },
    parameters: { k, l, c, s, r, rho }, shocks: ["A", "B"], correlations: [{ between: ["A", "B"], value: "rho" }], points: [5, 5],
  })

  it.each([0, 0.5, 0.9, -0.7])("correlated processes of Ornstein and Uhlenbeck are normal (correlation %f)", rho => {
    const built = build(linear(rho)), { masses, cells } = built, x = state(built, 0), y = state(built, 1)
    const vxx = (s * s) / (2 * k), vxy = (c * vxx + rho * s * r) / (k + l), vyy = (2 * c * vxy + r * r) / (2 * l)
    expect(masses.every(m => m >= 0)).toBe(true)
    expect(masses.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect(mean(x.map(v => v * v), masses) / vxx).toBeCloseTo(1, 1.8)
    expect(mean(y.map(v => v * v), masses) / vyy).toBeCloseTo(1, 1.8)
    expect(Math.abs(mean(x.map((v, i) => v * y[i]), masses) - vxy)).toBeLessThan(0.015 * Math.sqrt(vxx * vyy))
    const det = vxx * vyy - vxy * vxy
    const exact = masses.map((_, i) => (volumeOf(cells, indicesOf(cells, i)) * Math.exp(-(vyy * x[i] ** 2 - 2 * vxy * x[i] * y[i] + vxx * y[i] ** 2) / (2 * det))) / (2 * Math.PI * Math.sqrt(det)))
    expect(masses.reduce((sum, m, i) => sum + Math.abs(m - exact[i]), 0) / 2).toBeLessThan(0.006)
    expect(built.kept.every(part => part > 0.999)).toBe(true)
  })

  it("converges to the normal as cells get smaller", () => {
    const made = linear(0.5), vxx = (s * s) / (2 * k), vxy = (c * vxx + 0.5 * s * r) / (k + l)
    const errors = [30, 60].map(n => { const built = build(made, [n, 2 * n]); return Math.abs(mean(state(built, 0).map((v, i) => v * state(built, 1)[i]), built.masses) - vxy) })
    expect(errors[1]).toBeLessThan(0.4 * errors[0])
  })

  // u = x - b y has a noise that jumps at 0 and is independent of y: the switch x = b y leans across the grid.
  const b = 0.6
  const leaning = process({
    states: {
      x: { is: "x", from: -2, to: 1.2, drift: "-k*(x - b*y - 0.1) - b*l*y", risk: { A: "if(psi < 1, 0.4, 0.15)", B: "b*r" } },
      y: { is: "y", from: -0.8, to: 0.8, drift: "-l*y", risk: { B: "r" } },
    },
    parameters: { k: 0.5, l: 0.4, b, r: 0.15 }, shocks: ["A", "B"], points: [41, 21],
    side: { formula: "x - b*y", at: ([y]) => b * y, of: ([x, y]) => x - b * y },
  })
  it("a diffusion that jumps across a leaning switch: the mass on either side", () => {
    // u: D p = exp(int mu/D) on either side, D p continuous at 0; half-normals about 0.1.
    const side = (size: number, from: number, to: number): number => {
      const sd = size / Math.sqrt(2 * 0.5)
      return (Math.sqrt(2 * Math.PI) * sd * (normalBelow((to - 0.1) / sd) - normalBelow((from - 0.1) / sd)) / (size * size)) / Math.exp(-0.01 / (2 * sd * sd))
    }
    const below = side(0.4, -9, 0), above = side(0.15, 0, 9)
    const errors = [[30, 20], [60, 20], [120, 20]].map(shape => Math.abs(crisis(build(leaning, shape)) / (below / (below + above)) - 1))
    expect(errors[1]).toBeLessThan(0.4 * errors[0])
    expect(errors[2]).toBeLessThan(0.4 * errors[1])
    expect(errors[2]).toBeLessThan(0.006)
  })

  it("refuses three", () => {
    const three = process({ states: Object.fromEntries(["x", "y", "w"].map(name => [name, { is: name, from: 0, to: 1, drift: "0", risk: "0.1" }])), points: [3, 3, 3] })
    expect(() => build(three)).toThrow("the forward equation is solved for one or two states")
    expect(countOf(cellsOf(three.problem.states, [2, 3, 4]))).toBe(24)
  })
})
