import { numberText } from "../run/numberText.ts"
import { OUTCOMES } from "../run/outcome.ts"
import type { Procedure } from "../run/run.ts"
import { gridPoints, POINTS } from "./grid/gridPoints.ts"
import { method } from "./method.ts"
import { nested, type NestedState } from "./newton/nested.ts"
import type { Solution } from "./solution.ts"
import { tabulate } from "./tabulate.ts"

/**
 * Finite differences: the reference method.
 *
 * The stationary equations F(u) = 0 in all unknowns u at all nodes are reached by pseudo-transient continuation (Kelley &
 * Keyes 1998): implicit steps of the HJB lines in backward time, each solved by semismooth Newton together with the static
 * block, with a time step that grows as the residual falls, until the steps are Newton's own.
 *
 * 1. Drift terms are fitted exponentially along each state: order 2 where there is diffusion, first-order upwind where there is
 *    none. Mixed derivatives lie on the diagonal along which the states move together (`mixed.ts`).
 * 2. Derivatives of prices look back where the static block is a differential equation (order 2), so that it is marched.
 * 3. Complementarity lines are min(f, g) = 0. The regime of the nodes chooses the stencils and follows the iterate.
 * 4. It starts from the guesses of the value functions, with the static block solved exactly at them, on a coarse grid; on a finer
 *    one from what the coarser one found (`nested.ts`).
 */
export const finiteDifference = method("fd", "finite differences: implicit, upwind, pseudo-transient Newton; one to three states; the reference", {
  points: POINTS,
  tolerance: { value: 1e-9, is: "largest residual accepted: HJB lines as relative growth of the value a year, other lines as written; a thousand times as much where Newton moves nothing by 1e-10 (rounding)", above: 0 },
  firstStep: { value: 1, is: "first step of pseudo-time, in years; it grows as the residual falls", above: 0 },
  maxSteps: { value: 200, is: "most steps of pseudo-time", least: 1, whole: true },
}, problem => (problem.states.length <= 3 ? undefined : `\`fd\` solves economies with up to three states; \`${problem.economy.name}\` has ${problem.states.length}, and a grid over them would be too large. Use \`network\`.`),
(problem, settings): Procedure<NestedState, Solution> => {
  const { points, shown } = gridPoints("fd", problem, settings.points)
  const { grid, start, step, finest, relaxation: { residualAt, where } } = nested(problem, points, settings)

  return {
    start, step,
    finish: (given, ending) => {
      const state = finest(given)
      const regime = Uint8Array.from(state.regime)
      const residual = residualAt(state)
      const detail = ending.outcome === OUTCOMES.outOfSteps ? `${where(residual)}: residual ${numberText(residual.largest)}` : ending.detail
      return tabulate(grid, { name: "fd", settings: { ...settings, points: shown }, ending: { ...ending, detail }, seed: 0, residual: residual.largest, tolerance: settings.tolerance,
        measure: "largest residual of any equation at any node (HJB lines as relative growth of the value a year)",
        unknowns: state.unknowns, values: grid.valueJets(state.unknowns), regime, start: state.start, rows: residual.rows })
    },
  }
})
