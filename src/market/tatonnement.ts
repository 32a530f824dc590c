import type { Book } from "./book.ts"
import type { Mechanism } from "./mechanism.ts"
import { carryOut } from "./rationing.ts"

/**
 * Walrasian groping, the reference mechanism: each posted price stands for a demand schedule, and an auctioneer calls prices until
 * demand meets supply. An agent that posted p wants z(P) = clamp((p - P)/depth, -1, 1) lots at the price P; nobody trades before
 * Z(P) = sum z(P) is zero to within half a unit. Z falls in P, so that the steps P += depth Z / (agents not at a bound), kept
 * inside the bracket found so far, end. O(n) a call, and few calls. What rounding to units leaves is rationed (`rationing.ts`).
 */
export const tatonnement: Mechanism = {
  name: "tatonnement",
  is: "a Walrasian auctioneer calls prices until demand schedules about the posted prices clear",
  ownPriceCounts: false,
  make(n) {
    const wanted = new Int32Array(n), scratch = new Int32Array(n)
    return {
      clear(books, purse, terms, draw) {
        books.forEach((book, k) => {
          const price = grope(book.posted, DEPTH, 0.5 / book.lot)
          const most = terms.buyer === "higher" ? book.lot : -book.lot
          for (let i = 0; i < n; i++) wanted[i] = Math.floor(most * demand(book.posted[i], price, DEPTH) + 0.5)
          carryOut(book, purse, terms, price, { wanted, scratch }, { ...draw, block: draw.block + k })
        })
      },
    }
  },
}

/** A schedule goes from nothing to a whole lot over this change of the price. */
const DEPTH = 0.02
/** Bisection alone halves a bracket of any width to rounding in so many calls. */
const MOST_CALLS = 100

function demand(posted: number, price: number, depth: number): number {
  const z = (posted - price) / depth
  return z > 1 ? 1 : z < -1 ? -1 : z
}

function grope(posted: Book["posted"], depth: number, tolerance: number): number {
  let low = Infinity, high = -Infinity, price = 0
  for (const p of posted) {
    price += p / posted.length
    if (p < low) low = p
    if (p > high) high = p
  }
  for (let call = 0; call < MOST_CALLS; call++) {
    let excess = 0, inside = 0
    for (let i = 0; i < posted.length; i++) {
      const z = demand(posted[i], price, depth)
      excess += z
      if (z > -1 && z < 1) inside++
    }
    if (Math.abs(excess) <= tolerance) break
    if (excess > 0) low = price
    else high = price
    const next = price + (depth * excess) / Math.max(inside, 1)
    const stepped = next > low && next < high ? next : (low + high) / 2
    if (stepped === price || !(high > low)) break
    price = stepped
  }
  return price
}
