import { describe, expect, it } from "vitest"
import { interpolate } from "../../src/math/interpolate.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { economy, type Economy } from "../../src/model/economy.ts"
import { solve } from "../../src/request.ts"
import { switchesOf } from "../../src/solve/facts.ts"
import { guessOn, lattice } from "../../src/solve/grid/lattice.ts"
import { marchesIn, type ValueJets } from "../../src/solve/block/staticBlock.ts"
import { outputsFor } from "../../src/solve/pointInputs.ts"
import { benchmark, basakCuoco, cutAt, elastic, largest } from "./models.ts"
import { firstOrderMarch } from "./firstOrderMarch.ts"

/** The static block at value functions that are constants. */
function marchFlat(declared: Economy, parameters: Readonly<Record<string, number>>, points: number) {
  const p = problem(declared, { parameters })
  const grid = lattice(p, points)
  const flat: ValueJets = { value: new Float64Array(points).fill(1), first: [new Float64Array(points)], second: [new Float64Array(points)] }
  const jets = Array.from({ length: grid.values }, () => flat)
  const block = grid.march(jets)
  grid.setRegime(block.regime, block.start)
  grid.fillStatic([...jets.map(j => j.value), ...block.values], jets, "table")
  const defined = outputsFor(p.defined, points)
  p.defined.run(grid.inputs.all, points, defined)
  const column = (name: string): Float64Array => (name === "q" ? block.values[0] : name === "psi" ? block.values[1] : defined[p.definitions.indexOf(name)])
  return { p, grid, block, column, at: (name: string, z: number) => interpolate(grid.nodes, column(name), z), switchAt: switchesOf(grid, block.regime)[0]?.at }
}

/** With J constant and sigma_a = 0 the block of Gopalakrishna (2021) is that of the benchmark: its numbers at the two ends of productivity. */
const misallocation = (alpha: number, a_e: number) => ({ alpha, a_e, a_h: 0.02, rho_e: 0.05, rho_h: 0.05, kappa: 5, sigma: 0.06 })

