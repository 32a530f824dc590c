import { economy } from "../../src/model/economy.ts"
import { problem as compileProblem } from "../../src/model/compileProblem.ts"
import type { EconomyDeclaration } from "../../src/model/declaration.ts"
import type { Problem } from "../../src/model/problem.ts"
import { OUTCOMES } from "../../src/run/outcome.ts"
import { table } from "../../src/run/table.ts"
import { inputsFor, outputsFor } from "../../src/solve/pointInputs.ts"
import type { Solution } from "../../src/solve/solution.ts"

/** Processes with a known law, as economies and as solutions that nobody had to compute. */

export interface Process {
  readonly problem: Problem
  readonly solution: Solution
}

interface Made {
  readonly states: EconomyDeclaration["states"]
  readonly parameters?: Readonly<Record<string, number>>
  readonly shocks?: readonly string[]
  readonly correlations?: EconomyDeclaration["correlations"]
  /** Nodes of each state. */
  readonly points: readonly number[]
  /** The share is below one where this is negative; the switch is where the first state equals `at` at the others. */
  readonly side?: { readonly formula: string; readonly at: (others: readonly number[]) => number; readonly of: (x: readonly number[]) => number }
}

export function process({ states, parameters = {}, shocks = ["Z"], correlations, points, side }: Made): Process {
  const declared = economy("process", {
    is: "a process",
    parameters: { ...Object.fromEntries(Object.entries({ one: 1, ...parameters }).map(([name, value]) => [name, { value, is: name }])) },
    shocks: Object.fromEntries(shocks.map(name => [name, { is: name }])),
    ...(correlations ? { correlations } : {}),
    states,
    unknowns: {
      v: { kind: "value", guess: "1", is: "a constant" },
      ...(side ? { psi: { kind: "share" as const, guess: "1", range: [0, 1] as const, is: "a share that is one above the switch" } } : {}),
    },
    equations: `[line] v = one + drift(v)${side ? `\n[switch] 0 <= 1 - psi _|_ 1 + (${side.formula}) - psi >= 0` : ""}`,
  })
  const problem = compileProblem(declared)
  const nodes = problem.states.map((state, s) => state.nodes(points[s]))
  const n = points.reduce((a, b) => a * b, 1)
  const inputs = inputsFor(problem, n)
  const at = (row: number): number[] => points.map((_, s) => nodes[s][Math.floor(row / points.slice(s + 1).reduce((a, b) => a * b, 1)) % points[s]])
  for (let row = 0; row < n; row++) at(row).forEach((x, s) => { inputs.states[s][row] = x })
  problem.jets.forEach(({ symbol }, k) => {
    if (symbol === "v") inputs.jets[k].fill(1)
    if (symbol === "psi") for (let row = 0; row < n; row++) inputs.jets[k][row] = Math.min(1, 1 + side!.of(at(row)))
  })
  const defined = outputsFor(problem.defined, n)
  problem.defined.run(inputs.all, n, defined)
  const names = problem.states.map(s => s.name)
  const rows = side ? Array.from({ length: n / points[0] }, (_, row) => at(row).slice(1)) : []
  const solution: Solution = {
    economy: "process", method: "made", calibration: problem.calibration, seed: 0, parameters: problem.parameters, settings: {},
    outcome: OUTCOMES.converged, detail: "", converged: true, steps: 0, residual: 0, tolerance: 0, measure: "none",
    states: names.map((name, s) => ({ name, nodes: nodes[s] })),
    table: table({
      ...Object.fromEntries(names.map((name, s) => [name, inputs.states[s]])),
      ...Object.fromEntries(problem.jets.flatMap((jet, k) => (jet.kind === "upwind" || jet.kind === "time" ? [] : [[jet.symbol, inputs.jets[k]]]))),
      ...Object.fromEntries(problem.definitions.map((name, k) => [name, defined[k]])),
    }),
    facts: {},
    switches: rows.map(others => ({ label: "switch", state: names[0], at: side!.at(others), ...(others.length > 0 ? { where: Object.fromEntries(others.map((x, s) => [names[s + 1], x])) } : {}) })),
    equations: [], checks: [],
  }
  return { problem, solution }
}

/** The normal distribution function (Abramowitz & Stegun 26.2.17 is not enough here): by its continued fraction and its series. */
export function normalBelow(x: number): number {
  if (x > 0) return 1 - normalBelow(-x)
  if (x < -5) {
    let fraction = -x
    for (let k = 60; k > 0; k--) fraction = -x + k / fraction
    return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) / fraction
  }
  let term = x, sum = x
  for (let k = 1; k < 200; k++) sum += term *= (x * x) / (2 * k + 1)
  return 0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum
}
