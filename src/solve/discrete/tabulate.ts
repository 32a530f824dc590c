import { stationaryDeviation } from "../../math/autoregression.ts"
import { power } from "../../math/power.ts"
import { solveDense } from "../../math/dense.ts"
import { lognormalMoment } from "../../math/lognormal.ts"
import type { DiscreteProblem } from "../../model/discrete/problem.ts"
import type { Variable } from "../../model/discrete/declaration.ts"
import type { Ending } from "../../run/run.ts"
import { OUTCOMES } from "../../run/outcome.ts"
import type { SettingValue } from "../../run/settings.ts"
import { table, type Table } from "../../run/table.ts"
import type { Misfit, Solution } from "../solution.ts"
import { distance, residualBound, type Curve } from "./bounds.ts"
import { onReference, utility, type OnChain } from "./onChain.ts"

/** What a method has at its end: three functions of the state. */
export interface Found {
  readonly name: string
  readonly settings: Readonly<Record<string, SettingValue>>
  readonly ending: Ending
  readonly seed: number
  readonly residual: number
  readonly tolerance: number
  readonly measure: string
  /** The chain of the method; means over the long run are taken on its nodes. */
  readonly on: OnChain
  readonly curves: Curves
  /** Where errors are statistical: bounds on the three functions. Otherwise they are bounded by their residuals. */
  readonly bounds?: Curves
  readonly equations?: readonly Misfit[]
  readonly checks?: Solution["checks"]
  readonly policy?: Table
}

export interface Curves {
  /** u'(c) p: the price of a share in utility. */
  readonly share: Curve
  /** u'(c) q. */
  readonly bond: Curve
  /** V, of who holds one share. */
  readonly value: Curve
}

/** Rows of the table of a lognormal state, even in its logarithm. */
const ROWS = 201

/** The solution: prices, value and returns over the state, the bounds on them, the facts. */
export function tabulate(problem: DiscreteProblem, found: Found): Solution {
  const { state } = problem
  const nodes = state.points ?? Float64Array.from({ length: ROWS }, (_, i) => state.from * power(state.to / state.from, i / (ROWS - 1)))
  const reference = onReference(problem)
  const columns = variables(found, nodes)
  const bounds = boundsOf(reference, found)
  const marginal = problem.consumption(nodes).map(c => power(c, -problem.gamma))
  const bound = { p: bounds.share(nodes).map((b, i) => b / marginal[i]), q: bounds.bond(nodes).map((b, i) => b / marginal[i]), V: bounds.value(nodes) }
  const euler = eulerResidual(reference, found.curves.share, nodes)
  const largest = (column: Float64Array): number => column.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  const where = largest(euler)
  return {
    economy: problem.economy.name, method: found.name, calibration: problem.calibration, seed: found.seed, parameters: problem.parameters, settings: found.settings,
    outcome: found.ending.outcome, detail: found.ending.detail, converged: found.ending.outcome === OUTCOMES.converged, steps: found.ending.steps,
    residual: found.residual, tolerance: found.tolerance, measure: found.measure,
    states: [{ name: state.name, nodes }], between: state.points ? "nothing" : "smooth",
    table: table({ [state.name]: nodes, ...columns, "bound:p": bound.p, "bound:q": bound.q, "bound:V": bound.V, "residual:Euler equation (2.6)": euler }),
    facts: {
      ...facts(problem, found),
      price_bound: largest(bound.p.map((b, i) => b / columns.p[i])), bond_bound: largest(bound.q.map((b, i) => b / columns.q[i])), value_bound: largest(bound.V),
    },
    switches: [],
    equations: [{ label: "Euler equation (2.6)", largest: where, mean: euler.reduce((sum, x) => sum + Math.abs(x), 0) / euler.length, where: { [state.name]: nodes[Math.max(0, euler.findIndex(x => Math.abs(x) === where))] } }, ...found.equations ?? []],
    checks: found.checks ?? [], policy: found.policy,
  }
}

