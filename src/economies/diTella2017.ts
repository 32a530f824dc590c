import { economy } from "../model/economy.ts"

/** Experts cannot share all of their idiosyncratic risk; when it rises, they lose wealth by choice. Two states. */
export const diTella2017 = economy("di-tella-2017", {
  is: "Experts must keep part of the idiosyncratic risk of the capital they run, whose size moves with aggregate shocks",
  source: "Di Tella (2017), Journal of Political Economy 125, in the wealth-consumption form of the agents' problems",

  parameters: {
    gamma: { value: 5, above: 0, not: 1, is: "relative risk aversion" },
    psi: { value: 2, above: 0, not: 1, is: "elasticity of intertemporal substitution" },
    rho: { value: 0.0665, above: 0, is: "discount rate" },
    tau: { value: 1.15, least: 0, is: "rate at which experts retire and become households" },
    sigma: { value: 0.0125, above: 0, is: "aggregate risk of capital (a year)" },
    phi: { value: 0.2, above: 0, most: 1, is: "part of their idiosyncratic risk that experts must keep (moral hazard)" },
    nu_bar: { value: 0.25, above: 0, is: "mean of idiosyncratic risk" },
    lambda: { value: 1.38, above: 0, is: "speed at which idiosyncratic risk returns to its mean" },
    s_nu: { value: -0.17, is: "loading of idiosyncratic risk on the aggregate shock, times its root" },
    delta: { value: 0.05, least: 0, is: "depreciation a year" },
    A: { value: 54, above: 0, is: "curvature of the cost of growth: iota = A (g + delta)^2 + B (g + delta)" },
    B: { value: -0.0646 / 0.07, is: "slope of the cost of growth at g = -delta; it sets iota = 0.2 at g = 0.02" },
  },

  shocks: { Z: { is: "aggregate: capital quality" } },
  states: {
    x: { is: "experts' share of wealth", from: 0.01, to: 0.99, drift: "mu_x", risk: "sigma_x", grid: "0.2*s + 0.8*s^2" },
    nu: { is: "idiosyncratic risk of capital (a year)", from: 0.01, to: 1, drift: "lambda*(nu_bar - nu)", risk: "sigma_nu" },
  },
  unknowns: {
    p_A: { kind: "value", guess: "8", positive: true, is: "experts' wealth over consumption, in years" },
    p_B: { kind: "value", guess: "8", positive: true, is: "households' wealth over consumption, in years" },
    p: { kind: "price", guess: "6", positive: true, is: "price of capital, in goods" },
  },

  equations: `
    # Growth that the price brings, and its cost
    growth = (p - B)/(2*A)
    g = growth - delta
    iota = A*growth^2 + B*growth

    # Aggregate risk: the share x loads on it as far as experts and households hedge idiosyncratic risk differently
    epsilon = (1 - gamma)/(gamma*(psi - 1))
    sigma_nu = s_nu*sqrt(nu)
    sigma_x = x*(1 - x)*epsilon*(p_A_nu/p_A - p_B_nu/p_B)*sigma_nu/(1 - x*(1 - x)*epsilon*(p_A_x/p_A - p_B_x/p_B))
    sigma_p = vol(p)/p
    sigma_pA = vol(p_A)/p_A
    sigma_pB = vol(p_B)/p_B
    sigma_R = sigma + sigma_p
    kappa = gamma*(sigma_R - epsilon*(x*sigma_pA + (1 - x)*sigma_pB))
    sigma_A = kappa/gamma + epsilon*sigma_pA
    sigma_B = kappa/gamma + epsilon*sigma_pB
    nu_A = phi*nu/x
    kappa_id = gamma*nu_A

    # Law of motion of the share, and the risk-free rate that clears the market for capital
    mu_x = x*(1 - x)*((sigma_A*kappa + nu_A*kappa_id - 1/p_A - tau) - (sigma_B*kappa - 1/p_B + tau*x/(1 - x)) - (sigma_A - sigma_B)*sigma_R)
    mu_p = drift(p)/p
    r = (1 - iota)/p + g + mu_p + sigma*sigma_p - kappa*sigma_R - gamma/x*(phi*nu)^2
    Q = (p_A/p_B)^(1/(psi - 1))

    # Growth of p_A and p_B at given p_A and p_B (Epstein-Zin)
    G_A = (psi - 1)*tau/(1 - gamma)*((p_A/p_B)^((1 - gamma)/(1 - psi)) - 1) - psi*rho + (psi - 1)*(r + kappa*sigma_A + kappa_id*nu_A) - (psi - 1)*gamma/2*(sigma_A^2 + nu_A^2) + (2 - psi - gamma)/(2*(psi - 1))*sigma_pA^2 + (1 - gamma)*sigma_pA*sigma_A
    G_B = -psi*rho + (psi - 1)*(r + kappa*sigma_B) - (psi - 1)*gamma/2*sigma_B^2 + (2 - psi - gamma)/(2*(psi - 1))*sigma_pB^2 + (1 - gamma)*sigma_pB*sigma_B

    [HJB experts]    0 = 1 + drift(p_A) + G_A*p_A
    [HJB households] 0 = 1 + drift(p_B) + G_B*p_B
    [goods market]   (1 - iota)/p = x/p_A + (1 - x)/p_B
  `,
  words: {
    growth: "gross growth of capital a year", g: "growth of capital a year", iota: "investment per unit of capital and year",
    epsilon: "how far hedging moves exposures: (1 - gamma)/(gamma (psi - 1))", sigma_nu: "loading of idiosyncratic risk on the aggregate shock",
    sigma_x: "volatility of the wealth share", sigma_p: "volatility of the price of capital",
    sigma_pA: "volatility of log p_A", sigma_pB: "volatility of log p_B", sigma_R: "volatility of the return on capital (a year)",
    kappa: "price of aggregate risk", sigma_A: "experts' aggregate risk per unit of wealth", sigma_B: "households' aggregate risk per unit of wealth",
    nu_A: "experts' idiosyncratic risk per unit of wealth", kappa_id: "price of idiosyncratic risk",
    mu_x: "drift of the wealth share", mu_p: "growth of the price of capital a year", r: "risk-free rate a year",
    Q: "experts' investment opportunities over households': xi/zeta", G_A: "growth of p_A at given p_A", G_B: "growth of p_B at given p_B",
  },
  facts: {
    p_bar: { is: "price of capital at x = 0.1 and the mean of idiosyncratic risk", value: "p", at: { x: 0.1, nu: "nu_bar" } },
    x_ss: { is: "share at which its drift is zero, at the mean of idiosyncratic risk", root: "mu_x", at: { nu: "nu_bar" } },
    kappa_max: { is: "largest price of aggregate risk", max: "kappa" },
  },
  checks: {
    "Walras' law": {
      is: "households' share, from their own budget and the inflow of retired experts, moves against experts'",
      zero: "(1 - x)*(r + sigma_B*kappa - 1/p_B + tau*x/(1 - x) - (g + mu_p + sigma*sigma_p) + sigma_R^2 - sigma_B*sigma_R) + mu_x",
    },
    "aggregate risk": { is: "both together bear the risk of capital", zero: "x*sigma_A + (1 - x)*sigma_B - sigma_R" },
    "share's risk": { is: "the share loads on the shock as experts' exposure exceeds households'", zero: "x*(1 - x)*(sigma_A - sigma_B) - sigma_x" },
  },
  notes: [
    "The domain is cut where all drifts point inward, so that no condition is needed at its ends. Near x = 0 experts' drift and value grow without bound (p_A as x^(-1/2), the drift as 1/x): nodes must lie closer than 2x there, which the grid sees to.",
    "In x the drift outweighs the diffusion, so that differences are of order 1 there. On n x n nodes with n = 40, 80, 160: p(0.1, 0.25) = 6.6489, 6.6514, 6.6525 and Q(0.05, 0.6) = 2.097, 2.066, 2.051, whose limits are 6.653 and 2.035.",
    "Reference: a first-order scheme on 30 x 30 and 60 x 60 even nodes has p(0.1, 0.25) = 6.6286, 6.6409 and Q(0.05, 0.6) = 2.156, 2.098, with the limits 6.653 and 2.040. Also p(0.05, 0.1) 6.6849, p(0.2, 0.25) 6.7628, p(0.2, 0.6) 6.4774, kappa(0.1, 0.25) 0.187, r 0.0105.",
  ],
})
