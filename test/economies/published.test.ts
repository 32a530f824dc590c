import { describe, expect, test } from "vitest"
import { catalogue } from "../../src/economies/index.ts"
import { solve, valuesAt } from "../../src/request.ts"

/** Published numbers of economies whose static block or HJB line has no closed form, by the reference method. */
describe("published numbers", () => {
  test("brunnermeier-sannikov-2014-log: the paper's calibration as solved on 20,000 nodes", () => {
    const solution = solve(catalogue["brunnermeier-sannikov-2014-log"])
    expect(solution.converged).toBe(true)
    const rows = valuesAt(solution, { eta: [0.05, 0.1, 0.2, 0.3, 0.5, 0.9] }, ["q", "psi", "sigma_q"])
    const q = [1.05003, 1.06172, 1.08066, 1.09548, 1.09503, 1.08779]
    rows.forEach((row, i) => expect(Math.abs(row.q / q[i] - 1)).toBeLessThan(1e-5))
    ;[0.21662, 0.39907, 0.70382].forEach((psi, i) => expect(Math.abs(rows[i].psi / psi - 1)).toBeLessThan(2e-5))
    ;[0.00421, 0.00648, 0.00842, 0.00845, -0.00082].forEach((sigma, i) => expect(Math.abs(rows[i].sigma_q - sigma)).toBeLessThan(6e-6))
    expect(Math.abs(solution.facts.eta_psi - 0.32195)).toBeLessThan(2e-5)
  })

  test("he-krishnamurthy-2013: the authors' own second-order equation, by shooting", () => {
    const solution = solve(catalogue["he-krishnamurthy-2013"])
    expect(solution.converged).toBe(true)
    const rows = valuesAt(solution, { x: [0.02, 0.05, 0.2, 0.5, 0.9] }, ["price_dividend", "risk_premium", "sharpe", "sigma_R"])
    ;[69.305, 69.345, 71.254, 76.052, 87.407].forEach((p, i) => expect(Math.abs(rows[i].price_dividend / p - 1)).toBeLessThan(2e-4))
    ;[8.822, 4.639, 3.072, 2.498, 1.795].forEach((rp, i) => expect(Math.abs((100 * rows[i].risk_premium) / rp - 1)).toBeLessThan(3e-3))
    ;[101.25, 50.49, 33.03, 26.18, 19.42].forEach((s, i) => expect(Math.abs((100 * rows[i].sharpe) / s - 1)).toBeLessThan(2e-3))
    ;[8.714, 9.188, 9.301, 9.542, 9.241].forEach((s, i) => expect(Math.abs((100 * rows[i].sigma_R) / s - 1)).toBeLessThan(1e-3))
    expect(Math.abs(solution.facts.x_c - 0.4 / 4.4)).toBeLessThan(1e-5)
  })
})
