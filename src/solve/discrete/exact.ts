import { interpolateSmooth } from "../../math/interpolate.ts"
import { power } from "../../math/power.ts"
import { lognormalMean, normalRule } from "../../math/lognormal.ts"
import { solveDense } from "../../math/dense.ts"
import { stationaryDeviation } from "../../math/autoregression.ts"
import type { DiscreteProblem } from "../../model/discrete/problem.ts"
import type { Procedure } from "../../run/run.ts"
import { method } from "../method.ts"
import type { Solution } from "../solution.ts"
import type { Curve } from "./bounds.ts"
import { onChain, type OnChain } from "./onChain.ts"
import { bondOn, tabulate, utilityAt, type Curves } from "./tabulate.ts"

/**
 * What is known without iteration. The price in utility f = u'(c) p and the value beyond today both are sums
 *
 *   F(x) = sum_{j>=1} beta^j E[g_1^(1-gamma) ... g_j^(1-gamma) h(x_j) | x],   h = u'(c) d for the price, h = u(c) for the value,
 *
 * and three processes give the sum away:
 *   a finite chain           F = (I - A)^(-1) A h, a linear system;
 *   independent states       F = beta E[g^(1-gamma) h]/(1 - beta E[g^(1-gamma)]), one number, iid growth among them;
 *   an autoregression of ln x without growth   x_j given x is lognormal with mean m + a^j (ln x - m) and variance
 *                            s^2 (1 - a^(2j))/(1 - a^2); where c = d = x each term is beta^j exp((1-gamma) mean + (1-gamma)^2 var/2).
 * Expectations of formulas of a lognormal are taken by the trapezoidal rule, which errs by rounding.
 */
export const exact = method("exact", "closed forms: a series, a ratio or a linear system, as the process allows", {
  maxSteps: { value: 1, is: "steps (there is one)", least: 1, whole: true },
}, (problem: DiscreteProblem) => problem.grows && problem.law.kind === "lognormal" && problem.law.persistence !== 0
  ? `\`${problem.economy.name}\` has no closed form here: growth is persistent (${problem.law.persistence}) and lognormal; use \`euler\`` : undefined,
(problem, settings): Procedure<Record<string, never>, Solution> => {
  const on = onChain(problem, { chain: "trapezoidal", nodes: 0 })
  return {
    start: () => ({}),
    step: () => ({ residual: 0, tolerance: 0, done: true }),
    finish: (_, ending) => tabulate(problem, { name: "exact", settings, ending, seed: 0, residual: 0, tolerance: 0, measure: "none: the closed form", on, curves: curvesOf(problem, on) }),
  }
})

function curvesOf(problem: DiscreteProblem, on: OnChain): Curves {
  const payoff = (x: Float64Array): Float64Array => {
    const c = problem.consumption(x)
    return problem.dividend(x).map((d, i) => power(c[i], -problem.gamma) * d)
  }
  const flow = (x: Float64Array): Float64Array => {
    const u = utilityAt(problem, x)
    return problem.gamma === 1 && problem.grows ? problem.growth(x).map((g, i) => u[i] + Math.log(g) / (1 - problem.beta)) : u
  }
  const sum = sumOf(problem, on), beyond = once(sum(flow))
  return {
    share: once(sum(payoff)), bond: bondOn(on),
    value: x => {
      const today = utilityAt(problem, x)
      return beyond(x).map((v, i) => v + today[i])
    },
  }
}

/** A series is summed once for each array of states. */
function once(f: Curve): Curve {
  const known = new WeakMap<Float64Array, Float64Array>()
  return x => {
    const held = known.get(x) ?? f(x)
    known.set(x, held)
    return held
  }
}

/** F as a function of h. */
function sumOf(problem: DiscreteProblem, on: OnChain): (h: Curve) => Curve {
  const { law } = problem
  if (law.kind === "chain") return h => linearSystem(on, h)
  return law.persistence === 0 ? h => ratio(problem, law, h) : h => series(problem.beta, law, h)
}

function linearSystem(on: OnChain, h: Curve): Curve {
  const n = on.nodes.length, right = on.apply(h(on.nodes))
  solveDense(on.discounted.map((a, k) => (k % (n + 1) === 0 ? 1 : 0) - a), right)
  return x => x.map(at => right[on.nodes.indexOf(at)])
}

function ratio({ beta, gamma, growth }: DiscreteProblem, { mean, volatility }: { mean: number; volatility: number }, h: Curve): Curve {
  const one = (f: Curve, y: number): number => f(Float64Array.of(y))[0]
  const weight = (y: number): number => power(one(growth, y), 1 - gamma)
  const tomorrow = beta * lognormalMean(y => weight(y) * one(h, y), mean, volatility)
  const level = tomorrow / (1 - beta * lognormalMean(weight, mean, volatility))
  return x => x.map(() => level)
}

/**
 * The sum over j of beta^j E[h(x_j) | x]. A term depends on a^j z, z = ln x - m. The first ones, until |a^j| is a tenth, are summed at
 * every x; all later ones are a function of a^j z over so short a range that a polynomial through a few Chebyshev points is exact.
 */
function series(beta: number, law: Lognormal, h: Curve): Curve {
  const early = Math.ceil(Math.log(0.1) / Math.log(Math.abs(law.persistence)))
  const shrunk = power(law.persistence, early)
  return x => {
    const z = x.map(at => Math.log(at) - law.mean)
    const reach = z.reduce((most, at) => Math.max(most, Math.abs(shrunk * at)), 1e-3)
    const points = Float64Array.from({ length: CHEBYSHEV }, (_, k) => -reach * Math.cos(((k + 0.5) * Math.PI) / CHEBYSHEV))
    const late = terms(beta, law, h, points, early, early, Infinity)
    return terms(beta, law, h, z, 0, 0, early).map((sum, i) => sum + interpolateSmooth(points, late, shrunk * z[i], CHEBYSHEV))
  }
}

const CHEBYSHEV = 20
type Lognormal = { readonly mean: number; readonly persistence: number; readonly volatility: number }

/** Terms j = after + 1, ..., until, given a^from z; without end where `until` is infinite: what remains once a^j is lost in rounding is geometric. */
function terms(beta: number, law: Lognormal, h: Curve, z: Float64Array, from: number, after: number, until: number): Float64Array {
  const { mean, persistence, volatility } = law
  const deviation = stationaryDeviation(law)
  // Fine enough for the normal density, and for formulas with poles at imaginary part pi, as (income + y)^(-gamma) has.
  const { nodes, weights } = volatility === 0 ? { nodes: Float64Array.of(0), weights: Float64Array.of(1) } : normalRule(Math.min(0.7, 0.53 / deviation), 9.5)
  const m = nodes.length, sum = new Float64Array(z.length), next = new Float64Array(z.length * m)
  for (let j = after + 1; j <= until; j++) {
    const discount = power(beta, j), decay = power(persistence, j), centre = power(persistence, j - from), spread = deviation * Math.sqrt(1 - decay * decay)
    for (let i = 0; i < z.length; i++) for (let k = 0; k < m; k++) next[i * m + k] = Math.exp(mean + centre * z[i] + spread * nodes[k])
    const payoff = h(next)
    const last = Math.abs(decay) < 1e-17 || discount < 1e-18 // the share of what comes after is then in no float64
    for (let i = 0; i < z.length; i++) {
      let term = 0
      for (let k = 0; k < m; k++) term += weights[k] * payoff[i * m + k]
      sum[i] += discount * term * (last ? 1 / (1 - beta) : 1)
    }
    if (last) break
  }
  return sum
}
