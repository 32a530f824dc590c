import fc from "fast-check"
import { expect, test } from "vitest"
import { equalTraits } from "../../src/market/traits.ts"
import { lucasMarket } from "../../src/market/lucasMarket.ts"
import { AMPLE, marketOf, randomPrices, rules, total } from "./support.ts"

/** Prices all different, so that the price that decided names the partner. */
const FREE = { ...AMPLE, mechanism: "posted", priceLevels: 0, bondLevels: 0, horizon: 50, debt: 1 } as const

test("pairs are mutual; the higher price buys a lot of the lower at k of the way up; each asset once a step", () => {
  const given = fc.record({ agents: fc.integer({ min: 2, max: 31 }), split: fc.double({ min: 0, max: 1, noNaN: true }), buyer: fc.constantFrom("higher", "lower") })
  fc.assert(fc.property(given, fc.nat(1e9), (chosen, seed) => {
    const market = marketOf({ ...FREE, ...chosen }), { agents: n, split } = rules(chosen)
    market.reset(seed)
    for (let step = 0; step < 4; step++) {
      market.step(randomPrices(market, seed, step))
      for (const { posted, decided, traded, settled, lot } of market.ledger.books) {
        expect([...decided].filter(Number.isNaN).length).toBe(n % 2)
        for (let i = 0; i < n; i++) {
          if (Number.isNaN(decided[i])) { expect(traded[i]).toBe(0); continue }
          const partner = posted.indexOf(decided[i])
          expect(decided[partner]).toBe(posted[i])
          const buys = (chosen.buyer === "higher") === posted[i] > decided[i]
          expect(traded[i]).toBe(buys ? lot : -lot)
          const [bid, asked] = buys ? [posted[i], decided[i]] : [decided[i], posted[i]]
          expect(settled[i]).toBeCloseTo(split * bid + (1 - split) * asked, 12)
          expect(settled[partner]).toBe(settled[i])
        }
      }
      expect(total(market.ledger.refused)).toBe(0)
    }
  }), { numRuns: 60 })
})

test("at the mean price by default: 1.2 meets 0.8 and pays 1", () => {
  const market = marketOf({ ...AMPLE, agents: 2 })
  market.reset(0)
  market.step(Float64Array.of(0.8, 1.2, 0.9, 0.95))
  const [shares, bonds] = market.ledger.books
  expect([...shares.traded]).toEqual([-shares.lot, shares.lot])
  expect([...shares.settled]).toEqual([1, 1])
  expect(bonds.settled[0]).toBeCloseTo(0.925, 12)
})

test("equal prices rest, unless ties trade", () => {
  for (const [ties, lots] of [["rest", 0], ["trade", 10]] as const) {
    const market = marketOf({ ...AMPLE, agents: 20, ties })
    market.reset(1)
    market.step(new Float64Array(40).fill(0.75))
    const { traded, lot } = market.ledger.books[0]
    expect(traded.filter(units => units === lot).length).toBe(lots)
  }
})

test("`trades=one`: a trade in shares bars bonds in the same step", () => {
  const market = marketOf({ ...FREE, agents: 20, trades: "one" })
  market.reset(1)
  const prices = randomPrices(market, 1, 0)
  for (let i = 0; i < 20; i++) if (i % 4 < 2) prices[i] = 1
  market.step(prices)
  const [shares, bonds] = market.ledger.books
  for (let i = 0; i < 20; i++) expect(+(shares.traded[i] !== 0) + +(bonds.traded[i] !== 0)).toBe(1)
})

test("pairings are uniform: agent 0 of six meets each of the others in a fifth of the steps", () => {
  const market = marketOf({ ...FREE, agents: 6, horizon: 4000 }), met = new Float64Array(6)
  market.reset(11)
  for (let step = 0; step < 4000; step++) {
    market.step(Float64Array.of(0.5, 0.6, 0.7, 0.8, 0.9, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5))
    const { posted, decided } = market.ledger.books[0]
    met[posted.indexOf(decided[0])]++
  }
  // Chi-square with 4 degrees of freedom: above 23.5 with chance 1e-4.
  expect(total(met.subarray(1).map(k => (k - 800) ** 2 / 800))).toBeLessThan(23.5)
})

test("bargaining power moves the price to the weak side", () => {
  const given = rules({ ...AMPLE, agents: 2 }), traits = equalTraits(2, 0, 0.95)
  traits.power.set([3, 1])
  const market = lucasMarket("test", given, traits)
  market.reset(0)
  market.step(Float64Array.of(0.8, 1.2, 0.5, 0.5))
  // The seller has three times the weight: three quarters of the way up.
  expect(market.ledger.books[0].settled[0]).toBeCloseTo(1.1, 12)
})
