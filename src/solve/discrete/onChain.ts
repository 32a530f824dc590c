import { rouwenhorst, tauchen, tauchenHussey, trapezoidal, trapezoidalSize, type ChainOfAutoregression } from "../../math/autoregression.ts"
import { power } from "../../math/power.ts"
import { stationaryDistribution } from "../../math/markovChain.ts"
import { numberText } from "../../run/numberText.ts"
import { Mistake } from "../../run/mistake.ts"
import type { DiscreteProblem } from "../../model/discrete/problem.ts"

/**
 * An economy on a Markov chain of n states x_j with probabilities P. Everything that its methods compute is made of
 *
 *   A v (x) = beta sum_j P(x, j) g_j^(1-gamma) v_j,
 *
 * the value now, in utility, of v tomorrow. A is a contraction in the norm max |v_i|/w_i of its weights w: A w <= modulus w.
 * Without growth w = 1 and the modulus is beta.
 */
export interface OnChain {
  readonly problem: DiscreteProblem
  readonly nodes: Float64Array
  /** At the nodes: what each agent consumes without trade, u'(c), the dividend, the growth of the level into the state. */
  readonly consumption: Float64Array
  readonly marginal: Float64Array
  readonly dividend: Float64Array
  readonly growth: Float64Array
  /** u(c), and with logarithmic utility ln(growth)/(1-beta), the worth of a higher level for ever. */
  readonly utility: Float64Array
  readonly levelWorth: Float64Array
  /** A as a matrix, row by row; row i is zero outside [from[i], to[i]). */
  readonly discounted: Float64Array
  readonly from: Int32Array
  readonly to: Int32Array
  readonly modulus: number
  readonly weights: Float64Array
  /** Long-run probabilities of the nodes. */
  readonly stationary: Float64Array
  /** Which nodes lie in the domain that is shown (all, where none does). */
  readonly shown: readonly number[]
  /** A v at the nodes. */
  apply(v: ArrayLike<number>): Float64Array
  /** A v at any states. */
  ahead(x: Float64Array, v: ArrayLike<number>): Float64Array
  /** E[v | x] at any states. */
  mean(x: Float64Array, v: ArrayLike<number>): Float64Array
}

export const CHAIN_SETTINGS = {
  chain: { value: "trapezoidal", is: "how a lognormal state becomes a Markov chain", among: ["trapezoidal", "gauss-hermite", "rouwenhorst", "tauchen"] },
  nodes: { value: 0, is: "states of that chain; 0: as many as keep the trapezoidal rule exact, 41 for other chains", least: 0, most: 1500, whole: true },
} as const

/** How a lognormal process is put on a chain. */
export interface ChainChoice { readonly chain: string; readonly nodes: number }

/** Stationary deviations on each side, and volatilities between nodes, at which the trapezoidal rule errs by rounding only. */
const REACH = 9, SPACING = 0.75
const OTHERS = 41

/** The economy on its own chain, or on one that stands in for its process. @throws Mistake where prices would be infinite. */
export function onChain(problem: DiscreteProblem, { chain, nodes }: ChainChoice): OnChain {
  const { law } = problem
  if (law.kind === "chain") return on(problem, { ...law, rowAt: (x, row) => rowOf(law, x, row), stationary: () => stationaryDistribution(law)! }, x => x)
  return on(problem, chainOf(law, chain, nodes), Math.log)
}

/** The same process by a finer and wider rule: what the error of a chain is measured with. */
export function onReference(problem: DiscreteProblem): OnChain {
  const { law } = problem
  if (law.kind === "chain") return onChain(problem, { chain: "", nodes: 0 })
  const reach = REACH + 1
  return on(problem, trapezoidal(law, trapezoidalSize(law, reach, SPACING / 1.5), reach), Math.log)
}

function chainOf(law: Extract<DiscreteProblem["law"], { kind: "lognormal" }>, chain: string, nodes: number): ChainOfAutoregression {
  const others = nodes || OTHERS
  switch (chain) {
    case "gauss-hermite": return tauchenHussey(law, Math.min(300, others))
    case "rouwenhorst": return rouwenhorst(law, others)
    case "tauchen": return tauchen(law, others, SHOWN_BY_TAUCHEN)
    default: return trapezoidal(law, nodes || trapezoidalSize(law, REACH, SPACING), REACH)
  }
}

/** Deviations that Tauchen's states cover. */
const SHOWN_BY_TAUCHEN = 4

/** A state of a finite chain leads where its row says; there are no others. */
function rowOf({ values, transitions }: { values: Float64Array; transitions: Float64Array }, x: number, row: Float64Array): void {
  const i = values.indexOf(x)
  if (i < 0) throw new RangeError(`${x} is no state of the chain`)
  row.set(transitions.subarray(i * values.length, (i + 1) * values.length))
}

