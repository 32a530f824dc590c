import { describe, expect, it } from "vitest"
import { problem } from "../../src/model/compileProblem.ts"
import { economy, type Economy } from "../../src/model/economy.ts"
import { frozenWidth } from "../../src/model/problem.ts"
import { solve } from "../../src/request.ts"
import { linearPde } from "../../src/solve/aliens/coefficients.ts"
import { lattice } from "../../src/solve/grid/lattice.ts"
import type { ValueJets } from "../../src/solve/block/staticBlock.ts"
import { outputsFor } from "../../src/solve/pointInputs.ts"
import { benchmark, elastic, largest, merton } from "./models.ts"

/** A lattice with values away from the solution, the static block at them, and the two linear PDEs. */
function atSomeValues(declared: Economy) {
  const p = problem(declared), points = 120, grid = lattice(p, points)
  const { columns } = solve(declared, { set: [`points=${points}`] }).table
  const values = p.unknowns.slice(0, grid.values).map((u, k) => columns[u.name].map((x, i) => x * (1 + 0.1 * Math.sin(i / 20 + k))))
  const jets = grid.valueJets(values)
  const block = p.block.labels.length > 0 ? grid.march(jets) : { values: [], regime: new Uint8Array(points), start: new Float64Array(0) }
  grid.setRegime(block.regime, block.start)
  grid.fillStatic([...values, ...block.values], jets, "hjb")
  const [frozen, linearised] = (["frozen", "linearised"] as const).map(how => linearPde(p, grid, jets, how).map(c => c.slice()))
  const hjb = outputsFor(p.hjb.kernel, points)
  p.hjb.kernel.run(grid.inputs.all, points, hjb)
  return { p, grid, jets, frozen, linearised, hjb, points }
}

/** b J_z + d J_zz + l J + s of value function i. */
const operator = (columns: readonly Float64Array[], i: number, { value, first: [first], second: [second] }: ValueJets): Float64Array => {
  const [b, d, l, s] = columns.slice(i * frozenWidth(1), (i + 1) * frozenWidth(1))
  return value.map((v, k) => b[k] * first[k] + d[k] * second[k] + l[k] * v + s[k])
}

describe("linearPde", () => {
  it.each([["benchmark", benchmark], ["elastic", elastic], ["merton", merton]] as const)("frozen or linearised, is the HJB line itself at the last values (%s)", (_, declared) => {
    const { p, jets, frozen, linearised, hjb } = atSomeValues(declared)
    jets.forEach((jet, i) => {
      const time = p.hjb.partials.find(q => q.row === i && p.jets[q.jet].kind === "time")!
      const line = hjb[p.hjb.residuals[i].first].map((r, k) => r / hjb[time.output][k])
      expect(largest(line)).toBeGreaterThan(1e-6)
      for (const columns of [frozen, linearised]) expect(largest(operator(columns, i, jet).map((y, k) => y - line[k])) / largest(line)).toBeLessThan(1e-11)
    })
  })

  it("frozen is linear in what the line names and has the slides' coefficients", () => {
    const { grid, p, frozen, points } = atSomeValues(benchmark)
    const defined = outputsFor(p.defined, points)
    p.defined.run(grid.inputs.all, points, defined)
    const of = (name: string): Float64Array => defined[p.definitions.indexOf(name)]
    const { gamma, sigma } = p.parameters
    for (const [i, agent] of ["e", "h"].entries()) for (let k = 0; k < points; k++) {
      const [b, d, l, s] = frozen.slice(4 * i, 4 * i + 4).map(c => c[k])
      expect(b).toBeCloseTo(of("mu_z")[k] + (1 - gamma) * sigma * of("sigma_z")[k], 12)
      expect(d).toBeCloseTo(of("sigma_z")[k] ** 2 / 2, 12)
      expect(l).toBeCloseTo(of(`L_${agent}`)[k], 12)
      expect(s).toBe(0)
    }
  })

  it("linearised follows a small change of J at second order where the motion of the state is given", () => {
    // log J and J_z^2/J in definitions: frozen leaves a first-order error, linearised a second-order one.
    const declared = economy("bent", {
      is: "a line that is not linear in its value", parameters: { k: { value: 0.3, is: "rate" } },
      states: { x: { is: "state", from: 0, to: 1, drift: "k*(0.5 - x)", risk: "0.2" } },
      unknowns: { J: { kind: "value", guess: "1 + x", positive: true, is: "value" } },
      equations: "G = -0.1*log(J) - 0.01*(vol(J)/J)^2\n[HJB] 0 = drift(J) + G*J",
    })
    const p = problem(declared), grid = lattice(p, 60)
    const jetsOf = (by: number) => ({ value: grid.nodes.map(x => 1 + x + by * Math.cos(2 * x)), first: [grid.nodes.map(x => 1 - 2 * by * Math.sin(2 * x))], second: [grid.nodes.map(x => -4 * by * Math.cos(2 * x))] })
    const lineAt = (by: number): Float64Array => {
      grid.fillStatic([jetsOf(by).value], [jetsOf(by)], "hjb")
      const out = outputsFor(p.hjb.kernel, 60)
      p.hjb.kernel.run(grid.inputs.all, 60, out)
      return out[p.hjb.residuals[0].first].map(r => -r)
    }
    grid.fillStatic([jetsOf(0).value], [jetsOf(0)], "hjb")
    const columns = { frozen: linearPde(p, grid, [jetsOf(0)], "frozen"), linearised: linearPde(p, grid, [jetsOf(0)], "linearised") }
    const errors = (how: "frozen" | "linearised"): number[] => [0.02, 0.01].map(by => {
      const line = lineAt(by)
      return largest(operator(columns[how], 0, jetsOf(by)).map((y, k) => y - line[k]))
    })
    const [frozen, linearised] = [errors("frozen"), errors("linearised")]
    expect(Math.log2(frozen[0] / frozen[1])).toBeCloseTo(1, 1)
    expect(Math.log2(linearised[0] / linearised[1])).toBeCloseTo(2, 1)
    expect(linearised[1]).toBeLessThan(frozen[1] / 20)
  })

  it("refuses to freeze a line that is not linear in its value, and says what to do", () => {
    const bent = economy("bent", {
      is: "a line that is not linear", parameters: { k: { value: 0.3, is: "rate" } },
      states: { x: { is: "state", from: 0, to: 1, drift: "0", risk: "k" } },
      unknowns: { J: { kind: "value", guess: "1", positive: true, is: "value" } },
      equations: "[HJB] 0 = drift(J) - J*log(J)",
    })
    const p = problem(bent), grid = lattice(p, 20), jets = grid.valueJets([new Float64Array(20).fill(2)])
    grid.fillStatic([jets[0].value], jets, "hjb")
    expect(() => linearPde(p, grid, jets, "frozen")).toThrow(/`bent`: \[HJB\] is not linear in `J`.*linearised/)
    expect(linearPde(p, grid, jets, "linearised")).toHaveLength(4)
  })
})
