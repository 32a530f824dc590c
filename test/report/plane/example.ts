import { parseEquations } from "../../../src/formula/parse.ts"
import type { Economy } from "../../../src/model/economy.ts"
import type { ReportInput } from "../../../src/report/input.ts"
import { OUTCOMES } from "../../../src/run/outcome.ts"
import { table } from "../../../src/run/table.ts"
import type { Solution } from "../../../src/solve/solution.ts"

const EQUATIONS = `
  mu_a = pi*(0.15 - a)
  zeta_e = sigma_R/z
  zeta_h = sigma_R/(1 - z)
  [Bellman e] 0 = drift(J_e) - rho*J_e
  [goods] rho*q = psi*a
  [capital] 0 <= 1 - psi _|_ a/q - sigma_R >= 0
`

/** An economy of two states whose switch is a curve. Its solutions below are made up, with a kink (q) and a jump (sigma_R) there. */
export const planeEconomy = {
  name: "plane",
  declaration: {
    is: "Experts whose productivity moves trade capital with households.",
    parameters: { rho: { value: 0.05, is: "discount rate", above: 0 }, pi: { value: 0.1, is: "speed of mean reversion" } },
    calibrations: { slides: { is: "as on the slides", values: {} } },
    states: {
      z: { is: "experts' share of wealth", from: 0, to: 1, drift: "mu_z", risk: "sigma_R" },
      a: { is: "output per unit of capital and year", from: 0.1, to: 0.2, drift: "mu_a", risk: "0" },
    },
    unknowns: {
      J_e: { is: "experts' value: utility is J_e", kind: "value", guess: "1" },
      q: { is: "price of capital, in goods", kind: "price", guess: "1" }, psi: { is: "share of capital run by experts", kind: "share", guess: "z", range: [0, 1] },
    },
    equations: EQUATIONS,
    words: { mu_a: "drift of productivity", sigma_R: "volatility of the return (a year)", zeta_e: "experts' price of risk", zeta_h: "households' price of risk" },
    facts: { z_star_low: { is: "the end of the crisis region at the lowest productivity", switch: "capital", at: { a: 0.1 } }, zeta_max: { is: "largest price of risk", max: "zeta_h" } },
  },
  statements: parseEquations(EQUATIONS).statements,
} satisfies Economy as Economy

/** Where the switch is. */
export const starOf = (a: number) => 0.25 + 12 * (a - 0.1) * (0.22 - a)

/** Made-up variables: below the switch and above it. */
export const MADE: Readonly<Record<string, (z: number, a: number) => number>> = {
  q: (z, a) => 1 + 4 * a - (z < starOf(a) ? 2 * (starOf(a) - z) : 0),
  sigma_R: (z, a) => (z < starOf(a) ? 0.1 + 0.2 * z + a : 0.06),
  psi: (z, a) => Math.min(1, z / starOf(a)),
  J_e: (z, a) => 0.01 + 0.03 * z + 0.1 * a,
  mu_a: (_, a) => 0.1 * (0.15 - a),
  zeta_e: (z, a) => MADE.sigma_R(z, a) / (z + 1e-3), zeta_h: (z, a) => MADE.sigma_R(z, a) / (1.001 - z),
}

export const nodesBetween = (from: number, to: number, n: number) => Float64Array.from({ length: n }, (_, i) => from + (to - from) * i / (n - 1))

export function planeSolution(method: "fd" | "aliens", change: Partial<Solution> = {}, error = method === "fd" ? 0 : 1e-3): Solution {
  const xs = nodesBetween(0, 1, method === "fd" ? 41 : 34), ys = nodesBetween(0.1, 0.2, method === "fd" ? 11 : 9)
  const points = Array.from(xs).flatMap(z => Array.from(ys, a => [z, a] as const))
  const column = (of: (z: number, a: number) => number) => Float64Array.from(points, ([z, a]) => of(z, a))
  const steps = method === "aliens" ? 300 : 0
  const inBand = (k: number) => k % 3 === 0
  const samples = table({
    z: Float64Array.from({ length: steps }, (_, k) => inBand(k) ? starOf(0.1 + 0.1 * ((k * 0.618034) % 1)) + 0.05 * Math.sin(k) - (k < 150 ? 0.1 : 0) : (k * 0.754878) % 1),
    a: Float64Array.from({ length: steps }, (_, k) => 0.1 + 0.1 * ((k * 0.618034) % 1)), t: new Float64Array(steps),
    active: Float64Array.from({ length: steps }, (_, k) => inBand(k) ? 1 : 0), terminal: new Float64Array(steps), outer: Float64Array.from({ length: steps }, (_, k) => k < 150 ? 1 : 40),
  })
  return {
    economy: "plane", method, calibration: "slides", seed: 0, parameters: { rho: 0.05, pi: 0.1 }, settings: {}, outcome: OUTCOMES.converged, detail: "", converged: true, steps: 40,
    residual: 1e-10, tolerance: 1e-9, measure: "largest residual", states: [{ name: "z", nodes: xs }, { name: "a", nodes: ys }],
    table: table({
      z: column(z => z), a: column((_, a) => a), ...Object.fromEntries(Object.entries(MADE).map(([name, of]) => [name, column((z, a) => of(z, a) * (1 + error * Math.sin(9 * z + 40 * a)))])),
      "drift:a": column((_, a) => 0.1 * (0.15 - a)), "residual:goods": column((z, a) => 1e-9 * (z + a)), "check:left": column((z, a) => z < starOf(a) ? 1e-6 * z : NaN),
    }),
    facts: { z_star_low: starOf(0.1), zeta_max: 0.3 }, switches: Array.from(ys, a => ({ label: "capital", state: "z", at: starOf(a), where: { a } })),
    equations: [{ label: "goods", largest: 1e-9, mean: 1e-10, where: { z: 1, a: 0.2 } }], checks: [{ label: "left", is: "holds on the left", largest: 1e-6, mean: 1e-7, where: { z: 0.2, a: 0.1 } }],
    ...steps ? { samples } : {}, ...change,
  }
}

export function planeInput(change: Partial<ReportInput> = {}): ReportInput {
  return { economy: planeEconomy, solutions: [planeSolution("fd"), planeSolution("aliens")], rows: {}, made: { version: "0.1.0", seconds: {}, machine: "2 cores" }, ...change }
}
