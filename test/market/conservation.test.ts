import fc from "fast-check"
import { expect, test } from "vitest"
import { MECHANISMS } from "../../src/market/lucasMarket.ts"
import { goodsOf } from "../../src/market/goods.ts"
import { AMPLE, marketOf, randomPrices, rules, seen, total, type Given } from "./support.ts"

/** Plays random prices and compares sums to the last bit: shares, bonds, and goods before and after trade. */
function conserve(given: Given, seed: number, steps: number, coarse: number): void {
  const market = marketOf({ ...given, horizon: Math.max(2, steps) }), { agents: n } = market
  const { income, incomeGap, dividends } = rules(given)
  market.reset(seed)
  const [shares, bonds] = market.ledger.books, outstanding = total(shares.holdings)
  const incomes = [goodsOf(income + incomeGap / 2), goodsOf(income - incomeGap / 2)]
  let broken = ""
  for (let step = 0; step < steps && broken === ""; step++) {
    const goods = total(seen(market, "cash"))
    const even = Math.ceil(n / 2), [first, second] = step % 2 === 0 ? incomes : [incomes[1], incomes[0]]
    if (dividends === "common") {
      const made = outstanding * goodsOf(market.ledger.nextDividend[0] * shares.unit) + even * first + (n - even) * second
      if (goods !== made) broken = `step ${step}: ${goods} goods at hand, ${made} made`
    }
    market.step(randomPrices(market, seed, step, coarse))
    const eaten = total(market.ledger.consumption)
    if (eaten !== goods) broken = `step ${step}: ${goods} goods at hand, ${eaten} consumed`
    if (total(shares.holdings) !== outstanding) broken = `step ${step}: ${total(shares.holdings)} shares of ${outstanding}`
    if (total(bonds.holdings) !== 0) broken = `step ${step}: net bonds ${total(bonds.holdings)}`
    if (total(shares.traded) !== 0 || total(bonds.traded) !== 0) broken = `step ${step}: purchases are not sales`
  }
  expect(broken).toBe("")
}

test.each(Object.keys(MECHANISMS))("%s conserves shares, bonds and goods exactly over a million agent-steps", mechanism => {
  conserve({ ...AMPLE, mechanism, agents: 50, dividend: "lognormal", income: 0.3, incomeGap: 0.2 }, 7, 20_000, 0)
})

test("whatever the rules", () => {
  const given = fc.record({
    mechanism: fc.constantFrom(...Object.keys(MECHANISMS)), agents: fc.integer({ min: 2, max: 41 }), buyer: fc.constantFrom("higher", "lower"),
    trades: fc.constantFrom("each", "one"), funds: fc.constantFrom("cash", "dividend"), split: fc.double({ min: 0, max: 1, noNaN: true }),
    gamma: fc.constantFrom(0, 1, 2.5), lot: fc.constantFrom(0.01, 0.1, 0.37), bondLot: fc.constantFrom(0.01, 0.07, 0.3), debt: fc.constantFrom(0.06, 0.1, 1),
    dividends: fc.constantFrom("common", "own"), draws: fc.constantFrom("independent", "stratified"), income: fc.constantFrom(0.1, 0.4, 1), incomeGap: fc.constantFrom(0, 0.2),
    endowments: fc.constantFrom("random", "equal"), priceLevels: fc.constantFrom(0, 11, 201), truncation: fc.constantFrom("bootstrap", "terminal"),
  })
  fc.assert(fc.property(given, fc.nat(2 ** 31), fc.constantFrom(0, 5), (chosen, seed, coarse) => {
    conserve({ ...AMPLE, dividend: "lognormal", ties: chosen.mechanism === "posted" && coarse > 0 ? "trade" : "rest", ...chosen }, seed, 150, coarse)
  }), { numRuns: 100 })
})
