import { numberText } from "../run/numberText.ts"
import { OUTCOMES } from "../run/outcome.ts"
import type { Procedure, Row } from "../run/run.ts"
import { gridPoints, POINTS } from "./gridPoints.ts"
import { guessOn, lattice, placeText } from "./lattice.ts"
import { method } from "./method.ts"
import { pseudoTime, type Residual } from "./pseudoTime.ts"
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
 * 4. It starts from the guesses of the value functions, with the static block solved exactly at them.
 */
export const finiteDifference = method("fd", "finite differences: implicit, upwind, pseudo-transient Newton; one to three states; the reference", {
  points: POINTS,
  tolerance: { value: 1e-9, is: "largest residual accepted: HJB lines as relative growth of the value a year, other lines as written; a thousand times as much where Newton moves nothing by 1e-10 (rounding)", above: 0 },
  firstStep: { value: 1, is: "first step of pseudo-time, in years; it grows as the residual falls", above: 0 },
  maxSteps: { value: 200, is: "most steps of pseudo-time", least: 1, whole: true },
}, problem => (problem.states.length <= 3 ? undefined : `\`fd\` solves economies with up to three states; \`${problem.economy.name}\` has ${problem.states.length}, and a grid over them would be too large`),
(problem, settings): Procedure<State, Solution> => {
  const { points, shown } = gridPoints("fd", problem, settings.points)
  const grid = lattice(problem, points)
  const engine = pseudoTime(grid)
  const where = (r: Residual): string => `[${r.label}] at ${placeText(grid, r.node)}`

  return {
    start: () => {
      const guess = guessOn(grid)
      const { unknowns, regime, start, failure } = settle(guess)
      const residual = failure === "" ? engine.residual(unknowns, start, regime).largest : 0
      return { unknowns, start, regime: Int32Array.from(regime), dt: settings.firstStep, residual, failures: 0, blocked: failure }
    },
    step: state => {
      if (state.blocked !== "") return { failed: true, detail: state.blocked }
      const trial = state.unknowns.map(u => u.slice())
      const settled = engine.step(trial, state.start, Uint8Array.from(state.regime), state.dt, ENOUGH) ? settle(trial) : undefined
      const after = settled?.failure === "" ? engine.residual(settled.unknowns, settled.start, settled.regime) : undefined
      if (settled && after && after.largest < MOST_GROWTH * state.residual + settings.tolerance) return accept(state, settled, after)
      return refuse(state, engine.residual(state.unknowns, state.start, Uint8Array.from(state.regime)))
    },
    finish: (state, ending) => {
      const regime = Uint8Array.from(state.regime)
      const residual = engine.residual(state.unknowns, state.start, regime)
      const detail = ending.outcome === OUTCOMES.outOfSteps ? `${where(residual)}: residual ${numberText(residual.largest)}` : ending.detail
      return tabulate(grid, { name: "fd", settings: { ...settings, points: shown }, ending: { ...ending, detail }, seed: 0, residual: residual.largest, tolerance: settings.tolerance,
        measure: "largest residual of any equation at any node (HJB lines as relative growth of the value a year)",
        unknowns: state.unknowns, values: grid.valueJets(state.unknowns), regime, start: state.start, rows: residual.rows })
    },
  }

  /** The static block solved exactly at the value functions among `unknowns`: the switch may move by many nodes in a step. */
  function settle(unknowns: Float64Array[]): Settled {
    if (problem.block.labels.length === 0) return { unknowns, regime: new Uint8Array(grid.size), start: new Float64Array(0), failure: "" }
    const block = grid.march(grid.valueJets(unknowns), unknowns.slice(grid.values))
    const failure = block.failure ? `[${block.failure.label}] could not be solved at ${placeText(grid, block.failure.node)} (residual ${numberText(block.failure.residual)})` : ""
    return { unknowns: [...unknowns.slice(0, grid.values), ...block.values], regime: block.regime, start: block.start, failure }
  }

  function accept(state: State, settled: Settled, after: Residual): Row {
    const change = largestChange(state.unknowns, settled.unknowns)
    settled.unknowns.forEach((t, u) => state.unknowns[u].set(t))
    state.regime.set(settled.regime)
    state.start.set(settled.start)
    const dt = state.dt
    state.dt *= Math.min(10, Math.max(2, state.residual / after.largest))
    state.residual = after.largest
    state.failures = 0
    return { residual: after.largest, change, time_step: dt, tolerance: settings.tolerance, done: after.largest <= settings.tolerance || atRest(after.largest, change, dt), detail: where(after) }
  }
  /** Newton moves nothing any more: what is left of the residual is rounding, times a law of motion that is fast somewhere. */
  function atRest(residual: number, change: number, dt: number): boolean {
    return residual <= MOST_ROUNDING * settings.tolerance && change <= REST && dt >= NEWTON_STEP
  }
  function refuse(state: State, at: Residual): Row {
    const dt = state.dt
    state.dt /= 8
    state.failures++
    const failed = state.failures > MOST_FAILURES
    return { residual: at.largest, time_step: dt, tolerance: settings.tolerance, rejected: true, failed, detail: `${where(at)}: residual ${numberText(at.largest)} and no step of pseudo-time down to ${numberText(dt)} years could be solved` }
  }
})

interface State {
  unknowns: Float64Array[]
  start: Float64Array
  regime: Int32Array
  dt: number
  residual: number
  failures: number
  /** Why the static block could not be solved at the guess, or "". */
  blocked: string
}

interface Settled {
  readonly unknowns: Float64Array[]
  readonly regime: Uint8Array
  readonly start: Float64Array
  readonly failure: string
}

/** Newton goes on until it moves no unknown by more than this part: what is left is the next step's, which begins from there. */
const ENOUGH = 1e-2
/** A step after which the residual is this much larger is taken back. */
const MOST_GROWTH = 10
const MOST_FAILURES = 8
/** A step this long (years) is Newton's own; one that moves no unknown by more than this part of itself is at rest. */
const NEWTON_STEP = 1e5
const REST = 1e-10
const MOST_ROUNDING = 1000

function largestChange(before: readonly Float64Array[], after: readonly Float64Array[]): number {
  let change = 0
  for (let u = 0; u < before.length; u++) {
    const a = after[u], b = before[u]
    for (let i = 0; i < b.length; i++) change = Math.max(change, Math.abs(a[i] - b[i]) / Math.max(Math.abs(b[i]), 1e-300))
  }
  return change
}