describe("staticBlock", () => {
  it.each<[number, number, Record<string, number[]>]>([
    [0.1, 0.1419, { q: [1.0444, 1.13579], psi: [0.51375, 0.79935], sigma_R: [0.14033] }],
    [0.2, 0.1888, { q: [1.18428, 1.35368], psi: [0.42261, 0.65789], sigma_R: [0.2222] }],
  ])("meets the reference at productivity %d, part of the risk sold: first-order numbers on 1000 nodes", (a_e, switchAt, known) => {
    const found = marchFlat(benchmark, misallocation(0.65, a_e), 1000)
    const first = firstOrderMarch(found.p.parameters, 1000, 0.001, 0.999, () => 0)
    expect(Math.abs(found.switchAt - switchAt)).toBeLessThan(0.002)
    expect(Math.abs(first.switchAt - switchAt)).toBeLessThan(0.001)
    for (const [name, values] of Object.entries(known)) values.forEach((value, i) => {
      const z = [0.05, 0.1][i], column = name === "sigma_R" ? first.sigmaR : name === "q" ? first.q : first.psi
      expect(Math.abs(interpolate(first.z, column, z) / value - 1), `first order: ${name}(${z})`).toBeLessThan(0.001)
      // The share at .05 is .6% from its limit in a first-order scheme of that size.
      expect(Math.abs(found.at(name, z) / value - 1), `${name}(${z})`).toBeLessThan(name === "psi" ? 0.006 : 0.004)
    })
  })

  it.each([[0.1, 0.2458], [0.2, 0.3097]])("finds the switch at productivity %d with all risk retained", (a_e, switchAt) => {
    expect(Math.abs(marchFlat(benchmark, misallocation(1, a_e), 500).switchAt - switchAt)).toBeLessThan(0.002)
  })

  it("is the limit of the first-order scheme of the published codes", () => {
    for (const [alpha, a_e] of [[0.65, 0.1], [0.65, 0.2], [1, 0.1], [1, 0.2]]) {
      // The first step, from 0 to the edge of the domain, is not refined with the grid: an edge at .001 is worth 5e-4 of psi.
      const found = marchFlat(cutAt(benchmark, 1e-4), misallocation(alpha, a_e), 2000)
      const [coarse, fine] = [8000, 16000].map(n => firstOrderMarch(found.p.parameters, n, 1 / n, 1 - 1 / n, () => 0))
      expect(Math.abs(fine.switchAt - found.switchAt)).toBeLessThan(3e-4)
      for (const z of [0.05, 0.1, 0.15]) for (const [name, column] of [["q", "q"], ["psi", "psi"], ["sigma_R", "sigmaR"]] as const) {
        if (z > 0.9 * found.switchAt) continue
        const [a, b] = [coarse, fine].map(m => interpolate(m.z, m[column], z))
        expect(Math.abs((2 * b - a) / found.at(name, z) - 1), `${name}(${z})`).toBeLessThan(2e-4)
      }
    }
  })

  it("is of second order inside a regime", () => {
    const at = [100, 200, 400, 800].map(points => ["q", "psi", "sigma_R"].map(name => marchFlat(benchmark, misallocation(1, 0.1), points).at(name, 0.15)))
    // Interpolation between nodes adds an error of its own, of second order too but without a smooth constant.
    at[0].forEach((_, k) => {
      const errors = at.slice(1).map((row, i) => Math.abs(row[k] - at[i][k]))
      expect(Math.log2(errors[0] / errors[2]) / 2).toBeGreaterThan(1.6)
    })
  })

  it("stays on the branch that hangs together with the start: volatility positive, no jump, whatever grid and calibration", () => {
    for (const calibration of Object.keys(benchmark.declaration.calibrations!)) for (const points of [50, 67, 90, 131, 400]) {
      const { parameters } = problem(benchmark, { calibration })
      const { column, switchAt, grid } = marchFlat(benchmark, parameters, points)
      const psi = column("psi"), where = `${calibration}, ${points} nodes`
      expect(Math.min(...column("sigma_R")), where).toBeGreaterThan(0)
      expect(switchAt, where).toBeGreaterThan(0)
      for (let i = 2; i < points && psi[i] < 1; i++) {
        const slope = (k: number): number => (psi[k] - psi[k - 1]) / (grid.nodes[k] - grid.nodes[k - 1])
        expect(slope(i), where).toBeGreaterThan(0)
        expect(slope(i), where).toBeLessThan(1.5 * slope(i - 1))
      }
    }
  })

  it("solves every equation at every node, and starts where the declaration says", () => {
    const { p, grid, block } = marchFlat(benchmark, {}, 300)
    grid.fillStatic([new Float64Array(300).fill(1), new Float64Array(300).fill(1), ...block.values], [0, 1].map(() => ({ value: new Float64Array(300).fill(1), first: [new Float64Array(300)], second: [new Float64Array(300)] })), "block")
    const out = outputsFor(p.block.kernel, 300)
    p.block.kernel.run(grid.inputs.all, 300, out)
    const [goods, capital] = p.block.residuals
    expect(largest(out[goods.first])).toBeLessThan(1e-11)
    expect(largest(out[capital.first].map((f, i) => Math.min(f, out[capital.second][i])))).toBeLessThan(1e-11)
    block.regime.forEach((side, i) => expect(side).toBe(block.values[1][i] === 1 ? 1 : 0))
    const { a_h, kappa, rho_h } = p.parameters
    expect(block.start[0]).toBeCloseTo((1 + kappa * a_h) / (1 + kappa * rho_h), 12)
    expect(block.start[1]).toBe(0)
  })

  it("does not depend on where it is started from where the declaration gives a start", () => {
    const { p, grid, block } = marchFlat(benchmark, {}, 200)
    const flat = { value: new Float64Array(200).fill(1), first: [new Float64Array(200)], second: [new Float64Array(200)] }
    const warm = [new Float64Array(200).fill(1.4), new Float64Array(200).fill(0.9)]
    expect(grid.march([flat, flat], warm)).toEqual(block)
    expect(p.unknowns.length).toBe(4)
  })

  it("knows in which regime it is a differential equation", () => {
    const marches = marchesIn(problem(benchmark))
    expect([marches(0), marches(1)]).toEqual([true, false])
    expect(marchesIn(problem(elastic))(0)).toBe(true)
    expect(marchesIn(problem(basakCuoco))(0)).toBe(false)
  })

  it("says which equation has no solution, and where", () => {
    const impossible = economy("impossible", {
      is: "a price that exists on the lower half of the domain only",
      parameters: { b: { value: 0.5, is: "where the price ends" } },
      states: { x: { is: "state", from: 0, to: 1, drift: "0", risk: "0" } },
      unknowns: { q: { kind: "price", guess: "1", positive: true, is: "price" }, p: { kind: "price", guess: "1", is: "another" } },
      equations: "[easy] p = x\n[hard] q^2 = b - x",
    })
    const grid = lattice(problem(impossible), 51)
    const { failure, values } = grid.march([])
    expect(failure?.label).toBe("hard")
    // At b itself the price is zero, which no positive price can be.
    expect(Math.abs(grid.nodes[failure!.node] - 0.5)).toBeLessThan(0.021)
    expect(values[0][20]).toBeCloseTo(Math.sqrt(0.5 - grid.nodes[20]), 10)
    const solution = solve(impossible, { set: ["points=51"] })
    expect(solution.converged).toBe(false)
    expect(solution.outcome).toMatch(/^no further step/)
    expect(solution.detail).toMatch(/^\[hard\] could not be solved at x = 0\.\d+/)
  })

  it("says so too where the march cannot even start", () => {
    const { failure } = lattice(problem(benchmark, { parameters: { a_h: -0.3 } }), 60).march(guessOn(lattice(problem(benchmark), 60)).slice(0, 2).map(value => ({ value, first: [new Float64Array(60)], second: [new Float64Array(60)] })))
    expect(failure).toMatchObject({ label: "goods market", node: 0 })
    expect(solve(benchmark, { set: ["a_h=-0.3", "points=60"] }).detail).toContain("[goods market] could not be solved")
  })
})
