import { economy, type Economy } from "../../src/model/economy.ts"
import type { EconomyDeclaration } from "../../src/model/declaration.ts"
import { gopalakrishna2021 } from "../../src/economies/gopalakrishna2021.ts"
import { catalogue } from "../../src/economies/index.ts"

/** Economies with closed forms or twins, declared for these tests alone. */

const numbers = (values: Readonly<Record<string, number>>): EconomyDeclaration["parameters"] =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, is: name }]))

const RHO = 0.04

/**
 * Cochrane, Longstaff & Santa-Clara (2008): two identical independent trees with sigma^2 = rho; v is the price of the first
 * over consumption. `grid` spaces the nodes; the ends of [0, 1] are degenerate, so that no condition is imposed there.
 */
export const twoTrees = (from: number, to: number, grid: string): Economy => economy("two-trees", {
  is: "two identical trees and a consumer with logarithmic utility",
  parameters: numbers({ rho: RHO }),
  states: { x: { is: "share of the first tree in consumption", from, to, grid, drift: "x*(1 - x)*(1 - 2*x)*rho", risk: "x*(1 - x)*sqrt(2*rho)" } },
  unknowns: { v: { kind: "value", guess: "x/rho", is: "price of the first tree over consumption" } },
  equations: "[pricing] rho*v = x + drift(v)",
})
export const twoTreesPrice = (x: number): number => (1 + ((1 - x) / x) * Math.log1p(-x) - (x / (1 - x)) * Math.log(x)) / (2 * RHO)

/** A household saves in capital without risk; with rho = delta (alpha gamma - 1) the policy is linear in output. */
export const neoclassicalGrowth = economy("neoclassical-growth", {
  is: "a household saves in capital",
  source: "Ramsey, Cass & Koopmans; closed form where rho = delta (alpha gamma - 1)",
  parameters: numbers({ A: 0.5, alpha: 0.3, delta: 0.05, gamma: 4, rho: 0.01 }),
  states: { k: { is: "capital", from: 0.4, to: 18, drift: "A*k^alpha - delta*k - c", risk: "0" } },
  unknowns: { v: { kind: "value", guess: "(A*k^alpha)^(1 - gamma)/(1 - gamma)/rho", is: "value of the household" } },
  equations: `
    c = v_k^(-1/gamma)
    [Bellman] rho*v = c^(1 - gamma)/(1 - gamma) + drift(v)
  `,
  exact: { v: "((1 - 1/gamma)*A)^(-gamma)*k^(1 - alpha*gamma)/(1 - alpha*gamma)", c: "(1 - 1/gamma)*A*k^alpha" },
})

/** v = x^2 (3 - 2x) by construction on [0, 1] with reflecting ends: v' = 6x - 6x^2 vanishes there. */
export const manufactured = (sigma: number): Economy => economy("manufactured", {
  is: "a linear problem whose solution was chosen first",
  parameters: numbers({ rho: 0.5, sigma }),
  states: { x: { is: "state", from: 0, to: 1, drift: "0.4*(0.35 - x)", risk: "sigma", ends: "reflecting" } },
  unknowns: { v: { kind: "value", guess: "1", is: "value" } },
  equations: "[line] rho*v = rho*x^2*(3 - 2*x) - 0.4*(0.35 - x)*(6*x - 6*x^2) - sigma^2*(3 - 6*x) + drift(v)",
})
export const manufacturedValue = (x: number): number => x * x * (3 - 2 * x)

/** A diffusion with a known stationary density; the value function is a constant. */
export const diffusion = (from: number, to: number, drift: string, risk: string): Economy => economy("diffusion", {
  is: "a diffusion",
  parameters: numbers({ k: 0.5, m: 0.4, nu: 0.3 }),
  states: { x: { is: "state", from, to, drift, risk } },
  unknowns: { v: { kind: "value", guess: "1", is: "a constant" } },
  equations: "[line] v = 1 + drift(v)",
})

const forBoth = (line: (agent: "e" | "h") => string): string => `${line("e")}\n${line("h")}`

