import { interpolateSmooth } from "../math/interpolate.ts"
import { breaksAt, gridOf, onGrid, type Grid } from "./grid/onGrid.ts"
import type { Solution } from "./solution.ts"

/** Nodes of the polynomial between the nodes of a smooth solution. */
const SMOOTH = 8

/**
 * A variable of a solution (unknown, derivative or definition) at a point: linear between nodes, one-sided at switches; where
 * the solution says so, by a polynomial of the state's logarithm, or at nodes only (NaN elsewhere).
 * Any variable can be differentiated once more by naming the state (`sigma_R_z`): then the slope of its cell.
 */
export function valueAt(solution: Solution, variable: string, point: Readonly<Record<string, number>>): number {
  const { states, table } = solution, grid = held(solution)
  const at = states.map(s => point[s.name])
  const column = table.columns[variable]
  if (column && solution.between === "nothing") return column[nodeAt(states[0].nodes, at[0])] ?? NaN
  if (column && solution.between === "smooth") return interpolateSmooth(states[0].nodes.map(Math.log), column, Math.log(at[0]), SMOOTH)
  if (column) return onGrid(grid, column, at)
  const base = slopeOf(solution, variable)
  if (base === undefined) throw new RangeError(`the solution has no variable \`${variable}\``)
  const values = table.columns[base], s = states.findIndex(({ name }) => variable === `${base}_${name}`)
  const { nodes } = states[s], step = 1e-6 * (nodes[nodes.length - 1] - nodes[0])
  const moved = (by: number): number[] => at.map((x, k) => (k === s ? x + by : x))
  const from = crosses(grid, at, moved(step)) ? moved(-step) : at
  return (onGrid(grid, values, from.map((x, k) => (k === s ? x + step : x))) - onGrid(grid, values, from)) / step
}

/** Whether a switch curve lies between two points that are close to each other. */
function crosses(grid: Grid, a: readonly number[], b: readonly number[]): boolean {
  const [before, after] = [a, b].map(([, ...others]) => breaksAt(grid, others) ?? [])
  return before.some((cut, k) => cut >= a[0] && (after[k] ?? cut) <= b[0])
    || (b[0] === a[0] && before.some((cut, k) => cut >= a[0] !== (after[k] ?? cut) >= b[0]))
}

/** Grids of solutions, made once. */
const grids = new WeakMap<Solution, Grid>()
function held(solution: Solution): Grid {
  const grid = grids.get(solution) ?? gridOf(solution.states, solution.switches)
  grids.set(solution, grid)
  return grid
}

/** The node that x is, up to rounding; -1 where it is none. */
export const nodeAt = (nodes: Float64Array, x: number): number => nodes.findIndex(node => Math.abs(node - x) <= 1e-9 * Math.abs(node))

/** The variables that can be asked for. */
export const variablesOf = (solution: Solution): string[] => Object.keys(solution.table.columns).filter(name => !name.includes(":"))

/** The variable whose derivative `variable` names, if any. */
export function slopeOf(solution: Solution, variable: string): string | undefined {
  return solution.states.map(s => `_${s.name}`).filter(end => variable.endsWith(end)).map(end => variable.slice(0, -end.length))
    .find(base => Object.hasOwn(solution.table.columns, base))
}
