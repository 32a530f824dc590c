import type { Market, Spaces } from "../market/market.ts"
import type { SettingValue, Settings, Values } from "../run/settings.ts"
import { settingValues } from "../run/settings.ts"
import type { Table } from "../run/table.ts"

/** What a learner may see of a market: its spaces and what passes through them. Neither books nor clock, and no theory. */
export type Face = Omit<Market, "ledger" | "reset" | "step" | "name">

/** A way to learn prices. One learner is one value in one file; `train` and the command line find it by name. */
export interface Learner {
  readonly name: string
  readonly is: string
  readonly settings: Settings
  /** The reason why this learner cannot serve such spaces, with the right alternative; undefined where it can. */
  refuses(spaces: Spaces): string | undefined
  /** Traders for all agents of a market, over `episodes` episodes; throws a `Mistake` where a setting does not fit. */
  traders(market: Face, episodes: number, given?: Readonly<Record<string, SettingValue>>): Traders<unknown>
}

/** The traders of all agents at once. Their state is plain data: a clone is a checkpoint. */
export interface Traders<State> {
  start(seed: number): State
  /** Called at the start of a training episode, before the first `post`. */
  begin(state: State, episode: number): void
  /** Writes the prices that agents post now, a row an asset: to learn from, or greedily. */
  post(state: State, explore: boolean, prices: Float64Array): void
  /** Called after a training step: takes in what came of it, and learns as its rate allows. The mean loss of what it learned, if anything. */
  learn(state: State): number | undefined
  /** What it has learned, as tables for a report, by name. */
  slices?(state: State): Readonly<Record<string, Table>>
}

/** Makes a learner from its settings table and a factory that receives their values. */
export function learner<S extends Settings, State>(
  name: string, is: string, settings: S,
  refuses: (spaces: Spaces) => string | undefined,
  make: (market: Face, episodes: number, values: Values<S>) => Traders<State>,
): Learner {
  return { name, is, settings, refuses, traders: (market, episodes, given) => make(market, episodes, settingValues(name, settings, given)) as Traders<unknown> }
}
