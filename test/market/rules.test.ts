import { expect, test } from "vitest"
import { Mistake } from "../../src/run/mistake.ts"
import { marketOf, type Given } from "./support.ts"

test.each<[Given, RegExp]>([
  [{ agents: 1 }, /`agents` is `1`; expected a whole number at least 2/],
  [{ agents: 2.5 }, /`agents` is `2.5`; expected a whole number/],
  [{ beta: 1 }, /`beta` is `1`; expected a number above 0 and at most 0.9999/],
  [{ mechanism: "barter" }, /`mechanism` is `barter`; expected one of posted, auction, tatonnement/],
  [{ priceLow: 2, priceHigh: 2 }, /grid of `price` goes from 2 to 2; expected its low end below its high end/],
  [{ bondLow: 3 }, /grid of `bond_price` goes from 3 to 1.5/],
  [{ priceLevels: 1 }, /1 level; expected at least 2, or 0/],
  [{ lot: 0.6 }, /`lot` is 0.6 shares, more than the smallest endowment, 0.5/],
  [{ lot: 1.5, endowments: "equal" }, /more than the smallest endowment, 1;/],
  [{ income: 1, incomeGap: 3 }, /incomes would be negative/],
  [{ spreadBonds: 0.2 }, /more debt than is allowed/],
  [{ mechanism: "auction", ties: "trade" }, /`ties=trade` is a rule for pairs/],
  [{ observe: "shares,weather" }, /`observe` names `weather`; expected some of shares, bonds/],
  [{ observe: "shares,shares" }, /expected each name once/],
  [{ dividendScale: 100 }, /expected at most 512/],
])("%j is a mistake", (given, message) => {
  expect(() => marketOf(given)).toThrow(Mistake)
  expect(() => marketOf(given)).toThrow(message)
})
