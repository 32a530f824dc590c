import type { Problem } from "../model/problem.ts"
import { table, type Table } from "../run/table.ts"
import type { Solution } from "../solve/solution.ts"
import { stationaryOf } from "../math/jumpChain.ts"
import { cellsOf, countOf, indicesOf, volumeOf } from "./cells.ts"
import { kolmogorovOf } from "./kolmogorov.ts"
import { lawOf } from "./law.ts"
import { partsOf } from "./parts.ts"
import { regionsOf } from "./regions.ts"

/** Cells of each state: for one state, and for two. Fine enough that what is left is the solution's own error. */
export const CELLS: Readonly<Record<number, readonly number[]>> = { 1: [1000], 2: [120, 60] }

/**
 * The stationary density of one or two states by the Kolmogorov forward equation, undefined for more. Columns: the states at
 * the centres of cells (last state fastest), `density`, and `mass`, which sums to 1. In a cell that a break cuts, where the density
 * jumps, the density is the mean.
 */
export function stationaryDensity(problem: Problem, solution: Solution, shape = CELLS[problem.states.length]): Table | undefined {
  if (!shape) return undefined
  const law = lawOf(problem, solution, regionsOf(problem, solution), undefined)
  const cells = cellsOf(problem.states, shape)
  const { chain } = kolmogorovOf(law, cells, partsOf(law, cells))
  const mass = stationaryOf(chain)
  const at = Array.from({ length: countOf(cells) }, (_, cell) => indicesOf(cells, cell))
  return table({
    ...Object.fromEntries(problem.states.map(({ name }, s) => [name, Float64Array.from(at, indices => cells.centres[s][indices[s]])])),
    density: mass.map((m, cell) => m / volumeOf(cells, at[cell])), mass,
  })
}
