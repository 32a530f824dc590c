import { describe, expect, it } from "vitest"
import { catalogue } from "../../src/economies/index.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { economy, type Economy } from "../../src/model/economy.ts"
import { computation, requestOf, solve, valuesAt } from "../../src/request.ts"
import { run } from "../../src/run/run.ts"
import { differences } from "../../src/solve/compare.ts"
import { guessOn, lattice } from "../../src/solve/grid/lattice.ts"
import { pseudoTime } from "../../src/solve/newton/pseudoTime.ts"
import type { Solution } from "../../src/solve/solution.ts"
import { slopeOf, valueAt } from "../../src/solve/valueAt.ts"
import { benchmark, cosines, largest, orders, withIdleState } from "./models.ts"

const diTella = catalogue["di-tella-2017"]
const onGrid = (points: string | number, ...set: string[]) => ({ set: [`points=${points}`, ...set] })

/** Largest error of a linear problem whose solution is among the definitions. */
const errorOf = (declared: Economy, points: number, counts: (x: number, y: number) => boolean = () => true): number => {
  const { converged, table: { columns: { v, solution, x, y } } } = solve(declared, onGrid(points))
  expect(converged).toBe(true)
  return largest(v.map((value, i) => (counts(x[i], y[i]) ? value - solution[i] : 0)))
}

