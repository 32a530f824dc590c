import type { Random } from "../../math/random.ts"

/** A box of any dimension, such as the unit cube of the coordinates of the states. */
export interface Box { readonly from: readonly number[]; readonly to: readonly number[] }

/** Points, one array a dimension. */
export type Columns = readonly Float64Array[]

/** How badly the equations hold at points: one number of at least zero for each. */
export type Score = (points: Columns) => Float64Array

export const unitBox = (dimensions: number): Box => ({ from: Array.from({ length: dimensions }, () => 0), to: Array.from({ length: dimensions }, () => 1) })

/** The points at some indices. */
export function pick(points: Columns, indices: readonly number[]): Columns {
  return points.map(column => Float64Array.from(indices, i => column[i]))
}

/** The points of several sets, one set after the other. */
export function join(dimensions: number, sets: readonly Columns[]): Columns {
  return Array.from({ length: dimensions }, (_, d) => Float64Array.from(sets.flatMap(set => [...set[d]])))
}

/** Shuffles in place (Fisher and Yates; Durstenfeld, 1964). */
export function shuffle(column: Float64Array, random: Pick<Random, "next">): void {
  for (let k = column.length - 1; k > 0; k--) {
    const j = Math.floor(random.next() * (k + 1)), held = column[k]
    column[k] = column[j]
    column[j] = held
  }
}
