import type { State } from "../model/problem.ts"
import { cellBy, fieldReader, guideOf } from "./field.ts"
import { noiseChannel, type Law } from "./law.ts"

/**
 * A division of the domain into cells, even in the coordinate of each state. Cells are numbered with the state of fewest cells
 * fastest, so that neighbours have numbers that are close. Plain data.
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

export function cellsOf(states: readonly State[], shape: readonly number[]): Cells {
  const edges = states.map(({ coordinate, from, to }, s) => {
    const at = coordinate.stateAt(Float64Array.from({ length: shape[s] + 1 }, (_, i) => i / shape[s]))
    at[0] = from
    at[shape[s]] = to
    return at
  })
  const centres = states.map(({ coordinate }, s) => coordinate.stateAt(Float64Array.from({ length: shape[s] }, (_, i) => (i + 0.5) / shape[s])))
  const maps = states.map(({ coordinate }, s) => coordinate.of(centres[s]))
  return { shape, strides: stridesOf(shape), edges, centres, first: maps.map(({ first }, s) => first.map(d => d * shape[s])), second: maps.map(({ second }, s) => second.map(d => d * shape[s])) }
}

export const countOf = ({ shape }: Cells): number => shape.reduce((a, b) => a * b, 1)

function stridesOf(shape: readonly number[]): number[] {
  const order = shape.map((_, s) => s).sort((a, b) => shape[b] - shape[a] || a - b)
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

/**
 * How many cells for each state of a law of motion. Two states get cells over which they have about the same standard deviation,
 * so that jumps to near neighbours can carry their correlation. More than two states share a number of cells evenly.
 */
export function shapeFor(law: Law, states: readonly State[]): number[] {
  if (states.length === 1) return [ONE]
  if (states.length > 2) return states.map(() => Math.floor(MANY ** (1 / states.length)))
  const probe = cellsOf(states, [PROBES, PROBES])
  const reader = fieldReader(law.field), out = new Float64Array(law.field.channels)
  const sizes = states.map((_, s) => {
    const all = Float64Array.from({ length: PROBES * PROBES }, (_, cell) => {
      const indices = indicesOf(probe, cell)
      reader.at(indices.map((i, r) => probe.centres[r][i]), out)
      let variance = 0
      for (let k = 0; k < law.shocks; k++) variance += out[noiseChannel(law, s, k)] ** 2
      return Math.sqrt(variance) * probe.first[s][indices[s]]
    }).sort()
    return all[all.length >> 1]
  })
  const ratio = Math.min(WIDEST, Math.max(1 / WIDEST, sizes[1] / sizes[0]))
  const cellsOfFirst = Number.isFinite(ratio) ? Math.sqrt(TWO * ratio) : Math.sqrt(TWO)
  return [cellsOfFirst, TWO / cellsOfFirst].map(n => BLOCK * Math.round(n / BLOCK))
}

/** Cells of one state, of two together, of more together. */
const ONE = 1000
const TWO = 7200
const MANY = 8000
/** No state of two has more cells than so many times the other's. */
const WIDEST = 4
const PROBES = 24

/** Cells to a bin in each state. */
export const binningOf = (states: number): number[] => Array.from({ length: states }, () => (states === 1 ? 5 : states === 2 ? BLOCK : 1))

const BLOCK = 3
