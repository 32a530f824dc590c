import type { Training } from "../../learn/training.ts"
import type { Settings } from "../../run/settings.ts"
import type { Table } from "../../run/table.ts"

/** One training with what it left behind. */
export interface Trained {
  readonly training: Training
  /** Progress rows, one an episode: `episode`, `price`, `price_lower`, `price_upper`, `bond`, ..., `euler_gap`, `trade_rate`, `loss`, `agent_steps`. */
  readonly rows: Table
  /** Seconds of computing. */
  readonly seconds: number
}

/** All that a report of trainings is made of: plain data, gathered by the caller. */
export interface TrainingInput {
  readonly market: { readonly name: string; readonly is: string; readonly source: string; readonly notes: readonly string[]; readonly settings: Settings }
  /** What learners are and what their settings mean, those of training itself included; by name. */
  readonly learners: Readonly<Record<string, { readonly is: string; readonly settings: Settings }>>
  /** The bounds that measures must keep, by name. */
  readonly gate: Readonly<Record<string, number>>
  /** Trainings in one market: other seeds, learners or settings. */
  readonly trainings: readonly [Trained, ...Trained[]]
  readonly made: { readonly version: string; readonly machine: string; readonly command: string }
}

/** What theory says of a market, and the numbers as they were once printed. */
export type Theory = Pick<Training, "theory" | "printed">

/** The two prices. */
export type Priced = "price" | "bond"
