import { rulesWith, type MarketDeclaration } from "../market/declaration.ts"
import { lucasMarket } from "../market/lucasMarket.ts"
import { lucasTheory, MEAN_DIVIDEND } from "./theory.ts"

const BETA = 0.95, LOT = 0.01
const PRICE = (BETA / (1 - BETA)) * MEAN_DIVIDEND
/** What trading a lot of each asset, back and forth, moves between high and low income at the theory's prices. */
const GAP = LOT * (2 * PRICE + MEAN_DIVIDEND) + 2 * LOT * (1 + BETA)

/**
 * The Lucas tree with a reason to trade: incomes of odd and even agents alternate, their sum is constant, and the gap is what trading one lot
 * of each asset every period smooths away: lot (2p + d) + 2 lot (1 + q). Consumption is then constant, so that for any concave utility
 * p = beta/(1 - beta) d and q = beta are the only prices at which markets clear, and both assets are traded at them. (With a gap for
 * shares alone, 0.0174786, either asset can smooth it, and it is a matter of ticks which one does.)
 */
export const lucasAuction: MarketDeclaration = {
  name: "lucas-auction",
  is: "the Lucas tree and a bond in a call auction, with incomes that alternate: prices are unique, and traded on the path",
  source: "after Lucas (1978) and Lopes de Moraes (2023); incomes after Crockett, Duffy and Izhakian (2019)",
  notes: [
    "The income gap is the one that trading a lot of each asset every period smooths exactly at the theory's prices.",
    "Those of high income bid about 1.7% above the price and those of low income ask as much below it: the middle of what is posted clears.",
  ],
  settings: rulesWith({
    mechanism: "auction", gamma: 1, income: 1, incomeGap: Number(GAP.toPrecision(6)), dividend: "fixed", lot: LOT, bondLot: LOT,
    beta: BETA, observe: "shares,bonds,income",
  }),
  readings: {},
  learner: "shadow",
  episodes: 40,
  make: (rules, traits) => lucasMarket("lucas-auction", rules, traits),
  theory: lucasTheory,
}
