import { describe, expect, it } from "vitest"
import { problem } from "../../src/model/compileProblem.ts"
import { solve } from "../../src/request.ts"
import { benchmark, largest, merton } from "./models.ts"

const s = solve(benchmark, { set: ["points=400"] })
const c = s.table.columns

describe("tabulate", () => {
  it("has every unknown, its derivatives, every definition, the motion, the residuals and the checks, at every node", () => {
    const p = problem(benchmark)
    const names = ["z", ...["J_e", "J_h", "q", "psi"].flatMap(u => [u, `${u}_z`, `${u}_zz`]), ...p.definitions, "drift:z", "variance:z",
      ...["HJB experts", "HJB households", "goods market", "capital market"].map(l => `residual:${l}`),
      ...["goods market", "Walras' law", "no arbitrage", "risk sharing"].map(l => `check:${l}`)]
    expect(Object.keys(c).sort()).toEqual([...names].sort())
    for (const name of names) {
      expect(c[name].length).toBe(400)
      if (!name.startsWith("check:")) expect(c[name].every(Number.isFinite), name).toBe(true)
    }
  })

  it("has definitions that belong together", () => {
    const { sigma, kappa } = s.parameters
    c.z.forEach((z, i) => {
      expect(c.sigma_R[i]).toBeCloseTo(sigma / (1 - (c.q_z[i] / c.q[i]) * (c.chi[i] - z)), 12)
      expect(c.sigma_z[i]).toBeCloseTo((c.chi[i] - z) * c.sigma_R[i], 12)
      expect(c["variance:z"][i]).toBeCloseTo(c.sigma_z[i] ** 2, 12)
      expect(c["drift:z"][i]).toBe(c.mu_z[i])
      expect(c.iota[i]).toBeCloseTo((c.q[i] - 1) / kappa, 12)
    })
  })

  it("has derivatives of values that are those of the values, and of prices inside their region", () => {
    const slope = (name: string, i: number): number => (c[name][i + 1] - c[name][i - 1]) / (c.z[i + 1] - c.z[i - 1])
    for (let i = 60; i < 390; i++) for (const name of ["J_e", "J_h"]) expect(Math.abs(c[`${name}_z`][i] / slope(name, i) - 1) < 0.05 || Math.abs(slope(name, i)) < 2e-3).toBe(true)
    const last = c.psi.findIndex(p => p === 1) - 1
    // Below the switch the price rises, above it is flat; no node has a mean of the two.
    expect(c.q_z[last]).toBeGreaterThan(0.7)
    expect(largest(c.q_z.slice(last + 1))).toBeLessThan(1e-9)
  })

  it("sums up how well equations and checks hold, and where they hold worst", () => {
    expect(s.equations.map(e => e.label)).toEqual(["HJB experts", "HJB households", "goods market", "capital market"])
    for (const e of s.equations) {
      const column = c[`residual:${e.label}`]
      expect(e.largest).toBe(largest(column))
      expect(Math.abs(column[c.z.indexOf(e.where.z)])).toBe(e.largest)
      expect(e.mean).toBeLessThanOrEqual(e.largest)
    }
    const arbitrage = c["check:no arbitrage"]
    arbitrage.forEach((x, i) => expect(Number.isNaN(x)).toBe(c.psi[i] >= 0.999999))
    expect(s.residual).toBeLessThanOrEqual(s.tolerance)
  })

  it("says how the run ended, also where it did not converge", () => {
    const unfinished = solve(merton, { set: ["points=40", "maxSteps=2", "gamma=6"] })
    expect(unfinished).toMatchObject({ converged: false, steps: 2, economy: "merton-1971", method: "fd", seed: 0 })
    expect(unfinished.detail).toMatch(/^\[HJB\] at w = .*residual/)
    expect(unfinished.table.length).toBe(40)
  })
})
