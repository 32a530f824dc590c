import type { DiscreteProblem } from "../../model/discrete/problem.ts"
import type { Procedure, Row } from "../../run/run.ts"
import { method } from "../method.ts"
import type { Solution } from "../solution.ts"
import { agentOn, bellmanMisfits, envelopeCheck, HOLDING_SETTINGS, holdings, policyTable } from "./agent.ts"
import { CHAIN_SETTINGS, contractionBound, onChain } from "./onChain.ts"
import { bondOn, tabulate, utilityAt } from "./tabulate.ts"

/**
 * Value iteration on the agent's Bellman equation (2.5), with prices that clear the market at every step:
 *
 *   u'(c) p_k = d/ds' E[beta growth^(1-gamma) V_k(s', x') | x] at s' = 1        (who holds one share keeps it)
 *   V_(k+1)(s, x) = max over s' of u(c + (s - 1) d - p_k (s' - s)) + E[beta growth^(1-gamma) V_k(s', x') | x],   V_0 = 0.
 *
 * V_k is the value of an agent, at any holding of the grid, in the economy that ends after k periods, and p_k its price: the
 * sum of k discounted dividends. The Euler equation is used nowhere; that V_s = u'(c)(p + d) comes out is a check. By that envelope
 * u'(c) p_k contracts as in `euler`, which gives the bound that is held against the tolerance.
 */
export const value = method("value", "value iteration on the agent's Bellman equation, markets clearing at every step", {
  ...CHAIN_SETTINGS,
  holdings: { value: 21, is: "holdings of shares on the grid, an odd number", least: 3, most: 201, whole: true },
  ...HOLDING_SETTINGS,
  tolerance: { value: 1e-9, is: "contraction bound on the price, relative", above: 0 },
  maxSteps: { value: 100_000, is: "steps at most", least: 1, whole: true },
}, (_: DiscreteProblem) => undefined, (problem, settings): Procedure<{ V: Float64Array; continuation: Float64Array; bound: number }, Solution> => {
  const on = onChain(problem, settings), n = on.nodes.length
  const held = holdings(settings.holdings + (1 - (settings.holdings % 2)), settings.width, settings.tick)
  const agent = agentOn(on, held)
  const price = (share: Float64Array): Float64Array => share.map((f, i) => f / on.marginal[i])
  return {
    start: () => ({ V: new Float64Array(held.grid.length * n), continuation: new Float64Array(held.grid.length * n), bound: 1 }),
    step(state): Row {
      const before = agent.share(state.continuation)
      state.V = agent.best(state.continuation, price(before)).value
      state.continuation = agent.continuation(state.V)
      const after = agent.share(state.continuation)
      state.bound = contractionBound(on, after.map((f, i) => f - before[i]), after)
      return { residual: state.bound, tolerance: settings.tolerance, done: state.bound <= settings.tolerance }
    },
    finish({ V, continuation, bound }, ending) {
      const share = agent.share(continuation), slope = agent.slope(V)
      const chosen = agent.best(continuation, price(share))
      const worth = V.slice(held.one * n, (held.one + 1) * n).map((v, j) => v + on.levelWorth[j])
      return tabulate(problem, {
        name: "value", settings, ending, seed: 0, residual: bound, tolerance: settings.tolerance, measure: "contraction bound on the price on the chain, relative", on,
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
