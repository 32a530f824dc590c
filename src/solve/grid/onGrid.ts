import { cellBeside, cellOf } from "../../math/interpolate.ts"
import { sizeOf, stridesOf } from "./behind.ts"
import type { Solution } from "../solution.ts"

/**
 * Functions given at the nodes of a grid over several states, between the nodes. A row of the grid is a line along state 0; on
 * each, switches are the points where a complementarity line changes side. Over all rows they are curves, which
 * interpolation does not look across.
 */
export interface Grid {
  readonly axes: readonly Float64Array[]
  /** The switches on a row, increasing. */
  breaks(row: number): readonly number[]
}

export function gridOf(states: Solution["states"], switches: Solution["switches"]): Grid {
  const axes = states.map(s => s.nodes)
  const rows: number[][] = Array.from({ length: sizeOf(axes.slice(1)) }, () => [])
  for (const s of switches) if (s.state === states[0].name) rows[rowOf(states, s.where ?? {})]?.push(s.at)
  for (const row of rows) row.sort((a, b) => a - b)
  return { axes, breaks: row => rows[row] }
}

/** The row whose other states lie at a point (at nodes). */
function rowOf(states: Solution["states"], where: Readonly<Record<string, number>>): number {
  const strides = stridesOf(states.map(s => s.nodes))
  return states.slice(1).reduce((row, { name, nodes }, k) => row + nodes.indexOf(where[name]) * strides[k + 1], 0)
}

/** The rows about a point, with their weights (those of linear interpolation in the other states). */
export function rowsAbout({ axes }: Grid, others: readonly number[]): { readonly row: number; readonly weight: number }[] {
  const strides = stridesOf(axes)
  return others.reduce<{ row: number; weight: number }[]>((corners, x, k) => {
    const nodes = axes[k + 1], i = cellOf(nodes, x), t = (x - nodes[i]) / (nodes[i + 1] - nodes[i])
    return corners.flatMap(({ row, weight }) => [{ row: row + i * strides[k + 1], weight: weight * (1 - t) }, { row: row + (i + 1) * strides[k + 1], weight: weight * t }])
  }, [{ row: 0, weight: 1 }]).filter(({ weight }) => weight !== 0)
}

/** Where the switch curves lie on the line along state 0 through a point; undefined where the rows about it have different numbers of switches. */
export function breaksAt(grid: Grid, others: readonly number[]): readonly number[] | undefined {
  const rows = rowsAbout(grid, others), count = grid.breaks(rows[0].row).length
  if (rows.length === 1) return grid.breaks(rows[0].row)
  if (rows.some(({ row }) => grid.breaks(row).length !== count)) return undefined
  return Array.from({ length: count }, (_, k) => rows.reduce((sum, { row, weight }) => sum + weight * grid.breaks(row)[k], 0))
}

/**
 * A function at a point, linear in each state: on every row about it the value is taken on the side of the switch curves on
 * which the point lies, extended where the row has its switch earlier.
 */
export function onGrid(grid: Grid, column: Float64Array, point: readonly number[]): number {
  const { axes } = grid, [x, ...others] = point, nodes = axes[0], stride = column.length / nodes.length
  const piece = others.length === 0 ? undefined : breaksAt(grid, others)?.filter(b => b < x).length
  return rowsAbout(grid, others).reduce((sum, { row, weight }) => {
    const i = cellOn(nodes, x, grid.breaks(row), piece), t = (x - nodes[i]) / (nodes[i + 1] - nodes[i])
    const value = column[i * stride + row]
    return sum + weight * (value + t * (column[(i + 1) * stride + row] - value))
  }, 0)
}

/** The cell of a row that stands for x: in the piece between two breaks on which the point lies, where it is known and has two nodes. */
function cellOn(nodes: Float64Array, x: number, breaks: readonly number[], piece: number | undefined): number {
  if (piece === undefined || breaks.length === 0) return cellBeside(nodes, x, breaks)
  const first = piece === 0 ? 0 : nodes.findIndex(z => z > breaks[piece - 1])
  const last = piece === breaks.length ? nodes.length - 1 : nodes.findLastIndex(z => z <= breaks[piece])
  return first < 0 || last - first < 1 ? cellBeside(nodes, x, breaks) : Math.min(Math.max(cellOf(nodes, x), first), last - 1)
}
