import { describe, expect, it } from "vitest"
import { lawOf, stepChannel, type Law } from "../../src/simulate/law.ts"
import { regionsOf } from "../../src/simulate/regions.ts"
import { walker, type Walk } from "../../src/simulate/walker.ts"
import { normalBelow, process, type Process } from "./synthetic.ts"

const lawFor = ({ problem, solution }: Process): Law => lawOf(problem, solution, regionsOf(problem, solution), undefined)

/** Makes every step as short as it can be: then the number of halvings chooses the step, on the same Brownian path. */
function shortest(law: Law): Law {
  const { channels, data } = law.field
  for (const values of data) for (let at = stepChannel(law); at < values.length; at += channels) values[at] = 0
  return law
}

/** Where paths are after some periods. */
function ends(walk: Walk, start: readonly number[], paths: number, periods: number, purpose = 0): Float64Array[] {
  const legs = walker(walk, purpose)
  const out = start.map(() => new Float64Array(paths))
  for (let path = 0; path < paths; path++) {
    legs.point.set(start)
    for (let period = 0; period < periods; period++) {
      legs.look()
      legs.period(path, period)
    }
    start.forEach((_, s) => { out[s][path] = legs.point[s] })
  }
  return out
}

const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0) / x.length
const variance = (x: ArrayLike<number>): number => { const m = mean(x); return mean(Array.from(x, y => (y - m) ** 2)) }

describe("orders of convergence, on the same Brownian paths", () => {
  // dx = a x dt + s x dW: x_T = x_0 exp((a - s^2/2) T + s W_T), with W_T from dy = dW on the same addresses.
  const a = 0.3, s = 0.25, T = 1, paths = 4000
  const law = shortest(lawFor(process({ states: { x: { is: "x", from: 0, to: 40, drift: "a*x", risk: "nu*x" } }, parameters: { a, nu: s }, points: [3] })))
  const line = lawFor(process({ states: { x: { is: "x", from: -40, to: 40, drift: "0", risk: "one" } }, points: [3] }))
  const walk = (halvings: number): Walk => ({ law, seed: 7, dt: T, halvings, ends: "reflecting" })
  const [w] = ends({ law: line, seed: 7, dt: T, halvings: 0, ends: "reflecting" }, [0], paths, 1)
  const exact = w.map(x => Math.exp((a - (s * s) / 2) * T + s * x))
  const found = [2, 3, 4, 5].map(halvings => ends(walk(halvings), [1], paths, 1)[0])

  it("strong order one half", () => {
    const errors = found.map(x => mean(x.map((y, i) => Math.abs(y - exact[i]))))
    errors.slice(1).forEach((error, i) => { expect(Math.log2(errors[i] / error)).toBeGreaterThan(0.4); expect(Math.log2(errors[i] / error)).toBeLessThan(0.65) })
  })

  it("weak order one, in the first two moments", () => {
    for (const f of [(x: number) => x, (x: number) => x * x]) {
      const errors = found.map(x => mean(x.map((y, i) => f(y) - f(exact[i]))))
      errors.slice(1).forEach((error, i) => { expect(Math.log2(errors[i] / error)).toBeGreaterThan(0.85); expect(Math.log2(errors[i] / error)).toBeLessThan(1.2) })
    }
  })
})

describe("a process of Ornstein and Uhlenbeck", () => {
  const k = 0.5, s = 0.3, paths = 20_000
  const law = lawFor(process({ states: { x: { is: "x", from: -3, to: 3, drift: "-k*x", risk: "nu" } }, parameters: { k, nu: s }, points: [3] }))

  it("forgets its start at the right rate, and spreads as it should", () => {
    const [x] = ends({ law, seed: 1, dt: 1 / 12, halvings: 4, ends: "reflecting" }, [0.8], paths, 24)
    // Euler's own decay over 24 steps of a month is (1 - k dt)^24, and its variance a geometric sum.
    const step = 1 - k / 12, v = (s * s / 12) * (1 - step ** 48) / (1 - step ** 2)
    expect(Math.abs(mean(x) - 0.8 * step ** 24)).toBeLessThan(4 * Math.sqrt(v / paths))
    expect(Math.abs(variance(x) / v - 1)).toBeLessThan(4 * Math.sqrt(2 / paths))
    expect(step ** 24).toBeCloseTo(Math.exp(-k * 2), 1)
  })
})

