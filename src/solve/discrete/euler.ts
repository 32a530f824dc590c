import type { DiscreteProblem } from "../../model/discrete/problem.ts"
import type { Procedure, Row } from "../../run/run.ts"
import { method } from "../method.ts"
import type { Solution } from "../solution.ts"
import { CHAIN_SETTINGS, contractionBound, onChain } from "./onChain.ts"
import { bondOn, tabulate, utilityAt } from "./tabulate.ts"

/**
 * Iteration on the operator T of the dissertation's section 2.2.2 (Lucas 1978, equation 6). Benveniste and Scheinkman's
 * theorem gives the derivative of the value in shares, V_s = u'(c)(p + d), so that the first-order condition at c = d, or whatever
 * is consumed without trade, is an equation of prices alone:
 *
 *   (T f)(x) = beta E[growth^(1-gamma) (u'(c') d' + f(x')) | x],   f = u'(c) p.
 *
 * T shrinks distances by the modulus of `onChain` (beta without growth), so after the k-th step
 * |f* - f_k| <= modulus/(1 - modulus) |f_k - f_(k-1)|: that is the number held against the tolerance.
 */
export const euler = method("euler", "iteration on the Euler equation (operator T), a contraction", {
  ...CHAIN_SETTINGS,
  tolerance: { value: 1e-10, is: "contraction bound on the price, relative", above: 0 },
  maxSteps: { value: 100_000, is: "steps at most", least: 1, whole: true },
}, (_: DiscreteProblem) => undefined, (problem, settings): Procedure<{ f: Float64Array; bound: number }, Solution> => {
  const on = onChain(problem, settings)
  const dividend = on.dividend.map((d, i) => on.marginal[i] * d), flow = on.utility.map((u, i) => u + on.levelWorth[i])
  const image = (f: Float64Array, h: Float64Array): Float64Array => on.apply(f.map((value, i) => value + h[i]))
  return {
    start: () => ({ f: new Float64Array(on.nodes.length), bound: 1 }),
    step(state): Row {
      const next = image(state.f, dividend)
      state.bound = contractionBound(on, next.map((f, i) => f - state.f[i]), next)
      state.f = next
      return { residual: state.bound, tolerance: settings.tolerance, done: state.bound <= settings.tolerance }
    },
    finish({ f, bound }, ending) {
      const after = f.map((value, i) => value + dividend[i])
      // Utility without trade is summed by the same iteration, once prices are known.
      let value: Float64Array = new Float64Array(on.nodes.length)
      for (let k = 0; k < ending.steps; k++) value = image(value, flow)
      const worth = value.map((v, i) => v + flow[i])
      return tabulate(problem, {
        name: "euler", settings, ending, seed: 0, residual: bound, tolerance: settings.tolerance, measure: "contraction bound on the price on the chain, relative", on,
        curves: {
          share: x => on.ahead(x, after), bond: bondOn(on),
          value: x => {
            const today = utilityAt(problem, x)
            return on.ahead(x, worth).map((v, i) => v + today[i])
          },
        },
      })
    },
  }
})
