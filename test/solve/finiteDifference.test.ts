import { describe, expect, it } from "vitest"
import { computation, requestOf, solve } from "../../src/request.ts"
import { run } from "../../src/run/run.ts"
import type { Solution } from "../../src/solve/solution.ts"
import { basakCuoco, benchmark, largest, merton, neoclassicalGrowth, orders, twoTrees, twoTreesPrice } from "./models.ts"

const onGrid = (points: number, ...set: string[]) => ({ set: [`points=${points}`, ...set] })

describe("fd", () => {
  /** Largest error of v inside (0, 1), and on [.2, .8]. */
  const treeErrors = (grid: string, points: number): { all: number; inside: number } => {
    const { converged, table: { columns: { x, v } } } = solve(twoTrees(0, 1, grid), onGrid(points))
    expect(converged).toBe(true)
    const errors = v.map((value, i) => (x[i] <= 0 || x[i] >= 1 ? 0 : value - twoTreesPrice(x[i])))
    return { all: largest(errors), inside: largest(errors.filter((_, i) => x[i] >= 0.2 && x[i] <= 0.8)) }
  }

  it("is of order 2 on two Lucas trees, to their degenerate ends, on a grid that is fine there", () => {
    const errors = [101, 201, 401, 801].map(points => treeErrors("3*s^2 - 2*s^3", points))
    for (const order of orders(errors.map(e => e.inside))) expect(order).toBeGreaterThan(1.9)
    expect(orders(errors.map(e => e.all)).at(-1)).toBeGreaterThan(1.85)
    expect(errors.at(-1)!.all / 12.5).toBeLessThan(2e-6)
  })

  it("loses a logarithm on an even grid, as v'' has the singularity 1/s at the end: errors fall as h^2 log(1/h)", () => {
    const points = [101, 201, 401, 801]
    const constants = points.map(n => treeErrors("s", n).inside * (n - 1) ** 2 / Math.log(n - 1))
    for (const c of constants) expect(Math.abs(c / constants[0] - 1)).toBeLessThan(0.05)
  })

  it("is of order 1 in value and policy where there is no diffusion: neoclassical growth", () => {
    const errors = [100, 200, 400, 800].map(points => {
      const [fd, exact] = ["fd", "exact"].map(method => solve(neoclassicalGrowth, { method, ...onGrid(points) }))
      expect(fd.converged).toBe(true)
      const of = (name: string): number => largest(fd.table.columns[name].map((y, i) => (fd.table.columns.k[i] < 1 || fd.table.columns.k[i] > 15 ? 0 : y / exact.table.columns[name][i] - 1)))
      return { v: of("v"), c: of("c") }
    })
    for (const name of ["v", "c"] as const) for (const order of orders(errors.map(e => e[name]))) expect(Math.abs(order - 1)).toBeLessThan(0.15)
    expect(errors.at(-1)!.c).toBeLessThan(0.004)
  })

  it("meets the closed form of Merton at other parameters too, from a guess far away", () => {
    for (const set of [[], ["gamma=0.7", "rho=0.09"], ["gamma=8"], ["mu=0.03"]]) {
      const [fd, exact] = ["fd", "exact"].map(method => solve(merton, { method, ...onGrid(60, ...set) }))
      expect(fd.converged, set.join()).toBe(true)
      for (const name of ["J", "c_w"]) expect(largest(fd.table.columns[name].map((y, i) => y / exact.table.columns[name][i] - 1)), `${name} ${set}`).toBeLessThan(1e-6)
      expect(largest(fd.table.columns.theta.map((y, i) => y - exact.table.columns.theta[i])), set.join()).toBeLessThan(1e-6)
    }
  })

  it("meets the closed form of Basak and Cuoco, where there is only a static block", () => {
    const [fd, exact] = ["fd", "exact"].map(method => solve(basakCuoco, { method, ...onGrid(99) }))
    expect(fd.converged).toBe(true)
    for (const name of ["q", "sigma_R", "r", "sharpe", "mu_eta"]) expect(largest(fd.table.columns[name].map((y, i) => y - exact.table.columns[name][i])), name).toBeLessThan(1e-9)
  })

  it("does not depend on the first step", () => {
    const [a, b] = ["firstStep=0.1", "firstStep=10"].map(step => solve(benchmark, onGrid(150, step)))
    expect(a.converged && b.converged).toBe(true)
    for (const name of ["J_e", "J_h", "q", "psi"]) expect(largest(a.table.columns[name].map((y, i) => y - b.table.columns[name][i])), name).toBeLessThan(1e-8)
  })

  it("converges for every calibration on coarse and fine grids, without a second branch", () => {
    for (const calibration of Object.keys(benchmark.declaration.calibrations!)) {
      const [coarse, fine] = [60, 300].map(points => solve(benchmark, { calibration, ...onGrid(points) }))
      for (const s of [coarse, fine]) {
        expect(s.converged, calibration).toBe(true)
        expect(Math.min(...s.table.columns.sigma_R), calibration).toBeGreaterThan(0)
      }
      expect(Math.abs(coarse.facts.z_star - fine.facts.z_star), calibration).toBeLessThan(0.003)
    }
  })

  it("goes on from a clone of its state to the same bits", () => {
    const request = requestOf(benchmark, onGrid(80))
    const whole = solve(benchmark, onGrid(80))
    const { procedure } = computation(request)
    let held: { state: unknown; steps: number } | undefined
    for (const { step, state } of run(procedure)) if (step === 4) { held = { state: structuredClone(state), steps: step }; break }
    const rest = run(computation(request).procedure, { from: held })
    for (;;) {
      const next = rest.next()
      if (!next.done) continue
      expect((next.value as Solution).table).toEqual(whole.table)
      expect((next.value as Solution).steps).toBe(whole.steps)
      break
    }
  })

  it("says what it could not solve", () => {
    // Postponing consumption for ever is better: no solution.
    const s = solve(merton, onGrid(50, "gamma=0.3", "rho=0.001"))
    expect(s.converged).toBe(false)
    expect(s.detail).toContain("[HJB] at w = ")
  })
})