/** brunnermeier-sannikov-2016-ez in the form of the handbook: wealth over consumption is what the HJB lines hold, and with it r. */
export const wealthConsumption = economy("wealth-consumption", {
  is: "experts and households with Epstein-Zin utility, in ratios of wealth to consumption",
  parameters: numbers({ rho_e: 0.06, rho_h: 0.05, a_e: 0.11, a_h: 0.03, chi_low: 0.5, kappa: 10, delta: 0.05, sigma: 0.1, gamma: 2, psi_u: 0.5 }),
  states: {
    x: {
      is: "experts' share of wealth", from: 0.005, to: 0.995, drift: "mu_x", risk: "sigma_x",
      grid: "0.1*s + 0.9*(3*s^2 - 2*s^3)", start: { at: 0, values: { psi: "0" } },
    },
  },
  unknowns: {
    p_e: { kind: "value", guess: "9", positive: true, is: "experts' wealth over consumption" },
    p_h: { kind: "value", guess: "10", positive: true, is: "households' wealth over consumption" },
    q: { kind: "price", guess: "1.2", positive: true, is: "price of capital" },
    psi: { kind: "share", guess: "min(1, 2*x)", range: [0, 1], is: "share of capital run by experts" },
  },
  equations: `
    iota = (q - 1)/kappa
    Phi = log(q)/kappa
    chi = max(chi_low*psi, x)
    sigma_R = sigma/(1 - (q_x/q)*(chi - x))
    sigma_x = (chi - x)*sigma_R
    sigma_e = chi/x*sigma_R
    sigma_h = (1 - chi)/(1 - x)*sigma_R
    ${forBoth(i => `sigma_p${i} = vol(p_${i})/p_${i}`)}
    ${forBoth(i => `kappa_${i} = gamma*sigma_${i} - (1 - gamma)/(psi_u - 1)*sigma_p${i}`)}
    mu_x = x*(1 - x)*(kappa_e*sigma_e - kappa_h*sigma_h + 1/p_h - 1/p_e - (sigma_e - sigma_h)*sigma_R)
    r = (a_e - iota)/q + Phi - delta + drift(q)/q + sigma*(sigma_R - sigma) - sigma_R*(chi_low*kappa_e + (1 - chi_low)*kappa_h)
    ${forBoth(i => `G_${i} = -psi_u*rho_${i} + (psi_u - 1)*(r + kappa_${i}*sigma_${i} - gamma/2*sigma_${i}^2) + (2 - psi_u - gamma)/(2*(psi_u - 1))*sigma_p${i}^2 + (1 - gamma)*sigma_p${i}*sigma_${i}`)}
    ${forBoth(i => `[HJB ${i}] 0 = 1 + p_${i}*G_${i} + drift(p_${i})`)}
    [goods market]   q*(x/p_e + (1 - x)/p_h) = psi*a_e + (1 - psi)*a_h - iota
    [capital market] 0 <= 1 - psi _|_ (a_e - a_h)/q - chi_low*sigma_R*(kappa_e - kappa_h) >= 0
  `,
  facts: { x_star: { is: "wealth share at which experts hold all capital", switch: "capital market" } },
})

/** An economy with the domain of its first state cut at `edge` and 1 - `edge`. */
export function cutAt({ name, declaration }: Economy, edge: number): Economy {
  const [[state, how]] = Object.entries(declaration.states)
  return economy(name, { ...declaration, states: { ...declaration.states, [state]: { ...how, from: edge, to: 1 - edge } } })
}

/** Two states whose grids are both uneven. */
export const curvedGrids: Economy = economy("curved-grids", {
  ...gopalakrishna2021.declaration,
  states: { ...gopalakrishna2021.declaration.states, a: { ...gopalakrishna2021.declaration.states.a, grid: "(4^s - 1)/3" } },
})

export const misallocation = gopalakrishna2021
export const benchmark = catalogue["brunnermeier-sannikov-2016"]
export const elastic = catalogue["brunnermeier-sannikov-2016-ez"]
export const merton = catalogue["merton-1971"]
export const basakCuoco = catalogue["basak-cuoco-1998"]

/** The order p of errors that fall as h^p, from each to the next at half the step. */
export const orders = (errors: readonly number[]): number[] => errors.slice(1).map((e, i) => Math.log2(errors[i] / e))

export const largest = (numbers: Iterable<number>): number => Array.from(numbers).reduce((most, x) => Math.max(most, Math.abs(x)), 0)

/**
 * A linear problem in several states whose solution was chosen first, v = 2 + product of cos(pi s) + sum of cos(2 pi s)/2, with
 * correlated shocks and reflecting ends: all slopes vanish there.
 */
export const cosines = (states: readonly string[], correlation: number, risk = 0.3): Economy => economy("cosines", {
  is: "a linear problem whose solution was chosen first, in several states",
  parameters: numbers({ rho: 0.5, corr: correlation, sigma: risk, pi: Math.PI }),
  shocks: Object.fromEntries(states.map(s => [`Z${s}`, { is: `shock to ${s}` }])),
  correlations: states.flatMap((s, i) => states.slice(i + 1).map(r => ({ between: [`Z${s}`, `Z${r}`] as [string, string], value: "corr" }))),
  states: Object.fromEntries(states.map((s, i) => [s, {
    is: `state ${s}`, from: 0, to: 1, drift: `0.3*(${0.4 + 0.1 * i} - ${s})`, risk: { [`Z${s}`]: `sigma*(1 + 0.5*${s})` }, ends: "reflecting" as const,
    grid: i === 0 ? "s + 0.1*s*(1 - s)" : "s",
  }])),
  unknowns: { v: { kind: "value", guess: "1", is: "value" } },
  equations: `
    solution = ${cosineSum(states)}
    [line] rho*v = rho*solution - drift(solution) + drift(v)
  `,
  exact: { v: cosineSum(states) },
})
const cosineSum = (states: readonly string[]): string => `2 + ${states.map(s => `cos(pi*${s})`).join("*")} + 0.5*${states.map(s => `cos(2*pi*${s})`).join(" + 0.5*")}`

/** The benchmark with a second state that nothing depends on: productivity that is not used, on the same shock. */
export const withIdleState: Economy = economy("with-idle-state", {
  ...benchmark.declaration,
  states: {
    ...benchmark.declaration.states,
    y: { is: "a state that nothing depends on", from: 0.1, to: 0.2, drift: "0.3*(0.16 - y)", risk: "4*(y - 0.1)*(0.2 - y)" },
  },
  facts: {
    z_star: { is: "switch", switch: "capital market", at: { y: 0.133 } }, z_ss: { is: "rest", root: "mu_z", at: { y: "0.1 + sigma/2" } },
    sigma_R_max: { is: "largest volatility of returns", max: "sigma_R" }, q_half: { is: "price", value: "q", at: { z: 0.5, y: 0.17 } },
  },
})
