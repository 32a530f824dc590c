import { lognormalMean, lognormalMoment } from "./lognormal.ts"
import { power } from "./power.ts"

/**
 * Prices of Lucas's tree (1978) in closed form, for utility c^(1-gamma)/(1-gamma) discounted by beta:
 *
 *   u'(c) p = beta E[u'(c') (p' + y')],   u'(c) q = beta E[u'(c')]
 *
 * Pure numbers, for those who hold a market of learners against the theory.
 */

/** Dividends y independent over time, ln y ~ N(logMean, volatility^2); everyone consumes c = income + exposure*y. */
export interface IndependentTree {
  /** Between 0 and 1. */
  readonly beta: number
  /** Relative risk aversion, 0 or above. */
  readonly gamma: number
  readonly logMean: number
  readonly volatility: number
  /** Consumption beside the dividend; default 0. */
  readonly income?: number
  /** How much of the dividend is consumed: 1 where the tree is the economy (default), 0 where total product is constant. */
  readonly exposure?: number
}

export interface TreePrices {
  /** Price of a share of the tree, after its dividend y was paid. */
  price(y: number): number
  /** Price of one unit of the good, sure, a period later. */
  bond(y: number): number
  readonly meanDividend: number
  readonly meanPrice: number
  readonly priceDeviation: number
}

/** p(y) = kappa/u'(c(y)) with kappa = beta/(1-beta) E[u'(c) y], since no price tomorrow depends on today. */
export function independentTree({ beta, gamma, logMean, volatility, income = 0, exposure = 1 }: IndependentTree): TreePrices {
  const marginal = (y: number): number => power(income + exposure * y, -gamma)
  const mean = (f: (y: number) => number): number => lognormalMean(f, logMean, volatility)
  const kappa = (beta / (1 - beta)) * mean(y => marginal(y) * y), fall = beta * mean(marginal)
  const meanPrice = mean(y => kappa / marginal(y)), second = mean(y => (kappa / marginal(y) - meanPrice) ** 2)
  return {
    price: y => kappa / marginal(y), bond: y => fall / marginal(y),
    meanDividend: lognormalMoment(logMean, volatility), meanPrice, priceDeviation: Math.sqrt(second),
  }
}

/** Where the tree is the economy (c = y) and ln y' = persistence ln y + volatility e: p(y) = y^gamma sum_j beta^j E[y_j^(1-gamma) | y]. */
export function persistentTree({ beta, gamma, persistence, volatility }: { beta: number; gamma: number; persistence: number; volatility: number }): (y: number) => number {
  return y => {
    let sum = 0, discount = 1, decay = 1, term = Infinity
    for (let j = 1; term > 1e-17 * sum; j++) {
      discount *= beta
      decay *= persistence
      const spread = volatility * Math.sqrt((1 - decay * decay) / (1 - persistence * persistence))
      sum += term = discount * lognormalMoment(decay * Math.log(y), spread, 1 - gamma)
    }
    return power(y, gamma) * sum
  }
}

/** Price over dividend where growth is independent, ln(y'/y) ~ N(logMean, volatility^2): k/(1-k), k = beta E[g^(1-gamma)]; infinite where k >= 1. */
export function growingTree({ beta, gamma, logMean, volatility }: { beta: number; gamma: number; logMean: number; volatility: number }): number {
  const k = beta * lognormalMoment(logMean, volatility, 1 - gamma)
  return k < 1 ? k / (1 - k) : Infinity
}

/** Dividends of the market: 100 y is lognormal with parameters 1 and 1, mean 0.0448; their discount factor. */
const MARKET = { beta: 0.95, logMean: 1 - Math.log(100), volatility: 1 } as const

/**
 * The four economies that markets of learners are set in:
 * L0, the dividend is sure (its mean) and incomes alternate so that consumption is constant; L1, risk neutral; L2, consumption is
 * `income` (default 1) and the dividend; L3, the tree is the economy. `gamma` defaults to 1 in L2 and L3; in L0 and L1 no price depends on it.
 */
export function marketTheory(economy: "L0" | "L1" | "L2" | "L3", options: Partial<IndependentTree> = {}): TreePrices {
  const given = { gamma: 1, ...MARKET, ...options }
  switch (economy) {
    case "L0": return independentTree({ ...given, gamma: 0, logMean: Math.log(lognormalMoment(given.logMean, given.volatility)), volatility: 0 })
    case "L1": return independentTree({ ...given, gamma: 0 })
    case "L2": return independentTree({ ...given, income: given.income ?? 1 })
    case "L3": return independentTree({ ...given, income: 0 })
  }
}
