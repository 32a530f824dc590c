import { economy } from "../model/economy.ts"

/** Households invest through intermediaries, whose equity is limited by their specialists' wealth. */
export const heKrishnamurthy2013 = economy("he-krishnamurthy-2013", {
  is: "Specialists run intermediaries that hold the risky asset; households' equity in them is limited by the specialists' wealth",
  source: "He & Krishnamurthy (2013), American Economic Review 103, in the wealth-consumption form of specialists' problem",

  parameters: {
    m: { value: 4, above: 0, is: "households' equity in intermediaries, at most this many times the specialists' wealth" },
    lambda: { value: 0.6, least: 0, below: 1, is: "part of households' wealth that can only hold bonds" },
    g: { value: 0.02, is: "growth of dividends a year" },
    sigma: { value: 0.09, above: 0, is: "volatility of dividends (a year)" },
    rho: { value: 0.04, above: 0, is: "discount rate" },
    gamma: { value: 2, above: 0, is: "specialists' relative risk aversion" },
    l: { value: 1.84, least: 0, is: "households' labour income over dividends" },
  },

  shocks: { Z: { is: "dividends" } },
  states: {
    x: { is: "specialists' share of wealth", from: 0.0001, to: 0.9999, drift: "mu_x", risk: "sigma_x", grid: "(exp(9.2*s) - 1)/(exp(9.2) - 1)" },
  },
  unknowns: {
    p_S: { kind: "value", guess: "20", positive: true, is: "specialists' wealth over consumption, in years" },
  },

  equations: `
    # Price of the asset, from market clearing of goods; share of it that intermediaries hold per unit of their equity
    price_dividend = (1 + l)/(x/p_S + (1 - x)*rho)
    exposure = max(1/(1 - lambda*(1 - x)), 1/(x*(1 + m)))
    exposure_h = (1 - exposure*x)/(1 - x)

    # Risk
    sigma_x = x*(exposure - 1)*sigma/(1 - x*(exposure - 1)*price_dividend_x/price_dividend)
    sigma_p = price_dividend_x/price_dividend*sigma_x
    sigma_R = sigma + sigma_p
    sigma_S = vol(p_S)/p_S
    sharpe = gamma*(exposure*sigma_R - sigma_S)
    risk_premium = sharpe*sigma_R

    # Returns and the law of motion
    mu_x = x*(1 - x)*((exposure - exposure_h)*sharpe*sigma_R - 1/p_S + rho - (exposure - exposure_h)*sigma_R^2 - l/((1 - x)*price_dividend))
    mu_p = drift(price_dividend)/price_dividend
    r = 1/price_dividend + g + mu_p + sigma*sigma_p - risk_premium
    sigma_C = sharpe/gamma
    mu_C = (r - rho)/gamma + (1 + 1/gamma)*sharpe^2/(2*gamma)
    L = mu_C + sigma_C*sigma_S - r - sharpe*(sigma_C + sigma_S)

    [HJB specialists] 0 = 1 + drift(p_S) + L*p_S
  `,
  words: {
    price_dividend: "price of the risky asset over dividends", exposure: "specialists' risk per unit of wealth", exposure_h: "households' risk per unit of wealth",
    sigma_x: "volatility of the wealth share", sigma_p: "volatility of the price-dividend ratio", sigma_R: "volatility of the return (a year)",
    sigma_S: "volatility of specialists' wealth-consumption ratio", sharpe: "Sharpe ratio: the price of risk", risk_premium: "risk premium a year",
    mu_x: "drift of the wealth share", mu_p: "growth of the price-dividend ratio a year", r: "risk-free rate a year",
    sigma_C: "volatility of specialists' consumption", mu_C: "growth of specialists' consumption a year", L: "growth of p_S at given p_S",
  },
  facts: {
    x_c: { is: "wealth share below which the equity constraint binds", root: "1/(x*(1 + m)) - 1/(1 - lambda*(1 - x))" },
    sharpe_c: { is: "Sharpe ratio at equal wealth", value: "sharpe", at: { x: 0.5 } },
  },
  notes: [
    "The constraint binds below x_c = (1 - lambda)/(1 + m - lambda) = 0.0909; risk premia rise without bound towards x = 0.",
    "Reference (the authors' own second-order equation, by shooting): P/D 69.345, 71.254, 76.052 and risk premium 4.639%, 3.072%, 2.498% at x = 0.05, 0.2, 0.5.",
  ],
})
