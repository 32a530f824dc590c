import type { Curve } from "./training.ts"

/**
 * The phases that the dissertation reports of its one run that converged (section 3.3, Figure 8), as one can tell them from greedy looks along a
 * training; P is theory's price, a spread the interquartile range over agents and steps.
 */
export const PHASES = {
  dispersed: "prices dispersed at first: a spread above 10% of P after the first episode",
  race: "a race downward: once dispersed, the median falls below half of P while shares are traded (above 0.01 lots an agent and step)",
  common: "a common price below P at which nobody trades: a spread below 2% of P, at most 0.001 lots an agent and step, the median below 0.95 P",
  arrival: "arrival at theory: the median within 5% of P and the spread within 5% of it at the end",
} as const

export type Phase = keyof typeof PHASES
export type Phases = { readonly [P in Phase]: boolean }

/** Which phases a learning curve shows. */
export function phasesOf({ price, price_lower, price_upper, trade_rate }: Curve, theory: number): Phases {
  const spread = (i: number): number => (price_upper[i] - price_lower[i]) / theory, last = price.length - 1
  return {
    dispersed: spread(0) > 0.1,
    race: spread(0) > 0.1 && price.some((p, i) => i > 0 && p < 0.5 * theory && trade_rate[i] > 0.01),
    common: price.some((p, i) => spread(i) < 0.02 && trade_rate[i] <= 1e-3 && p < 0.95 * theory),
    arrival: Math.abs(price[last] / theory - 1) <= 0.05 && spread(last) <= 0.05,
  }
}
