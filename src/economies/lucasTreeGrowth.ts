import { economy } from "../model/economy.ts"

/** Lucas's tree whose dividend grows at a lognormal rate: the price over the dividend is one number where growth is independent. */
export const lucasTreeGrowth = economy("lucas-tree-growth", {
  kind: "discrete",
  is: "Everyone owns one tree and eats its dividend, which grows at a lognormal rate; prices are per unit of the dividend",
  source: "Lucas (1978), Econometrica 46; calibration of Mehra (2003), Financial Analysts Journal 59",

  parameters: {
    beta: { value: 0.99, above: 0, below: 1, is: "discount factor" },
    gamma: { value: 10, least: 0, is: "relative risk aversion" },
    mu: { value: 0.0172, is: "mean of the logarithm of growth" },
    sigma: { value: 0.03535533905932738, least: 0, is: "standard deviation of its innovations" },
    rho: { value: 0, above: -1, below: 1, is: "persistence of the logarithm of growth" },
  },
  calibrations: { mehra: { is: "growth of United States consumption, 1889 to 1978: mean 1.8%, variance of the logarithm 0.00125", values: {} } },

  state: { name: "g", is: "growth of the dividend into this period", law: { kind: "lognormal", mean: "mu", persistence: "rho", volatility: "sigma" } },
  preferences: { discount: "beta", aversion: "gamma" },
  consumption: "1",
  dividend: "1",
  growth: "g",

  facts: {
    price_dividend: { is: "mean price over dividend", mean: "p" },
    equity_return: { is: "mean return of the tree a period", mean: "R" },
    risk_free_rate: { is: "mean risk-free return a period", mean: "R_f" },
    premium: { is: "mean return of the tree over the risk-free one", mean: "premium" },
  },
  notes: [
    "Independent growth: p/y = k/(1-k) with k = beta E[g^(1-gamma)], which must be below 1.",
    "mehra: risk-free 12.70%, equity 14.12%, premium 1.42%. These figures are often quoted for Mehra & Prescott (1985), whose chain of two states gives others.",
    "With persistent growth (rho not 0) there is no closed form; `euler`, `howard` and `value` still hold.",
  ],
})
