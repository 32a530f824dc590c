import type { Outcome } from "../run/outcome.ts"
import type { Table } from "../run/table.ts"
import type { Metrics } from "./metrics.ts"

/** What traders learned in a market: plain data, printed, stored and drawn by others. */
export interface Training {
  readonly market: string
  readonly learner: string
  readonly seed: number
  readonly agents: number
  /** Episodes learned from. */
  readonly episodes: number
  readonly rules: Readonly<Record<string, number | string | boolean>>
  readonly settings: Readonly<Record<string, number | string | boolean>>
  readonly outcome: Outcome
  readonly detail: string
  /** Whether the gate was passed. */
  readonly converged: boolean
  /** Steps of all agents in training. */
  readonly agentSteps: number
  /** Of greedy episodes after training. */
  readonly metrics: Metrics
  /** Theory's prices, means over dividends, and what was learned: medians of what is posted. */
  readonly theory: { readonly price: number; readonly bond: number }
  readonly learned: { readonly price: number; readonly bond: number }
  readonly printed?: { readonly price: number; readonly bond: number }
  /**
   * `paths`: prices and holdings of a few agents in greedy episodes along the training; `agents`: all agents (or some thousands) in the middle of
   * the last greedy episode; `policy`: what agents saw and posted in greedy episodes; `slice-...`: what the learner says of itself.
   */
  readonly tables: Readonly<Record<string, Table>>
}
