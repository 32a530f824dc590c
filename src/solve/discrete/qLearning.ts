import { interpolateSmooth, lagrange } from "../../math/interpolate.ts"
import { power } from "../../math/power.ts"
import { philoxBlock } from "../../math/random.ts"
import type { DiscreteProblem } from "../../model/discrete/problem.ts"
import type { Procedure, Row } from "../../run/run.ts"
import { method } from "../method.ts"
import type { Solution } from "../solution.ts"
import { holdings } from "./agent.ts"
import type { Curve } from "./bounds.ts"
import { CHAIN_SETTINGS, onChain, utility, type OnChain } from "./onChain.ts"
import { chainBounds, tabulate, utilityAt } from "./tabulate.ts"

interface State {
  readonly seed: number
  sweeps: number
  bound: number
  /** Of all learners, one after the other: [((learner*n + node)*3 + holding)*3 + next holding]. */
  readonly Q: Float64Array
  /** Prices of the tree and of the bond: [learner*n + node]. */
  readonly price: Float64Array
  readonly bond: Float64Array
}

/** Holdings of a learner: a little less than one share, one, a little more. */
const LOTS = 3, LESS = 0, ONE = 1, MORE = 2
/** Sweeps of one step of the run. */
const SWEEPS = 100
/** Standard errors in the bound; what is left of the beginning, in squared steps. */
const ERRORS = 5, BEGINNING = 4

/**
 * Tabular Q-learning, equation (2.10) of the dissertation, on the agent's problem (2.5):
 *
 *   Q(s, x; s') <- (1 - alpha) Q(s, x; s') + alpha [u(c + (s - 1) d - p(x)(s' - s)) + beta growth^(1-gamma) max over s'' of Q(s', x'; s'')]
 *
 * with holdings 1 - tick, 1, 1 + tick. A learner does not know the law of the state: x' is a draw. A sweep draws one x' for each x
 * and updates all nine pairs of holdings with it, since the state does not heed what is traded. The price at x moves with the excess
 * demand of who holds one share, in the same steps: p <- p + alpha [Q(1, x; 1 + tick) - Q(1, x; 1 - tick)]/(2 tick u'(c)), and rests
 * where buying is worth as much as selling; the bond's price is the mean of the sampled discount factors, (2.7).
 * Steps are alpha_k = 4/(4 + (1 - modulus) k) (on their choice: Even-Dar & Mansour 2003). Where agents would as soon sell as keep,
 * as risk-neutral ones do, errors of the price fade at half the rate of those of Q (the price follows Q, and Q a mean of past prices):
 * what Q began with is then forgotten as alpha_k^2, elsewhere faster.
 *
 * The bound is statistical and no certainty: five standard errors of the mean of independent learners (of sixteen, Student's t leaves
 * 2e-4 beyond), what is left of the beginning, and the chain's own error. It falls with one over the root of the sweeps.
 */
