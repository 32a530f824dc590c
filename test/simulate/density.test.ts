import { describe, expect, it } from "vitest"
import { problem } from "../../src/model/compileProblem.ts"
import { solve } from "../../src/request.ts"
import { stationaryDensity } from "../../src/simulate/density.ts"
import { valueAt } from "../../src/solve/valueAt.ts"
import { benchmark, diffusion, largest, orders } from "../solve/models.ts"
import type { Economy } from "../../src/model/economy.ts"

const density = (declared: Economy, points: number) => stationaryDensity(problem(declared), solve(declared, { set: [`points=${points}`] }), [points])!.columns

/** f up to a factor, brought to mass 1 by the trapezoid rule on a fine grid. */
const normalised = (f: (x: number) => number, from: number, to: number): ((x: number) => number) => {
  const n = 20_000, h = (to - from) / n
  let mass = 0
  for (let i = 0; i < n; i++) mass += h * f(from + (i + 0.5) * h)
  return x => f(x) / mass
}

describe("stationaryDensity", () => {
  // dx = k (m - x) dt + nu dB and dx = k (m - x) dt + nu sqrt(x (1 - x)) dB, with k = .5, m = .4, nu = .3.
  const cases: [string, Economy, (x: number) => number][] = [
    ["Ornstein & Uhlenbeck: normal", diffusion(-1, 2, "k*(m - x)", "nu"), normalised(x => Math.exp(-0.5 * (x - 0.4) ** 2 / 0.09), -1, 2)],
    ["Jacobi: beta", diffusion(0.01, 0.99, "k*(m - x)", "nu*sqrt(x*(1 - x))"), normalised(x => x ** (2 * 0.5 * 0.4 / 0.09 - 1) * (1 - x) ** (2 * 0.5 * 0.6 / 0.09 - 1), 0.01, 0.99)],
    ["noise that grows with the state", diffusion(0.5, 3, "k*(m + 1 - x)", "nu*x"), normalised(x => x ** (-2 * 0.5 / 0.09 - 2) * Math.exp(-2 * 0.5 * 1.4 / (0.09 * x)), 0.5, 3)],
  ]

  it.each(cases)("has mass 1 and is that of %s, to second order", (_, declared, exact) => {
    const errors = [51, 101, 201, 401].map(points => {
      const { x, density: f, mass } = density(declared, points)
      expect(mass.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
      expect(Math.min(...f)).toBeGreaterThanOrEqual(0)
      return largest(f.map((y, i) => y - exact(x[i])))
    })
    for (const order of orders(errors)) expect(order).toBeGreaterThan(1.8)
    expect(errors.at(-1)).toBeLessThan(2e-3)
  })

  it("has the mean of the process: drift integrates to zero", () => {
    const { x, mass } = density(cases[0][1], 401)
    expect(x.reduce((sum, z, i) => sum + mass[i] * z, 0)).toBeCloseTo(0.4, 3)
  })

  it("jumps up where the diffusion falls: the flux of variance is continuous", () => {
    const s = solve(benchmark, { set: ["points=400"] })
    const { z, density: f, mass } = stationaryDensity(problem(benchmark), s)!.columns
    const at = s.facts.z_star, i = z.findIndex(x => x > at)
    const variance = (x: number): number => valueAt(s, "sigma_z", { z: x }) ** 2
    // The cell that the switch cuts holds a mean: its neighbours are compared.
    expect(variance(z[i - 2]) / variance(z[i + 1])).toBeGreaterThan(3)
    expect(f[i + 1] * variance(z[i + 1]) / (f[i - 2] * variance(z[i - 2]))).toBeCloseTo(1, 1)
    expect(mass.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    // The lectures: the density peaks at about one half and is next to nothing in the crisis.
    const peak = z[f.indexOf(f.reduce((a, b) => Math.max(a, b)))]
    expect(peak).toBeGreaterThan(0.3)
    expect(peak).toBeLessThan(0.6)
  })

  it("does not overflow where there is no noise at all", () => {
    const { density: f, mass } = density(diffusion(0, 1, "k*(m - x)", "0"), 50)
    expect(f.every(Number.isFinite)).toBe(true)
    // All of it sits where the drift changes sign: at 0.4, an edge of two cells.
    expect(mass.slice(19, 21).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
  })
})
