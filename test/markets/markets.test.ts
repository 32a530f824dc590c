import { describe, expect, test } from "vitest"
import type { Rules } from "../../src/market/rules.ts"
import { MARKETS } from "../../src/markets/index.ts"
import { lucasTheory } from "../../src/markets/theory.ts"
import { marketTheory } from "../../src/math/lucasTree.ts"
import { Mistake } from "../../src/run/mistake.ts"
import { settingValues, type SettingValue } from "../../src/run/settings.ts"
import { conforms } from "../market/conformance.ts"
import { randomPrices, rules, total } from "../market/support.ts"

const rulesOf = (name: string, given: Readonly<Record<string, SettingValue>> = {}): Rules => settingValues(name, MARKETS[name].settings, given) as Rules

for (const [name, { make, readings }] of Object.entries(MARKETS)) {
  conforms(name, () => make(rulesOf(name, { agents: 20, horizon: 4 })))
  for (const [reading, given] of Object.entries(readings)) conforms(`${name}, ${reading}`, () => make(rulesOf(name, { ...given, agents: 20, horizon: 4 })))
}

test.each(Object.keys(MARKETS))("%s: p* = beta/(1 - beta) E y = 19 exp(1.5)/100 = .85152 and q* = .95", name => {
  const { mean, price, bond, printed } = MARKETS[name].theory(rulesOf(name))
  expect(mean.price).toBeCloseTo(0.85152, 5)
  expect(mean.price).toBeCloseTo(0.19 * Math.exp(1.5), 9)
  expect(mean.bond).toBeCloseTo(0.95, 12)
  const y = rulesOf(name).dividend === "fixed" ? Math.exp(1.5) / 100 : 0.2
  expect(price(y)).toBeCloseTo(mean.price, 9)
  expect(bond(y)).toBeCloseTo(mean.bond, 9)
  expect(printed).toEqual({ price: 0.845, bond: 1 / 0.95 })
})

test.each([0.5, 1, 2, 5])("with risk, gamma = %d, the theory is the tree's of `lucasTree.ts`", gamma => {
  const here = lucasTheory(rules({ gamma, income: 1 })), there = marketTheory("L2", { gamma, income: 1 })
  for (const y of [0.005, 0.03, 0.2]) {
    expect(here.price(y) / there.price(y)).toBeCloseTo(1, 8)
    expect(here.bond(y) / there.bond(y)).toBeCloseTo(1, 8)
  }
  // The market's quadrature stops at nine standard deviations, beyond which the fifth moment of the dividend has 1e-7 of the mean price left.
  expect(here.mean.price / there.meanPrice).toBeCloseTo(1, gamma < 5 ? 10 : 6)
})

describe("lucas-auction at the theory's prices", () => {
  const given = rulesOf("lucas-auction", { agents: 20, horizon: 60, priceLevels: 0, bondLevels: 0, endowments: "equal" })
  const { mean } = MARKETS["lucas-auction"].theory(given), n = given.agents

  test("one lot of each asset back and forth makes consumption constant: the Euler equations hold for any utility", () => {
    const market = MARKETS["lucas-auction"].make(given)
    market.reset(0)
    const eaten: number[] = []
    for (let step = 0; step < 60; step++) {
      market.step(Float64Array.from({ length: 2 * n }, (_, at) => (at < n ? mean.price : mean.bond) + ((at + step) % 2 === 0 ? 0.017 : -0.017)))
      const [shares, bonds] = market.ledger.books
      expect(shares.decided[0]).toBeCloseTo(mean.price, 12)
      expect(bonds.decided[0]).toBeCloseTo(mean.bond, 12)
      for (const { traded, lot } of market.ledger.books) for (let i = 0; i < n; i++) expect(traded[i]).toBe((i + step) % 2 === 0 ? lot : -lot)
      eaten.push(market.ledger.consumption[0])
    }
    // From the second period on, when bonds mature.
    for (let step = 1; step < 58; step++) expect(Math.abs(eaten[step + 2] - eaten[step])).toBeLessThan(1e-12)
    // The gap is rounded to six digits.
    expect(Math.abs(eaten[2] - eaten[1])).toBeLessThan(1e-6)
    expect(market.truncated).toBe(true)
  })

  test("without trade incomes swing by the gap", () => {
    const market = MARKETS["lucas-auction"].make(given)
    market.reset(0)
    for (let step = 0; step < 4; step++) {
      market.step(new Float64Array(2 * n).fill(mean.bond))
      expect(market.ledger.consumption[0] - market.ledger.consumption[1]).toBeCloseTo(step % 2 === 0 ? given.incomeGap : -given.incomeGap, 12)
    }
  })
})

test("an unknown rule of a market is a mistake that names the nearest", () => {
  expect(() => rulesOf("lucas-auction", { mechanisms: "auction" })).toThrow(Mistake)
  expect(() => rulesOf("lucas-auction", { mechanisms: "auction" })).toThrow(/did you mean `mechanism`\?/)
})

test("the literal reading: orders that a dividend cannot pay are refused", () => {
  const market = MARKETS["lucas-posted"].make(rulesOf("lucas-posted", { ...MARKETS["lucas-posted"].readings.literal, agents: 40, horizon: 20 }))
  let refused = 0
  market.reset(4)
  for (let step = 0; step < 20; step++) { market.step(randomPrices(market, 4, step)); refused += total(market.ledger.refused) }
  expect(market.terminated).toBe(true)
  expect(refused).toBeGreaterThan(0)
})
