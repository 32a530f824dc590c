import { interpolate, interpolateSmooth } from "../math/interpolate.ts"
import type { Solution } from "./solution.ts"

/** Nodes of the polynomial between the nodes of a smooth solution. */
const SMOOTH = 8

/**
 * A variable of a solution (unknown, derivative or definition) at a point: linear between nodes, one-sided at switches; where
 * the solution says so, by a polynomial of the state's logarithm, or at nodes only (NaN elsewhere).
 * Any variable can be differentiated once more by naming the state (`sigma_R_z`): then the slope of its cell.
 */
export function valueAt(solution: Solution, variable: string, point: Readonly<Record<string, number>>): number {
  const [{ name, nodes }] = solution.states
  const x = point[name]
  const breaks = solution.switches.filter(s => s.state === name).map(s => s.at)
  const column = solution.table.columns[variable]
  if (column && solution.between === "nothing") return column[nodeAt(nodes, x)] ?? NaN
  if (column && solution.between === "smooth") return interpolateSmooth(nodes.map(Math.log), column, Math.log(x), SMOOTH)
  if (column) return interpolate(nodes, column, x, breaks)
  const base = slopeOf(solution, variable)
  if (base === undefined) throw new RangeError(`the solution has no variable \`${variable}\``)
  const values = solution.table.columns[base]
  const step = 1e-6 * (nodes[nodes.length - 1] - nodes[0])
  const cut = breaks.find(b => b >= x && b <= x + step)
  const from = cut === undefined ? x : x - step
  return (interpolate(nodes, values, from + step, breaks) - interpolate(nodes, values, from, breaks)) / step
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
