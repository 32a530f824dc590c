import { lucasMarket } from "../../src/market/lucasMarket.ts"
import type { Market } from "../../src/market/market.ts"
import { RULES, type Rules } from "../../src/market/rules.ts"
import { settingValues, type SettingValue } from "../../src/run/settings.ts"

export const rulesOf = (given: Readonly<Record<string, SettingValue>> = {}): Rules => settingValues("market", RULES, given)

export const marketOf = (given: Readonly<Record<string, SettingValue>> = {}): Market => lucasMarket("test", rulesOf(given))

/** Rules of every kind, by name: suites run on all of them. */
export const KINDS: Readonly<Record<string, Readonly<Record<string, SettingValue>>>> = {
  posted: { mechanism: "posted" },
  "posted, to the letter": { mechanism: "posted", gamma: 2, funds: "dividend", endowments: "equal", observe: "shares,bonds,dividend,cash", normalise: false, baseline: false, truncation: "terminal", debt: 0.01, priceLevels: 21, bondLevels: 21 },
  "posted, ties trade, one asset a step, lower buys": { mechanism: "posted", ties: "trade", trades: "one", buyer: "lower", priceLevels: 5, bondLevels: 5 },
  "posted, own dividends, any price": { mechanism: "posted", dividends: "own", priceLevels: 0, bondLevels: 0, split: 0.3, observe: "shares,bonds,dividend,cash,time,price" },
  "posted, stratified": { mechanism: "posted", draws: "stratified", gamma: 1, income: 0.1 },
  auction: { mechanism: "auction", gamma: 1, income: 1, incomeGap: 0.05, dividend: "fixed", observe: "shares,bonds,income" },
  "auction, coarse grid": { mechanism: "auction", gamma: 2, income: 1, priceLevels: 4, bondLevels: 3, split: 0.25 },
  "auction, one asset a step": { mechanism: "auction", trades: "one", split: 1, priceLevels: 11, bondLevels: 11 },
  tatonnement: { mechanism: "tatonnement", income: 1, incomeGap: 0.05, gamma: 1 },
  "tatonnement, any price": { mechanism: "tatonnement", priceLevels: 0, bondLevels: 0, income: 0.5 },
}
