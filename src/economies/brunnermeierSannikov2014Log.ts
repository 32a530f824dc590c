import { economy } from "../model/economy.ts"

/** The logarithmic economy of Brunnermeier & Sannikov (2014): no value function is needed, all is in the static block. */
export const brunnermeierSannikov2014Log = economy("brunnermeier-sannikov-2014-log", {
  is: "Productive experts who cannot share risk and less productive households; logarithmic utility, so that prices alone are unknown",
  source: "Brunnermeier & Sannikov (2014), American Economic Review 104, Proposition 4",

  parameters: {
    rho: { value: 0.06, above: 0, is: "experts' discount rate" },
    r: { value: 0.05, above: 0, is: "households' discount rate" },
    a: { value: 0.11, above: 0, is: "experts' output per unit of capital and year" },
    a_h: { value: 0.07, is: "households' output per unit of capital and year" },
    delta: { value: 0.05, least: 0, is: "depreciation of experts' capital a year" },
    delta_h: { value: 0.05, least: 0, is: "depreciation of households' capital a year" },
    kappa: { value: 2, above: 0, is: "investment adjustment cost" },
    sigma: { value: 0.1, above: 0, is: "fundamental risk of capital (a year)" },
  },

  shocks: { Z: { is: "capital quality" } },
  states: {
    eta: {
      is: "experts' share of wealth", from: 0.001, to: 0.999, drift: "eta*mu_eta", risk: "eta*sigma_eta",
      grid: "0.1*s + 0.9*(3*s^2 - 2*s^3)",
      start: { at: 0, values: { psi: "0" } },
    },
  },
  unknowns: {
    q: { kind: "price", guess: "1", positive: true, is: "price of capital, in goods" },
    psi: { kind: "share", guess: "min(1, 3*eta)", range: [0, 1], is: "share of capital run by experts" },
  },

  equations: `
    iota = (q^2 - 1)/(2*kappa)
    Phi = (q - 1)/kappa

    # Volatility of returns by Itô's lemma on q(eta)
    sigma_R = sigma/(1 - (q_eta/q)*(psi - eta))
    sigma_q = sigma_R - sigma
    sigma_eta = (psi - eta)/eta*sigma_R
    mu_eta = sigma_eta^2 + (a - iota)/q + (1 - psi)*(delta_h - delta) - rho

    [goods market]   (r*(1 - eta) + rho*eta)*q = psi*a + (1 - psi)*a_h - iota
    [capital market] 0 <= 1 - psi _|_ (a - a_h)/q + delta_h - delta - sigma_R^2*(psi - eta)/(eta*(1 - eta)) >= 0
  `,
  words: {
    iota: "investment per unit of capital and year", Phi: "growth of capital that investment brings, a year",
    sigma_R: "volatility of the return on capital (a year)", sigma_q: "volatility of the price of capital (a year)",
    sigma_eta: "volatility of experts' wealth share, relative", mu_eta: "drift of experts' wealth share, relative",
  },
  facts: {
    eta_psi: { is: "wealth share at which experts hold all capital", switch: "capital market" },
    sigma_q_max: { is: "largest volatility of the price", max: "sigma_q" },
    eta_ss: { is: "stochastic steady state: the drift of eta is zero", root: "mu_eta" },
  },
  notes: [
    "At the switch the volatility of the price jumps, to below zero: experts hold all capital and its price falls with their wealth share.",
    "Reference: q(0.05) 1.05003, q(0.2) 1.08066, psi(0.1) 0.39907, sigma_q(0.2) 0.00842, the switch at 0.32195.",
  ],
})