describe("fd in several states", () => {
  it.each([-0.8, 0, 0.6])("is of order 2 with shocks of correlation %d and reflecting ends", correlation => {
    for (const order of orders([13, 25, 49].map(points => errorOf(cosines(["x", "y"], correlation), points)))) expect(order).toBeGreaterThan(1.85)
  })

  it("is of order 2 with one shock to both states, and of order 1 with none", () => {
    expect(orders([13, 25, 49].map(points => errorOf(cosines(["x", "y"], 1), points))).at(-1)).toBeGreaterThan(1.85)
    expect(Math.abs(orders([25, 49, 97].map(points => errorOf(cosines(["x", "y"], 0.5, 0), points))).at(-1)! - 1)).toBeLessThan(0.15)
  })

  it("is of order 2 at natural ends, where the risk vanishes", () => {
    const degenerate = economy("degenerate", {
      is: "two shares", parameters: { rho: { value: 0.4, is: "rate" } }, shocks: { A: { is: "a" }, B: { is: "b" } }, correlations: [{ between: ["A", "B"], value: "-0.7" }],
      states: {
        x: { is: "x", from: 0, to: 1, drift: "0.2*(0.3 - x)", risk: { A: "x*(1 - x)" } },
        y: { is: "y", from: 1, to: 3, drift: "0.3*(2 - y)", risk: { A: "0.2*(y - 1)*(3 - y)", B: "0.4*(y - 1)*(3 - y)" } },
      },
      unknowns: { v: { kind: "value", guess: "1", is: "value" } },
      equations: "solution = exp(x)*log(y) + x^2*y\n[line] rho*v = rho*solution - drift(solution) + drift(v)",
    })
    // At the very ends there is no diffusion, and differences are first-order upwind.
    const inside = (x: number): boolean => x >= 0.2 && x <= 0.8
    const errors = [25, 49, 97].map(points => errorOf(degenerate, points, (x, y) => inside(x) && inside((y - 1) / 2)))
    for (const order of orders(errors)) expect(order).toBeGreaterThan(1.9)
  })

  it("is of order 2 in three states", () => {
    const errors = [10, 16].map(points => errorOf(cosines(["x", "y", "z"], 0.3), points))
    expect(Math.log(errors[0] / errors[1]) / Math.log(15 / 9)).toBeGreaterThan(1.8)
  })

  it("is held by `exact` too: the residual of the closed form is the truncation error", () => {
    const errors = [25, 49].map(points => {
      const s = solve(cosines(["x", "y"], 0.6), { method: "exact", set: [`points=${points}`] })
      expect(s.table.columns.v).toEqual(s.table.columns.solution)
      return s.equations[0].mean
    })
    expect(orders(errors)[0]).toBeGreaterThan(1.8)
  })

  it("does not depend on the order of the states", () => {
    const [a, b] = [["x", "y"], ["y", "x"]].map(names => solve(economy("ordered", { ...cosines(["x", "y"], 0.6).declaration, states: Object.fromEntries(names.map(n => [n, cosines(["x", "y"], 0.6).declaration.states[n]])) }), onGrid(17)))
    for (const x of [0.1, 0.37, 0.9]) for (const y of [0.05, 0.5]) for (const name of ["v", "v_x", "v_xy", "v_yy"]) expect(valueAt(b, name === "v_xy" ? "v_yx" : name, { x, y })).toBeCloseTo(valueAt(a, name, { x, y }), 8)
  })

  it("with a state that nothing depends on is what it is without: marched block, switch, sparse Newton and all", () => {
    const one = solve(benchmark, onGrid(60)), two = solve(withIdleState, onGrid("60,11"))
    expect(two.converged).toBe(true)
    expect(two.table.length).toBe(660)
    for (const name of ["J_e", "J_h", "q", "psi", "q_z", "sigma_R", "r", "mu_z"]) two.table.columns[name].forEach((y, k) =>
      expect(Math.abs(y - one.table.columns[name][Math.floor(k / 11)]), `${name} at node ${k}`).toBeLessThan(1e-7 * (1 + largest(one.table.columns[name]))))
    expect(largest(two.table.columns.q_y)).toBeLessThan(1e-7)
    expect(largest(two.table.columns.q_zy)).toBeLessThan(1e-5)
    expect(two.switches).toHaveLength(11)
    for (const [k, s] of two.switches.entries()) {
      expect(s).toMatchObject({ label: "capital market", state: "z", where: { y: two.states[1].nodes[k] } })
      expect(s.at).toBeCloseTo(one.facts.z_star, 7)
    }
    for (const name of ["z_star", "z_ss", "sigma_R_max"]) expect(two.facts[name]).toBeCloseTo(one.facts[name], 7)
    expect(two.facts.q_half).toBeCloseTo(valueAt(one, "q", { z: 0.5 }), 7)
    // Between the rows, on either side of the switch.
    for (const z of [one.facts.z_star - 1e-6, one.facts.z_star + 1e-6]) expect(valueAt(two, "sigma_R", { z, y: 0.1234 })).toBeCloseTo(valueAt(one, "sigma_R", { z }), 6)
    const [d] = differences(two, two, ["sigma_R"])
    expect([d.largest, Object.keys(d.at)]).toEqual([0, ["z", "y"]])
  })

  it.each<[string, Economy, string]>([["local prices", diTella, "15"], ["marched prices", withIdleState, "40,10"]])("has the exact Jacobian: Newton's own steps lead back to a solution (%s)", (_, declared, points) => {
    const p = problem(declared), grid = lattice(p, points.split(",").length === 1 ? Number(points) : points.split(",").map(Number)), engine = pseudoTime(grid)
    const { columns } = solve(declared, onGrid(points)).table
    const away = p.unknowns.slice(0, grid.values).map((u, k) => columns[u.name].map((x, i) => x * (1 + 2e-3 * Math.sin(i / 7 + k))))
    const block = grid.march(grid.valueJets(away), p.unknowns.slice(grid.values).map(u => columns[u.name]))
    const unknowns = [...away, ...block.values.map(v => v.slice())]
    expect(engine.step(unknowns, block.start, block.regime, 1e12)).toBe(true)
    expect(engine.residual(unknowns, block.start, engine.residual(unknowns, block.start, block.regime).regime).largest).toBeLessThan(1e-8)
  })

  it("goes on from a clone of its state to the same bits", () => {
    const whole = solve(diTella, onGrid(12)), request = requestOf(diTella, onGrid(12))
    let held: { state: unknown; steps: number } | undefined
    for (const { step, state } of run(computation(request).procedure)) if (step === 3) { held = { state: structuredClone(state), steps: step }; break }
    const rest = run(computation(requestOf(diTella, onGrid(12))).procedure, { from: held })
    for (;;) {
      const next = rest.next()
      if (!next.done) continue
      expect((next.value as Solution).table).toEqual(whole.table)
      break
    }
  })

  it("answers at the product of the points, with derivatives of any variable by any state", () => {
    const s = solve(diTella, onGrid("20,14"))
    expect(s.settings.points).toBe("20,14")
    const rows = valuesAt(s, { x: [0.1, 0.2], nu: [0.1, 0.25, 0.6] }, ["p", "Q_nu", "p_xnu"])
    expect(rows.map(({ x, nu }) => [x, nu])).toEqual([[0.1, 0.1], [0.1, 0.25], [0.1, 0.6], [0.2, 0.1], [0.2, 0.25], [0.2, 0.6]])
    expect(slopeOf(s, "Q_nu")).toBe("Q")
    for (const { x, nu, Q_nu } of rows) expect(Q_nu).toBeCloseTo((valueAt(s, "Q", { x, nu: nu + 1e-4 }) - valueAt(s, "Q", { x, nu: nu - 1e-4 })) / 2e-4, 3)
    expect(() => valuesAt(s, { x: [0.1] }, ["p"])).toThrow("no points are given for the state `nu`")
  })

  it("says what is wrong with a grid", () => {
    expect(() => solve(diTella, onGrid("20,20,20"))).toThrow("fd: `points` is `20,20,20`; expected one number, or one for each of the states x, nu")
    expect(() => solve(diTella, onGrid("20,5"))).toThrow("fd: `points` is `5`; expected a whole number at least 10")
    expect(() => solve(diTella, onGrid("2000"))).toThrow("a grid of 4000000 nodes; expected at most 200000 in all")
    expect(() => solve(benchmark, onGrid("50,50"))).toThrow("expected one number, or no more, as there is one state")
  })
})

