import { parseEquations } from "../../src/formula/parse.ts"
import type { Economy } from "../../src/model/economy.ts"
import type { ReportInput } from "../../src/report/input.ts"
import { OUTCOMES } from "../../src/run/outcome.ts"
import { table, type Table } from "../../src/run/table.ts"
import type { Solution } from "../../src/solve/solution.ts"

const EQUATIONS = `
  iota = (q - 1)/kappa
  chi = max(psi, z)
  sigma_z = (chi - z)*sigma_R
  zeta_e = sigma_z/z + sigma_R
  zeta_h = -sigma_z/(1 - z) + sigma_R
  mu_z = z*((a_e - iota)/q - rho + (chi/z - 1)*sigma_R*(zeta_e - sigma_R)) + lambda_d*(zbar - z)
  r = (a_e - iota)/q - sigma_R*zeta_e
  [Bellman e] 0 = drift(J_e) - rho*J_e*log(J_e)
  [Bellman h] 0 = drift(J_h) - rho*J_h*log(J_h)
  [goods] rho*q = psi*(a_e - iota) + (1 - psi)*(a_h - iota)
  [volatility] sigma_R*(1 - q_z/q*(chi - z)) = sigma
  [capital] 0 <= 1 - psi _|_ (a_e - a_h)/q - sigma_R*(zeta_e - zeta_h) >= 0
`

/** A one-state economy in the likeness of the benchmark. Its solutions below are made up, but have its kinks and jumps. */
export const exampleEconomy = {
  name: "example",
  declaration: {
    is: "Experts and households trade capital; experts use it better, and bear its risk.",
    source: "Gopalakrishna (2021), section 2",
    parameters: {
      rho: { value: 0.05, is: "discount rate", above: 0 }, a_e: { value: 0.1, is: "experts' output per unit of capital" },
      a_h: { value: 0.02, is: "households' output per unit of capital" }, kappa: { value: 5, is: "investment adjustment cost", above: 0 },
      sigma: { value: 0.06, is: "fundamental risk of capital", above: 0 }, lambda_d: { value: 0.02, is: "death rate", least: 0, most: 1 }, zbar: { value: 0.1, is: "experts' share of wealth at birth", above: 0, below: 1 },
    },
    calibrations: { slides: { is: "as on the slides", values: { zbar: 0.1 } } },
    states: { z: { is: "experts' share of wealth", from: 0.001, to: 0.999, drift: "mu_z", risk: "sigma_z" } },
    unknowns: {
      q: { is: "price of capital", kind: "price", guess: "1" }, psi: { is: "share of capital run by experts", kind: "share", guess: "z", range: [0, 1] },
      sigma_R: { is: "total risk of the return on capital, per square root of a year", kind: "price", guess: "sigma" },
      J_e: { is: "value function of experts, per unit of capital", kind: "value", guess: "1" }, J_h: { is: "value function of households, per unit of capital", kind: "value", guess: "1" },
    },
    equations: EQUATIONS,
    words: { zeta_e: "price of risk of experts", zeta_h: "price of risk of households", mu_z: "drift of experts' share of wealth, per year", sigma_z: "risk of experts' share of wealth", r: "risk-free rate, per year" },
    facts: { z_star: { is: "the end of the crisis region", switch: "capital" }, sigma_R_max: { is: "largest risk of the return", max: "sigma_R" } },
    notes: ["With equal discount rates the price is flat outside the crisis region."],
  },
  statements: parseEquations(EQUATIONS).statements,
} satisfies Economy as Economy

const column = (nodes: Float64Array, f: (z: number) => number) => nodes.map(f)

function values(points: number, star: number, error: number): Table {
  const z = Float64Array.from({ length: points }, (_, i) => 0.001 + 0.998 * i / (points - 1))
  const psi = (x: number) => x <= star ? (x / star) ** 0.75 : 1
  const sigmaR = (x: number) => x <= star ? 0.06 + 0.0586 * Math.sqrt(x / star) : 0.06
  const sigmaZ = (x: number) => (Math.max(psi(x), x) - x) * sigmaR(x)
  const noise = (x: number) => 1 + error * Math.sin(9 * x)
  const wiggle = (scale: number) => (x: number) => scale * Math.abs(Math.sin(40 * x) + 0.2 * Math.cos(300 * x))
  return table({
    z, q: column(z, x => noise(x) * (x <= star ? 0.88 + 0.32 * (x / star) ** 0.7 : 1.2)), psi: column(z, psi), sigma_R: column(z, sigmaR),
    J_e: column(z, x => noise(x) * (0.005 + 0.025 * x ** 0.8)), J_h: column(z, x => noise(x) * (0.027 - 0.017 * x * x)),
    iota: column(z, x => (psi(x) - 0.5) / 25), chi: column(z, x => Math.max(psi(x), x)), sigma_z: column(z, sigmaZ),
    zeta_e: column(z, x => noise(x) * (sigmaZ(x) / x + sigmaR(x))), zeta_h: column(z, x => -sigmaZ(x) / (1 - x) + sigmaR(x)),
    mu_z: column(z, x => noise(x) * (sigmaZ(x) ** 2 * (1 - x) / x + 0.02 * (0.1 - x) + 0.004)), r: column(z, x => x <= star ? 0.01 + 0.05 * x : 0.045 - 0.01 * x),
    "residual:goods": column(z, wiggle(error * 1e-6)), "residual:Bellman e": column(z, wiggle(error * 1e-4)),
    "check:households' return": column(z, x => x < star ? wiggle(error * 1e-3)(x) : NaN),
  })
}

