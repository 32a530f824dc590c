import { economy } from "../model/economy.ts"

/** Only experts hold capital, both consume a constant part of wealth: everything is known in closed form. */
export const basakCuoco1998 = economy("basak-cuoco-1998", {
  is: "Experts alone hold capital, households lend to them at the risk-free rate; logarithmic utility, one sector with investment",
  source: "Basak & Cuoco (1998), Review of Financial Studies 11, with investment as in Brunnermeier & Sannikov (2016), section 2",

  parameters: {
    a: { value: 0.11, above: 0, is: "output per unit of capital and year" },
    rho: { value: 0.06, above: 0, is: "discount rate" },
    sigma: { value: 0.1, above: 0, is: "fundamental risk of capital (a year)" },
    kappa: { value: 10, above: 0, is: "investment adjustment cost" },
    delta: { value: 0.05, least: 0, is: "depreciation a year" },
  },

  shocks: { Z: { is: "capital quality" } },
  states: {
    eta: { is: "experts' share of wealth", from: 0.01, to: 0.99, drift: "mu_eta", risk: "sigma_eta" },
  },
  unknowns: {
    q: { kind: "price", guess: "1", positive: true, is: "price of capital, in goods" },
  },

  equations: `
    iota = (q - 1)/kappa
    Phi = log(q)/kappa
    sigma_R = sigma/(1 - (q_eta/q)*(1 - eta))
    theta_e = 1/eta
    sharpe = theta_e*sigma_R
    sigma_eta = (1 - eta)*sigma_R
    mu_eta = (1 - eta)^2/eta*sigma_R^2
    r = (a - iota)/q + Phi - delta + drift(q)/q + sigma*(sigma_R - sigma) - theta_e*sigma_R^2

    [goods market] rho*q = a - iota
  `,
  words: {
    iota: "investment per unit of capital and year", Phi: "growth of capital that investment brings, a year",
    sigma_R: "volatility of the return on capital (a year)", theta_e: "experts' leverage",
    sharpe: "Sharpe ratio: the price of risk", sigma_eta: "volatility of the wealth share", mu_eta: "drift of the wealth share", r: "risk-free rate a year",
  },
  exact: {
    q: "(1 + kappa*a)/(1 + kappa*rho)",
    iota: "(a - rho)/(1 + kappa*rho)",
    Phi: "log((1 + kappa*a)/(1 + kappa*rho))/kappa",
    sigma_R: "sigma",
    theta_e: "1/eta",
    sharpe: "sigma/eta",
    sigma_eta: "(1 - eta)*sigma",
    mu_eta: "(1 - eta)^2/eta*sigma^2",
    r: "rho + log((1 + kappa*a)/(1 + kappa*rho))/kappa - delta - sigma^2/eta",
  },
  facts: {
    price: { is: "price of capital", value: "q", at: { eta: 0.5 } },
    sharpe_ratio: { is: "Sharpe ratio at equal wealth", value: "sharpe", at: { eta: 0.5 } },
    risk_free_rate: { is: "risk-free rate at equal wealth", value: "r", at: { eta: 0.5 } },
  },
  notes: [
    "Households who lend are outgrown: the drift of the share is positive everywhere and experts own everything in the end.",
    "Reference: q 1.3125; at eta = 0.2 the Sharpe ratio is 0.5 and r is -0.012807; at eta = 0.5 r is 0.017193.",
  ],
})
