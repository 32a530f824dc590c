import type { EconomyDeclaration } from "../../src/model/declaration.ts"

/** A declaration that may be written to, to spoil it. */
export type Draft = Mutable<EconomyDeclaration>
type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T

/** A small economy with one of everything: a fresh copy at each call. */
export const specimen = (): Draft => ({
  is: "One agent, one machine",
  source: "made up",
  parameters: {
    rho: { value: 0.05, above: 0, is: "discount rate" },
    sigma_k: { value: 0.1, above: 0, below: 1, is: "risk of capital" },
    a: { value: 0.1, is: "output of experts" },
    b: { value: 0.02, is: "output of others" },
    gamma: { value: 2, least: 0.5, most: 20, not: 1, is: "risk aversion" },
  },
  calibrations: { base: { is: "the usual one", values: {} }, risky: { is: "much risk", values: { sigma_k: 0.3, a: 0.12 } } },
  shocks: { Z: { is: "capital" } },
  states: {
    z: { is: "share of wealth", from: 0.01, to: "1 - rho", drift: "mu_z", risk: "sigma_z", grid: "0.5*s + 0.5*s^2", start: { at: 0, values: { psi: "0" } } },
  },
  unknowns: {
    J: { kind: "value", guess: "1/rho", positive: true, is: "value" },
    q: { kind: "price", guess: "1 + z", positive: true, is: "price" },
    psi: { kind: "share", guess: "z", range: [0, 1], is: "share of capital" },
  },
  equations: `
    sigma_R = sigma_k/(1 - q_z/q*(1 - z))
    sigma_z = (1 - z)*sigma_R
    mu_z = z*(1 - z)*(0.5 - z)

    [HJB] 0 = drift(J) - rho*J + (1 - gamma)*sigma_k*vol(J) + log(q)
    [goods market] rho*q = a*psi + b*(1 - psi)
    [capital market] 0 <= 1 - psi _|_ (a - b)/q - sigma_R^2 >= 0
  `,
  words: { sigma_R: "volatility of returns", mu_z: "drift of the share" },
  exact: { sigma_z: "(1 - z)*sigma_k" },
  facts: { z_star: { is: "where experts hold all", switch: "capital market" }, peak: { is: "largest risk", max: "sigma_R" }, middle: { is: "price", value: "q", at: { z: 0.5 } } },
  checks: { budget: { is: "adds up", zero: "drift(q) - q_z*mu_z", where: "1 - psi" } },
  notes: ["none"],
})
