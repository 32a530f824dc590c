import { describe, expect, test } from "vitest"
import type { Market } from "../../src/market/market.ts"
import { randomPrices, seen, total } from "./support.ts"

/** Everything that a step leaves behind, as bits that can be compared. */
const state = ({ observation, reward, discount, terminated, truncated, ledger }: Market): unknown =>
  [observation, reward, discount, ledger.consumption, ledger.dividend].map(a => [...a]).concat(ledger.books.flatMap(b => [[...b.holdings], [...b.traded], [...b.decided]]), [[+terminated, +truncated]])

function history(market: Market, seed: number, steps: number): unknown[] {
  market.reset(seed)
  // What a step leaves (rewards, trades) means nothing before the first.
  const states: unknown[] = [[...market.observation], [...market.discount], ...market.ledger.books.map(b => [...b.holdings])]
  for (let step = 0; step < steps; step++) { market.step(randomPrices(market, seed, step)); states.push(state(market)) }
  return states
}

/** What every market promises, whatever its rules. `make` gives a fresh one, of at least 3 steps. */
export function conforms(name: string, make: () => Market): void {
  describe(`${name} is a market`, () => {
    test("arrays have an entry, or a column, an agent", () => {
      const market = make(), { agents: n, spaces: { observation } } = market
      expect(market.observation.length).toBe(n * observation.length)
      for (const a of [market.reward, market.discount, market.ledger.consumption, market.ledger.refused]) expect(a.length).toBe(n)
      expect(new Set(observation.map(feature => feature.name)).size).toBe(observation.length)
      for (const { low, high } of market.spaces.action) expect(low).toBeLessThan(high)
    })

    test("same seed, same bits, in a fresh market and in a used one; another seed, others", () => {
      const market = make(), first = history(market, 41, 3)
      expect(history(make(), 41, 3)).toEqual(first)
      expect(history(market, 41, 3)).toEqual(first)
      expect(history(market, 2 ** 40 + 41, 3)).not.toEqual(first)
    })

    test("observations are numbers, and within their bounds where no shock moves them", () => {
      const market = make()
      market.reset(1)
      const check = (): void => {
        expect(market.observation.every(Number.isFinite)).toBe(true)
        for (const feature of market.spaces.observation) {
          // Shares add up over trades; their bounds are those of the start.
          if (feature.shock || (feature.name === "shares" && market.ledger.time > 0)) continue
          const row = seen(market, feature.name)
          expect(Math.min(...row), feature.name).toBeGreaterThanOrEqual(feature.low)
          expect(Math.max(...row), feature.name).toBeLessThanOrEqual(feature.high)
        }
      }
      check()
      for (let step = 0; step < 3; step++) { market.step(randomPrices(market, 1, step)); check() }
    })

    test("a step before the first reset, and one after the end, are refused", () => {
      const market = make(), prices = randomPrices(market, 3, 0)
      expect(() => { market.step(prices) }).toThrow(/has not begun/)
      market.reset(3)
      const patience = [...market.discount]
      while (!market.terminated && !market.truncated) {
        expect([...market.discount]).toEqual(patience)
        market.step(prices)
      }
      expect(() => { market.step(prices) }).toThrow(/has ended/)
      expect(market.terminated).not.toBe(market.truncated)
      expect([...market.discount]).toEqual(market.terminated ? patience.map(() => 0) : patience)
      market.reset(3)
      expect([market.terminated, market.truncated, market.ledger.time, ...market.discount]).toEqual([false, false, 0, ...patience])
    })

    test("a price outside its space is refused, with the agent's number", () => {
      const market = make()
      market.reset(3)
      for (const wrong of [NaN, -0.01, market.spaces.action[0].high + 0.01]) {
        const prices = randomPrices(market, 3, 0)
        prices[1] = wrong
        expect(() => { market.step(prices) }).toThrow(/agent 1 posted/)
      }
    })

    test("what is promised of a payment and of lots is what a step of them brings", () => {
      const market = make(), { agents: n, spaces } = market
      market.reset(9)
      const names = spaces.observation.filter(feature => !feature.shock).map(feature => feature.name)
      const promised = [-1, 0, 1].map(shares => [-1, 0, 1].map(bonds => {
        const out = new Float64Array(n * names.length)
        market.afterstate([shares, bonds], out)
        return out
      }))
      market.step(randomPrices(market, 9, 0))
      const lots = market.ledger.books.map(({ traded, lot }) => Array.from(traded, units => units / lot))
      let whole = 0
      for (let i = 0; i < n; i++) {
        if (!lots.every(each => Number.isInteger(each[i]))) continue
        whole++
        const after = promised[lots[0][i] + 1][lots[1][i] + 1]
        names.forEach((feature, row) => { expect(after[row * n + i], feature).toBeCloseTo(seen(market, feature)[i], 12) })
      }
      expect(whole).toBeGreaterThan(0)

      const paid = market.ledger.books.map(({ traded, settled, unit }) => Array.from(traded, (units, i) => (units === 0 ? 0 : units * unit * settled[i])))
      const payment = Float64Array.from({ length: n }, (_, i) => total(paid.map(each => each[i]))), promise = new Float64Array(n)
      const again = make()
      again.reset(9)
      again.rewardOf(payment, promise)
      for (let i = 0; i < n; i++) if (market.ledger.refused[i] === 0) expect(Math.abs(promise[i] - market.reward[i]) / Math.max(1, Math.abs(market.reward[i]))).toBeLessThan(5e-8)
    })
  })
}
