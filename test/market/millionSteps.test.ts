import { describe, expect, test } from "vitest"
import { philoxStream } from "../../src/math/random.ts"
import { QUANTUM } from "../../src/market/goods.ts"
import { marketOf } from "./markets.ts"

/** 10^6 steps of random prices, near the middle and at the ends, so that agents run out of everything and are refused. */
describe.each([
  ["posted", 1_000_000, { mechanism: "posted" }], ["posted, one asset a step", 100_000, { mechanism: "posted", trades: "one", ties: "trade", priceLevels: 7, bondLevels: 7, dividends: "own" }],
  ["auction", 1_000_000, { mechanism: "auction", gamma: 1, income: 1, incomeGap: 0.05 }], ["tatonnement", 1_000_000, { mechanism: "tatonnement" }],
] as const)("%s", (_, steps, given) => {
  test(`conserves shares, bonds and goods exactly in each of ${steps} steps`, () => {
    const agents = 4, horizon = 1000
    const market = marketOf({ ...given, agents, horizon, spreadShares: 0.97, lot: 0.03, bondLot: 0.03 })
    const { ledger: { books: [shares, bonds], cash, consumption }, spaces: { action } } = market
    const words = new Uint32Array(2 * agents * horizon), prices = new Float64Array(2 * agents), before = new Float64Array(agents)
    const total = agents * Math.round(1 / shares.unit)
    const found = { shares: 0, bonds: 0, goods: 0, short: 0, ponzi: 0, refusals: 0, trades: 0, inexact: 0 }
    for (let step = 0; step < steps; step++) {
      if (step % horizon === 0) { market.reset(step); philoxStream(5, 5, step, words) }
      for (let k = 0; k < 2 * agents; k++) {
        const { low, high } = action[k < agents ? 0 : 1]
        prices[k] = low + (high - low) * words[(step % horizon) * 2 * agents + k] * 2 ** -32
      }
      before.set(cash)
      market.step(prices)
      let s = 0, b = 0, had = 0, eaten = 0
      for (let i = 0; i < agents; i++) {
        s += shares.holdings[i]
        b += bonds.holdings[i]
        had += before[i]
        eaten += consumption[i]
        if (shares.holdings[i] < 0) found.short++
        if (bonds.holdings[i] < bonds.least) found.ponzi++
        if (!Number.isSafeInteger(consumption[i] / QUANTUM)) found.inexact++
        found.refusals += market.ledger.refused[i]
        found.trades += Math.abs(shares.traded[i])
      }
      if (s !== total) found.shares++
      if (b !== 0) found.bonds++
      // Sums of four amounts below 2^9 are exact, too.
      if (had !== eaten) found.goods++
    }
    expect(found).toMatchObject({ shares: 0, bonds: 0, goods: 0, short: 0, ponzi: 0, inexact: 0 })
    expect(found.refusals).toBeGreaterThan(steps / 1000)
    expect(found.trades).toBeGreaterThan(steps)
  })
})