export function exampleSolution(method: "fd" | "aliens", change: Partial<Solution> = {}): Solution {
  const star = method === "fd" ? 0.2617 : 0.2613, points = method === "fd" ? 801 : 401
  const found = values(points, star, method === "fd" ? 1e-9 : 2e-4)
  const samples = table({
    z: Float64Array.from({ length: 600 }, (_, i) => i < 400 ? (i * 0.618034) % 1 : 0.21 + 0.1 * ((i * 0.618034) % 1)),
    t: Float64Array.from({ length: 600 }, (_, i) => i % 6 === 5 ? 1 : (i * 0.754878) % 1),
    active: Float64Array.from({ length: 600 }, (_, i) => i < 400 ? 0 : 1), terminal: Float64Array.from({ length: 600 }, (_, i) => i % 6 === 5 ? 1 : 0),
  })
  return {
    economy: "example", method, calibration: "slides", seed: 1, parameters: { rho: 0.05, a_e: 0.1, a_h: 0.02, kappa: 5, sigma: 0.06, lambda_d: 0.02, zbar: 0.1 },
    settings: { points, tolerance: 1e-9 }, outcome: OUTCOMES.converged, detail: "", converged: true, steps: method === "fd" ? 40 : 60,
    residual: method === "fd" ? 3.1e-10 : 8.2e-5, tolerance: method === "fd" ? 1e-9 : 1e-4, measure: method === "fd" ? "largest residual" : "largest relative change of the values in an outer step",
    states: [{ name: "z", nodes: found.columns.z }], table: found, facts: { z_star: star, sigma_R_max: 0.1186 },
    switches: [{ label: "capital", state: "z", at: star }],
    equations: ["Bellman e", "Bellman h", "goods", "volatility", "capital"].map((label, i) => ({ label, largest: 10 ** -(9 + i), mean: 10 ** -(11 + i), where: { z: 0.1 * i } })),
    checks: [{ label: "households' return", is: "households earn the same rate where they hold capital", largest: 2e-8, mean: 1e-9, where: { z: 0.25 } }],
    ...method === "aliens" ? { samples } : {}, ...change,
  }
}

const series = (length: number, f: (i: number) => number) => Float64Array.from({ length }, (_, i) => f(i))

export function exampleInput(change: Partial<ReportInput> = {}): ReportInput {
  const fd = exampleSolution("fd"), aliens = exampleSolution("aliens")
  const density = (solution: Solution) => {
    const z = solution.states[0].nodes
    return table({ z, density: z.map(x => 30 * x ** 2 * Math.exp(-((x - 0.42) ** 2) / 0.03)) })
  }
  return {
    economy: exampleEconomy, solutions: [fd, aliens],
    rows: {
      fd: table({ residual: series(40, i => 3.1e-10 * 10 ** ((39 - i) / 4.3)), change: series(40, i => 0.3 * 0.6 ** i), time_step: series(40, i => 0.1 * 2 ** i) }),
      aliens: table({
        outer: series(60, i => i + 1), loss: series(60, i => 1e-3 * 0.88 ** i + 2e-8), loss_f: series(60, i => 6e-4 * 0.88 ** i + 1e-8), loss_j: series(60, i => 3e-4 * 0.85 ** i + 1e-8),
        loss_b: series(60, i => 1e-5 * 0.9 ** i), loss_c1: series(60, i => 2e-4 * 0.87 ** i + 4e-9), loss_c2: series(60, i => 1e-4 * 0.9 ** i + 2e-9), change: series(60, i => 8.2e-5 * 10 ** ((59 - i) / 15)),
        active_from: series(60, i => 0.2 + i / 6000), active_to: series(60, i => 0.3 + i / 6000),
      }),
    },
    density: { fd: density(fd), aliens: density(aliens) },
    methods: { fd: { is: "finite differences", settings: { points: { value: 800, is: "nodes of the grid", least: 10, whole: true } } } },
    made: { version: "0.1.0", seconds: { fd: 0.41, aliens: 63.2 }, machine: "2 cores, Node 20" },
    ...change,
  }
}
