import { economy } from "../model/economy.ts"

const forBoth = (line: (agent: "e" | "h") => string): string => `${line("e")}\n${line("h")}`
const share = { e: "x", h: "(1 - x)" }

/** The handbook economy with Epstein-Zin utility: elasticity of substitution apart from risk aversion, and not one. */
export const brunnermeierSannikov2016Ez = economy("brunnermeier-sannikov-2016-ez", {
  is: "Experts and households with Epstein-Zin utility (elasticity not one); experts must keep part of the risk of the capital they use",
  source: "Brunnermeier & Sannikov (2016), Handbook of Macroeconomics 2A, section 3.6",

  parameters: {
    rho_e: { value: 0.06, above: 0, is: "experts' discount rate" },
    rho_h: { value: 0.05, above: 0, is: "households' discount rate" },
    a_e: { value: 0.11, above: 0, is: "experts' output per unit of capital and year" },
    a_h: { value: 0.03, is: "households' output per unit of capital and year" },
    chi_low: { value: 0.5, above: 0, most: 1, is: "least share of the risk of their capital that experts keep" },
    kappa: { value: 10, above: 0, is: "investment adjustment cost" },
    delta: { value: 0.05, least: 0, is: "depreciation a year" },
    sigma: { value: 0.1, above: 0, is: "fundamental risk of capital (a year)" },
    gamma: { value: 2, above: 0, not: 1, is: "relative risk aversion" },
    psi_u: { value: 0.5, above: 0, not: 1, is: "elasticity of intertemporal substitution; for one see brunnermeier-sannikov-2016" },
  },
  calibrations: {
    handbook: { is: "section 3.6 of the handbook chapter: CRRA, as the elasticity is 1/gamma", values: {} },
  },

  shocks: { Z: { is: "capital quality" } },
  states: {
    x: {
      is: "experts' share of wealth", from: 0.005, to: 0.995, drift: "mu_x", risk: "sigma_x",
      grid: "0.1*s + 0.9*(3*s^2 - 2*s^3)",
      start: { at: 0, values: { psi: "0" } },
    },
  },
  unknowns: {
    J_e: { kind: "value", guess: "1.2*x/81", positive: true, is: "experts' value: utility is (J_e K)^(1-gamma)/(1-gamma)" },
    J_h: { kind: "value", guess: "1.2*(1 - x)/100", positive: true, is: "households' value: utility is (J_h K)^(1-gamma)/(1-gamma)" },
    q: { kind: "price", guess: "1.2", positive: true, is: "price of capital, in goods" },
    psi: { kind: "share", guess: "min(1, 2*x)", range: [0, 1], is: "share of capital run by experts" },
  },

  equations: `
    # Consumption per unit of capital from the first-order condition, and wealth over consumption
    ${forBoth(i => `c_${i} = ${share[i]}^psi_u*q^psi_u*J_${i}^(1 - psi_u)`)}
    ${forBoth(i => `p_${i} = ${share[i]}*q/c_${i}`)}
    iota = (q - 1)/kappa
    Phi = log(q)/kappa

    # Risk: who bears it, and the volatility of returns by Itô's lemma on q(x)
    chi = max(chi_low*psi, x)
    sigma_R = sigma/(1 - (q_x/q)*(chi - x))
    sigma_x = (chi - x)*sigma_R
    theta_e = chi/x
    theta_h = (1 - chi)/(1 - x)
    ${forBoth(i => `sigma_J${i} = vol(J_${i})/J_${i}`)}
    kappa_e = sigma_x/x + sigma_R - (1 - gamma)*sigma_Je + (gamma - 1)*sigma
    kappa_h = -sigma_x/(1 - x) + sigma_R - (1 - gamma)*sigma_Jh + (gamma - 1)*sigma

    # Law of motion
    mu_x = x*((a_e - iota)/q - 1/p_e + (chi/x - 1)*sigma_R*(kappa_e - sigma_R) + (1 - chi_low)*sigma_R*(kappa_e - kappa_h))
    mu_q = drift(q)/q
    growth = Phi - delta + mu_q + sigma*(sigma_R - sigma)
    r = (a_e - iota)/q + growth - sigma_R*(chi_low*kappa_e + (1 - chi_low)*kappa_h)
    r_h = (a_h - iota)/q + growth - sigma_R*kappa_h

    # Growth of utility
    ${forBoth(i => `L_${i} = Phi - delta - gamma/2*(sigma_J${i}^2 + sigma^2) + (1/p_${i} - rho_${i})/(1 - 1/psi_u)`)}

    [HJB experts]    0 = drift(J_e) + (1 - gamma)*sigma*vol(J_e) + L_e*J_e
    [HJB households] 0 = drift(J_h) + (1 - gamma)*sigma*vol(J_h) + L_h*J_h
    [goods market]   c_e + c_h = psi*(a_e - iota) + (1 - psi)*(a_h - iota)
    [capital market] 0 <= 1 - psi _|_ (a_e - a_h)/q - chi_low*sigma_R*(kappa_e - kappa_h) >= 0
  `,
  words: {
    c_e: "experts' consumption per unit of capital", c_h: "households' consumption per unit of capital",
    p_e: "experts' wealth over consumption, in years", p_h: "households' wealth over consumption, in years",
    iota: "investment per unit of capital and year", Phi: "growth of capital that investment brings, a year",
    chi: "share of aggregate risk that experts keep", sigma_R: "volatility of the return on capital (a year)",
    sigma_x: "volatility of the wealth share", mu_x: "drift of the wealth share",
    theta_e: "experts' risk per unit of wealth", theta_h: "households' risk per unit of wealth",
    sigma_Je: "volatility of log J_e", sigma_Jh: "volatility of log J_h",
    kappa_e: "experts' price of risk", kappa_h: "households' price of risk",
    mu_q: "growth of the price of capital, a year", growth: "capital gains, a year",
    r: "risk-free rate a year", r_h: "risk-free rate implied by households' return (in the crisis region)",
    L_e: "growth of experts' utility", L_h: "growth of households' utility",
  },
  facts: {
    x_star: { is: "wealth share at which experts hold all capital", switch: "capital market" },
    sigma_R_max: { is: "largest volatility of returns", max: "sigma_R" },
    x_ss: { is: "stochastic steady state: the drift of x is zero", root: "mu_x" },
  },
  checks: {
    "Walras' law": {
      is: "households' wealth share, from their own budget, moves against experts'",
      zero: "(1 - x)*(r + theta_h*sigma_R*kappa_h - 1/p_h - growth + sigma_R^2 - theta_h*sigma_R^2) + mu_x",
    },
    "no arbitrage": { is: "experts' and households' returns imply one risk-free rate in the crisis region", zero: "r - r_h", where: "0.999999 - psi" },
    "risk sharing": { is: "where experts sell risk freely (chi = x) both price it alike", zero: "kappa_e - kappa_h", where: "x - chi_low*psi - 1e-9" },
  },
  notes: [
    "The value functions are scaled by aggregate capital, so that the kink of the price at x_star (a local time in the risk-free rate) never enters an HJB line; p_e and p_h have the kink.",
    "Without death the drift pulls away from x = 0, where the price relaxes to its limit only very slowly: do not read numbers below x = 0.01. The domain is cut at 0.005.",
    "Reference: x_star 0.176, q(0.1) 1.3735, q(0.2) 1.5611, p_e(0.2) 19.60, p_h(0.2) 32.91. First-order upwind schemes on 800 nodes are 0.7% low in p_e(0.05), which is 10.50 on refined grids and in the wealth-consumption form alike.",
  ],
})
