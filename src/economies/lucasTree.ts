import { economy } from "../model/economy.ts"

/** Lucas's tree, with the dissertation's dividends: the theory that a market of learners is held against. */
export const lucasTree = economy("lucas-tree", {
  kind: "discrete",
  is: "Everyone owns one tree and eats its dividend, beside a fixed income; shares of trees and bonds are traded, and prices are such that nobody wants to",
  source: "Lucas (1978), Econometrica 46; dividends and equations as in the dissertation that replicates it by learning (its sections 2.1, 2.2 and 3.1); QuantEcon's calibration",

  parameters: {
    beta: { value: 0.95, above: 0, below: 1, is: "discount factor" },
    gamma: { value: 1, least: 0, is: "relative risk aversion; 0 is risk neutral, 1 logarithmic utility" },
    mu: { value: 1, is: "mean of the logarithm of the dividend over `scale`" },
    sigma: { value: 1, least: 0, is: "standard deviation of its innovations" },
    rho: { value: 0, above: -1, below: 1, is: "persistence of the logarithm of the dividend; 0 makes dividends independent" },
    scale: { value: 0.01, above: 0, is: "unit of the dividend" },
    income: { value: 0, least: 0, is: "consumption beside the dividend" },
  },
  calibrations: {
    "risk-neutral": { is: "the dissertation's market: 100 y lognormal(1, 1), and marginal utility constant, as its constant total product asks; the market's L1", values: { gamma: 0 } },
    sure: { is: "the same with the dividend at its mean: consumption is constant, risk aversion does not matter; the market's L0", values: { mu: 1.5, sigma: 0 } },
    "income-1": { is: "beside an income of 1 logarithmic utility is almost linear; the market's L2", values: { income: 1 } },
    "income-10": { is: "the same at an income of 10, where the mean price is 0.8452", values: { income: 10 } },
    endowment: { is: "consumption is the dividend, as in Lucas; the market's L3", values: {} },
    quantecon: { is: "QuantEcon's lecture: persistent dividends, risk aversion 2", values: { gamma: 2, mu: 0, sigma: 0.1, rho: 0.9, scale: 1 } },
  },

  state: { name: "y", is: "dividend", law: { kind: "lognormal", mean: "mu + log(scale)", persistence: "rho", volatility: "sigma" } },
  preferences: { discount: "beta", aversion: "gamma" },
  consumption: "income + y",
  dividend: "y",

  facts: {
    price: { is: "mean price of a share", mean: "p" },
    price_deviation: { is: "its standard deviation over the long run", deviation: "p" },
    price_middle: { is: "price at the mean dividend", middle: "p" },
    bond_middle: { is: "price of the bond at the mean dividend", middle: "q" },
  },
  notes: [
    "Independent dividends: p(y) = kappa/u'(c), kappa = beta/(1-beta) E[u'(c) y]. With marginal utility constant p = 19 E[y] = 0.85152 at any y, and q = beta = 0.95.",
    "The dissertation prints 0.845 for that price, 0.77% less: within a standard error of a mean of some 3e4 draws, and the sum of the first 95 terms. No round risk aversion gives it.",
    "It also prints q = 1/beta = 1.0526 for the bond. That is the gross return; its own equation (2.7) gives q = beta. And its m_(t+1) lacks the beta that section 3.5 has in the denominator.",
    "Its sections give three dividends: 100 y lognormal(1, 1), of mean 0.0448, as here; and twice mean 0.01, with which p would be 0.19.",
    "Consumption cannot be both constant (section 3.6) and the dividend (section 2.2): `endowment` is the latter, where p = 19 y at gamma = 1 and the bond at the mean dividend costs 2.58.",
    "Persistent dividends, c = y: p(y) = y^gamma sum_j beta^j E[y_j^(1-gamma) | y]. quantecon: p(0.5) = 6.13211, p(1) = 19.41703, p(2) = 63.85392; the lecture's own interpolation, clamped at the ends of its grid, is off there.",
    "Growth that is independent from period to period is `lucas-tree-growth`.",
  ],
})
