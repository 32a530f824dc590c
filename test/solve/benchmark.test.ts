import { describe, expect, it } from "vitest"
import { solve } from "../../src/request.ts"
import type { Solution } from "../../src/solve/solution.ts"
import { valueAt } from "../../src/solve/valueAt.ts"
import { firstOrderMarch } from "./firstOrderMarch.ts"
import { benchmark, cutAt, elastic, largest, wealthConsumption } from "./models.ts"

const solved = new Map<string, Solution>()
const byGrid = (calibration: string, points: number): Solution => {
  const key = `${calibration} ${points}`
  if (!solved.has(key)) solved.set(key, solve(benchmark, { calibration, set: [`points=${points}`] }))
  return solved.get(key)!
}
const relative = (s: Solution, name: string, z: number, known: number): number => Math.abs(valueAt(s, name, { z }) / known - 1)

describe("brunnermeier-sannikov-2016 by fd", () => {
  it("meets the reference of the course", () => {
    const s = byGrid("course", 1000)
    expect(s.converged).toBe(true)
    // Those in brackets are of 4000 nodes.
    for (const [z, q, psi] of [[0.1, 1.05076, 0.53363], [0.2, 1.14866, 0.83955], [0.3, 1.2, 1]]) {
      expect(relative(s, "q", z, q)).toBeLessThan(0.002)
      expect(relative(s, "psi", z, psi)).toBeLessThan(0.002)
    }
    expect(relative(s, "q", 0.05, 0.98774)).toBeLessThan(0.002)
    expect(Math.abs(s.facts.z_star - 0.2613)).toBeLessThan(0.001)
    expect(Math.abs(s.facts.sigma_R_max - 0.1186)).toBeLessThan(0.001)
    for (const [name, known] of Object.entries({ J_e: [9.51e-3, 1.836e-2, 2.842e-2], J_h: [2.523e-2, 2.277e-2, 1.15e-2] }))
      [0.1, 0.5, 0.9].forEach((z, i) => expect(relative(s, name, z, known[i]), `${name}(${z})`).toBeLessThan(0.005))
    for (const [name, z, known, within] of [
      ["sigma_R", 0.05, 0.10312, 0.002], ["sigma_R", 0.2, 0.11768, 0.002], ["sigma_R", 0.3, 0.06, 1e-6], ["mu_z", 0.05, 0.02883, 0.005], ["mu_z", 0.2, 0.04311, 0.005],
      ["mu_z", 0.3, 0.00672, 0.01], ["mu_z", 0.5, -0.003285, 0.01], ["mu_z", 0.9, -0.01557, 0.005], ["zeta_e", 0.1, 0.8302, 0.005], ["zeta_h", 0.1, 0.1474, 0.005],
      ["zeta_e", 0.3, 0.3151, 0.005], ["zeta_h", 0.3, 0.048, 0.01], ["zeta_e", 0.5, 0.2176, 0.005], ["zeta_h", 0.5, 0.0309, 0.005]] as const)
      expect(relative(s, name, z, known), `${name}(${z})`).toBeLessThan(within)
  })

  it("meets the reference of the thesis calibration", () => {
    const s = byGrid("thesis", 1000)
    expect(relative(s, "q", 0.1, 1.3185)).toBeLessThan(0.002)
    // First order on 1000 nodes; see the limit below.
    expect(relative(s, "psi", 0.1, 0.84328)).toBeLessThan(0.005)
    expect(relative(s, "q", 0.2, 1.4)).toBeLessThan(1e-9)
    expect(Math.abs(s.facts.z_star - 0.1299)).toBeLessThan(0.001)
    expect(Math.abs(s.facts.sigma_R_max - 0.2057)).toBeLessThan(0.001)
    for (const [name, known] of Object.entries({ J_e: [1.518e-2, 2.989e-2, 4.723e-2], J_h: [6.434e-2, 5.125e-2, 2.826e-2] }))
      [0.1, 0.5, 0.9].forEach((z, i) => expect(relative(s, name, z, known[i]), `${name}(${z})`).toBeLessThan(0.005))
  })

  it("has converged where a printed number of 1000 first-order nodes has not", () => {
    // psi(.05) = .33668 and psi(.1) = .84328 are printed; a first-order march at our J moves from there to ours.
    for (const [calibration, z, printed] of [["course", 0.05, 0.33668], ["thesis", 0.1, 0.84328]] as const) {
      const psi = [250, 500, 1000, 2000].map(points => valueAt(byGrid(calibration, points), "psi", { z }))
      for (const p of psi) expect(Math.abs(p / psi[3] - 1)).toBeLessThan(4e-4)
      expect(Math.abs(psi[2] / psi[3] - 1)).toBeLessThan(5e-5)
      const s = byGrid(calibration, 2000)
      const slope = (x: number): number => valueAt(s, "J_h_z", { z: x }) / valueAt(s, "J_h", { z: x }) - valueAt(s, "J_e_z", { z: x }) / valueAt(s, "J_e", { z: x })
      const first = [500, 1000, 2000, 4000, 8000].map(n => {
        const march = firstOrderMarch(s.parameters, n, 0.001, 0.999, slope)
        const i = march.z.findIndex(x => x > z), t = (z - march.z[i - 1]) / (march.z[i] - march.z[i - 1])
        return march.psi[i - 1] + t * (march.psi[i] - march.psi[i - 1])
      })
      expect(Math.abs(first[0] - printed)).toBeLessThan(0.4 * Math.abs(psi[3] - printed))
      first.slice(1).forEach((p, i) => expect(Math.abs(p - psi[3])).toBeLessThan(0.6 * Math.abs(first[i] - psi[3])))
    }
  })

  it("keeps the identities that were not imposed", () => {
    for (const calibration of Object.keys(benchmark.declaration.calibrations!)) {
      const s = byGrid(calibration, calibration === "course" || calibration === "thesis" ? 1000 : 300)
      const of = (label: string): number => s.checks.find(c => c.label === label)!.largest
      expect(of("no arbitrage"), calibration).toBeLessThan(1e-6)
      expect(of("Walras' law"), calibration).toBeLessThan(1e-9)
      expect(of("goods market"), calibration).toBeLessThan(1e-9)
      const { z, psi, r, r_h, chi, zeta_e, zeta_h, theta_e, theta_h } = s.table.columns
      const { gamma, sigma } = s.parameters
      let free = 0, crisis = 0
      z.forEach((x, i) => {
        expect(Math.abs(theta_e[i] * x + theta_h[i] * (1 - x) - 1)).toBeLessThan(1e-12)
        if (psi[i] < 0.999999) { crisis++; expect(Math.abs(r[i] - r_h[i])).toBeLessThan(1e-6) }
        if (chi[i] !== x) return
        free++
        expect(zeta_e[i]).toBeCloseTo(gamma * sigma, 12)
        expect(zeta_h[i]).toBeCloseTo(gamma * sigma, 12)
      })
      expect(crisis).toBeGreaterThan(10)
      if (calibration !== "course") expect(free).toBeGreaterThan(10)
    }
  })

  it("has prices that do not depend on values where utility is logarithmic", () => {
    const [myopic, myopicElsewhere, other] = [["gamma=1"], ["gamma=1", "z_bar=0.4", "lambda_d=0.1", "delta=0.02"], ["gamma=3"]]
      .map(set => solve(benchmark, { set: ["points=150", ...set] }).table.columns)
    expect(largest(myopic.J_e.map((j, i) => j / myopicElsewhere.J_e[i] - 1))).toBeGreaterThan(0.05)
    for (const name of ["q", "psi", "sigma_R", "zeta_e", "zeta_h"]) {
      expect(largest(myopic[name].map((y, i) => y - myopicElsewhere[name][i])), name).toBeLessThan(1e-9)
      expect(largest(myopic[name].map((y, i) => y - other[name][i])), name).toBeGreaterThan(1e-3)
    }
  })

  it("answers to depreciation by its level alone: r falls by as much, both values by exp(-delta/rho)", () => {
    const [one, twin] = ["delta=0.05", "delta=0.03"].map(delta => solve(benchmark, { set: ["points=150", delta] }).table.columns)
    for (const name of ["q", "psi", "sigma_R", "mu_z", "zeta_e", "zeta_h"]) expect(largest(one[name].map((y, i) => y - twin[name][i])), name).toBeLessThan(1e-9)
    expect(largest(one.r.map((y, i) => twin.r[i] - y - 0.02))).toBeLessThan(1e-9)
    for (const name of ["J_e", "J_h"]) expect(largest(twin[name].map((y, i) => y / one[name][i] / Math.exp(0.02 / 0.05) - 1)), name).toBeLessThan(1e-8)
  })
})

