import type { Hindsight, PriceSpace } from "../market/market.ts"
import type { TableState } from "./replay/table.ts"

/** What an item of `dqn` holds, as places in its row of numbers. */
export interface ItemShape {
  readonly features: number
  readonly assets: number
}

/** One asset's part of an item. */
interface Part {
  /** The level posted. */
  readonly level: number
  /** Decided price, then the rewards beyond no trade: above near, far; below near, far; and the two sides. */
  readonly hindsight: number
  /** The next observation without a trade, and with a lot bought. */
  readonly none: number
  readonly bought: number
  /** What one more lot would have added to the reward, and the next observation with what is left of it. */
  readonly gain: number
  readonly left: number
}

/** The layout of items and what is read out of them. */
export function itemOf({ features: F, assets }: ItemShape) {
  const each = 2 + 7 + 3 * F
  const begun = 0, next = F, reached = 2 * F, returned = 3 * F, factor = returned + 1, discount = returned + 2, first = returned + 3
  const parts = Array.from({ length: assets }, (_, a): Part => {
    const at = first + a * each
    return { level: at, gain: at + 1, hindsight: at + 2, none: at + 9, bought: at + 9 + F, left: at + 9 + 2 * F }
  })
  const width = first + assets * each
  const found = { reward: 0, side: 0 }
  return {
    width, begun, next, reached, returned, factor, discount,
    asset: (a: number): Part => parts[a],
    writeHindsight(row: Float64Array, a: number, { decided, none, above, below }: Hindsight): void {
      // Nobody met: no price of the grid lies above or below it.
      row.set([Number.isNaN(decided) ? NOBODY : decided, above.near - none, above.far - none, below.near - none, below.far - none, above.side, below.side], parts[a].hindsight)
    },
    /**
     * What a price would have added to the reward of not trading, and its side, had the price that decided been `stretch` times what it was: only
     * where one's own price does not enter what is paid, since there alone it makes a difference. The result is rewritten by the next call.
     */
    gainAt(rows: Float32Array, row: number, a: number, price: number, { low, high }: PriceSpace, stretch: number): { reward: number; side: number } {
      const at = row + parts[a].hindsight, ownCounts = rows[at + 1] !== rows[at + 2] || rows[at + 3] !== rows[at + 4]
      const factor = ownCounts ? 1 : stretch, decided = rows[at] * factor
      found.reward = 0
      found.side = 0
      if (rows[at] === NOBODY) return found
      // Prices are stored in float32: equal to within that is equal.
      if (price > decided + 1e-6) {
        found.reward = factor * rows[at + 1] + (ownCounts ? ((price - decided) / (high - decided)) * (rows[at + 2] - rows[at + 1]) : 0)
        found.side = rows[at + 5]
      } else if (price < decided - 1e-6) {
        found.reward = factor * rows[at + 3] + (ownCounts ? ((decided - price) / (decided - low)) * (rows[at + 4] - rows[at + 3]) : 0)
        found.side = rows[at + 6]
      }
      return found
    },
    /** Points to value, rows of features: the next observation; and for each asset without a trade, with a lot bought, with a windfall. */
    afterstates(rows: Float32Array, slots: Int32Array, batch: number, x: Float64Array): void {
      const kinds = 1 + 3 * assets, stride = kinds * batch
      for (let b = 0; b < batch; b++) for (let f = 0; f < F; f++) {
        const row = slots[b] * width, to = f * stride + b
        x[to] = rows[row + next + f]
        parts.forEach(({ none, bought, left }, a) => {
          x[to + (1 + 3 * a) * batch] = rows[row + none + f]
          x[to + (2 + 3 * a) * batch] = rows[row + bought + f]
          x[to + (3 + 3 * a) * batch] = rows[row + left + f]
        })
      }
    },
    /** States with one more lot of an asset, then as they were. */
    pairs(rows: Float32Array, slots: Int32Array, batch: number, a: number, x: Float64Array): void {
      for (let b = 0; b < batch; b++) for (let f = 0; f < F; f++) {
        const row = slots[b] * width, own = rows[row + begun + f]
        // A lot moves the features of a state as a trade of one moves those of the next, but for the shocks: these are the state's own.
        x[f * 2 * batch + b] = own + (rows[row + parts[a].bought + f] - rows[row + parts[a].none + f])
        x[f * 2 * batch + batch + b] = own
      }
    },
    /** What values may be like (the spread of the returns, carried on for ever), and what a lot is worth (at the highest price). */
    scales({ rows, size, dense }: TableState): { scale: number; lotScale: number } {
      let sum = 0, square = 0, ahead = 0, lot = 0
      for (let k = 0; k < size; k++) {
        const at = dense[k] * width
        sum += rows[at + returned] / size
        square += rows[at + returned] ** 2 / size
        ahead += rows[at + factor] / size
        lot += rows[at + parts[0].hindsight + 2] ** 2 / size
      }
      return { scale: Math.sqrt(Math.max(0, square - sum * sum)) / Math.max(0.01, 1 - ahead) || 1, lotScale: Math.sqrt(lot) || 1 }
    },
  }
}

const NOBODY = -1
