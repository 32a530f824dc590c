import { philoxWord } from "../math/random.ts"
import { CAN_BUY, CAN_SELL, type Book, type Purse, type Terms } from "./book.ts"
import { goodsOf } from "./goods.ts"
import type { Draw } from "./mechanism.ts"

/** Room for the orders of one book, an entry an agent. */
export interface Orders {
  /** Units to buy, negative to sell; becomes what was done. */
  readonly wanted: Int32Array
  readonly scratch: Int32Array
}

/**
 * Carries orders out at one price, exactly. Orders that cannot be paid or delivered are refused. The longer side is matched first by the
 * agents at the money (those who posted the price itself and have no order), pro rata, and rationed pro rata where that is not
 * enough. What does not divide goes unit by unit to those after an agent drawn at random.
 */
export function carryOut(book: Book, purse: Purse, terms: Terms, price: number, orders: Orders, draw: Draw): void {
  const { posted, holdings, least, open, lot, traded } = book
  const { cash, funds, refused, traded: busy } = purse
  const { wanted, scratch } = orders
  const n = wanted.length, { once } = terms
  const unitPrice = goodsOf(price * book.unit), dearest = unitPrice * lot + terms.remainder, fewest = least + lot
  book.decided.fill(price)
  book.settled.fill(price)
  // Arithmetic and no branch in what follows: sides are coin tosses.
  let bought = 0, excess = 0, sellers = 0, buyers = 0
  for (let i = 0; i < n; i++) {
    const free = once ? 1 - busy[i] : 1
    const can = free * (CAN_BUY * +(funds[i] >= dearest) + CAN_SELL * +(holdings[i] >= fewest))
    // Nobody else stands in the way: what cannot be done is one's own lack, whose bits are two above.
    open[i] = can | ((can ^ (free * BOTH)) << 2)
    const units = wanted[i], ordered = +(units !== 0), sells = units >>> 31
    const done = +((can & (CAN_BUY << sells)) !== 0)
    refused[i] += free * ordered * (1 - done)
    wanted[i] = units * done
    excess += units * done
    bought += units * done * (1 - sells)
    // What one at the money could do.
    const idle = (1 - ordered) * +(posted[i] === price) * can
    scratch[i] = idle
    buyers += idle & CAN_BUY
    sellers += idle >> 1
  }
  if (excess !== 0) balance(lot, orders, bought, bought - excess, lot * (excess > 0 ? sellers : buyers), draw)
  for (let i = 0; i < n; i++) {
    const units = wanted[i]
    traded[i] = units
    holdings[i] += units
    cash[i] -= unitPrice * units
    busy[i] |= +(units !== 0)
  }
}

const BOTH = CAN_BUY | CAN_SELL

/** Makes purchases equal sales; `ready` units of the shorter side can be had at the money. */
function balance(lot: number, { wanted, scratch: claims }: Orders, bought: number, sold: number, ready: number, { seed, stream, block }: Draw): void {
  const n = wanted.length, start = Math.floor(philoxWord(seed, stream, block) * n * 2 ** -32)
  const side = bought > sold ? -1 : 1, needed = side < 0 ? CAN_SELL : CAN_BUY
  const long = Math.max(bought, sold), short = Math.min(bought, sold)
  // First the agents at the money take the shorter side,
  const taken = Math.min(long - short, ready)
  if (taken > 0) {
    for (let i = 0; i < n; i++) claims[i] = lot * +((claims[i] & needed) !== 0)
    deal(taken, ready, start, claims, side, wanted)
  }
  if (short + taken === long) return
  // then what is still too much on the longer side is rationed.
  for (let i = 0; i < n; i++) {
    const own = -wanted[i] * side
    claims[i] = own * +(own > 0)
  }
  deal(short + taken, long, start, claims, -side, wanted)
}

/** Deals `total` units out in proportion to claims, which sum to `all`, at least as much. */
function deal(total: number, all: number, start: number, claims: Int32Array, sign: number, wanted: Int32Array): void {
  const n = claims.length, part = total / all
  let rest = total
  for (let i = 0; i < n; i++) rest -= (claims[i] * part) | 0
  for (let k = 0, i = start; k < n; k++, i = i + 1 < n ? i + 1 : 0) {
    const own = claims[i], floor = (own * part) | 0
    const more = +(rest > 0) * +(floor < own)
    rest -= more
    wanted[i] += +(own > 0) * (sign * (floor + more) - wanted[i])
  }
}
