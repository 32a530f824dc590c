import { philoxStream } from "../math/random.ts"
import { CAN_BUY, CAN_SELL, LACKS_FUNDS, LACKS_UNITS, splitOf, type Book, type Purse, type Terms } from "./book.ts"
import { goodsOf } from "./goods.ts"
import type { Mechanism } from "./mechanism.ts"

/**
 * Random pairing with posted prices, the dissertation's mechanism (section 2.3.2). Every agent meets one other, all pairings being
 * equally likely; of a pair the higher price buys one lot of the lower, at a price between the two. O(n): the first agent not yet
 * paired takes one of the remaining at random, n/2 draws in all.
 *
 * Details: (1) a pair trades the assets in the order of the books, the later ones with what cash remains; (2) equal prices do not trade unless
 * `ties`; then the agent drawn first sells; (3) a seller short of units and a buyer short of funds are refused, each by itself; (4) the
 * odd one out meets nobody.
 */
export const postedPrices: Mechanism = {
  name: "posted",
  is: "random pairs; the higher posted price buys a lot of the lower",
  ownPriceCounts: true,
  make(n) {
    const identity = Int32Array.from({ length: n }, (_, i) => i)
    const order = new Int32Array(n)
    const words = new Uint32Array(n >> 1)
    return {
      clear(books, purse, terms, { seed, stream, block }) {
        philoxStream(seed, stream, block, words)
        order.set(identity)
        for (let k = 0; k < books.length; k++) books[k].traded.fill(0)
        const pairs = n >> 1
        for (let pair = 0; pair < pairs; pair++) {
          const first = 2 * pair
          const at = first + 1 + Math.floor(words[pair] * (n - first - 1) * 2 ** -32)
          const a = order[first], b = order[at]
          order[at] = order[first + 1]
          order[first + 1] = b
          for (let k = 0; k < books.length; k++) meet(books[k], purse, terms, a, b)
        }
        if (n % 2 === 1) for (const { decided, open } of books) {
          decided[order[n - 1]] = NaN
          open[order[n - 1]] = 0
        }
      },
    }
  },
}

/** One pair, one asset. Sides are chosen by arithmetic: which price is higher is a coin toss, and a branch on it costs more than all else. */
function meet(book: Book, purse: Purse, terms: Terms, a: number, b: number): void {
  const { posted, decided, holdings, lot, open } = book
  const { cash, funds } = purse
  const pa = posted[a], pb = posted[b]
  decided[a] = pb
  decided[b] = pa
  const free = terms.once ? 1 - (purse.traded[a] | purse.traded[b]) : 1
  const size = book.unit * lot, left = terms.remainder, fewest = book.least + lot
  const aSells = +(holdings[a] >= fewest), bSells = +(holdings[b] >= fewest)
  // Each as if it had posted the other's price, or next to it.
  const aPaysB = +(funds[a] - size * pb >= left), bPaysB = +(funds[b] - size * pb >= left)
  const aPaysA = +(funds[a] - size * pa >= left), bPaysA = +(funds[b] - size * pa >= left)
  open[a] = free * (CAN_BUY * (aPaysB & bSells) + CAN_SELL * (aSells & bPaysB) + LACKS_FUNDS * (1 - aPaysB) + LACKS_UNITS * (1 - aSells))
  open[b] = free * (CAN_BUY * (bPaysA & aSells) + CAN_SELL * (bSells & aPaysA) + LACKS_FUNDS * (1 - bPaysA) + LACKS_UNITS * (1 - bSells))
  if (free === 0 || (pa === pb && !terms.ties)) return
  const aIsBuyer = terms.buyer === "higher" ? +(pa > pb) : +(pa < pb)
  const buyer = b + (a - b) * aIsBuyer, seller = a + b - buyer
  const asked = posted[seller], bid = posted[buyer]
  const price = asked + (terms.power === undefined ? terms.split : splitOf(terms, buyer, seller)) * (bid - asked)
  const payment = goodsOf(price * book.unit) * lot
  const sells = holdings[seller] >= fewest, buys = funds[buyer] - payment >= left
  if (!sells || !buys) {
    if (!sells) purse.refused[seller]++
    if (!buys) purse.refused[buyer]++
    return
  }
  holdings[buyer] += lot
  holdings[seller] -= lot
  cash[buyer] -= payment
  cash[seller] += payment
  book.traded[buyer] = lot
  book.traded[seller] = -lot
  book.settled[buyer] = price
  book.settled[seller] = price
  purse.traded[buyer] = 1
  purse.traded[seller] = 1
}
