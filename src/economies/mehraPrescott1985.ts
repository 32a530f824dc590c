import { economy } from "../model/economy.ts"

/** The equity premium puzzle: consumption growth of two states, and a premium of a few tenths of a percent. */
export const mehraPrescott1985 = economy("mehra-prescott-1985", {
  kind: "discrete",
  is: "Everyone owns one tree and eats its dividend, which grows fast or slowly by a chain of two states; prices are per unit of the dividend",
  source: "Mehra & Prescott (1985), Journal of Monetary Economics 15",

  parameters: {
    beta: { value: 0.99, above: 0, below: 1, is: "discount factor a year" },
    gamma: { value: 2, least: 0, is: "relative risk aversion" },
    mu: { value: 0.018, is: "mean growth of consumption a year" },
    delta: { value: 0.036, above: 0, is: "its standard deviation" },
    phi: { value: 0.43, above: 0, below: 1, is: "probability of staying in a state; (1 + autocorrelation)/2" },
  },

  state: {
    name: "lambda", is: "growth of consumption into this year",
    law: { kind: "chain", values: ["1 + mu + delta", "1 + mu - delta"], transitions: [["phi", "1 - phi"], ["1 - phi", "phi"]] },
  },
  preferences: { discount: "beta", aversion: "gamma" },
  consumption: "1",
  dividend: "1",
  growth: "lambda",

  facts: {
    equity_return: { is: "mean return of equity a year", mean: "R" },
    risk_free_rate: { is: "mean risk-free return a year", mean: "R_f" },
    premium: { is: "mean return of equity over the risk-free one", mean: "premium" },
  },
  notes: [
    "The price over the dividend solves w = beta P diag(lambda^(1-gamma)) (1 + w), a linear system of two equations.",
    "The puzzle: the United States paid a premium of about 6% from 1889 to 1978. With gamma at most 10 and a risk-free rate of at most 4% the model pays less than 0.4%.",
    "Reference: at beta = 0.99, gamma = 10 the return of equity is 15.793% and the risk-free rate 13.104%; at 0.95 and 2, 8.987% and 8.689%; at 0.99 and 2, 4.584% and 4.297%; at 0.99 and 1, 2.828% and 2.702%.",
    "The risk-free rate of 12.7% that is often quoted beside it belongs to independent lognormal growth (Mehra 2003): `lucas-tree-growth`.",
  ],
})
