import { describe, expect, test } from "vitest"
import { QUANTUM, UNITS_PER_LOT } from "../../src/market/goods.ts"
import type { Hindsight, Market } from "../../src/market/market.ts"
import { AMPLE, marketOf, randomPrices, total, type Given } from "./support.ts"

const FREE: Given = { ...AMPLE, priceLevels: 0, bondLevels: 0, debt: 1, dividend: "lognormal", incomeGap: 0.2, horizon: 9 }
/** Payments are rounded to a quantum of goods a unit (`goods.ts`); in rewards, which are in lots, with marginal utility up to twice the usual. */
const ROUNDING = (2 * UNITS_PER_LOT * QUANTUM) / 0.01
const nothing = (): Hindsight => ({ decided: 0, none: 0, above: { near: 0, far: 0, side: 0 }, below: { near: 0, far: 0, side: 0 } })

/** A market after one step of random prices, that of agent i for an asset replaced. */
function played(given: Given, seed: number, asset: number, i: number, price?: number): Market {
  const market = marketOf(given), prices = randomPrices(market, seed, 0)
  if (price !== undefined) prices[asset * market.agents + i] = price
  market.reset(seed)
  market.step(prices)
  return market
}
const column = (market: Market, i: number): number[] => market.spaces.observation.map((_, row) => market.observation[row * market.agents + i])

describe.each<[string, Given]>([
  ["linear utility", { gamma: 0 }], ["concave utility", { gamma: 2 }], ["the lower buys", { gamma: 1, buyer: "lower" }], ["k = 0.2", { gamma: 0, split: 0.2 }],
  ["k = 0.2 and the lower buys", { gamma: 0, split: 0.2, buyer: "lower" }], ["no baseline", { gamma: 2, baseline: false }],
])("hindsight of random pairs is what playing again brings: %s", (_, extra) => {
  const given = { ...FREE, agents: 7, ...extra }
  test.each([[0, 4], [1, 5], [0, 6]])("asset %d, seed %d", (asset, seed) => {
    const market = played(given, seed, asset, 0), into = nothing(), { low, high } = market.spaces.action[asset]
    const observed = new Float64Array(market.spaces.observation.length)
    for (let i = 0; i < 7; i++) {
      market.hindsight(asset, i, into)
      if (Number.isNaN(into.decided)) {
        expect([into.above.side, into.below.side]).toEqual([0, 0])
        expect([into.above.near, into.above.far, into.below.near, into.below.far]).toEqual(new Array(4).fill(into.none))
        expect(into.none).toBeCloseTo(market.reward[i], 12)
        continue
      }
      for (const [price, expected, side, allowed] of [
        [into.decided, into.none, 0, ROUNDING], [high, into.above.far, into.above.side, ROUNDING], [low, into.below.far, into.below.side, ROUNDING],
        [into.decided * (1 + 1e-9), into.above.near, into.above.side, 1e-6], [into.decided * (1 - 1e-9), into.below.near, into.below.side, 1e-6],
        // Rewards come in lots: linear in between to the square of a lot.
        [(into.decided + high) / 2, (into.above.near + into.above.far) / 2, into.above.side, 0.02],
      ] as const) {
        const again = played(given, seed, asset, i, price)
        expect(total(again.ledger.refused)).toBe(0)
        expect(Math.abs(again.reward[i] - expected)).toBeLessThanOrEqual(allowed)
        market.counterfactual(asset, i, side, observed)
        column(again, i).forEach((value, row) => { expect(observed[row], market.spaces.observation[row].name).toBeCloseTo(value, 10) })
      }
    }
  })
})

test("hindsight of a call auction: exact on one's own side, and off by one agent's weight in the price on the other", () => {
  const n = 60, given = { ...FREE, mechanism: "auction", agents: n, gamma: 0, baseline: false }, market = played(given, 8, 0, 0), into = nothing()
  const { posted, unit, lot, traded } = market.ledger.books[0], order = [...posted].sort((a, b) => a - b)
  const shift = order[n / 2 + 1] - order[n / 2 - 2]
  for (let i = 0; i < n; i++) {
    market.hindsight(0, i, into)
    for (const [price, { far, side }] of [[2, into.above], [0, into.below]] as const) {
      const again = played(given, 8, 0, i, price)
      if (side === Math.sign(traded[i]) && Math.abs(again.ledger.books[0].decided[i] - into.decided) === 0) expect(again.reward[i]).toBeCloseTo(far, 12)
      expect(Math.abs(again.reward[i] - far)).toBeLessThanOrEqual(unit * lot * shift + 1e-12)
    }
  }
})

test.each([0, 1])("a windfall of asset %d is what a lot bought the step before brings", asset => {
  const given = { ...FREE, agents: 8, gamma: 2 }, i = 3
  const play = (price: number): Market => {
    const market = marketOf(given), first = new Float64Array(16).fill(0.75)
    first[asset * 8 + i] = price
    market.reset(1)
    market.step(first)
    market.step(randomPrices(market, 1, 1))
    return market
  }
  const without = play(0.75), bought = play(1), observed = new Float64Array(without.spaces.observation.length)
  expect(without.windfall(asset, i, observed)).toBeCloseTo(bought.reward[i], 8)
  column(bought, i).forEach((value, row) => { expect(observed[row], without.spaces.observation[row].name).toBeCloseTo(value, 10) })
})

/** Markets in which many can neither pay nor deliver. */
const POOR: Given = { ...FREE, agents: 12, gamma: 0, penalty: 0.5, endowments: "equal", debt: 0 }, MEAGRE: Given = { income: 0, incomeGap: 0, funds: "dividend", lot: 0.03, bondLot: 0.03, debt: 0.1 }
test.each<[string, Given, asset: number]>([
  ["nobody may owe a bond", {}, 1], ["the dividend of one share pays for shares", MEAGRE, 0], ["and for bonds", MEAGRE, 1],
  ["where the lower buys", { ...MEAGRE, buyer: "lower" }, 0], ["one asset a step", { trades: "one" }, 1],
])("a penalty is for what one lacks oneself, and not for what a partner lacks: %s", (_, extra, asset) => {
  const given = { ...POOR, ...extra }, into = nothing()
  let own = 0, partners = 0
  for (let seed = 0; seed < 6; seed++) {
    const market = played(given, seed, asset, 0)
    for (let i = 0; i < 12; i++) {
      market.hindsight(asset, i, into)
      const stay = played(given, seed, asset, i, into.decided)
      for (const [price, { near, side }] of [[into.decided * (1 + 1e-9), into.above], [into.decided * (1 - 1e-9), into.below]] as const) {
        const again = played(given, seed, asset, i, price)
        expect(near - into.none).toBeCloseTo(again.reward[i] - stay.reward[i], 5)
        if (again.ledger.refused[i] > stay.ledger.refused[i]) own++
        else if (side === 0) partners++
      }
    }
  }
  expect(partners).toBeGreaterThan(0)
  // Where all have traded shares already nobody is fined for bonds.
  expect(own > 0).toBe(given.trades !== "one")
})

test("in an auction nobody has a partner: who is refused lacks something", () => {
  const into = nothing(), market = played({ ...POOR, mechanism: "auction" }, 3, 1, 0), { posted } = market.ledger.books[1]
  let refused = 0
  for (let i = 0; i < 12; i++) {
    market.hindsight(1, i, into)
    const outcome = posted[i] > into.decided ? into.above : into.below
    expect(outcome.near < into.none && outcome.side === 0).toBe(market.ledger.refused[i] > 0)
    refused += market.ledger.refused[i]
  }
  expect(refused).toBeGreaterThan(0)
})
