/** The book of one asset over one step: what was posted and what came of it. Arrays have an entry an agent. */
export interface Book {
  readonly name: string
  /** Goods, or shares, in one unit. */
  readonly unit: number
  /** Units in one trade. */
  readonly lot: number
  /** Whether a unit pays once and is gone. */
  readonly matures: boolean
  /** The fewest units that may be held: 0, or minus what may be owed. */
  readonly least: number
  /** Units held, after trade. */
  readonly holdings: Int32Array
  /** Prices posted, rounded to the tick. */
  readonly posted: Float64Array
  /** The price that decided which side an agent is on: its partner's, or the clearing price; NaN where nobody was met. */
  readonly decided: Float64Array
  /** The price paid or received; means something only where `traded` is not 0. */
  readonly settled: Float64Array
  /** Units bought, negative where sold. */
  readonly traded: Int32Array
  /**
   * What could have been carried out near the price that decided (`CAN_BUY`, `CAN_SELL`), and what would have been refused for what one lacks oneself
   * (`LACKS_FUNDS` to buy, `LACKS_UNITS` to sell); where a partner lacks it neither is set.
   */
  readonly open: Uint8Array
}

export const CAN_BUY = 1
export const CAN_SELL = 2
export const LACKS_FUNDS = 4
export const LACKS_UNITS = 8

/** What the books of all assets share. */
export interface Purse {
  /** Goods at hand: of the whole income before trade, and what is consumed after it. */
  readonly cash: Float64Array
  /** What pays for a purchase under `funds=dividend`; else `cash` itself. */
  readonly funds: Float64Array
  /** Orders refused in this step. */
  readonly refused: Uint8Array
  /** Whether an agent has traded in this step. */
  readonly traded: Uint8Array
}

/** How a market settles. */
export interface Terms {
  /** Who buys of two prices: the higher, or, as the dissertation's definition has it, the lower. */
  readonly buyer: "higher" | "lower"
  /** Whether equal prices trade. */
  readonly ties: boolean
  /** Whether a trade in one asset bars the other in the same step. */
  readonly once: boolean
  /** Share of the buyer's price in the settlement of equals: P = k p_buyer + (1 - k) p_seller. */
  readonly split: number
  /** Goods that must remain after a purchase. */
  readonly remainder: number
  /** Bargaining weights of the agents; undefined where all are equal. */
  readonly power: Float64Array | undefined
}

export function book(name: string, n: number, { unit, lot, least, matures }: Pick<Book, "unit" | "lot" | "least" | "matures">): Book {
  return {
    name, unit, lot, least, matures, holdings: new Int32Array(n), posted: new Float64Array(n), decided: new Float64Array(n).fill(NaN),
    settled: new Float64Array(n).fill(NaN), traded: new Int32Array(n), open: new Uint8Array(n),
  }
}

/** P between the seller's and the buyer's price: k of the way up, more where the seller's weight is larger. */
export function splitOf({ split, power }: Terms, buyer: number, seller: number): number {
  if (power === undefined) return split
  const up = split * power[seller], down = (1 - split) * power[buyer]
  return up + down > 0 ? up / (up + down) : split
}
