import type { Rows } from "../model/problem.ts"
import type { Lattice } from "./grid/lattice.ts"
import { outputsFor } from "./pointInputs.ts"
import type { ValueJets } from "./block/staticBlock.ts"

/**
 * Residuals of the stationary equations at the nodes, with the exact derivatives of the nets: HJB lines as relative growth
 * of the value a unit of time, then the lines of the static block. The lattice must hold the regime of the solution.
 */
export function netResiduals(grid: Lattice, unknowns: readonly Float64Array[], values: readonly ValueJets[]): Float64Array[] {
  const { problem, size, inputs } = grid
  const evaluate = (rows: Rows, reader: "hjb" | "block"): Float64Array[] => {
    grid.fillStatic(unknowns, values, reader)
    const out = outputsFor(rows.kernel, size)
    rows.kernel.run(inputs.all, size, out)
    return out
  }
  const hjb = evaluate(problem.hjb, "hjb")
  const lines = problem.hjb.residuals.map(({ first }, row) => {
    const time = problem.hjb.partials.find(p => p.row === row && problem.jets[p.jet].kind === "time")!.output
    return hjb[first].map((r, i) => r / (hjb[time][i] * Math.abs(values[row].value[i])))
  })
  const block = evaluate(problem.block, "block")
  return [...lines, ...problem.block.residuals.map(({ first, second }) =>
    second < 0 ? block[first].slice() : block[first].map((f, i) => Math.min(f, block[second][i])))]
}
