import type { State } from "../model/problem.ts"
import { cellBy, guideOf } from "./field.ts"

/**
 * A division of the domain into cells, even in the coordinate of each state. The numbers of cells run fastest along the state
 * that moves over the most cells at once: jumps along it then join numbers that are close. Plain data.
 */
export interface Cells {
  readonly shape: readonly number[]
  /** How far apart the numbers of neighbours in each state are. */
  readonly strides: readonly number[]
  /** By state, one more than cells. */
  readonly edges: readonly Float64Array[]
  readonly centres: readonly Float64Array[]
  /** First and second derivative, at the centres, of the coordinate that counts cells. */
  readonly first: readonly Float64Array[]
  readonly second: readonly Float64Array[]
}

/** A stretch of a state's coordinate, within [0, 1], that gets most of its cells. */
export interface Window { readonly from: number; readonly to: number }

/** The part of the cells of a state that lies in its window. */
const INSIDE = 0.9

/** `fast` is the state along which numbers run, default the last; `windows`, one for each state, default the whole of it. */
export function cellsOf(states: readonly State[], shape: readonly number[], fast = shape.length - 1, windows: readonly Window[] = states.map(() => ({ from: 0, to: 1 }))): Cells {
  const maps = states.map(({ coordinate, from, to }, s) => {
    const n = shape[s], { at, density } = stretched(windows[s])
    const edges = coordinate.stateAt(Float64Array.from({ length: n + 1 }, (_, i) => at(i / n)))
    edges[0] = from
    edges[n] = to
    const middles = Float64Array.from({ length: n }, (_, i) => (i + 0.5) / n)
    const centres = coordinate.stateAt(middles.map(at)), { first, second } = coordinate.of(centres)
    return { edges, centres, first: first.map((d, i) => n * density(middles[i]) * d), second: second.map((d, i) => n * density(middles[i]) * d) }
  })
  return { shape, strides: stridesOf(shape, fast), edges: maps.map(m => m.edges), centres: maps.map(m => m.centres), first: maps.map(m => m.first), second: maps.map(m => m.second) }
}

/** From even parts u to the coordinate: linear in the window and on either side of it. `density` is du/ds. */
function stretched({ from, to }: Window): { at(u: number): number; density(u: number): number } {
  const width = to - from, inside = Math.max(INSIDE, width), outside = 1 - width
  if (outside <= 0) return { at: u => u, density: () => 1 }
  const dense = inside / width, sparse = (1 - inside) / outside
  const low = from * sparse, high = low + inside
  return {
    at: u => Math.min(1, u < low ? u / sparse : u <= high ? from + (u - low) / dense : to + (u - high) / sparse),
    density: u => (u < low || u > high ? sparse : dense),
  }
}

export const countOf = ({ shape }: Cells): number => shape.reduce((a, b) => a * b, 1)

function stridesOf(shape: readonly number[], fast: number): number[] {
  const order = [...shape.keys()].filter(s => s !== fast)
  order.push(fast)
  return shape.map((_, s) => order.slice(order.indexOf(s) + 1).reduce((product, r) => product * shape[r], 1))
}

/** The index of each state in a cell. */
export const indicesOf = ({ shape, strides }: Cells, cell: number): number[] => shape.map((n, s) => Math.floor(cell / strides[s]) % n)

/** The cell of an index of each state. */
export function cellAt({ strides }: Cells, indices: readonly number[]): number {
  let cell = 0
  for (let s = 0; s < strides.length; s++) cell += indices[s] * strides[s]
  return cell
}

export const volumeOf = (cells: Cells, indices: readonly number[]): number =>
  indices.reduce((volume, i, s) => volume * (cells.edges[s][i + 1] - cells.edges[s][i]), 1)

/** The index of each state in a row of a table, the last state fastest. */
export function tableIndices(shape: readonly number[], row: number): number[] {
  return shape.map((n, s) => Math.floor(row / shape.slice(s + 1).reduce((a, b) => a * b, 1)) % n)
}

/** Finds the cell of a point. */
export function cellFinder({ strides, edges }: Cells): (point: ArrayLike<number>) => number {
  const guides = edges.map(guideOf)
  return point => {
    let cell = 0
    for (let s = 0; s < edges.length; s++) cell += strides[s] * cellBy(guides[s], edges[s], point[s])
    return cell
  }
}

/** Sums over blocks of cells, `parts[s]` cells of state s to one; the blocks in a table's order, the last state fastest. */
export function coarse(cells: Cells, values: Float64Array, parts: readonly number[]): Float64Array {
  const shape = cells.shape.map((n, s) => n / parts[s])
  const out = new Float64Array(shape.reduce((a, b) => a * b, 1))
  values.forEach((value, cell) => {
    const target = indicesOf(cells, cell).reduce((index, i, s) => index * shape[s] + Math.floor(i / parts[s]), 0)
    out[target] += value
  })
  return out
}

/** Cells to a bin in each state, for tables and pictures. */
export const binningOf = (states: number): number[] => Array.from({ length: states }, () => (states === 1 ? 5 : states === 2 ? PER_BIN : 1))

/** Of two states. */
export const PER_BIN = 4