describe("where the noise jumps: oscillating Brownian motion", () => {
  // dx = s(x) dW, s = 0.5 below 0 and 0.2 above. From 0 it is above at any time with probability .5/(.5 + .2).
  const below = 0.5, above = 0.2, paths = 20_000
  const law = lawFor(process({
    states: { x: { is: "x", from: -8, to: 8, drift: "0", risk: "if(psi < 1, 0.5, 0.2)" } }, points: [9],
    side: { formula: "x - 0.1", at: () => 0.1, of: ([x]) => x - 0.1 },
  }))
  const walk = (halvings: number): Walk => ({ law, seed: 2, dt: 1, halvings, ends: "reflecting" })

  it.each([0, 3])("from the break it ends above with probability s_below/(s_below + s_above), after steps of any length (%i halvings)", halvings => {
    const [x] = ends(walk(halvings), [0.1], paths, 1)
    const share = below / (below + above)
    expect(Math.abs(mean(x.map(y => (y > 0.1 ? 1 : 0))) - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / paths))
    // On either side half a normal with the size of that side.
    for (const [side, size] of [[1, above], [-1, below]]) {
      const there = x.filter(y => side * (y - 0.1) > 0).map(y => Math.abs(y - 0.1) / size)
      expect(Math.abs(mean(there) - Math.sqrt(2 / Math.PI))).toBeLessThan(4 * Math.sqrt((1 - 2 / Math.PI) / there.length))
      expect(Math.abs(mean(there.map(y => (y < 0.5 ? 1 : 0))) - (2 * normalBelow(0.5) - 1))).toBeLessThan(4 * Math.sqrt(0.25 / there.length))
    }
  })

  it("from beside the break one step has the distribution of the skew Brownian motion", () => {
    // From y0 = 0.3 standard deviations above: P(below) = 2 (1 - alpha) P(N > y0), alpha the probability above from the break.
    const [x] = ends(walk(0), [0.1 + 0.3 * above], paths, 1)
    const wanted = 2 * (above / (below + above)) * normalBelow(-0.3)
    expect(Math.abs(mean(x.map(y => (y < 0.1 ? 1 : 0))) - wanted)).toBeLessThan(4 * Math.sqrt((wanted * (1 - wanted)) / paths))
  })

  it("is a martingale: the mean stays where it began, on either side and across", () => {
    for (const start of [0.1, 0.3, -0.2]) {
      const [x] = ends(walk(2), [start], paths, 2)
      expect(Math.abs(mean(x) - start)).toBeLessThan(4 * Math.sqrt(variance(x) / paths))
    }
  })
})

describe("ends", () => {
  const law = lawFor(process({ states: { x: { is: "x", from: 0, to: 1, drift: "0", risk: "nu" } }, parameters: { nu: 0.4 }, points: [3] }))

  it("reflecting ends keep paths inside; the law of a reflected Brownian motion becomes even", () => {
    const [x] = ends({ law, seed: 4, dt: 0.25, halvings: 0, ends: "reflecting" }, [0.2], 8000, 80)
    expect(x.every(y => y >= 0 && y <= 1)).toBe(true)
    expect(Math.abs(mean(x) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 8000))
    expect(Math.abs(variance(x) - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / 8000))
  })

  it("absorbing ends: where it ends and when, without the bias of looking at the ends of steps only", () => {
    // From x: at 1 with probability x, after x (1 - x)/nu^2 years in the mean.
    const legs = walker({ law, seed: 5, dt: 1 / 12, halvings: 0, ends: "absorbing" }, 0), paths = 8000, x0 = 0.3
    let above = 0, years = 0
    for (let path = 0; path < paths; path++) {
      legs.point[0] = x0
      for (let period = 0; ; period++) {
        legs.look()
        if (legs.period(path, period)) continue
        expect([0, 1]).toContain(legs.point[0])
        above += legs.point[0]
        years += (period + 0.5) / 12
        break
      }
    }
    expect(Math.abs(above / paths - x0)).toBeLessThan(4 * Math.sqrt((x0 * (1 - x0)) / paths))
    const wanted = (x0 * (1 - x0)) / 0.16
    expect(Math.abs(years / paths / wanted - 1)).toBeLessThan(0.05)
  })
})

describe("several states", () => {
  it("correlated shocks have their correlation", () => {
    const rho = -0.6
    const law = lawFor(process({
      states: { x: { is: "x", from: -9, to: 9, drift: "0", risk: { A: "0.3" } }, y: { is: "y", from: -9, to: 9, drift: "0", risk: { A: "0.1", B: "0.4" } } },
      parameters: { rho }, shocks: ["A", "B"], correlations: [{ between: ["A", "B"], value: "rho" }], points: [3, 3],
    }))
    const paths = 20_000, [x, y] = ends({ law, seed: 6, dt: 1, halvings: 0, ends: "reflecting" }, [0, 0], paths, 1)
    const vxx = 0.09, vxy = 0.3 * 0.1 + rho * 0.3 * 0.4, vyy = 0.01 + 0.16 + 2 * rho * 0.1 * 0.4
    expect(Math.abs(variance(x) / vxx - 1)).toBeLessThan(4 * Math.sqrt(2 / paths))
    expect(Math.abs(variance(y) / vyy - 1)).toBeLessThan(4 * Math.sqrt(2 / paths))
    expect(Math.abs(mean(x.map((a, i) => a * y[i])) - vxy)).toBeLessThan(4 * Math.sqrt((vxx * vyy + vxy * vxy) / paths))
  })
})
