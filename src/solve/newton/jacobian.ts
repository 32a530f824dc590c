import type { Rows } from "../../model/problem.ts"
import type { Reader } from "../grid/lattice.ts"

/** A group of equations at all nodes, evaluated: the HJB lines (base 0), or the static block (base: the number of value functions). */
export interface Group {
  readonly rows: Rows
  readonly reader: Reader
  readonly base: number
  readonly out: readonly Float64Array[]
}

/** The derivatives of all equations at all nodes with respect to all unknowns there, from the outputs of the groups. */
export interface Jacobian {
  /** Whether factors are kept: where they cost much more than a solution with them. */
  readonly keeps: boolean
  /**
   * Newton's change: `right` takes it, for node i and unknown u at i*unknowns + u. False where the matrix is singular.
   * `again` allows the factors of the last solution.
   */
  solve(dt: number, right: Float64Array, again?: boolean): boolean
}

/** The side of a row that binds at a node. */
export const sideAt = (rows: Rows, out: readonly Float64Array[], row: number, i: number): 0 | 1 => {
  const { first, second } = rows.residuals[row]
  return second >= 0 && out[second][i] < out[first][i] ? 1 : 0
}
export const residualAt = (rows: Rows, out: readonly Float64Array[], row: number, i: number): number =>
  out[sideAt(rows, out, row, i) === 0 ? rows.residuals[row].first : rows.residuals[row].second][i]
