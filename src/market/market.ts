import type { Book } from "./book.ts"
import type { Traits } from "./traits.ts"

/** One number that an agent sees before it acts. */
export interface Feature {
  readonly name: string
  readonly is: string
  /** Bounds that it is designed for; a shock may leave them. */
  readonly low: number
  readonly high: number
  /** Whether it is drawn anew each period; else it is known a period ahead, given one's trades. */
  readonly shock: boolean
}

/** One price that an agent posts. */
export interface PriceSpace {
  readonly name: string
  readonly is: string
  readonly low: number
  readonly high: number
  /** How many prices there are, evenly from low to high; 0 where any price between may be posted. */
  readonly levels: number
  /** How much of the asset a trade is of, and so what a trade at price 1 costs. */
  readonly lot: number
}

/** What goes in and out of a market, as data: all that a learner knows of it beforehand. */
export interface Spaces {
  readonly observation: readonly Feature[]
  readonly action: readonly PriceSpace[]
}

/**
 * A market of `agents` that act at once, a column an agent. Arrays belong to the market and are rewritten by `reset` and `step`; those
 * with several rows hold row after row, `row * agents + i`.
 *
 * After `step`, `reward` and `terminated` or `truncated` are of the step, `observation` is the next one, also after the last step. A
 * market that `terminated` has no future: its `discount` is zero. One that was `truncated` goes on unseen: learners bootstrap.
 */
export interface Market {
  readonly name: string
  readonly agents: number
  readonly spaces: Spaces
  readonly traits: Traits
  readonly observation: Float64Array
  readonly reward: Float64Array
  /** What a unit of value of the next observation is worth now. */
  readonly discount: Float64Array
  readonly terminated: boolean
  readonly truncated: boolean
  readonly ledger: Ledger
  /** Begins an episode. All draws depend on the seed alone (any non-negative safe integer), those of an agent not on how many there are. */
  reset(seed: number): void
  /** Posts prices, a row an asset. Throws a RangeError for a price outside its space and for a step after the end. */
  step(prices: Float64Array): void
  /** Writes what each agent will have next period for sure if it now trades so many lots of each asset: the features without shocks. */
  afterstate(lots: readonly number[], out: Float64Array): void
  /** Writes each agent's reward if it gives up so many goods now, on the whole (negative: receives). */
  rewardOf(payment: Float64Array, out: Float64Array): void
  /** What agent `i` would have had in the last step from other prices of an asset, its other trades as they were. */
  hindsight(asset: number, i: number, into: Hindsight): void
  /** The observation that agent `i` would now have, had it been on that side of an asset in the last step. */
  counterfactual(asset: number, i: number, side: number, out: Float64Array): void
  /**
   * The last step once more for agent `i`, had it carried one more lot of an asset into it, its trades as they were: its reward, and
   * (written) the observation it would now have.
   */
  windfall(asset: number, i: number, out: Float64Array): number
}

/**
 * What prices would have brought, as rewards: of all prices above the one that decided, from just above it (`near`) to the highest (`far`),
 * and of all below it likewise. Between, rewards are linear in one's own price up to the square of a lot. `side` is 1 where one would have bought,
 * -1 sold, 0 neither (refused, or nobody was met).
 */
export interface Hindsight {
  /** NaN where nobody was met. */
  decided: number
  /** The reward without a trade: what the price that decided would itself have brought. */
  none: number
  readonly above: Outcome
  readonly below: Outcome
}

export interface Outcome { near: number; far: number; side: number }

/** The books of the last step, for those who keep records. */
export interface Ledger {
  /** Steps made in this episode. */
  readonly time: number
  readonly books: readonly Book[]
  /** Goods at hand at the start of the period that begins, before trade. */
  readonly cash: Float64Array
  /** What was consumed in the last step. */
  readonly consumption: Float64Array
  /** Dividend of a share in the period of the last step, for each agent. */
  readonly dividend: Float64Array
  /** The same in the period that begins. */
  readonly nextDividend: Float64Array
  /** u'(consumption) of an agent. */
  marginal(i: number): number
  /** What an agent of usual weight pays or receives that posts `own` where `decided` is the price that decides. */
  settlement(own: number, decided: number): number
  /** Orders refused in the last step. */
  readonly refused: Uint8Array
}

/** The price of level `k` of a discrete space. */
export function priceAt({ low, high, levels }: PriceSpace, k: number): number {
  return low + ((high - low) * k) / (levels - 1)
}

/** The level nearest to a price. */
export function levelOf({ low, high, levels }: PriceSpace, price: number): number {
  return Math.min(levels - 1, Math.max(0, Math.round(((price - low) / (high - low)) * (levels - 1))))
}