describe("brunnermeier-sannikov-2016-ez by fd", () => {
  it("meets the reference", () => {
    const s = solve(elastic, { set: ["points=800"] })
    expect(s.converged).toBe(true)
    const known: Record<string, readonly (readonly [number, number])[]> = {
      q: [[0.05, 1.22586], [0.1, 1.37345], [0.2, 1.56111], [0.3, 1.54592], [0.5, 1.52818]],
      p_e: [[0.1, 14.09], [0.2, 19.57], [0.3, 22.23], [0.5, 24.725]],
      p_h: [[0.05, 32.92], [0.1, 33.15], [0.2, 32.91], [0.5, 29.083]],
      psi: [[0.05, 0.42285], [0.1, 0.67964]], sigma_R: [[0.05, 0.17631], [0.1, 0.19135], [0.2, 0.09621], [0.5, 0.1]],
      kappa_e: [[0.05, 1.0263], [0.2, 0.3775], [0.5, 0.2]], kappa_h: [[0.2, 0.1567], [0.5, 0.2]],
    }
    for (const [name, pairs] of Object.entries(known)) for (const [x, value] of pairs)
      expect(Math.abs(valueAt(s, name, { x }) / value - 1), `${name}(${x})`).toBeLessThan(0.005)
    expect(Math.abs(s.facts.x_star - 0.176)).toBeLessThan(0.003)
    for (const [x, r] of [[0.1, -0.0003], [0.2, 0.0025], [0.5, 0.0099]]) expect(Math.abs(valueAt(s, "r", { x }) - r)).toBeLessThan(2e-4)
    expect(largest(s.checks.map(c => c.largest))).toBeLessThan(1e-6)
  })

  it("is the same economy in ratios of wealth to consumption, as the cut of the domain goes to zero", () => {
    const gaps = [0.005, 0.001].map(edge => {
      const [values, ratios] = [elastic, wealthConsumption].map(e => solve(cutAt(e, edge), { set: ["points=400"] }))
      expect(values.converged && ratios.converged).toBe(true)
      // The printed 10.433 is a first-order upwind number on 800 nodes.
      for (const s of [values, ratios]) expect(Math.abs(valueAt(s, "p_e", { x: 0.05 }) - 10.5)).toBeLessThan(0.03)
      expect(Math.abs(values.facts.x_star - ratios.facts.x_star)).toBeLessThan(edge / 20)
      for (const x of [0.05, 0.1, 0.2, 0.5]) expect(Math.abs(valueAt(values, "r", { x }) - valueAt(ratios, "r", { x }))).toBeLessThan(1e-4)
      return ["q", "psi", "p_e", "p_h", "kappa_e"].map(name => {
        const differences = [0.05, 0.1, 0.2, 0.5].map(x => [valueAt(values, name, { x }), valueAt(ratios, name, { x })])
        return largest(differences.map(([a, b]) => a - b)) / largest(differences.map(([a]) => a))
      })
    })
    for (const gap of gaps[0]) expect(gap).toBeLessThan(0.005)
    for (const gap of gaps[1]) expect(gap).toBeLessThan(0.0015)
  })
})
