import { describe, expect, test } from "vitest"
import { MECHANISMS } from "../../src/market/lucasMarket.ts"
import { levelOf, priceAt } from "../../src/market/market.ts"
import { conforms } from "./conformance.ts"
import { AMPLE, marketOf, randomPrices, seen, type Given } from "./support.ts"

for (const mechanism of Object.keys(MECHANISMS)) for (const truncation of ["bootstrap", "terminal"])
  conforms(`${mechanism}, ${truncation}`, () => marketOf({ ...AMPLE, mechanism, truncation, agents: 12, horizon: 4, dividend: "lognormal", incomeGap: 0.2, gamma: 1 }))
conforms("own dividends, an odd number", () => marketOf({ agents: 11, horizon: 4, dividends: "own", income: 1, gamma: 2 }))

describe("draws of an agent do not depend on how many there are", () => {
  test.each<[string, Given]>([["common dividends", {}], ["stratified", { draws: "stratified" }], ["own dividends", { dividends: "own" }]])("%s", (_, given) => {
    const [few, many] = [10, 37].map(agents => marketOf({ ...AMPLE, dividend: "lognormal", ...given, agents, horizon: 20 }))
    few.reset(6)
    many.reset(6)
    for (const name of ["shares", "bonds", "cash"]) expect([...seen(many, name).subarray(0, 10)]).toEqual([...seen(few, name)])
    for (let step = 0; step < 20; step++) {
      expect([...many.ledger.nextDividend.subarray(0, 10)]).toEqual([...few.ledger.nextDividend])
      few.step(randomPrices(few, 6, step))
      many.step(randomPrices(many, 6, step))
    }
  })
})

test("own dividends differ between agents and periods, common ones between periods alone", () => {
  for (const [dividends, kinds] of [["own", 80], ["common", 8]] as const) {
    const market = marketOf({ ...AMPLE, dividend: "lognormal", dividends, agents: 10 }), drawn = new Set<number>()
    market.reset(0)
    for (let step = 0; step < 8; step++) { market.step(randomPrices(market, 0, step)); market.ledger.dividend.forEach(y => drawn.add(y)) }
    expect(drawn.size).toBe(kinds)
  }
})

test("levels and prices of a grid are each other's inverse", () => {
  const [space] = marketOf({ agents: 2 }).spaces.action
  for (let k = 0; k < space.levels; k++) expect(levelOf(space, priceAt(space, k))).toBe(k)
  expect([levelOf(space, -5), levelOf(space, 99)]).toEqual([0, space.levels - 1])
})
