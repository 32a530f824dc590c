import { CAN_BUY, CAN_SELL, LACKS_FUNDS, LACKS_UNITS, type Book, type Terms } from "./book.ts"
import type { Ledger, Market, PriceSpace } from "./market.ts"
import type { Observer } from "./observer.ts"

export interface Past {
  readonly books: readonly Book[]
  readonly action: readonly PriceSpace[]
  readonly terms: Terms
  readonly consumption: Float64Array
  /** The penalty of a refusal, as a reward. */
  readonly fineOf: (i: number) => number
  readonly observed: Observer
  readonly refused: Uint8Array
  /** Reward of agent i from consumption c in the period `at`. */
  readonly valueOf: (i: number, c: number, at: number) => number
  readonly nextDividends: Float64Array
  readonly observation: Float64Array
  readonly ledger: Pick<Ledger, "time" | "settlement" | "dividend">
}

/**
 * What other prices would have brought. The price that decided (a partner's, or the clearing price) is known after the step, so that one
 * step scores every price of the grid. Exact for random pairs, since one's own price has no part in who is met; up to O(1/n) for an
 * auction. Other trades of the agent are held as they were.
 */
export function hindsightOf(past: Past): Pick<Market, "hindsight" | "counterfactual" | "windfall"> {
  const { books, action, terms, consumption, observed, valueOf, ledger } = past
  const n = consumption.length
  /** What agent i gave up for an asset. */
  const paid = ({ traded, settled, unit }: Book, i: number): number => (traded[i] === 0 ? 0 : traded[i] * unit * settled[i])
  const allows = ({ open }: Book, i: number, side: number): boolean => (open[i] & (side > 0 ? CAN_BUY : CAN_SELL)) !== 0
  /** A penalty is for what one lacks oneself; who is refused for a partner's lack has just not traded. */
  const fined = ({ open }: Book, i: number, side: number): boolean => (open[i] & (side > 0 ? LACKS_FUNDS : LACKS_UNITS)) !== 0
  /** The observation with so many lots more of an asset. */
  const moved = (asset: number, i: number, lots: number, out: Float64Array): void => {
    for (let row = 0; row < observed.names.length; row++) out[row] = past.observation[row * n + i] + lots * observed.shift(observed.names[row], asset, past.nextDividends[i])
  }
  return {
    hindsight(asset, i, into) {
      const book = books[asset], { lot, low, high } = action[asset], decided = book.decided[i], at = ledger.time - 1
      const kept = consumption[i] + paid(book, i), none = valueOf(i, kept, at)
      into.decided = decided
      into.none = none
      for (const [outcome, side, end] of [[into.above, terms.buyer === "higher" ? 1 : -1, high], [into.below, terms.buyer === "higher" ? -1 : 1, low]] as const) {
        outcome.side = Number.isNaN(decided) ? 0 : allows(book, i, side) ? side : 0
        const idle = !Number.isNaN(decided) && fined(book, i, side) ? none - past.fineOf(i) : none
        const reward = (own: number): number => outcome.side !== 0 ? valueOf(i, kept - side * lot * ledger.settlement(own, decided), at) : idle
        outcome.near = reward(decided)
        outcome.far = reward(end)
      }
    },
    counterfactual(asset, i, side, out) {
      moved(asset, i, side - books[asset].traded[i] / books[asset].lot, out)
    },
    windfall(asset, i, out) {
      const { unit, lot, matures } = books[asset]
      // Shares pay and stay; bonds pay and are gone.
      moved(asset, i, matures ? 0 : 1, out)
      return valueOf(i, consumption[i] + unit * lot * (matures ? 1 : ledger.dividend[i]), ledger.time - 1) - past.fineOf(i) * past.refused[i]
    },
  }
}