function on(problem: DiscreteProblem, chain: ChainOfAutoregression, toChain: (x: number) => number): OnChain {
  const { beta, gamma } = problem
  const n = chain.values.length
  const nodes = problem.law.kind === "chain" ? chain.values : chain.values.map(Math.exp)
  const consumption = problem.consumption(nodes), dividend = problem.dividend(nodes), growth = problem.growth(nodes)
  const weight = growth.map(g => power(g, 1 - gamma))
  const discounted = chain.transitions.map((p, k) => (p < NEGLIGIBLE ? 0 : beta * p * weight[k % n]))
  const from = new Int32Array(n), to = new Int32Array(n)
  for (let i = 0; i < n; i++) {
    const row = discounted.subarray(i * n, (i + 1) * n)
    from[i] = row.findIndex(p => p > 0)
    to[i] = row.findLastIndex(p => p > 0) + 1
  }
  const apply = (v: ArrayLike<number>): Float64Array => {
    const out = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = from[i], k = i * n + j; j < to[i]; j++, k++) sum += discounted[k] * v[j]
      out[i] = sum
    }
    return out
  }
  const mean = (x: Float64Array, v: ArrayLike<number>): Float64Array => {
    const row = new Float64Array(n)
    return x.map(at => {
      chain.rowAt(toChain(at), row)
      let sum = 0
      for (let j = 0; j < n; j++) sum += row[j] * v[j]
      return sum
    })
  }
  const { modulus, weights } = problem.grows ? contraction(apply, n) : { modulus: beta, weights: new Float64Array(n).fill(1) }
  if (!(modulus < 1)) throw new Mistake(`the price is infinite: beta E[growth^(1 - gamma)] is ${numberText(modulus, 6)} in the long run; expected below 1 (lower the discount factor, or change the risk aversion)`)
  const levelWorth = growth.map(g => (gamma === 1 ? Math.log(g) / (1 - beta) : 0))
  const { state } = problem
  const all = Array.from(nodes.keys()), shown = all.filter(i => nodes[i] >= state.from * (1 - 1e-12) && nodes[i] <= state.to * (1 + 1e-12))
  return {
    problem, nodes, consumption, dividend, growth, discounted, from, to, modulus, weights, levelWorth, apply, mean,
    marginal: consumption.map(c => power(c, -gamma)), utility: consumption.map(c => utility(c, gamma)),
    stationary: chain.stationary(),
    shown: shown.length > 0 ? shown : all,
    ahead: (x, v) => mean(x, weight.map((w, j) => beta * w * v[j])),
  }
}

/** Probabilities below this, all together, are lost in the rounding of the others. */
const NEGLIGIBLE = 1e-20

/** c^(1-gamma)/(1-gamma), ln c for gamma = 1. Of no use where c is not positive, unless gamma = 0. */
export function utility(c: number, gamma: number): number {
  if (gamma === 0) return c
  if (!(c > 0)) return -Infinity
  return gamma === 1 ? Math.log(c) : power(c, 1 - gamma) / (1 - gamma)
}

/**
 * Weights w > 0 and the least m found with A w <= m w: in their norm A shrinks by m. For an irreducible chain w is the
 * Perron vector and m the spectral radius; any w on the way there gives a bound that holds (Collatz, Wielandt).
 */
function contraction(apply: (v: Float64Array) => Float64Array, n: number): { modulus: number; weights: Float64Array } {
  let weights = new Float64Array(n).fill(1), modulus = Infinity
  for (let k = 0; k < 5000; k++) {
    const next = apply(weights)
    const ratios = next.map((x, i) => x / weights[i])
    modulus = ratios.reduce((a, b) => Math.max(a, b))
    if (modulus - ratios.reduce((a, b) => Math.min(a, b)) <= 1e-13 * modulus) break
    const mixed = next.map((x, i) => x + modulus * weights[i]) // the shift keeps a periodic chain from cycling
    const most = mixed.reduce((a, b) => Math.max(a, b))
    weights = mixed.map(x => x / most)
  }
  return { modulus, weights }
}

/** The contraction bound on a fixed point f = A(h + f) after the last change of f, relative to f at the nodes shown. */
export function contractionBound({ modulus, weights, shown }: OnChain, change: Float64Array, f: Float64Array): number {
  const size = change.reduce((most, d, i) => Math.max(most, Math.abs(d) / weights[i]), 0)
  return shown.reduce((most, i) => Math.max(most, ((modulus / (1 - modulus)) * size * weights[i]) / Math.abs(f[i])), 0)
}