/** All variables at states x, returns among them, whose expectation is taken on the method's chain. */
function variables({ on, curves: { share, bond, value } }: Found, x: Float64Array): Record<Variable, Float64Array> {
  const { problem } = on
  const marginal = problem.consumption(x).map(c => power(c, -problem.gamma))
  const p = share(x).map((f, i) => f / marginal[i]), q = bond(x).map((f, i) => f / marginal[i])
  const tomorrow = share(on.nodes).map((f, j) => on.growth[j] * (f / on.marginal[j] + on.dividend[j]))
  const R = on.mean(x, tomorrow).map((payoff, i) => payoff / p[i] - 1), R_f = q.map(q => 1 / q - 1)
  return { p, q, V: value(x), R, R_f, premium: R.map((r, i) => r - R_f[i]) }
}

function boundsOf(reference: OnChain, { curves, bounds }: Pick<Found, "curves" | "bounds">): Curves {
  if (bounds) return bounds
  const { utility: u, levelWorth, marginal, dividend } = reference
  // The value beyond today's utility is, as the price is, a sum of what is to come: an equation of the same kind.
  const beyond: Curve = x => {
    const today = utilityAt(reference.problem, x)
    return curves.value(x).map((v, i) => v - today[i])
  }
  return {
    share: residualBound(reference, dividend.map((d, i) => marginal[i] * d), curves.share),
    value: residualBound(reference, u.map((u, i) => u + levelWorth[i]), beyond),
    bond: distance(bondOn(reference), curves.bond),
  }
}

/** How far the solution on a chain, carried between its nodes by a rule, is from the true one: what no learning on it can better. */
export function chainBounds(on: OnChain, between: (v: Float64Array) => Curve): Curves {
  const n = on.nodes.length
  const sum = (h: Float64Array): Float64Array => {
    const right = on.apply(h)
    solveDense(on.discounted.map((a, k) => (k % (n + 1) === 0 ? 1 : 0) - a), right)
    return right
  }
  const beyond = between(sum(on.utility.map((u, i) => u + on.levelWorth[i])))
  return boundsOf(onReference(on.problem), { curves: {
    share: between(sum(on.dividend.map((d, i) => on.marginal[i] * d))), bond: between(bondOn(on)(on.nodes)),
    value: x => {
      const today = utilityAt(on.problem, x)
      return beyond(x).map((v, i) => v + today[i])
    },
  } })
}

/** u'(c) q = beta E[growth^(-gamma) u'(c')], equation (2.7). */
export function bondOn(on: OnChain): Curve {
  const payoff = on.marginal.map((m, j) => m / on.growth[j])
  return x => on.ahead(x, payoff)
}

export const utilityAt = ({ consumption, gamma }: DiscreteProblem, x: Float64Array): Float64Array => consumption(x).map(c => utility(c, gamma))

/** (f - A(h + f))/f, the true expectation taken. */
function eulerResidual(reference: OnChain, share: Curve, x: Float64Array): Float64Array {
  const payoff = share(reference.nodes).map((f, j) => f + reference.marginal[j] * reference.dividend[j])
  const image = reference.ahead(x, payoff)
  return share(x).map((f, i) => (f - image[i]) / f)
}

/** The scalars that the economy declares; means and deviations over the chain's long run. NaN where there is none. */
function facts(problem: DiscreteProblem, found: Found): Record<string, number> {
  const { on } = found
  const everywhere = variables(found, on.nodes)
  const mean = (v: ArrayLike<number>): number => on.stationary.reduce((sum, p, i) => sum + p * v[i], 0)
  const { law } = problem
  const middle = law.kind === "lognormal" ? variables(found, Float64Array.of(lognormalMoment(law.mean, stationaryDeviation(law)))) : undefined
  return Object.fromEntries(Object.entries(problem.facts).map(([name, fact]) => {
    if (fact.middle !== undefined) return [name, middle?.[fact.middle as Variable][0] ?? NaN]
    const v = everywhere[(fact.mean ?? fact.deviation) as Variable], about = mean(v)
    return [name, fact.mean !== undefined ? about : Math.sqrt(mean(v.map(x => (x - about) ** 2)))]
  }))
}
