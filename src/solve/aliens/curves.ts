import { fitChebyshev } from "../../math/chebyshev.ts"
import { cellBeside, cellOf, interpolate } from "../../math/interpolate.ts"
import type { Problem } from "../../model/problem.ts"
import { switchesOf } from "../facts.ts"
import type { Lattice } from "../grid/lattice.ts"
import { pointsAt } from "../valueNet.ts"

/**
 * A switch or kink along state 0: a number in one state, a curve over the rows of the other state in two. Plain data: its
 * place in each row, linear between them.
 */
export interface Curve { readonly rows: Float64Array }

/** Where a curve lies at a point (all its states; the first is not read). */
export function curveAt(axes: readonly Float64Array[], { rows }: Curve, point: readonly number[]): number {
  return axes.length === 1 ? rows[0] : interpolate(axes[1], rows, point[1])
}

/** Looks up all columns at a point, into `out`. */
export type LookUp = (point: readonly number[], out: Float64Array) => void

/**
 * Columns of a tensor grid (the last state fastest) between its nodes, linear and never across a curve. In two states the two rows
 * about a point are read where they lie in the same proportion between the curves and the ends: along the curves, so that a row
 * never mixes its two sides. For one or two states.
 */
export function lookUp(axes: readonly Float64Array[], columns: readonly Float64Array[], curves: readonly Curve[]): LookUp {
  const [nodes, others = new Float64Array(1)] = axes
  const rows = others.length, [low, high] = [nodes[0], nodes[nodes.length - 1]]
  const inRows = columns.map(c => Array.from({ length: rows }, (_, j) => (rows === 1 ? c : nodes.map((_, i) => c[i * rows + j]))))
  const sorted = (places: number[]): number[] => places.sort((a, b) => a - b)
  const breaks = Array.from({ length: rows }, (_, j) => sorted(curves.map(c => c.rows[j]))), knots = breaks.map(own => [low, ...own, high])
  return (point, out) => {
    const [x] = point
    if (axes.length === 1) {
      const { cell, share } = cellAt(nodes, x, breaks[0])
      for (let k = 0; k < columns.length; k++) out[k] = between(columns[k], cell, share)
      return
    }
    const j = cellOf(others, point[1]), share = (point[1] - others[j]) / (others[j + 1] - others[j])
    const here = [low, ...sorted(curves.map(c => curveAt(axes, c, point))), high]
    const [a, b] = [j, j + 1].map(row => cellAt(nodes, aligned(x, here, knots[row]), breaks[row]))
    for (let k = 0; k < columns.length; k++) out[k] = (1 - share) * between(inRows[k][j], a.cell, a.share) + share * between(inRows[k][j + 1], b.cell, b.share)
  }
}

/** The cell in which x is read, never across a break, and how far along it. */
function cellAt(nodes: Float64Array, x: number, breaks: readonly number[]): { readonly cell: number; readonly share: number } {
  const cell = cellBeside(nodes, x, breaks)
  return { cell, share: (x - nodes[cell]) / (nodes[cell + 1] - nodes[cell]) }
}

const between = (values: Float64Array, cell: number, share: number): number => values[cell] + share * (values[cell + 1] - values[cell])

/** The point between the knots `to` that lies as `x` does between the knots `from`; rounding never carries it across a curve. */
function aligned(x: number, from: readonly number[], to: readonly number[]): number {
  const last = from.length - 2
  let i = 0
  while (i < last && x > from[i + 1]) i++
  const length = from[i + 1] - from[i]
  const point = length > 0 ? to[i] + ((x - from[i]) / length) * (to[i + 1] - to[i]) : to[i]
  const above = i > 0 ? Math.max(point, to[i] + Number.EPSILON * (Math.abs(to[i]) || 1)) : point
  return i < last ? Math.min(above, to[i + 1]) : above
}

/**
 * Where complementarity lines change side. In one state each change is a curve of its own; in two a line has one, with its
 * lowest change in each row, at the end of the domain in a row that lies on one side whole.
 */
export function switchCurves(grid: Lattice, regime: Uint8Array): Curve[] {
  const { axes, problem } = grid, switches = switchesOf(grid, regime)
  if (axes.length === 1) return switches.map(s => ({ rows: Float64Array.of(s.at) }))
  const other = problem.states[1].name, [{ from, to }] = problem.states, rows = axes[1].length
  const lines = problem.block.residuals.flatMap((r, row) => (r.second >= 0 ? [problem.block.labels[row]] : []))
  return lines.flatMap((label, bit) => {
    const own = switches.filter(s => s.label === label)
    if (own.length === 0) return []
    return [{ rows: axes[1].map((a, j) => {
      const here = own.filter(s => s.where?.[other] === a).map(s => s.at)
      return here.length > 0 ? Math.min(...here) : (regime[(axes[0].length - 1) * rows + j] >> bit) & 1 ? from : to
    }) }]
  })
}

/** A curve as nets know it: Chebyshev coefficients of x_1 in x_2 (see `Frame`). */
export function kinkOf({ states }: Problem, axes: readonly Float64Array[], { rows }: Curve): number[] {
  if (axes.length === 1) return [pointsAt(states, [rows]).x[0][0]]
  const [x, y] = pointsAt(states, [rows, axes[1]]).x
  return fitChebyshev([y], x, KINK_DEGREE)
}

/** A switch curve of the two-state benchmark is met to 1e-3 of the domain with this degree. */
const KINK_DEGREE = 8