describe("di-tella-2017", () => {
  it("meets the published numbers within what the grid allows", () => {
    const s = solve(diTella, onGrid(40))
    expect(s.converged).toBe(true)
    for (const [x, nu, p] of [[0.1, 0.25, 6.6409], [0.05, 0.1, 6.6849], [0.05, 0.6, 6.1631], [0.2, 0.25, 6.7628], [0.2, 0.6, 6.4774]]) expect(Math.abs(valueAt(s, "p", { x, nu }) / p - 1)).toBeLessThan(0.003)
    for (const [name, x, nu, y] of [["Q", 0.1, 0.25, 1.328], ["Q", 0.05, 0.6, 2.098], ["Q", 0.2, 0.1, 1.127], ["kappa", 0.1, 0.25, 0.187]] as const) expect(Math.abs(valueAt(s, name, { x, nu }) / y - 1)).toBeLessThan(0.03)
    for (const { label, largest: size } of s.checks) expect(size, label).toBeLessThan(1e-9)
  })

  it("starts from any guess", () => {
    const flat = economy("flat", { ...diTella.declaration, unknowns: Object.fromEntries(Object.entries(diTella.declaration.unknowns).map(([name, u]) => [name, { ...u, guess: "1" }])) })
    const [a, b] = [diTella, flat].map(declared => solve(declared, onGrid(16)))
    expect(a.converged && b.converged).toBe(true)
    for (const name of ["p_A", "p_B", "p"]) expect(largest(a.table.columns[name].map((y, i) => y / b.table.columns[name][i] - 1))).toBeLessThan(1e-7)
  })

  it("begins a step with prices that solve the goods market to rounding", () => {
    const p = problem(diTella), grid = lattice(p, 14), guess = guessOn(grid), { values } = grid.march(grid.valueJets(guess))
    const { A, B } = p.parameters, [x] = grid.inputs.states
    values[0].forEach((price, i) => {
      const consumed = x[i] / guess[0][i] + (1 - x[i]) / guess[1][i]
      expect(Math.abs(price / (-2 * A * consumed + Math.sqrt((2 * A * consumed) ** 2 + B * B + 4 * A)) - 1)).toBeLessThan(1e-13)
    })
  })
})
