import fc from "fast-check"
import { expect, test } from "vitest"
import { AMPLE, marketOf, total } from "./support.ts"

const LEVELS = 201

/** The auction by sorting: the clearing price and, for each agent, the fewest and the most units it may trade. */
function oracle(prices: readonly number[], lot: number, split: number): { price: number; least: number[]; most: number[] } {
  const n = prices.length, order = [...prices].sort((a, b) => a - b)
  const lower = order[Math.ceil(n / 2) - 1], upper = order[Math.floor(n / 2)], price = lower + split * (upper - lower)
  const above = prices.filter(p => p > price).length, below = prices.filter(p => p < price).length, at = n - above - below
  // What is left over, in units, falls to those at the money in equal parts, and what does not divide one unit each.
  const share = at === 0 ? 0 : ((below - above) * lot) / at
  const units = (round: (x: number) => number): number[] => prices.map(p => (p > price ? lot : p < price ? -lot : round(share)))
  return { price, least: units(Math.floor), most: units(Math.ceil) }
}

function agrees(levels: readonly number[], split: number, seed: number): void {
  const n = levels.length, market = marketOf({ ...AMPLE, mechanism: "auction", agents: n, split })
  market.reset(seed)
  const posted = levels.map(level => (2 * level) / (LEVELS - 1))
  market.step(Float64Array.from([...posted, ...posted.map(() => 0.75)]))
  const [shares, bonds] = market.ledger.books
  expect([...shares.posted]).toEqual(posted)
  const { price, least, most } = oracle(posted, shares.lot, split)
  for (let i = 0; i < n; i++) {
    expect(shares.decided[i]).toBe(price)
    expect(shares.traded[i]).toBeGreaterThanOrEqual(least[i])
    expect(shares.traded[i]).toBeLessThanOrEqual(most[i])
  }
  expect(total(shares.traded)).toBe(0)
  expect(total(market.ledger.refused)).toBe(0)
  // All post one price for bonds: nobody trades them.
  expect([...bonds.traded].every(units => units === 0)).toBe(true)
}

test("the call auction is what sorting says, with few ties", () => {
  fc.assert(fc.property(fc.array(fc.nat(LEVELS - 1), { minLength: 2, maxLength: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1e6), agrees))
})

test("and with ties at the money, rationed pro rata to the unit", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 80, max: 83 }), { minLength: 2, maxLength: 60 }), fc.constantFrom(0, 0.5, 1), fc.nat(1e6), agrees))
})

test("three above, one below, five at the money: two lots from five, by hand", () => {
  const market = marketOf({ ...AMPLE, mechanism: "auction", agents: 9 })
  market.reset(3)
  market.step(Float64Array.from([1.2, 1, 1, 1.3, 1, 0.5, 1, 1, 1.4, ...new Array<number>(9).fill(0.75)]))
  const { traded, lot, decided } = market.ledger.books[0]
  expect(decided[0]).toBe(1)
  expect([0, 3, 5, 8].map(i => traded[i] / lot)).toEqual([1, 1, -1, 1])
  const money = [1, 2, 4, 6, 7].map(i => -traded[i])
  expect(total(money)).toBe(2 * lot)
  expect(Math.max(...money) - Math.min(...money)).toBe(1)
})

test("where sellers have nothing to deliver, buyers are rationed pro rata", () => {
  const n = 40, market = marketOf({ ...AMPLE, mechanism: "auction", agents: n, lot: 0.5, spreadShares: 0.5, horizon: 20 })
  market.reset(5)
  const [shares] = market.ledger.books
  let refusals = 0, rationed = 0
  for (let step = 0; step < 10; step++) {
    // The first half always sells, and runs out of shares.
    market.step(Float64Array.from({ length: 2 * n }, (_, i) => (i < n / 2 ? 0.5 : i < n ? 1.5 : 0.75)))
    const sellers = shares.traded.subarray(0, n / 2), buyers = shares.traded.subarray(n / 2), sold = 0 - total(sellers)
    for (let i = 0; i < n / 2; i++) expect(sellers[i] === 0 ? market.ledger.refused[i] : -sellers[i] / shares.lot).toBe(1)
    expect(total(buyers)).toBe(sold)
    const part = (2 * sold) / n
    for (const units of buyers) if (market.ledger.refused.subarray(n / 2).every(r => r === 0)) expect(Math.abs(units - part)).toBeLessThan(1)
    refusals += total(market.ledger.refused.subarray(0, n / 2))
    if (part > 0 && part < shares.lot) rationed++
  }
  expect(refusals).toBeGreaterThan(0)
  expect(rationed).toBeGreaterThan(0)
  expect(Math.min(...shares.holdings)).toBeGreaterThanOrEqual(0)
})
