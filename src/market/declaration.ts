import type { Settings, Setting, SettingValue } from "../run/settings.ts"
import type { Market } from "./market.ts"
import { RULES, type Rules } from "./rules.ts"
import type { Traits } from "./traits.ts"

/** What theory says of a market: prices by the dividend of the period, where agents are equal and do not trade. */
export interface Theory {
  price(dividend: number): number
  bond(dividend: number): number
  /** Means over dividends. */
  readonly mean: { readonly price: number; readonly bond: number }
  /** The numbers as the dissertation prints them, for its calibration; drawn beside the theory. */
  readonly printed?: { readonly price: number; readonly bond: number }
}

/** A market by name: its rules, with defaults of its own, and what theory says of it. */
export interface MarketDeclaration {
  readonly name: string
  readonly is: string
  readonly source: string
  readonly notes: readonly string[]
  readonly settings: Settings
  /** Named readings of the rules: each replaces defaults. */
  readonly readings: Readonly<Record<string, Readonly<Record<string, SettingValue>>>>
  /** The learner taken where none is named, and how many episodes it is given. */
  readonly learner: string
  readonly episodes: number
  make(rules: Rules, traits?: Traits): Market
  theory(rules: Rules): Theory
}

/** The table of rules with other defaults. */
export function rulesWith(defaults: Partial<{ [K in keyof Rules]: SettingValue }>): Settings {
  return Object.fromEntries(Object.entries(RULES).map(([name, setting]): [string, Setting] =>
    [name, (Object.hasOwn(defaults, name) ? { ...setting, value: defaults[name as keyof Rules] } : setting) as Setting]))
}
