import { cellBy, guideOf } from "./field.ts"
import type { State } from "../model/problem.ts"

/** A division of the domain into cells, even in the coordinate of each state; cells are numbered with the last state fastest. Plain data. */
export interface Cells {
  readonly shape: readonly number[]
  /** By state, one more than cells. */
  readonly edges: readonly Float64Array[]
  readonly centres: readonly Float64Array[]
  /** First and second derivative, at the centres, of the coordinate that counts cells. */
  readonly first: readonly Float64Array[]
  readonly second: readonly Float64Array[]
}

export function cellsOf(states: readonly State[], shape: readonly number[]): Cells {
  const edges = states.map(({ coordinate, from, to }, s) => {
    const at = coordinate.stateAt(Float64Array.from({ length: shape[s] + 1 }, (_, i) => i / shape[s]))
    at[0] = from
    at[shape[s]] = to
    return at
  })
  const centres = states.map(({ coordinate }, s) => coordinate.stateAt(Float64Array.from({ length: shape[s] }, (_, i) => (i + 0.5) / shape[s])))
  const maps = states.map(({ coordinate }, s) => coordinate.of(centres[s]))
  return { shape, edges, centres, first: maps.map(({ first }, s) => first.map(d => d * shape[s])), second: maps.map(({ second }, s) => second.map(d => d * shape[s])) }
}

export const countOf = ({ shape }: Cells): number => shape.reduce((a, b) => a * b, 1)

/** The index of each state in a cell. */
export function indicesOf({ shape }: Cells, cell: number): number[] {
  const indices = new Array<number>(shape.length)
  for (let s = shape.length - 1; s >= 0; s--) {
    indices[s] = cell % shape[s]
    cell = Math.floor(cell / shape[s])
  }
  return indices
}

export const volumeOf = (cells: Cells, indices: readonly number[]): number =>
  indices.reduce((volume, i, s) => volume * (cells.edges[s][i + 1] - cells.edges[s][i]), 1)

/** Finds the cell of a point. */
export function cellFinder({ shape, edges }: Cells): (point: ArrayLike<number>) => number {
  const guides = edges.map(guideOf)
  return point => {
    let cell = 0
    for (let s = 0; s < shape.length; s++) cell = cell * shape[s] + cellBy(guides[s], edges[s], point[s])
    return cell
  }
}

/** Sums over blocks of cells: `parts[s]` cells of state s become one. */
export function coarse(cells: Cells, values: Float64Array, parts: readonly number[]): Float64Array {
  const shape = cells.shape.map((n, s) => n / parts[s])
  const out = new Float64Array(shape.reduce((a, b) => a * b, 1))
  values.forEach((value, cell) => {
    const target = indicesOf(cells, cell).reduce((index, i, s) => index * shape[s] + Math.floor(i / parts[s]), 0)
    out[target] += value
  })
  return out
}
