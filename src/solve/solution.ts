import type { Outcome } from "../run/outcome.ts"
import type { Table } from "../run/table.ts"

/** What a method found: plain data, printed, stored and drawn by others. */
export interface Solution {
  readonly economy: string
  readonly method: string
  readonly calibration: string
  readonly seed: number
  readonly parameters: Readonly<Record<string, number>>
  readonly settings: Readonly<Record<string, number | string | boolean>>
  readonly outcome: Outcome
  /** Which equation, where, at which step, when the outcome has more to say; else "". */
  readonly detail: string
  readonly converged: boolean
  readonly steps: number
  /** The number that was held against `tolerance`; `measure` says in words what it is. */
  readonly residual: number
  readonly tolerance: number
  readonly measure: string
  /** The grid: nodes of each state, increasing. Table rows are their product, the last state fastest. */
  readonly states: readonly { readonly name: string; readonly nodes: Float64Array }[]
  /** What there is between the nodes: a line (default), a smooth function, or, where the state takes the values of the nodes only, nothing. */
  readonly between?: "smooth" | "nothing"
  /** States, unknowns, their first and second derivatives (`q_z`, `q_zz`) and every definition, at every node. */
  readonly table: Table
  readonly facts: Readonly<Record<string, number>>
  /** Where complementarity lines change side along the first state; with several states, for each node `where` of the others: the points of a curve. */
  readonly switches: readonly { readonly label: string; readonly state: string; readonly at: number; readonly where?: Readonly<Record<string, number>> }[]
  /** How well each equation holds on the grid, as the method discretises it. */
  readonly equations: readonly Misfit[]
  /** How well identities hold that were not imposed. */
  readonly checks: readonly (Misfit & { readonly is: string })[]
  /** Training points of the first and the last outer step (states, `t`, `active` 0 or 1, `terminal` 0 or 1, number `outer` of the step), where the method has them. */
  readonly samples?: Table
  /** What the agent does, where the method finds it: columns `holding`, the state, `next` (the holding chosen) and `value`. */
  readonly policy?: Table
}

export interface Misfit {
  readonly label: string
  readonly largest: number
  readonly mean: number
  readonly where: Readonly<Record<string, number>>
}
