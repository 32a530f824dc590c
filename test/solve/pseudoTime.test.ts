import { describe, expect, it } from "vitest"
import { problem } from "../../src/model/compileProblem.ts"
import type { Economy } from "../../src/model/economy.ts"
import { solve } from "../../src/request.ts"
import { guessOn, lattice } from "../../src/solve/grid/lattice.ts"
import { pseudoTime } from "../../src/solve/newton/pseudoTime.ts"
import { benchmark, elastic, largest, manufactured, manufacturedValue, merton, neoclassicalGrowth, twoTrees } from "./models.ts"

/** The unknowns with which `fd` starts: guesses, and the static block at them. */
function beginning(declared: Economy, points: number) {
  const p = problem(declared), grid = lattice(p, points), engine = pseudoTime(grid)
  const guess = guessOn(grid)
  const block = p.block.labels.length > 0 ? grid.march(grid.valueJets(guess)) : { values: [], regime: new Uint8Array(points), start: new Float64Array(0) }
  return { p, grid, engine, unknowns: [...guess.slice(0, grid.values), ...block.values], regime: block.regime, start: block.start }
}

const economies: [string, Economy][] = [["benchmark", benchmark], ["elastic", elastic], ["merton", merton], ["two trees", twoTrees(0, 1, "s")]]

describe("pseudoTime", () => {
  it.each(economies)("makes implicit steps: F(J_new) = (J_new - J_old)/dt and the static block exactly (%s)", (_, declared) => {
    for (const dt of [1e-3, 0.1, 1]) {
      const { engine, unknowns, regime, start, grid } = beginning(declared, 60)
      const old = unknowns.map(u => u.slice())
      expect(engine.step(unknowns, start, regime, dt)).toBe(true)
      const after = engine.residual(unknowns, start, regime)
      const { rows } = engine.residual(unknowns, start, after.regime)
      for (let u = 0; u < grid.values; u++) rows[u].forEach((growth, i) => {
        const implied = (unknowns[u][i] - old[u][i]) / dt
        // The residual of an HJB line is growth relative to the size of the value.
        const size = Math.abs(unknowns[u][i])
        if (size > 0) expect(Math.abs(growth * size - implied) / largest(unknowns[u])).toBeLessThan(1e-8 + 1e-11 / dt)
      })
      for (const row of rows.slice(grid.values)) expect(largest(row)).toBeLessThan(1e-9)
    }
  })

  it.each(economies)("stays at a solution, however short or long the step (%s)", (_, declared) => {
    const { p, grid, engine } = beginning(declared, 80)
    const { columns } = solve(declared, { set: ["points=80", "tolerance=1e-11"] }).table
    const solution = p.unknowns.map(u => columns[u.name].slice())
    const block = grid.march(grid.valueJets(solution))
    for (const dt of [1e-3, 1, 1e3, 1e9]) {
      const moved = solution.map(u => u.slice())
      expect(engine.step(moved, block.start, block.regime, dt)).toBe(true)
      moved.forEach((u, k) => expect(largest(u.map((x, i) => x - solution[k][i])) / largest(solution[k]), `${p.unknowns[k].name}, dt ${dt}`).toBeLessThan(1e-7))
    }
  })

  it("comes back to a solution in one step of Newton's own length: fifteen iterations suffice only with the exact Jacobian", () => {
    for (const [name, declared] of economies.slice(0, 3)) {
      const { p, grid, engine } = beginning(declared, 60)
      const { columns } = solve(declared, { set: ["points=60"] }).table
      const away = p.unknowns.slice(0, grid.values).map((u, k) => columns[u.name].map((x, i) => x * (1 + 0.02 * Math.sin(i / 7 + k))))
      const block = p.block.labels.length > 0 ? grid.march(grid.valueJets(away)) : { values: [], regime: new Uint8Array(60), start: new Float64Array(0) }
      const unknowns = [...away, ...block.values.map(v => v.slice())]
      expect(engine.residual(unknowns, block.start, block.regime).largest, name).toBeGreaterThan(1e-4)
      expect(engine.step(unknowns, block.start, block.regime, 1e12), name).toBe(true)
      const { regime } = engine.residual(unknowns, block.start, block.regime)
      expect(engine.residual(unknowns, block.start, regime).largest, name).toBeLessThan(1e-9)
    }
  })

  it("solves a linear problem in one step of any length", () => {
    const { engine, unknowns, regime, start, grid } = beginning(manufactured(0.3), 200)
    expect(engine.step(unknowns, start, regime, Infinity)).toBe(true)
    expect(engine.residual(unknowns, start, regime).largest).toBeLessThan(1e-8)
    expect(largest(unknowns[0].map((v, i) => v - manufacturedValue(grid.nodes[i])))).toBeLessThan(1e-4)
  })

  it("says which equation is worst, and where", () => {
    const { engine, unknowns, regime, start } = beginning(manufactured(0.3), 60)
    engine.step(unknowns, start, regime, Infinity)
    unknowns[0][40] += 1
    const { label, node, row, largest: size, rows } = engine.residual(unknowns, start, regime)
    expect([label, row]).toEqual(["line", 0])
    expect(Math.abs(node - 40)).toBeLessThanOrEqual(1)
    expect(size).toBe(largest(rows[0]))
    const market = beginning(benchmark, 60)
    market.unknowns[2][40] *= 2
    const worst = market.engine.residual(market.unknowns, market.start, market.regime)
    expect(worst.largest).toBe(largest(worst.rows.flatMap(r => [...r])))
    expect(Math.abs(worst.rows[worst.row][worst.node])).toBe(worst.largest)
  })

  it("gives up on a step that leads nowhere", () => {
    const { engine, unknowns, regime, start } = beginning(neoclassicalGrowth, 40)
    // A value that falls in capital has no policy.
    unknowns[0].forEach((_, i) => { unknowns[0][i] = -i })
    expect(engine.step(unknowns, start, regime, 1)).toBe(false)
  })
})
