import { rulesWith, type MarketDeclaration } from "../market/declaration.ts"
import { lucasMarket } from "../market/lucasMarket.ts"
import { lucasTheory, MEAN_DIVIDEND } from "./theory.ts"

const BETA = 0.95, LOT = 0.01
const PRICE = (BETA / (1 - BETA)) * MEAN_DIVIDEND

/**
 * The Lucas tree with a reason to trade: incomes of odd and even agents alternate, their sum is constant, and the gap is what one trade of
 * a lot each period smooths away: lot (2p + d). Consumption is then constant, so that for any concave utility p = beta/(1 - beta) d and
 * q = beta are the only prices at which markets clear, and trade takes place at them.
 */
export const lucasAuction: MarketDeclaration = {
  name: "lucas-auction",
  is: "the Lucas tree and a bond in a call auction, with incomes that alternate: prices are unique, and traded on the path",
  source: "after Lucas (1978) and Lopes de Moraes (2023); incomes after Crockett, Duffy and Izhakian (2019)",
  notes: [
    "The income gap is the one that trading one lot of shares a period smooths exactly at the theory's price.",
    "Bids lie above and asks below the price: the median posted price is what clears.",
  ],
  settings: rulesWith({
    mechanism: "auction", gamma: 2, income: 1, incomeGap: Number((LOT * (2 * PRICE + MEAN_DIVIDEND)).toPrecision(6)), dividend: "fixed", lot: LOT, bondLot: LOT,
    beta: BETA, observe: "shares,bonds,income",
  }),
  readings: {},
  learner: "shadow",
  episodes: 40,
  make: (rules, traits) => lucasMarket("lucas-auction", rules, traits),
  theory: lucasTheory,
}
