import { CAN_BUY, CAN_SELL, type Book, type Terms } from "./book.ts"
import { priceAt, type Ledger, type Market, type PriceSpace } from "./market.ts"
import type { Observer } from "./observer.ts"

export interface Past {
  readonly books: readonly Book[]
  readonly action: readonly PriceSpace[]
  readonly terms: Terms
  readonly consumption: Float64Array
  /** The penalty of a refusal, as a reward. */
  readonly fineOf: (i: number) => number
  readonly observed: Observer
  /** Reward of agent i from consumption c in the period `at`. */
  readonly valueOf: (i: number, c: number, at: number) => number
  readonly nextDividends: Float64Array
  readonly observation: Float64Array
  readonly ledger: Pick<Ledger, "time" | "settlement">
}

/**
 * What other prices would have brought. The price that decided (a partner's, or the clearing price) is known after the step, so that one
 * step scores every price of the grid. Exact for random pairs, since one's own price has no part in who is met; up to O(1/n) for an
 * auction. Other trades of the agent are held as they were.
 */
export function hindsightOf(past: Past): Pick<Market, "hindsight" | "counterfactual"> {
  const { books, action, terms, consumption, observed, valueOf, ledger } = past
  const n = consumption.length
  return {
    hindsight(asset, i, rewards, sides) {
      const book = books[asset], space = action[asset]
      const { lot } = space
      const decided = book.decided[i], open = book.open[i]
      const sold = book.traded[i] === 0 ? 0 : book.traded[i] * book.unit * book.settled[i]
      const kept = consumption[i] + sold, at = ledger.time - 1
      const rest = valueOf(i, kept, at), refused = rest - past.fineOf(i)
      for (let k = 0; k < space.levels; k++) {
        const p = priceAt(space, k)
        let side = p > decided ? 1 : p < decided ? -1 : 0
        if (terms.buyer === "lower") side = -side
        if (side === 0 || Number.isNaN(decided)) { rewards[k] = rest; sides[k] = 0; continue }
        if ((open & (side > 0 ? CAN_BUY : CAN_SELL)) === 0) { rewards[k] = refused; sides[k] = 0; continue }
        rewards[k] = valueOf(i, kept - side * lot * ledger.settlement(p, decided), at)
        sides[k] = side
      }
    },
    counterfactual(asset, i, side, out) {
      const book = books[asset]
      const lots = side - book.traded[i] / book.lot
      observed.names.forEach((name, row) => {
        out[row] = past.observation[row * n + i] + lots * observed.shift(name, asset, past.nextDividends[i])
      })
    },
  }
}
