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
    return problem.dividend(x).map((d, i) => c[i] ** -problem.gamma * d)
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
  const weight = (y: number): number => one(growth, y) ** (1 - gamma)
  const tomorrow = beta * lognormalMean(y => weight(y) * one(h, y), mean, volatility)
  const level = tomorrow / (1 - beta * lognormalMean(weight, mean, volatility))
  return x => x.map(() => level)
}

/** Terms change until a^j is lost in rounding; the rest of the sum is then geometric. */
function series(beta: number, law: { mean: number; persistence: number; volatility: number }, h: Curve): Curve {
  const { mean, persistence, volatility } = law
  const { nodes, weights } = volatility === 0 ? { nodes: Float64Array.of(0), weights: Float64Array.of(1) } : normalRule(0.5, 10)
  const m = nodes.length
  return x => {
    const sum = new Float64Array(x.length), after = new Float64Array(x.length * m)
    let discount = 1, decay = 1
    for (;;) {
      discount *= beta
      decay *= persistence
      const spread = stationaryDeviation(law) * Math.sqrt(1 - decay * decay)
      x.forEach((at, i) => nodes.forEach((z, k) => { after[i * m + k] = Math.exp(mean + decay * (Math.log(at) - mean) + spread * z) }))
      const payoff = h(after)
      const last = Math.abs(decay) < 1e-17 || discount < 1e-18 // the share of what comes after is then in no float64
      for (let i = 0; i < x.length; i++) {
        let term = 0
        for (let k = 0; k < m; k++) term += weights[k] * payoff[i * m + k]
        sum[i] += discount * term * (last ? 1 / (1 - beta) : 1)
      }
      if (last) return sum
    }
  }
}
