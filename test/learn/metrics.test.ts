import { expect, test } from "vitest"
import { bestResponseGain } from "../../src/learn/bestResponse.ts"
import { broken, gauge, type Metrics } from "../../src/learn/metrics.ts"
import { checkRules, type Rules } from "../../src/market/rules.ts"
import { MARKETS } from "../../src/markets/index.ts"
import { settingValues } from "../../src/run/settings.ts"

const declaration = MARKETS["lucas-auction"]
const rules = settingValues("test", declaration.settings, { agents: 40, horizon: 40, endowments: "equal", priceLevels: 0, bondLevels: 0 }) as Rules
checkRules(rules)
const theory = declaration.theory(rules), p = theory.mean.price, q = theory.mean.bond

/** Measures of an episode: agents of high income bid `share * price * (1 + apart)`, those of low income ask as much below, and bonds likewise. */
function measure(share: number, apart: number, bondShare = 1): Metrics {
  const market = declaration.make(rules), n = market.agents, prices = new Float64Array(2 * n)
  const row = market.spaces.observation.findIndex(({ name }) => name === "income")
  const measured = gauge(market, theory, rules.horizon)
  market.reset(1)
  measured.cut()
  while (!market.terminated && !market.truncated) {
    for (let i = 0; i < n; i++) {
      const side = Math.sign(market.observation[row * n + i])
      prices[i] = p * share * (1 + side * apart)
      prices[n + i] = q * bondShare * (1 + side * apart)
    }
    market.step(prices)
    // In the first step nobody has bonds that mature, which the gap of incomes counts on: consumption is constant from the second on.
    if (market.ledger.time > 1) measured.add()
  }
  return measured.result().metrics
}

test("at the theory's prices, a lot traded each step: no error, and Euler's equation holds", () => {
  const metrics = measure(1, 0.005)
  expect(metrics.trade_rate).toBeCloseTo(1, 12)
  expect(metrics.price_error).toBeLessThan(1e-12)
  expect(metrics.price_iqr).toBeCloseTo(0.01, 12)
  expect(metrics.bond_error).toBeLessThan(1e-12)
  // Trade smooths consumption but for what the gap of incomes is rounded to, six digits.
  expect(metrics.euler_gap).toBeLessThan(1e-6)
  expect(broken(metrics)).toEqual([])
})

test("a tenth too dear: an error of a tenth, and a gap of what the dividend is of the price", () => {
  const metrics = measure(1.1, 0.005)
  expect(metrics.price_error).toBeCloseTo(0.1, 12)
  // Consumption all but constant: 1 - beta (1.1 p + d)/(1.1 p) with d = p (1 - beta)/beta.
  expect(metrics.euler_gap).toBeCloseTo((1 - rules.beta) * (1 - 1 / 1.1), 4)
  expect(broken(metrics).some(text => text.startsWith("price_error"))).toBe(true)
})

test("nobody trades at a common price: the gap is that of incomes that alternate", () => {
  const metrics = measure(1, 0), d = (p * (1 - rules.beta)) / rules.beta
  expect(metrics.trade_rate).toBe(0)
  expect(metrics.price_iqr).toBe(0)
  // Logarithmic utility: the ratio of marginal utilities is that of consumptions, (1 + d + g/2)/(1 + d - g/2) and its inverse.
  const ratio = (1 + d + rules.incomeGap / 2) / (1 + d - rules.incomeGap / 2)
  expect(metrics.euler_gap).toBeCloseTo((Math.abs(1 - ratio) + Math.abs(1 - 1 / ratio)) / 2, 5)
})

test("a bond a twentieth too cheap is off by a twentieth", () => {
  expect(measure(1, 0.005, 0.95).bond_error).toBeCloseTo(0.05, 12)
})

test("the best single price gains nothing at the theory's price, and the distance where all are off by it", () => {
  const mean = (own: number, other: number): number => (own + other) / 2
  expect(bestResponseGain(new Float64Array(50).fill(1), mean)).toBeCloseTo(0, 5)
  for (const d of [-0.2, 0.1]) expect(bestResponseGain(new Float64Array(50).fill(1 + d), mean)).toBeCloseTo(Math.abs(d), 5)
  // Half at 0.8, half at 1.2: just above 0.8 buys from half and sells to half, at 0.8 and, settled at the mean, at 1.0.
  const met = Float64Array.from({ length: 50 }, (_, k) => (k % 2 ? 0.8 : 1.2))
  expect(bestResponseGain(met, mean)).toBeCloseTo(0.5 * 0.2 + 0.5 * 0, 5)
  expect(bestResponseGain(met, (_, other) => other)).toBeCloseTo(0.2, 5)
  expect(bestResponseGain(new Float64Array(0), mean)).toBe(0)
  // Against prices spread evenly over [0, 2] the best is p = (2 v + M)/3 = 1, about v = M = 1, and gains a quarter.
  expect(bestResponseGain(Float64Array.from({ length: 20_001 }, (_, k) => k / 10_000), mean)).toBeCloseTo(0.25, 3)
})

test("random dividends average out of the Euler gap where they are stratified", () => {
  const posted = MARKETS["lucas-posted"], given = settingValues("test", posted.settings, { agents: 20, horizon: 3000, priceLevels: 0, bondLevels: 0 }) as Rules
  const market = posted.make(given), law = posted.theory(given), measured = gauge(market, law, given.horizon), prices = Float64Array.from({ length: 40 }, (_, k) => (k < 20 ? law.mean.price : law.mean.bond))
  market.reset(0)
  for (let step = 0; step < given.horizon; step++) { market.step(prices); measured.add() }
  expect(measured.result().metrics.euler_gap).toBeLessThan(1e-3)
})

test("the gate names what is broken, also what is no number", () => {
  const good: Metrics = { price_error: 0, price_iqr: 0, bond_error: 0, euler_gap: 0, trade_rate: 1, best_response_gain: 0 }
  expect(broken(good)).toEqual([])
  expect(broken({ ...good, price_iqr: 0.2, euler_gap: NaN }).map(text => text.split(" ")[0])).toEqual(["price_iqr", "euler_gap"])
})
