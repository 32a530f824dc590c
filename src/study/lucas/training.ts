import { broken, type Metrics } from "../../learn/metrics.ts"
import type { Training } from "../../learn/training.ts"
import { lucasAuction } from "../../markets/lucasAuction.ts"
import { lucasTheory } from "../../markets/theory.ts"
import { OUTCOMES } from "../../run/outcome.ts"
import { run } from "../../run/run.ts"
import { settingValues } from "../../run/settings.ts"
import { table, tableOfRows, type Table } from "../../run/table.ts"
import type { Rules } from "../../market/rules.ts"
import { computationOf, trainRequestOf } from "../../trainRequest.ts"

/** A market, a learner and their settings, as one would train them by hand. */
export type Recipe = { readonly market: string; readonly learner: string; readonly set: readonly string[] }

/** Prices of the Lucas tree where marginal utility is constant, 0.85152 and 0.95: what the dissertation aims at, put right. */
export const { mean: THEORY, printed: PRINTED } = lucasTheory(settingValues("lucas-auction", lucasAuction.settings) as Rules)

/** Progress as numbers by name, an entry an episode of those that are kept. */
export type Curve = { readonly [column: string]: readonly number[] }

const COLUMNS = ["episode", "price", "price_lower", "price_upper", "bond", "bond_lower", "bond_upper", "price_iqr", "euler_gap", "trade_rate", "loss"]
/** Points of a learning curve that are kept. */
const MOST = 200
/** Significant digits of what is kept. */
const DIGITS = 5

export const rounded = (value: number): number => Number(value.toPrecision(DIGITS))

/** How one training ended. `price_off` is the median price's distance from 0.85152 relative to it, whatever the theory of the market. */
export type Ended = Readonly<Metrics> & {
  readonly converged: boolean; readonly detail: string; readonly episodes: number
  readonly price: number; readonly bond: number; readonly price_off: number
  readonly theory: { readonly price: number; readonly bond: number }
}

/** Ends a training early: from episode `from` on, once that many greedy looks in a row have kept to the gate of prices. */
export interface EarlyStop { readonly from: number; readonly held: number }

/** Trains by a recipe and keeps its learning curve, thinned evenly. */
export function trained({ market, learner, set }: Recipe, seed: number, early?: EarlyStop): { training: Training; ended: Ended; curve: Curve } {
  const { procedure, maxSteps } = computationOf(trainRequestOf(market, { learner, set, seed }))
  const rows: Record<string, unknown>[] = []
  const steps = run(procedure, { seed, maxSteps })
  let held = 0, training: Training | undefined
  while (training === undefined) {
    const next = steps.next()
    if (next.done) { training = next.value; break }
    const { row, state, step } = next.value
    rows.push(row)
    held = isNear(row) ? held + 1 : 0
    if (early && step >= early.from && held >= early.held) training = procedure.finish(state, { outcome: OUTCOMES.outOfSteps, steps: step, detail: "" })
  }
  return { training, ended: endedOf(training), curve: curveOf(tableOfRows(rows)) }
}

/** Whether a look at an episode keeps to the gate: medians and Euler gap within 2.5% of theory, the middle half of prices within 5%. */
function isNear(row: Readonly<Record<string, unknown>>): boolean {
  const of = (name: string): number => (typeof row[name] === "number" ? row[name] : NaN)
  return broken({ price_error: of("price_error"), price_iqr: of("price_iqr"), bond_error: of("bond_error"), euler_gap: of("euler_gap"), trade_rate: of("trade_rate"), best_response_gain: NaN }).length === 0
}

function endedOf({ metrics, learned, theory, episodes }: Training): Ended {
  const faults = broken(metrics)
  return { ...metrics, converged: faults.length === 0, detail: faults.join(", "), episodes, price: learned.price, bond: learned.bond, price_off: Math.abs(learned.price / THEORY.price - 1), theory: { price: theory.price, bond: theory.bond } }
}

/** At most 200 rows, the first and the last among them. */
export function curveOf({ columns, length }: Table): Curve {
  const count = Math.min(MOST, length), kept = Array.from({ length: count }, (_, k) => count === 1 ? 0 : Math.round((k * (length - 1)) / (count - 1)))
  return Object.fromEntries(COLUMNS.filter(name => Object.hasOwn(columns, name)).map(name => [name, kept.map(i => rounded(columns[name][i]))]))
}

/** The rows of a curve again. */
export const rowsOf = (curve: Curve): Table => table(Object.fromEntries(Object.entries(curve).map(([name, values]) => [name, Float64Array.from(values)])))