export const qLearning = method("q-learning", "tabular Q-learning from draws of the state; prices follow excess demand; its bound is statistical", {
  ...CHAIN_SETTINGS,
  learners: { value: 16, is: "independent learners, whose spread gives the error", least: 4, most: 1000, whole: true },
  tick: { value: 1e-6, is: "what one trade changes a holding by, in shares", above: 0, most: 0.1 },
  tolerance: { value: 0.01, is: "statistical bound on the price, relative", above: 0 },
  maxSteps: { value: 2000, is: `steps of ${SWEEPS} sweeps at most`, least: 1, whole: true },
}, (_: DiscreteProblem) => undefined, (problem, settings): Procedure<State, Solution> => {
  const on = onChain(problem, settings), n = on.nodes.length, { learners } = settings
  const { beta, gamma } = problem
  const { grid } = holdings(LOTS, settings.tick, settings.tick)
  const cumulative = cumulated(on), u = utilityOf(gamma), best = new Float64Array(LOTS)
  const worths = on.growth.map(g => beta * power(g, 1 - gamma))
  const alpha = (k: number): number => 4 / (4 + (1 - on.modulus) * k)

  const sweep = (Q: Float64Array, price: Float64Array, bond: Float64Array, draw: () => number, k: number): void => {
    const step = alpha(k)
    for (let i = 0; i < n; i++) {
      const j = drawn(cumulative, on.from[i], on.to[i], i * n, draw())
      const worth = worths[j]
      bond[i] += ((worth / on.growth[j]) * (on.marginal[j] / on.marginal[i]) - bond[i]) / (k + 1)
      for (let b = 0; b < LOTS; b++) {
        const at = (j * LOTS + b) * LOTS
        best[b] = worth * (Math.max(Q[at], Q[at + 1], Q[at + 2]) + on.levelWorth[j])
      }
      for (let a = 0; a < LOTS; a++) {
        const cash = on.consumption[i] + (grid[a] - 1) * on.dividend[i]
        for (let b = 0, at = (i * LOTS + a) * LOTS; b < LOTS; b++, at++) Q[at] += step * (u(cash - price[i] * (grid[b] - grid[a])) + best[b] - Q[at])
      }
      const own = (i * LOTS + ONE) * LOTS
      price[i] += (step * (Q[own + MORE] - Q[own + LESS])) / (2 * settings.tick * on.marginal[i])
    }
  }

  /** Mean of the learners at each node, and the bound on it without the chain's error. */
  const pooled = (of: (learner: number, node: number) => number, sweeps: number): { mean: Float64Array; bound: Float64Array } => {
    const mean = new Float64Array(n), bound = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      const values = Array.from({ length: learners }, (_, r) => of(r, i))
      mean[i] = values.reduce((sum, x) => sum + x, 0) / learners
      const variance = values.reduce((sum, x) => sum + (x - mean[i]) ** 2, 0) / (learners - 1)
      bound[i] = ERRORS * Math.sqrt(variance / learners) + BEGINNING * alpha(sweeps) ** 2 * Math.abs(mean[i])
    }
    return { mean, bound }
  }
  const prices = ({ price, sweeps }: State) => pooled((r, i) => price[r * n + i], sweeps)

  return {
    start: seed => ({
      seed, sweeps: 0, bound: 1, Q: new Float64Array(learners * n * LOTS * LOTS), price: new Float64Array(learners * n), bond: new Float64Array(learners * n),
    }),
    step(state): Row {
      for (let r = 0; r < learners; r++) {
        const [Q, price, bond] = [state.Q.subarray(r * n * LOTS * LOTS, (r + 1) * n * LOTS * LOTS), state.price.subarray(r * n, (r + 1) * n), state.bond.subarray(r * n, (r + 1) * n)]
        const draw = uniforms(state.seed, r, state.sweeps * n)
        for (let k = state.sweeps; k < state.sweeps + SWEEPS; k++) sweep(Q, price, bond, draw, k)
      }
      state.sweeps += SWEEPS
      const { mean, bound } = prices(state)
      state.bound = on.shown.reduce((most, i) => Math.max(most, bound[i] / Math.abs(mean[i])), 0)
      if (!Number.isFinite(state.bound)) return { failed: true, detail: `a price is not finite after ${state.sweeps} sweeps: one trade costs more than all consumption in some state; lower \`tick\`` }
      return { residual: state.bound, tolerance: settings.tolerance, sweeps: state.sweeps, done: state.bound <= settings.tolerance }
    },
    finish(state, ending) {
      const price = prices(state), bond = pooled((r, i) => state.bond[r * n + i], state.sweeps)
      const value = pooled((r, i) => Math.max(...Array.from({ length: LOTS }, (_, b) => state.Q[((r * n + i) * LOTS + ONE) * LOTS + b])), state.sweeps)
      const inUtility = (v: Float64Array): Float64Array => v.map((x, i) => x * on.marginal[i])
      const chain = chainBounds(on, smooth(on))
      const add = (a: Curve, b: Curve): Curve => x => { const other = b(x); return a(x).map((v, i) => v + other[i]) }
      const today = on.utility
      return tabulate(problem, {
        name: "q-learning", settings, ending, seed: state.seed, residual: state.bound, tolerance: settings.tolerance,
        measure: `statistical bound on the price, relative: ${ERRORS} standard errors of the mean of ${learners} learners`, on,
        curves: {
          share: smooth(on)(inUtility(price.mean)), bond: smooth(on)(inUtility(bond.mean)),
          value: add(smooth(on)(value.mean.map((v, i) => v - today[i])), x => utilityAt(problem, x)),
        },
        bounds: { share: add(spread(on)(inUtility(price.bound)), chain.share), bond: add(spread(on)(inUtility(bond.bound)), chain.bond), value: add(spread(on)(value.bound), chain.value) },
      })
    },
  }
})

/** Cumulated transition probabilities, row by row. */
function cumulated(on: OnChain): Float64Array {
  const n = on.nodes.length, { beta, gamma } = on.problem
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) out[i * n + j] = sum += on.discounted[i * n + j] / (beta * power(on.growth[j], 1 - gamma))
  }
  return out
}

/** The first state of [from, to) whose cumulated probability exceeds u. */
function drawn(cumulative: Float64Array, from: number, to: number, row: number, u: number): number {
  let low = from, high = to - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (cumulative[row + middle] > u) high = middle
    else low = middle + 1
  }
  return low
}

/** Numbers in [0, 1) of 32 bits from a learner's stream, from the `used`-th on. */
function uniforms(seed: number, learner: number, used: number): () => number {
  const block = new Uint32Array(4)
  let at = used, held = -1
  return () => {
    const index = Math.floor(at / 4)
    if (index !== held) philoxBlock([index >>> 0, Math.floor(index / 2 ** 32) >>> 0, learner, 0], [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0], block)
    held = index
    return block[at++ % 4] / 2 ** 32
  }
}

/** The same as `utility`, without a power where a division does. */
const utilityOf = (gamma: number): ((c: number) => number) => (gamma === 2 ? c => (c > 0 ? -1 / c : -Infinity) : c => utility(c, gamma))

/** A function of the state from values at the nodes: cubic in the logarithm of the state, values themselves on a finite chain. */
function smooth(on: OnChain): (v: Float64Array) => Curve {
  return between(on, (logs, v, x) => interpolateSmooth(logs, v, x, CUBIC))
}

/** What errors of at most v at the nodes become there, all of them at their worst. */
function spread(on: OnChain): (v: Float64Array) => Curve {
  return between(on, (logs, v, x) => {
    const { from, weights } = lagrange(logs, x, CUBIC)
    return weights.reduce((sum, w, i) => sum + Math.abs(w) * v[from + i], 0)
  })
}

/** Nodes of a cubic. */
const CUBIC = 4

function between({ nodes, problem }: OnChain, rule: (logs: Float64Array, v: Float64Array, x: number) => number): (v: Float64Array) => Curve {
  if (problem.state.points) return v => x => x.map(at => v[nodes.indexOf(at)])
  const logs = nodes.map(Math.log)
  return v => x => x.map(at => rule(logs, v, Math.log(at)))
}
