import { middles } from "../math/select.ts"
import type { Mechanism } from "./mechanism.ts"
import { carryOut } from "./rationing.ts"

/**
 * A call auction with one lot an agent. The price P that clears lies between the two middle prices posted, k of the way up: half of the
 * agents have posted more and buy a lot, half less and sell one. O(n), by counting and quickselect. A single agent moves P by
 * O(1/n) at most, so that to post what a lot is worth to oneself is nearly the best reply to any others.
 *
 * Details: (1) where prices tie at P, those above it buy, those below it sell, and those at the money take what is left over pro rata:
 * nobody trades where all post one price; (2) with an odd number the one in the middle is at the money; (3) orders that cannot be paid or
 * delivered are refused, and the longer side is then rationed (`rationing.ts`); (4) one's own price does not enter what one pays.
 */
export const callAuction: Mechanism = {
  name: "auction",
  is: "a call auction: the median posted price clears, the upper half buys a lot, the lower half sells one",
  ownPriceCounts: false,
  make(n) {
    const wanted = new Int32Array(n), scratch = new Int32Array(n), median = middles(n)
    return {
      clear(books, purse, terms, draw) {
        for (let k = 0; k < books.length; k++) {
          const book = books[k], { posted } = book
          const [lower, upper] = median(posted)
          const price = lower + terms.split * (upper - lower)
          const lot = terms.buyer === "higher" ? book.lot : -book.lot
          // Arithmetic and no branch: sides are coin tosses.
          for (let i = 0; i < n; i++) wanted[i] = lot * (+(posted[i] > price) - +(posted[i] < price))
          carryOut(book, purse, terms, price, { wanted, scratch }, { ...draw, block: draw.block + k })
        }
      },
    }
  },
}
