import { describe, expect, test } from "vitest"
import { conformance } from "../../src/market/conformance.ts"
import type { Market } from "../../src/market/market.ts"
import { KINDS, marketOf } from "./markets.ts"

describe.each(Object.entries(KINDS))("%s", (_, given) => {
  test.each([2, 7, 40])("keeps every rule of a market, with %i agents", agents => {
    expect(conformance((n = agents) => marketOf({ ...given, agents: n, horizon: 30 }), { steps: 60 })).toEqual([])
  })
})

describe("a market that breaks a rule is told which", () => {
  const broken = (change: (market: Market) => Partial<Market>) => conformance((agents = 6) => {
    const market = marketOf({ agents, horizon: 5, income: 1 })
    return new Proxy(market, { get: (target, key) => Reflect.get(change(target), key) ?? (Reflect.get(target, key) as unknown) })
  })
  const unseeded = { at: 0 }

  test("a leak of goods", () => {
    expect(broken(market => ({ step(prices) { market.step(prices); market.ledger.consumption[0] += 2 ** -44 } }))).toContain("what is consumed is what there was, to the last bit")
  })
  test("a share out of nothing", () => {
    expect(broken(market => ({ step(prices) { market.step(prices); market.ledger.books[0].holdings[0]++ } }))).toContain("shares are conserved, and bonds owed are bonds held")
  })
  test("draws that do not come from the seed", () => {
    expect(broken(market => ({ step(prices) { market.step(prices); market.reward[0] = unseeded.at++ } }))).toContain("the same seed and prices give the same bits")
  })
  test("one seed for all", () => {
    expect(broken(market => ({ reset() { market.reset(0) } }))).toContain("another seed gives other draws")
  })
  test("an end that is both", () => {
    expect(broken(market => ({ get terminated() { return market.truncated }, get truncated() { return market.truncated } }))).toEqual(expect.arrayContaining(["an episode is not both terminated and truncated", "a market that terminated has no future"]))
  })
})
