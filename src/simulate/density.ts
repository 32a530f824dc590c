import type { Problem } from "../model/problem.ts"
import { table, type Table } from "../run/table.ts"
import type { Solution } from "../solve/solution.ts"
import { cellsOf, coarse, tableIndices, volumeOf } from "./cells.ts"
import { forwardOf, solved } from "./forward.ts"
import { lawOf } from "./law.ts"
import { regionsOf } from "./regions.ts"

/**
 * The stationary density of one or two states by the Kolmogorov forward equation, undefined for more. Columns: the states at
 * the centres of cells (last state fastest), `density`, and `mass`, which sums to 1. In a cell that a break cuts, where the density
 * jumps, the density is the mean. `shape` replaces the numbers of cells.
 */
export function stationaryDensity(problem: Problem, solution: Solution, shape?: readonly number[]): Table | undefined {
  if (problem.states.length > 2) return undefined
  const law = lawOf(problem, solution, regionsOf(problem, solution), undefined)
  const { cells, masses } = shape ? solved(law, cellsOf(problem.states, shape)) : forwardOf(law, problem.states)
  const mass = coarse(cells, masses, problem.states.map(() => 1))
  const at = Array.from(mass, (_, row) => tableIndices(cells.shape, row))
  return table({
    ...Object.fromEntries(problem.states.map(({ name }, s) => [name, Float64Array.from(at, indices => cells.centres[s][indices[s]])])),
    density: mass.map((m, row) => m / volumeOf(cells, at[row])), mass,
  })
}
