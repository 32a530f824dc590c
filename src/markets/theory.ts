import type { Theory } from "../market/declaration.ts"
import { expectation, meanDividend } from "../market/dividends.ts"
import { lawOf, type Rules } from "../market/rules.ts"
import { marginalUtility } from "../market/utility.ts"

/** The mean of the dissertation's dividend, exp(1 + 1/2)/100. */
export const MEAN_DIVIDEND = meanDividend({ kind: "lognormal", mu: 1, sigma: 1, scale: 0.01 })

/**
 * Prices of the Lucas tree with independent dividends (Lucas 1978, eq. 6; the dissertation's section 2.2.1, put right). With c = e + y on
 * the head of every equal agent,
 *   p(y) = beta/(1 - beta) E[u'(e + y') y'] / u'(e + y),   q(y) = beta E[u'(e + y')] / u'(e + y).
 * Where marginal utility is constant (gamma = 0, or a fixed dividend with incomes smoothed by trade) p = beta/(1 - beta) E y and q = beta.
 */
export function lucasTheory(rules: Rules): Theory {
  const law = lawOf(rules), { beta, gamma, income, floor } = rules
  const slope = (y: number): number => marginalUtility(gamma, income + y, floor)
  const paid = expectation(law, y => slope(y) * y), unit = expectation(law, slope)
  const price = (y: number): number => (beta / (1 - beta)) * paid / slope(y)
  const bond = (y: number): number => (beta * unit) / slope(y)
  const printed = beta === 0.95 && Math.abs(meanDividend(law) / MEAN_DIVIDEND - 1) < 1e-9 ? { printed: { price: 0.845, bond: 1 / beta } } : {}
  return { price, bond, mean: { price: expectation(law, price), bond: expectation(law, bond) }, ...printed }
}
