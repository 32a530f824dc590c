import { describe, expect, it } from "vitest"
import { solve } from "../../src/request.ts"
import { METHODS } from "../../src/solve/index.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { basakCuoco, benchmark, largest, merton, neoclassicalGrowth } from "./models.ts"

describe("exact", () => {
  it("gives Merton's numbers", () => {
    const { facts, table: { columns } } = solve(merton, { method: "exact" })
    // theta = (mu - r)/(gamma sigma^2), c/w = A, J = A^(-gamma).
    expect(facts.portfolio_share).toBeCloseTo(5 / 12, 8)
    expect(facts.consumption_rate).toBeCloseTo(0.0436111111111, 8)
    expect(columns.J[500] / 12056.147 - 1).toBeLessThan(1e-7)
    expect(columns.J[500]).toBeCloseTo(0.043611111111111111 ** -3, 6)
  })

  it("gives the numbers of Basak and Cuoco", () => {
    // Nodes at .01, .02, ...: those asked for are among them.
    const { table: { columns } } = solve(basakCuoco, { method: "exact", set: ["points=99"] })
    const at = (name: string, eta: number): number => columns[name][Math.round(eta * 100) - 1]
    expect(at("eta", 0.2)).toBeCloseTo(0.2, 12)
    expect(at("q", 0.2)).toBeCloseTo(1.3125, 8)
    expect(at("sharpe", 0.2)).toBeCloseTo(0.5, 8)
    expect(at("r", 0.2)).toBeCloseTo(0.06 + Math.log(1.3125) / 10 - 0.05 - 0.01 / 0.2, 8)
    expect(at("r", 0.2)).toBeCloseTo(-0.012807, 6)
    expect(at("r", 0.5)).toBeCloseTo(0.017193, 6)
    expect(at("mu_eta", 0.2) / 0.2).toBeCloseTo(16 * 0.01, 8)
    expect(at("sigma_eta", 0.2) / 0.2).toBeCloseTo(4 * 0.1, 8)
  })

  it("shows the truncation error of the grid as its residuals, which vanish with it", () => {
    for (const economy of [merton, basakCuoco]) for (const { largest: size } of solve(economy, { method: "exact" }).equations) expect(size).toBeLessThan(1e-9)
    const errors = [200, 400].map(points => solve(neoclassicalGrowth, { method: "exact", set: [`points=${points}`] }).equations[0].mean)
    expect(errors[0]).toBeGreaterThan(1e-7)
    expect(errors[0] / errors[1]).toBeGreaterThan(1.8)
  })

  it("says so where there is no solution, and where there is no closed form", () => {
    const { converged, detail } = solve(merton, { method: "exact", set: ["gamma=0.3", "rho=0.001"] })
    expect(converged).toBe(false)
    expect(detail).toMatch(/closed form of `J` is NaN at w = /)
    expect(METHODS.exact.refuses(problem(benchmark))).toMatch(/no closed form .*J_e, J_h, q, psi.*use `fd`/)
    expect(METHODS.exact.refuses(problem(merton))).toBeUndefined()
  })

  it("does not give a definition that has a form of its own from the grid", () => {
    const { table: { columns } } = solve(neoclassicalGrowth, { method: "exact", set: ["points=50"] })
    expect(largest(columns.c.map((c, i) => c - 0.75 * 0.5 * columns.k[i] ** 0.3))).toBeLessThan(1e-12)
  })
})
