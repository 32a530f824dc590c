import { economy } from "../model/economy.ts"

const forBoth = (line: (agent: "e" | "h") => string): string => `${line("e")}\n${line("h")}`

/** Capital misallocation with a productivity shock: the two-state model for which active learning was made. */
export const gopalakrishna2021 = economy("gopalakrishna-2021", {
  is: "Experts, whose productivity moves, and households share capital; when experts' wealth is low, capital is misallocated and its price volatile: two states, correlated shocks, a crisis region whose edge is a curve",
  source: "Gopalakrishna (2021), A Macro-Finance Model with Realistic Crisis Dynamics; static block and HJB lines in the scaling of its public codes",

  parameters: {
    rho: { value: 0.05, above: 0, is: "discount rate of both" },
    a_h: { value: 0.02, is: "households' output per unit of capital and year" },
    alpha: { value: 0.65, above: 0, most: 1, is: "least share of the risk of their capital that experts keep" },
    kappa: { value: 5, above: 0, is: "investment adjustment cost" },
    delta: { value: 0.05, least: 0, is: "depreciation a year" },
    z_bar: { value: 0.1, least: 0, most: 1, is: "share of the newborn who are experts" },
    lambda_d: { value: 0.03, least: 0, is: "death rate a year" },
    sigma: { value: 0.1, above: 0, is: "fundamental risk of capital (a year)" },
    gamma: { value: 5, above: 0, not: 1, is: "relative risk aversion" },
    varphi: { value: 0.5, least: -1, most: 1, is: "correlation of the shocks to capital and productivity" },
    pi: { value: 0.01, least: 0, is: "speed of mean reversion of productivity a year" },
    a_l: { value: 0.1, above: 0, is: "lowest productivity of experts" },
    a_bar: { value: 0.15, above: 0, is: "mean productivity" },
    a_u: { value: 0.2, above: 0, is: "highest productivity" },
    nu: { value: 2.5, least: 0, is: "scale of productivity risk" },
    tau_1: { value: 0, least: 0, is: "rate a year at which experts become households" },
    tau_2: { value: 0, least: 0, is: "additional rate in the crisis region" },
    exit_share: { value: 0, least: 0, most: 1, is: "whether an expert who exits takes the same wealth along (1), or is valued as in the public codes (0)" },
  },
  calibrations: {
    course: { is: "mini course (BCF Model 2), no exit", values: {} },
    paper: { is: "the paper's extended model: exit, more so in the crisis", values: { a_h: 0.02, sigma: 0.06, varphi: 0.9, nu: 0.25 / 0.06, tau_1: 0.065, tau_2: 0.45 } },
    slides: { is: "figure of the lectures, inferred: full retention of risk", values: { a_h: 0.02, alpha: 1, sigma: 0.06, varphi: 0.9, nu: 0.25 / 0.06 } },
    "paper-2020": { is: "version of November 2020", values: { a_h: 0.02, sigma: 0.06, gamma: 4, varphi: 1, nu: 0.25 / 0.06, tau_1: 0.06, tau_2: 0.4 } },
  },

  shocks: { K: { is: "capital quality" }, A: { is: "productivity" } },
  correlations: [{ between: ["K", "A"], value: "varphi" }],
  states: {
    z: {
      is: "experts' share of wealth", from: 0.001, to: 0.999, drift: "mu_z", risk: { K: "sigma_z_k", A: "sigma_z_a" },
      grid: "0.05*s + 0.95*(10*s^3 - 15*s^4 + 6*s^5)",
      start: { at: 0, values: { psi: "0" } },
    },
    a: { is: "experts' output per unit of capital and year", from: "a_l", to: "a_u", drift: "mu_a", risk: { A: "sigma_a" }, grid: "0.1*s + 0.9*(3*s^2 - 2*s^3)" },
  },
  unknowns: {
    J_e: { kind: "value", guess: "1", positive: true, is: "experts' value: utility is (J_e K)^(1-gamma)/(1-gamma)" },
    J_h: { kind: "value", guess: "1", positive: true, is: "households' value: utility is (J_h K)^(1-gamma)/(1-gamma)" },
    q: { kind: "price", guess: "1", positive: true, is: "price of capital, in goods" },
    psi: { kind: "share", guess: "min(1, 2*z)", range: [0, 1], is: "share of capital run by experts" },
  },

  equations: `
    # Productivity: never leaves [a_l, a_u], where its risk vanishes
    mu_a = pi*(a_bar - a)
    sigma_a = nu*(a_u - a)*(a - a_l)

    # Investment
    iota = (q - 1)/kappa
    Phi = log(q)/kappa

    # What a share of risk is paid for: wealth and productivity risk, per unit of experts' excess risk
    per_z = (1 - gamma)*(J_h_z/J_h - J_e_z/J_e) + 1/(z*(1 - z))
    per_a = (1 - gamma)*(J_h_a/J_h - J_e_a/J_e)*sigma_a

    # Who bears the risk: experts keep at least alpha of what they run; else both price it alike (solved for chi)
    risk_a = (q_a/q)*sigma_a
    hedge = per_a*(varphi*sigma + risk_a)/(per_z*(sigma^2 + risk_a^2 + 2*varphi*sigma*risk_a))
    chi = max(alpha*psi, z - hedge/(1 - hedge*q_z/q))

    # Volatility of returns by Itô's lemma on q(z, a)
    amplification = 1/(1 - (q_z/q)*(chi - z))
    sigma_R_k = sigma*amplification
    sigma_R_a = risk_a*amplification
    variance_R = sigma_R_k^2 + sigma_R_a^2 + 2*varphi*sigma_R_k*sigma_R_a
    sigma_z_k = (chi - z)*sigma_R_k
    sigma_z_a = (chi - z)*sigma_R_a

    # Volatility of log J, prices of risk, risk premia
    ${forBoth(i => `sigma_J${i}_k = vol(J_${i}, K)/J_${i}\nsigma_J${i}_a = vol(J_${i}, A)/J_${i}`)}
    zeta_e_k = sigma_z_k/z + sigma_R_k - (1 - gamma)*sigma_Je_k + (gamma - 1)*sigma
    zeta_e_a = sigma_z_a/z + sigma_R_a - (1 - gamma)*sigma_Je_a
    zeta_h_k = -sigma_z_k/(1 - z) + sigma_R_k - (1 - gamma)*sigma_Jh_k + (gamma - 1)*sigma
    zeta_h_a = -sigma_z_a/(1 - z) + sigma_R_a - (1 - gamma)*sigma_Jh_a
    ${forBoth(i => `premium_${i} = sigma_R_k*(zeta_${i}_k + varphi*zeta_${i}_a) + sigma_R_a*(varphi*zeta_${i}_k + zeta_${i}_a)`)}

    # Law of motion of the wealth share; exit is faster in the crisis
    exit = if(psi < 1 - 1e-9, tau_1 + tau_2, tau_1)
    mu_z = z*((a - iota)/q - rho + (chi/z - 1)*(premium_e - variance_R) + (1 - alpha)*(premium_e - premium_h)) + lambda_d*(z_bar - z) - exit*z

    # Risk-free rate, from experts' and (where they hold capital) from households' return
    mu_q = drift(q)/q
    growth = Phi - delta + mu_q + sigma*(sigma_R_k - sigma) + varphi*sigma*sigma_R_a
    r = (a - iota)/q + growth - alpha*premium_e - (1 - alpha)*premium_h
    r_h = (a_h - iota)/q + growth - premium_h

    # Growth of utility with logarithms and the value of exit at the last J
    leaving = exit*((J_h/J_e*(z/(1 - z))^exit_share)^(1 - gamma) - 1)/(1 - gamma)
    ${forBoth(i => `L_${i} = Phi - delta - gamma/2*(sigma_J${i}_k^2 + sigma_J${i}_a^2 + 2*varphi*sigma_J${i}_k*sigma_J${i}_a + sigma^2) + rho*(log(rho) + log(${i === "e" ? "z" : "(1 - z)"}*q) - log(J_${i}))${i === "e" ? " + leaving" : ""}`)}

    [HJB experts]    0 = drift(J_e) + (1 - gamma)*sigma*(vol(J_e, K) + varphi*vol(J_e, A)) + L_e*J_e
    [HJB households] 0 = drift(J_h) + (1 - gamma)*sigma*(vol(J_h, K) + varphi*vol(J_h, A)) + L_h*J_h
    [goods market]   rho*q = psi*(a - iota) + (1 - psi)*(a_h - iota)
    [capital market] 0 <= 1 - psi _|_ (a - a_h)/q - alpha*(premium_e - premium_h) >= 0
  `,
  words: {
    mu_a: "drift of productivity", sigma_a: "risk of productivity",
    iota: "investment per unit of capital and year", Phi: "growth of capital that investment brings, a year",
    per_z: "price of wealth risk", per_a: "price of productivity risk", risk_a: "risk of the price through productivity alone", hedge: "experts' shortfall of risk where they sell it freely",
    chi: "share of aggregate risk that experts keep", amplification: "volatility of returns over that without feedback through the wealth share",
    sigma_R_k: "loading of the return on the capital shock", sigma_R_a: "loading of the return on the productivity shock", variance_R: "variance of the return on capital (a year)",
    sigma_z_k: "loading of the wealth share on the capital shock", sigma_z_a: "loading of the wealth share on the productivity shock", mu_z: "drift of the wealth share",
    sigma_Je_k: "loading of log J_e on the capital shock", sigma_Je_a: "loading of log J_e on the productivity shock",
    sigma_Jh_k: "loading of log J_h on the capital shock", sigma_Jh_a: "loading of log J_h on the productivity shock",
    zeta_e_k: "experts' price of capital risk", zeta_e_a: "experts' price of productivity risk",
    zeta_h_k: "households' price of capital risk", zeta_h_a: "households' price of productivity risk",
    premium_e: "risk premium that experts ask", premium_h: "risk premium that households ask", exit: "rate a year at which experts become households",
    mu_q: "growth of the price of capital, a year", growth: "capital gains, a year",
    r: "risk-free rate a year", r_h: "risk-free rate implied by households' return (in the crisis region)",
    leaving: "what the chance of exit adds to the growth of experts' utility", L_e: "growth of experts' utility", L_h: "growth of households' utility",
  },
  facts: {
    z_star_low: { is: "wealth share at which experts hold all capital, at the lowest productivity", switch: "capital market", at: { a: "a_l" } },
    z_star_mid: { is: "the same at mean productivity", switch: "capital market", at: { a: "a_bar" } },
    z_star_high: { is: "the same at the highest productivity", switch: "capital market", at: { a: "a_u" } },
    sigma_R_k_max: { is: "largest loading of the return on the capital shock", max: "sigma_R_k" },
  },
  checks: {
    "goods market": { is: "consumption and investment use up output, per unit of capital", zero: "rho*q + iota - psi*a - (1 - psi)*a_h" },
    "no arbitrage": { is: "experts' and households' returns imply one risk-free rate in the crisis region", zero: "r - r_h", where: "0.999999 - psi" },
    "risk sharing": { is: "where experts sell risk freely both ask one premium", zero: "premium_e - premium_h", where: "chi - alpha*psi - 1e-9" },
  },
  notes: [
    "At a_l and a_u the risk of productivity vanishes and prices are those of a model in one state; productivity cannot leave [a_l, a_u], so that no condition is needed there.",
    "An expert who exits becomes a household. The public codes value that as (J_h/J_e)^(1-gamma), though both are scaled by aggregate capital; with the same wealth it is (J_h z/((1-z) J_e))^(1-gamma). The calibrations replicate the codes (exit_share = 0); --set exit_share=1 is the consistent value.",
    "r here subtracts what outside equity earns: alpha premium_e + (1 - alpha) premium_h; the public code leaves it out. It does not enter the other equations.",
    "The static block is marched upward in both states, which follows its characteristics where varphi*sigma plus the price's risk through productivity is positive: in practice a correlation that is not negative.",
    "Static block at J = 1, alpha = 0.65: z_star 0.142 at a = 0.10 and 0.189 at a = 0.20; with alpha = 1: 0.246 and 0.310.",
  ],
})
