import { philoxStream } from "../../src/math/random.ts"
import { settingValues, type SettingValue } from "../../src/run/settings.ts"
import { lucasMarket } from "../../src/market/lucasMarket.ts"
import type { Market } from "../../src/market/market.ts"
import { RULES, type Rules } from "../../src/market/rules.ts"

export type Given = Readonly<Partial<Record<keyof Rules, SettingValue>>>

/** The rules with some replaced, checked as the command line checks them. */
export const rules = (given: Given = {}): Rules => settingValues("market", RULES, given)

export const marketOf = (given: Given = {}): Market => lucasMarket("test", rules(given))

/** Nobody lacks goods or shares: orders are refused for no reason. Goods are seen as they are. */
export const AMPLE: Given = { income: 1, dividend: "fixed", observe: "shares,bonds,dividend,income,cash,time,price", normalise: false }

/** Prices of one step, uniform over each space; with `coarse` few of them, so that there are ties. */
export function randomPrices({ agents, spaces }: Market, seed: number, step: number, coarse = 0): Float64Array {
  const words = new Uint32Array(agents * spaces.action.length)
  philoxStream(seed, 99, step * words.length, words)
  return Float64Array.from(words, (word, at) => {
    const { low, high } = spaces.action[Math.floor(at / agents)], u = word * 2 ** -32
    return low + (high - low) * (coarse > 0 ? Math.floor(u * coarse) / coarse : u)
  })
}

export const total = (values: Iterable<number>): number => {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** The row of a feature in the observation. */
export function seen(market: Market, name: string): Float64Array {
  const row = market.spaces.observation.findIndex(feature => feature.name === name)
  if (row < 0) throw new Error(`\`${name}\` is not observed`)
  return market.observation.subarray(row * market.agents, (row + 1) * market.agents)
}
