import { solveDense } from "../../math/dense.ts"
import type { DiscreteProblem } from "../../model/discrete/problem.ts"
import { Mistake } from "../../run/mistake.ts"
import type { Procedure, Row } from "../../run/run.ts"
import { method } from "../method.ts"
import type { Solution } from "../solution.ts"
import { agentOn, bellmanMisfits, envelopeCheck, HOLDING_SETTINGS, holdings, policyTable } from "./agent.ts"
import { CHAIN_SETTINGS, contractionBound, onChain } from "./onChain.ts"
import { bondOn, tabulate, utilityAt } from "./tabulate.ts"

interface State { V: Float64Array; policy: Int32Array; bound: number }

/**
 * Howard's policy improvement (Howard 1960; Algorithm 1 of the dissertation) on the agent's Bellman equation (2.5):
 *
 *   evaluate   V(s, x) = u(c + (s - 1) d - p (g(s, x) - s)) + E[beta growth^(1-gamma) V(g(s, x), x') | x], one linear system, exactly;
 *   clear      u'(c) p = d/ds' E[beta growth^(1-gamma) V(s', x') | x] at s' = 1, so that who holds one share keeps it;
 *   improve    g(s, x) = the s' that is best at these prices against that V.
 *
 * It begins with a feasible policy far from the equilibrium's: at a price of nothing, go down to the smallest holding. Near the
 * equilibrium the policy stops changing after a few rounds (`changed` counts the holdings and states where it did, `gain` is what
 * improving it was worth), and V and p are then those of the grid: no error of iteration is left but rounding. The bound is that
 * of `euler` and `value`.
 */
export const howard = method("howard", "Howard's policy improvement on the agent's Bellman equation", {
  ...CHAIN_SETTINGS,
  holdings: { value: 11, is: "holdings of shares on the grid, an odd number", least: 3, most: 201, whole: true },
  ...HOLDING_SETTINGS,
  tolerance: { value: 1e-8, is: "contraction bound on the price, relative", above: 0 },
  maxSteps: { value: 500, is: "improvements at most", least: 1, whole: true },
}, (_: DiscreteProblem) => undefined, (problem, settings): Procedure<State, Solution> => {
  const on = onChain(problem, settings), n = on.nodes.length
  const held = holdings(settings.holdings + (1 - (settings.holdings % 2)), settings.width, settings.tick), count = held.grid.length
  if (count * n > LARGEST) throw new Mistake(`howard evaluates a policy by a dense linear system of ${count} holdings by ${n} states = ${count * n} unknowns; expected at most ${LARGEST} (lower \`holdings\` or \`nodes\`, or use \`value\`)`)
  const agent = agentOn(on, held)
  const price = (share: Float64Array): Float64Array => share.map((f, i) => f / on.marginal[i])

  const evaluated = (policy: Int32Array, p: Float64Array): Float64Array => {
    const size = count * n, matrix = new Float64Array(size * size), V = new Float64Array(size)
    for (let a = 0; a < count; a++)
      for (let i = 0; i < n; i++) {
        const k = a * n + i, b = policy[k]
        matrix[k * size + k] = 1
        V[k] = agent.reward(i, a, b, p[i])
        for (let j = on.from[i]; j < on.to[i]; j++) {
          matrix[k * size + b * n + j] -= on.discounted[i * n + j]
          V[k] += on.discounted[i * n + j] * on.levelWorth[j]
        }
      }
    solveDense(matrix, V)
    return V
  }

  return {
    start: () => {
      const policy = new Int32Array(count * n)
      return { V: evaluated(policy, new Float64Array(n)), policy, bound: 1 }
    },
    step(state): Row {
      const continuation = agent.continuation(state.V), before = agent.share(continuation)
      const { policy, value } = agent.best(continuation, price(before))
      const changed = policy.reduce((count, b, k) => count + (b === state.policy[k] ? 0 : 1), 0)
      const gain = value.reduce((most, v, k) => Math.max(most, (v - state.V[k]) / Math.max(1, Math.abs(v))), 0)
      state.policy = policy
      state.V = evaluated(policy, price(before))
      const after = agent.share(agent.continuation(state.V))
      state.bound = contractionBound(on, after.map((f, i) => f - before[i]), after)
      return { residual: state.bound, tolerance: settings.tolerance, changed, gain, done: state.bound <= settings.tolerance && (changed === 0 || gain <= ROUNDING) }
    },
    finish({ V, bound }, ending) {
      const continuation = agent.continuation(V), share = agent.share(continuation), slope = agent.slope(V)
      const chosen = agent.best(continuation, price(share))
      const worth = V.slice(held.one * n, (held.one + 1) * n).map((v, j) => v + on.levelWorth[j])
      return tabulate(problem, {
        name: "howard", settings, ending, seed: 0, residual: bound, tolerance: settings.tolerance, measure: "contraction bound on the price on the chain, relative", on,
        curves: {
          share: x => on.ahead(x, slope), bond: bondOn(on),
          value: x => {
            const today = utilityAt(problem, x)
            return on.ahead(x, worth).map((v, i) => v + today[i])
          },
        },
        equations: bellmanMisfits(agent, V, chosen), checks: envelopeCheck(agent, slope, share), policy: policyTable(agent, chosen.policy, V),
      })
    },
  }
})

/** A gain below this is in no float64: policies that differ by it are as good as each other. */
const ROUNDING = 1e-14

/** Unknowns of the linear system: above, one solve takes many seconds. */
const LARGEST = 3000
