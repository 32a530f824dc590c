import { rulesWith, type MarketDeclaration } from "../market/declaration.ts"
import { lucasMarket } from "../market/lucasMarket.ts"
import { lucasTheory } from "./theory.ts"

/**
 * The dissertation's market: 1,200 agents, 300 steps, each meeting one other a step; of two posted prices the higher buys a lot of the lower at
 * their mean. Defaults are the readings that make sense; `reading=literal` takes the text at its word.
 */
export const lucasPosted: MarketDeclaration = {
  name: "lucas-posted",
  is: "the dissertation's market: random pairs, posted prices, one lot at the mean price",
  source: "Lopes de Moraes (2023), The Lucas Tree Model in the Age of AI, sections 2.3 and 3",
  notes: [
    "The dissertation names no utility, trade size, grid or penalty. With lognormal dividends a constant price needs constant marginal utility: gamma = 0.",
    "It prints p = 0.845 (500 draws of the dividend, within their error of 0.8515) and q = 1/beta (an error: q = beta).",
    "At a common price nobody trades, whatever the price: what identifies it is what happens off the path.",
  ],
  settings: rulesWith({ draws: "stratified", priceLevels: 161 }),
  readings: {
    literal: {
      draws: "independent", gamma: 2, funds: "dividend", endowments: "equal", observe: "shares,bonds,dividend,cash", normalise: false, baseline: false, truncation: "terminal", debt: 0.01,
      // A coarse grid, of which theory's prices 0.85 and 0.95 are nodes and not the middle: that they are missed is then not the grid's fault, nor hit its merit.
      priceHigh: 2.125, priceLevels: 21, bondHigh: 1.58333, bondLevels: 21,
    },
  },
  learner: "shadow",
  episodes: 120,
  make: (rules, traits) => lucasMarket("lucas-posted", rules, traits),
  theory: lucasTheory,
}
