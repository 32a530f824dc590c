import { describe, expect, test } from "vitest"
import { LEARNERS } from "../../src/learn/index.ts"
import { train } from "../../src/trainRequest.ts"
import { marketOf, type Given } from "../market/support.ts"

/** Grids that every learner can serve. */
const GRIDS: Given = { agents: 6, horizon: 5, priceLevels: 11, bondLevels: 11 }
const KINDS: readonly Given[] = [
  { mechanism: "posted" }, { mechanism: "auction", income: 1, incomeGap: 0.02 }, { mechanism: "tatonnement", income: 1, incomeGap: 0.02, gamma: 1 }, { observe: "shares,bonds,dividend,cash,time,price" },
  { truncation: "terminal", funds: "dividend", endowments: "equal", debt: 0 },
]

describe.each(Object.keys(LEARNERS))("%s", learner => {
  test.each(KINDS)("posts prices inside their spaces from the first step on, greedily too: %j", given => {
    const market = marketOf({ ...GRIDS, ...given })
    const traders = LEARNERS[learner].traders(market, 2), state = traders.start(3), prices = new Float64Array(12)
    for (const exploring of [true, false]) {
      market.reset(1)
      traders.begin(state, 0)
      while (!market.truncated && !market.terminated) {
        traders.post(state, exploring, prices)
        // Throws for a price outside.
        market.step(prices)
        if (exploring) traders.learn(state)
      }
    }
    const slices = Object.values(traders.slices?.(state) ?? {})
    expect(slices.length).toBeGreaterThan(0)
    for (const { columns, length } of slices) for (const name of Object.keys(columns).filter(name => name.includes("_of_"))) {
      expect(length).toBeGreaterThan(1)
      expect(Object.keys(columns)).toContain(name.slice(name.lastIndexOf("_of_") + 4))
    }
  })
})

describe("shadow", () => {
  test("finds both prices of the auction in a few episodes, from nothing but rewards", () => {
    const { metrics, converged } = train("lucas-auction", { agents: 60, episodes: 12, seed: 3, set: ["tests=2"] })
    expect(metrics.price_error).toBeLessThan(0.02)
    expect(metrics.bond_error).toBeLessThan(0.025)
    expect(metrics.euler_gap).toBeLessThan(0.02)
    expect(converged).toBe(true)
  })

  test("for another patience and another dividend finds other prices: theory is not built in", () => {
    const { learned, theory } = train("lucas-auction", { agents: 60, episodes: 12, seed: 3, set: ["tests=2", "beta=0.9", "dividendScale=0.02", "incomeGap=0.02"] })
    expect(theory.price).toBeCloseTo(9 * 0.0896338, 5)
    expect(Math.abs(learned.price / theory.price - 1)).toBeLessThan(0.03)
    expect(Math.abs(learned.bond / 0.9 - 1)).toBeLessThan(0.03)
  })

  test.each(["groups", "individual"])("with %s networks", sharing => {
    const { metrics } = train("lucas-auction", { agents: 6, episodes: 30, seed: 2, set: ["tests=2", `sharing=${sharing}`, "batch=128", "capacity=60000"] })
    expect(metrics.price_error).toBeLessThan(0.05)
  })

  test("with a prioritised replay and a net on top", () => {
    const { metrics } = train("lucas-auction", { agents: 60, episodes: 12, seed: 1, set: ["tests=2", "replay=prioritised", "hidden=6"] })
    expect(metrics.price_error).toBeLessThan(0.03)
  })
})
