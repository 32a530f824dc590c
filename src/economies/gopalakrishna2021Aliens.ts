import { economy } from "../model/economy.ts"

const SHOCKS = ["k", "g", "s", "a"] as const
/** The exogenous states, each with a shock of its own. */
const STATES = ["g", "s", "a"] as const
const NAMES = { k: "capital", g: "growth", s: "variance", a: "productivity" } as const

const forBoth = (line: (agent: "e" | "h") => string): string => `${line("e")}\n    ${line("h")}`
const lines = (of: readonly string[], line: (name: string) => string): string => of.map(line).join("\n    ")
const sum = (of: readonly string[], term: (name: string) => string): string => of.map(term).join(" + ")

/** The capital-misallocation model at the scale for which ALIENs was made: wealth share, growth, variance and productivity move. */
export const gopalakrishna2021Aliens = economy("gopalakrishna-2021-aliens", {
  is: "Experts and households share capital whose growth, variance and productivity move, each with a shock of its own: four states, a crisis region whose edge is a surface",
  source: "Gopalakrishna (2021), ALIENs and Continuous Time Economies; four-state model of its public code, with that code's slips mended",

  parameters: {
    rho: { value: 0.05, above: 0, is: "discount rate of both" },
    a_h: { value: 0.02, is: "households' output per unit of capital and year" },
    kappa: { value: 5, above: 0, is: "investment adjustment cost" },
    delta: { value: 0.05, least: 0, is: "depreciation a year" },
    z_bar: { value: 0.1, least: 0, most: 1, is: "share of the newborn who are experts" },
    lambda_d: { value: 0.03, least: 0, is: "death rate a year" },
    sigma: { value: 0.15, above: 0, is: "risk of capital (a year) at unit variance" },
    gamma: { value: 5, above: 0, not: 1, is: "relative risk aversion" },
    lambda_g: { value: 0.5, least: 0, is: "speed of mean reversion of growth a year" },
    lambda_s: { value: 0.5, least: 0, is: "the same of variance" },
    lambda_a: { value: 0.5, least: 0, is: "the same of productivity" },
    beta_g: { value: 12, least: 0, is: "scale of growth risk" },
    beta_s: { value: 12, least: 0, is: "scale of variance risk" },
    beta_a: { value: 8, least: 0, is: "scale of productivity risk" },
    g_l: { value: -0.05, is: "lowest growth" }, g_bar: { value: 0, is: "mean growth" }, g_u: { value: 0.05, is: "highest growth" },
    s_l: { value: 0.1, above: 0, is: "lowest variance" }, s_bar: { value: 0.15, above: 0, is: "mean variance" }, s_u: { value: 0.2, above: 0, is: "highest variance" },
    a_l: { value: 0.1, above: 0, is: "lowest productivity of experts" }, a_bar: { value: 0.15, above: 0, is: "mean productivity" }, a_u: { value: 0.2, above: 0, is: "highest productivity" },
    tau_1: { value: 0.065, least: 0, is: "rate a year at which experts become households" },
    tau_2: { value: 0.45, least: 0, is: "additional rate in the crisis region" },
    exit_share: { value: 0, least: 0, most: 1, is: "whether an expert who exits takes the same wealth along (1), or is valued as in the public codes (0)" },
  },

  shocks: { K: { is: "capital quality" }, G: { is: "growth" }, S: { is: "variance" }, A: { is: "productivity" } },
  states: {
    z: {
      is: "experts' share of wealth", from: 0.001, to: 0.999, drift: "mu_z", risk: { K: "sigma_z_k", G: "sigma_z_g", S: "sigma_z_s", A: "sigma_z_a" },
      grid: "0.05*s + 0.95*(10*s^3 - 15*s^4 + 6*s^5)",
      start: { at: 0, values: { psi: "0" } },
    },
    g: { is: "growth of capital beside investment, a year", from: "g_l", to: "g_u", drift: "mu_g", risk: { G: "sigma_g" } },
    s: { is: "variance of capital in units of sigma^2", from: "s_l", to: "s_u", drift: "mu_s", risk: { S: "sigma_s" } },
    a: { is: "experts' output per unit of capital and year", from: "a_l", to: "a_u", drift: "mu_a", risk: { A: "sigma_a" } },
  },
  unknowns: {
    J_e: { kind: "value", guess: "1", positive: true, is: "experts' value: utility is (J_e K)^(1-gamma)/(1-gamma)" },
    J_h: { kind: "value", guess: "1", positive: true, is: "households' value: utility is (J_h K)^(1-gamma)/(1-gamma)" },
    psi: { kind: "share", guess: "min(1, 2*z)", range: [0, 1], is: "share of capital run by experts" },
  },

  equations: `
    # Growth, variance and productivity: none leaves its domain, at whose ends its risk vanishes
    ${lines(STATES, x => `mu_${x} = lambda_${x}*(${x}_bar - ${x})\n    sigma_${x} = beta_${x}*(${x}_u - ${x})*(${x} - ${x}_l)`)}
    sigma_k = sigma*sqrt(s)

    # Price of capital from the goods market, rho q = psi (a - iota) + (1 - psi)(a_h - iota), and investment
    q = (psi*a + (1 - psi)*a_h + 1/kappa)/(rho + 1/kappa)
    iota = (q - 1)/kappa
    Phi = log(q)/kappa

    # What a share of risk is paid for: wealth risk and that of each other state, per unit of experts' excess risk
    per_z = (1 - gamma)*(J_h_z/J_h - J_e_z/J_e) + 1/(z*(1 - z))
    ${lines(STATES, x => `per_${x} = (1 - gamma)*(J_h_${x}/J_h - J_e_${x}/J_e)*sigma_${x}`)}
    ${lines(STATES, x => `risk_${x} = (q_${x}/q)*sigma_${x}`)}

    # Volatility of returns by Itô's lemma on q: fundamental risk over room = 1 - (q_z/q)(psi - z). Of the excess premium of experts,
    # by_wealth/room^2 + by_others/room, return asks the room for in a crisis: the one positive root of gain*room^2 - by_others*room - by_wealth
    gain = (a - a_h)/q
    by_others = (${sum(STATES, x => `per_${x}*risk_${x}`)})
    by_wealth = per_z*(psi - z)*(sigma_k^2 + ${sum(STATES, x => `risk_${x}^2`)})
    room = 1 - (q_z/q)*(psi - z)
    least_room = (by_others + sqrt(max(by_others^2 + 4*gain*by_wealth, 1e-8)))/(2*gain)
    amplification = 1/if(psi < 1 - 1e-9, least_room, room)
    sigma_R_k = sigma_k*amplification
    ${lines(STATES, x => `sigma_R_${x} = risk_${x}*amplification`)}
    variance_R = ${sum(SHOCKS, x => `sigma_R_${x}^2`)}
    ${lines(SHOCKS, x => `sigma_z_${x} = (psi - z)*sigma_R_${x}`)}

    # Volatility of log J, prices of risk, risk premia
    ${forBoth(i => lines(SHOCKS, x => `sigma_J${i}_${x} = vol(J_${i}, ${x.toUpperCase()})/J_${i}`))}
    ${lines(SHOCKS, x => `zeta_e_${x} = sigma_z_${x}/z + sigma_R_${x} - (1 - gamma)*sigma_Je_${x}${x === "k" ? " + (gamma - 1)*sigma_k" : ""}`)}
    ${lines(SHOCKS, x => `zeta_h_${x} = -sigma_z_${x}/(1 - z) + sigma_R_${x} - (1 - gamma)*sigma_Jh_${x}${x === "k" ? " + (gamma - 1)*sigma_k" : ""}`)}
    ${forBoth(i => `premium_${i} = ${sum(SHOCKS, x => `sigma_R_${x}*zeta_${i}_${x}`)}`)}

    # Law of motion of the wealth share; exit is faster in the crisis
    exit = if(psi < 1 - 1e-9, tau_1 + tau_2, tau_1)
    mu_z = z*((a - iota)/q - rho + (psi/z - 1)*(premium_e - variance_R)) + lambda_d*(z_bar - z) - exit*z

    # Risk-free rate, from experts' and (where they hold capital) from households' return
    mu_q = drift(q)/q
    growth = Phi - delta + g + mu_q + sigma_k*(sigma_R_k - sigma_k)
    r = (a - iota)/q + growth - premium_e
    r_h = (a_h - iota)/q + growth - premium_h

    # Growth of utility with logarithms and the value of exit at the last J
    leaving = exit*((J_h/J_e*(z/(1 - z))^exit_share)^(1 - gamma) - 1)/(1 - gamma)
    ${forBoth(i => `L_${i} = Phi - delta + g - gamma/2*(${sum(SHOCKS, x => `sigma_J${i}_${x}^2`)} + sigma_k^2) + rho*(log(rho) + log(${i === "e" ? "z" : "(1 - z)"}*q) - log(J_${i}))${i === "e" ? " + leaving" : ""}`)}

    [HJB experts]    0 = drift(J_e) + (1 - gamma)*sigma_k*vol(J_e, K) + L_e*J_e
    [HJB households] 0 = drift(J_h) + (1 - gamma)*sigma_k*vol(J_h, K) + L_h*J_h
    [capital market] 0 <= 1 - psi _|_ room - least_room >= 0
  `,
  words: {
    ...Object.fromEntries(STATES.flatMap(x => [
      [`mu_${x}`, `drift of ${NAMES[x]}`], [`sigma_${x}`, `risk of ${NAMES[x]}`], [`per_${x}`, `price of ${NAMES[x]} risk`], [`risk_${x}`, `risk of the price through ${NAMES[x]} alone`],
    ])),
    ...Object.fromEntries(SHOCKS.flatMap(x => [
      [`sigma_R_${x}`, `loading of the return on the ${NAMES[x]} shock`], [`sigma_z_${x}`, `loading of the wealth share on the ${NAMES[x]} shock`],
      [`sigma_Je_${x}`, `loading of log J_e on the ${NAMES[x]} shock`], [`sigma_Jh_${x}`, `loading of log J_h on the ${NAMES[x]} shock`],
      [`zeta_e_${x}`, `experts' price of ${NAMES[x]} risk`], [`zeta_h_${x}`, `households' price of ${NAMES[x]} risk`],
    ])),
    sigma_k: "fundamental risk of capital (a year)", q: "price of capital, in goods", iota: "investment per unit of capital and year", Phi: "growth of capital that investment brings, a year",
    per_z: "price of wealth risk",
    gain: "what capital brings more with experts, a year", by_wealth: "excess premium for wealth risk, without amplification", by_others: "the same for the other risks",
    room: "one over the amplification of risk", least_room: "the room at which experts' excess premium is what they gain",
    amplification: "volatility of returns over that without feedback through the wealth share", variance_R: "variance of the return on capital (a year)", mu_z: "drift of the wealth share",
    premium_e: "risk premium that experts ask", premium_h: "risk premium that households ask", exit: "rate a year at which experts become households",
    mu_q: "growth of the price of capital, a year", growth: "capital gains, a year",
    r: "risk-free rate a year", r_h: "risk-free rate implied by households' return (in the crisis region)",
    leaving: "what the chance of exit adds to the growth of experts' utility", L_e: "growth of experts' utility", L_h: "growth of households' utility",
  },
  facts: {
    z_star_mid: { is: "wealth share at which experts hold all capital, with growth, variance and productivity at their means", switch: "capital market", at: { g: "g_bar", s: "s_bar", a: "a_bar" } },
    z_star_calm: { is: "the same at the lowest variance", switch: "capital market", at: { g: "g_bar", s: "s_l", a: "a_bar" } },
    z_star_wild: { is: "the same at the highest variance", switch: "capital market", at: { g: "g_bar", s: "s_u", a: "a_bar" } },
    sigma_R_k_max: { is: "largest loading of the return on the capital shock", max: "sigma_R_k" },
  },
  checks: {
    "goods market": { is: "consumption and investment use up output, per unit of capital", zero: "rho*q + iota - psi*a - (1 - psi)*a_h" },
    "premium": { is: "what experts gain from capital is the premium that they ask above households' (in the crisis region)", zero: "(a - a_h)/q - (premium_e - premium_h)", where: "0.999999 - psi" },
    "no arbitrage": { is: "experts' and households' returns imply one risk-free rate in the crisis region", zero: "r - r_h", where: "0.999999 - psi" },
  },
  notes: [
    "In the crisis region the checks of the premium hold by construction, as the amplification is taken from it; Itô's lemma on q is what [capital market] then says.",
    "Parameters are those of the public code. Its death rate and share of newborn experts are not known; lambda_d = 0.03 and z_bar = 0.1 are those of the two-state model (gopalakrishna-2021, calibration paper).",
    "The public code leaves sigma_z_a^2 out of the diffusion of z, counts q_s mu_s twice and takes the wrong loading in the covariance of z and s; here all terms follow from Itô's lemma, with all covariances: of z with each other state, which are independent of each other.",
    "The capital market is written for the room left before volatility has a pole, not for the premium, which has that pole: gain >= premium of experts over households just where room >= least_room. In the crisis region, where both are equal at a solution, the amplification is taken from least_room: it is positive whatever the nets are, so that none gets behind the pole. The 1e-8 under the root is for nets that are no solution yet.",
    "Variance is s, so that capital's risk is sigma sqrt(s), between 0.047 and 0.067 a year at sigma = 0.15.",
    "The goods market has no derivative and is solved for q by hand: it holds to rounding. The state g moves no price at a given J (with unit elasticity of substitution), only values.",
    "Experts keep all the risk of the capital they run (alpha = 1 in gopalakrishna-2021).",
    "An expert who exits becomes a household, valued as in the public codes: (J_h/J_e)^(1-gamma); --set exit_share=1 is the value with the same wealth. See gopalakrishna-2021.",
    "With beta_g = beta_s = 0 the slice at g_bar and s_bar is the two-state model gopalakrishna-2021 with alpha = 1, varphi = 0, pi = lambda_a, nu = beta_a and sigma = 0.15 sqrt(0.15).",
  ],
})
