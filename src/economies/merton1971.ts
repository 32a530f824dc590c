import { economy } from "../model/economy.ts"

/** One investor, one risky asset, constant relative risk aversion: the closed form every solver must meet. */
export const merton1971 = economy("merton-1971", {
  is: "One investor chooses consumption and the share of wealth in a risky asset; constant relative risk aversion, constant opportunities",
  source: "Merton (1971), Journal of Economic Theory 3, section 6",

  parameters: {
    mu: { value: 0.08, is: "expected return of the risky asset a year" },
    r: { value: 0.03, is: "risk-free rate a year" },
    sigma: { value: 0.2, above: 0, is: "volatility of the risky asset (a year)" },
    gamma: { value: 3, above: 0, not: 1, is: "relative risk aversion" },
    rho: { value: 0.05, above: 0, is: "discount rate" },
  },

  shocks: { Z: { is: "return of the risky asset" } },
  states: {
    w: { is: "wealth", from: 0.1, to: 10, drift: "w*(r + theta*(mu - r) - c_w)", risk: "w*theta*sigma", grid: "(100^s - 1)/99", ends: "reflecting" },
  },
  unknowns: {
    J: { kind: "value", guess: "rho^(-gamma)", positive: true, is: "value: utility is J w^(1-gamma)/(1-gamma)" },
  },

  equations: `
    # Marginal value of wealth over w^(-gamma), and minus its elasticity
    V_1 = J + w*J_w/(1 - gamma)
    V_2 = gamma*J - 2*w*J_w - w^2*J_ww/(1 - gamma)

    # First-order conditions
    c_w = V_1^(-1/gamma)
    theta = (mu - r)/sigma^2*V_1/V_2
    growth = r + theta*(mu - r) - c_w
    L = (1 - gamma)*(growth - gamma/2*theta^2*sigma^2) - rho
    u = c_w^(1 - gamma)

    [HJB] 0 = drift(J) + (1 - gamma)*theta*sigma*vol(J) + L*J + u
  `,
  words: {
    V_1: "marginal value of wealth, over w^(-gamma)", V_2: "minus its derivative, over w^(-gamma-1)",
    c_w: "consumption over wealth, a year", theta: "share of wealth in the risky asset",
    growth: "expected growth of wealth, a year", L: "growth of the value at given J", u: "utility of consumption, scaled by wealth",
  },
  exact: {
    J: "((rho - (1 - gamma)*(r + (mu - r)^2/(2*gamma*sigma^2)))/gamma)^(-gamma)",
    c_w: "(rho - (1 - gamma)*(r + (mu - r)^2/(2*gamma*sigma^2)))/gamma",
    theta: "(mu - r)/(gamma*sigma^2)",
  },
  facts: {
    portfolio_share: { is: "share of wealth in the risky asset", value: "theta", at: { w: 1 } },
    consumption_rate: { is: "consumption over wealth, a year", value: "c_w", at: { w: 1 } },
  },
  notes: [
    "J does not depend on wealth: the derivative is zero at both ends of the domain, and everywhere.",
    "A solution needs rho > (1 - gamma)*(r + (mu - r)^2/(2*gamma*sigma^2)): otherwise postponing consumption for ever is better.",
  ],
})
