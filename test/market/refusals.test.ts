import { describe, expect, test } from "vitest"
import { MECHANISMS } from "../../src/market/lucasMarket.ts"
import { AMPLE, marketOf, randomPrices, rules, total, type Given } from "./support.ts"

describe.each(Object.keys(MECHANISMS))("%s", mechanism => {
  const play = (given: Given, each: (market: ReturnType<typeof marketOf>) => void): number => {
    const market = marketOf({ ...AMPLE, mechanism, agents: 30, horizon: 60, ...given })
    market.reset(2)
    let refused = 0
    for (let step = 0; step < 60; step++) {
      market.step(randomPrices(market, 2, step, 41))
      refused += total(market.ledger.refused)
      each(market)
    }
    return refused
  }

  test("nobody spends what it has not", () => {
    // Without debts: who owes more than it earns is short of goods before it trades.
    expect(play({ income: 0, dividendScale: 1e-4, debt: 0, spreadBonds: 0 }, market => { expect(Math.min(...market.ledger.consumption)).toBeGreaterThanOrEqual(0) })).toBeGreaterThan(0)
  })

  test("where utility is concave, a purchase leaves the floor", () => {
    const floor = 0.01
    const refused = play({ income: 0, dividendScale: 1e-3, gamma: 2, floor, endowments: "equal" }, market => {
      const [shares, bonds] = market.ledger.books
      market.ledger.consumption.forEach((c, i) => { if (shares.traded[i] >= 0 && bonds.traded[i] > 0) expect(c).toBeGreaterThanOrEqual(floor) })
    })
    expect(refused).toBeGreaterThan(0)
  })

  test("nobody sells shares that it has not", () => {
    expect(play({ lot: 0.5 }, market => { expect(Math.min(...market.ledger.books[0].holdings)).toBeGreaterThanOrEqual(0) })).toBeGreaterThan(0)
  })

  test("nobody owes more than is allowed, and where a lot is more than that nobody sells one", () => {
    play({ debt: 0.1, bondLot: 0.07 }, ({ ledger: { books: [, { holdings, unit }] } }) => { expect(Math.min(...holdings) * unit).toBeGreaterThanOrEqual(-0.1) })
    const refused = play({ debt: 0.06, bondLot: 0.07 }, ({ ledger: { books: [, { traded }] } }) => { expect(traded.every(units => units === 0)).toBe(true) })
    expect(refused).toBeGreaterThan(0)
  })

  test("a refusal costs its penalty and nothing else", () => {
    const given = { debt: 0.06, bondLot: 0.07, baseline: false, gamma: 0, penalty: 0.25 }, { lot, penalty } = rules(given)
    const refused = play(given, ({ reward, ledger }) => {
      for (let i = 0; i < 30; i++) expect(reward[i]).toBeCloseTo(ledger.consumption[i] - penalty * lot * ledger.refused[i], 12)
    })
    expect(refused).toBeGreaterThan(0)
  })
})

test("each side of a pair is refused for its own lack alone", () => {
  const market = marketOf({ ...AMPLE, agents: 2, debt: 0, spreadBonds: 0 })
  market.reset(0)
  market.step(Float64Array.of(1, 1, 0.8, 1))
  expect([...market.ledger.refused]).toEqual([1, 0])
})
