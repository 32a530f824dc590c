import { economy } from "../model/economy.ts"

const forBoth = (line: (agent: "e" | "h") => string): string => `${line("e")}\n${line("h")}`

/** Experts use capital better than households, but must keep a part of its risk. The benchmark of the ALIENs method. */
export const brunnermeierSannikov2016 = economy("brunnermeier-sannikov-2016", {
  is: "Experts use capital better than households but must keep part of its risk: recursive utility with unit elasticity, one state, a fire-sale region in which the price of capital is volatile",
  source: "Brunnermeier & Sannikov (2016), Handbook of Macroeconomics 2A, section 3, with recursive utility; calibration course is the benchmark of Gopalakrishna's ALIENs lectures",

  parameters: {
    rho_e: { value: 0.05, above: 0, is: "experts' discount rate" },
    rho_h: { value: 0.05, above: 0, is: "households' discount rate" },
    a_e: { value: 0.1, above: 0, is: "experts' output per unit of capital and year" },
    a_h: { value: 0.02, is: "households' output per unit of capital and year" },
    alpha: { value: 1, above: 0, most: 1, is: "least share of the risk of their capital that experts keep" },
    kappa: { value: 5, above: 0, is: "investment adjustment cost" },
    delta: { value: 0.05, least: 0, is: "depreciation a year" },
    z_bar: { value: 0.1, least: 0, most: 1, is: "share of the newborn who are experts" },
    lambda_d: { value: 0.02, least: 0, is: "death rate a year" },
    sigma: { value: 0.06, above: 0, is: "fundamental risk of capital (a year)" },
    gamma: { value: 2, above: 0, is: "relative risk aversion" },
  },
  calibrations: {
    course: { is: "A: mini-course benchmark (BCF Model 1), full retention of risk", values: {} },
    thesis: { is: "B: 1-D neural code of 2021, half of the risk sold, risk aversion 5", values: { a_e: 0.15, alpha: 0.5, lambda_d: 0.03, gamma: 5 } },
    "active-learning": { is: "B2: comparison of sampling schemes", values: { a_e: 0.15, a_h: 0.03, alpha: 0.5, lambda_d: 0.03 } },
    recursive: { is: "finite-difference class with recursive utility", values: { a_e: 0.15, alpha: 0.75, lambda_d: 0.03 } },
    readme: { is: "README of the public code, no death", values: { rho_e: 0.06, rho_h: 0.03, a_e: 0.11, a_h: 0.03, alpha: 0.5, kappa: 7, delta: 0.025, lambda_d: 0 } },
    paper: { is: "simulations of the paper, with risk aversion 5", values: { rho_e: 0.06, rho_h: 0.04, a_e: 0.11, a_h: 0.03, alpha: 0.5, kappa: 10, delta: 0.02, lambda_d: 0.03, gamma: 5 } },
  },

  shocks: { Z: { is: "capital quality" } },
  states: {
    z: {
      is: "experts' share of wealth", from: 0.001, to: 0.999, drift: "mu_z", risk: "sigma_z",
      grid: "0.1*s + 0.9*(3*s^2 - 2*s^3)",
      start: { at: 0, values: { psi: "0" } },
    },
  },
  unknowns: {
    J_e: { kind: "value", guess: "1", positive: true, is: "experts' value: utility is (J_e K)^(1-gamma)/(1-gamma)" },
    J_h: { kind: "value", guess: "1", positive: true, is: "households' value: utility is (J_h K)^(1-gamma)/(1-gamma)" },
    q: { kind: "price", guess: "1", positive: true, is: "price of capital, in goods" },
    psi: { kind: "share", guess: "min(1, 2*z)", range: [0, 1], is: "share of capital run by experts" },
  },

  equations: `
    # Investment
    iota = (q - 1)/kappa
    Phi = log(q)/kappa

    # Who bears the risk; volatility of returns by Itô's lemma on q(z)
    chi = max(alpha*psi, z)
    sigma_R = sigma/(1 - (q_z/q)*(chi - z))
    sigma_z = (chi - z)*sigma_R
    theta_e = chi/z
    theta_h = (1 - chi)/(1 - z)

    # Volatility of log J, and prices of risk
    ${forBoth(i => `sigma_J${i} = vol(J_${i})/J_${i}`)}
    zeta_e = sigma_z/z + sigma_R - (1 - gamma)*sigma_Je + (gamma - 1)*sigma
    zeta_h = -sigma_z/(1 - z) + sigma_R - (1 - gamma)*sigma_Jh + (gamma - 1)*sigma

    # Law of motion of the wealth share
    mu_z = z*((a_e - iota)/q - rho_e + (chi/z - 1)*sigma_R*(zeta_e - sigma_R) + (1 - alpha)*sigma_R*(zeta_e - zeta_h)) + lambda_d*(z_bar - z)

    # Risk-free rate, from experts' and (where they hold capital) from households' return
    mu_q = drift(q)/q
    growth = Phi - delta + mu_q + sigma*(sigma_R - sigma)
    r = (a_e - iota)/q + growth - sigma_R*(alpha*zeta_e + (1 - alpha)*zeta_h)
    r_h = (a_h - iota)/q + growth - sigma_R*zeta_h

    # Growth of utility with the logarithm of J at its last value
    ${forBoth(i => `L_${i} = Phi - delta - gamma/2*(sigma_J${i}^2 + sigma^2) + rho_${i}*(log(rho_${i}) + log(${i === "e" ? "z" : "(1 - z)"}*q) - log(J_${i}))`)}

    [HJB experts]    0 = drift(J_e) + (1 - gamma)*sigma*vol(J_e) + L_e*J_e
    [HJB households] 0 = drift(J_h) + (1 - gamma)*sigma*vol(J_h) + L_h*J_h
    [goods market]   (rho_e*z + rho_h*(1 - z))*q = psi*(a_e - iota) + (1 - psi)*(a_h - iota)
    [capital market] 0 <= 1 - psi _|_ (a_e - a_h)/q - alpha*sigma_R*(zeta_e - zeta_h) >= 0
  `,
  words: {
    iota: "investment per unit of capital and year", Phi: "growth of capital that investment brings, a year",
    chi: "share of aggregate risk that experts keep", sigma_R: "volatility of the return on capital (a year)",
    sigma_z: "volatility of the wealth share", mu_z: "drift of the wealth share",
    theta_e: "experts' risk per unit of wealth", theta_h: "households' risk per unit of wealth",
    sigma_Je: "volatility of log J_e", sigma_Jh: "volatility of log J_h",
    zeta_e: "experts' price of risk", zeta_h: "households' price of risk",
    mu_q: "growth of the price of capital, a year", growth: "capital gains, a year",
    r: "risk-free rate a year", r_h: "risk-free rate implied by households' return (in the crisis region)",
    L_e: "growth of experts' utility", L_h: "growth of households' utility",
  },
  facts: {
    z_star: { is: "wealth share at which experts hold all capital", switch: "capital market" },
    sigma_R_max: { is: "largest volatility of returns", max: "sigma_R" },
    z_ss: { is: "stochastic steady state: the drift of z is zero", root: "mu_z" },
  },
  checks: {
    "goods market": { is: "consumption and investment use up output, per unit of capital", zero: "rho_e*z*q + rho_h*(1 - z)*q + iota - psi*a_e - (1 - psi)*a_h" },
    "Walras' law": {
      is: "households' wealth share, from their own budget, moves against experts'",
      zero: "(1 - z)*(r + theta_h*sigma_R*zeta_h - rho_h - growth + sigma_R^2 - theta_h*sigma_R^2) - lambda_d*(z_bar - z) + mu_z",
    },
    "no arbitrage": { is: "experts' and households' returns imply one risk-free rate in the crisis region", zero: "r - r_h", where: "0.999999 - psi" },
    "risk sharing": { is: "where experts sell risk freely (chi = z) both price it alike", zero: "zeta_e - zeta_h", where: "z - alpha*psi - 1e-9" },
  },
  notes: [
    "With rho_e = rho_h the price is flat and volatility is fundamental once experts hold all capital: sigma_R, and with it the diffusion of z, jumps at z_star. This is what active learning is for.",
    "Reference (calibration course): z_star 0.2613, largest sigma_R 0.1186, q(0.1) 1.0508, psi(0.1) 0.5336, J_e(0.5) 0.01836, J_h(0.5) 0.02277.",
    "No boundary condition is needed: the wealth share cannot cross 0 or 1, where its volatility vanishes.",
  ],
})
