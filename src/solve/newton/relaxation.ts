import { numberText } from "../../run/numberText.ts"
import type { Row } from "../../run/run.ts"
import { guessOn, placeText, type Lattice } from "../grid/lattice.ts"
import { NEWTON_STEP, pseudoTime, type Residual } from "./pseudoTime.ts"

/**
 * Pseudo-transient continuation on a lattice (Kelley and Keyes, 1998): implicit steps of the HJB lines in backward time, each solved
 * together with the static block, and longer as the residual falls, until they are Newton's own. What `fd` is, and what
 * `network` begins with on one row.
 */
export interface Relaxation {
  start(): RelaxationState
  /** The same from these value functions (and first guesses of prices and shares), with a first step of `dt` years. */
  startFrom(unknowns: Float64Array[], dt: number): RelaxationState
  step(state: RelaxationState): Row
  residualAt(state: RelaxationState): Residual
  /** A residual's equation and place, in words. */
  where(residual: Residual): string
}

/** @param settings `tolerance` as in `fd`; `firstStep` in years. */
export function relaxation(grid: Lattice, settings: { readonly tolerance: number; readonly firstStep: number }): Relaxation {
  const { problem } = grid
  const engine = pseudoTime(grid)
  const where = (r: Residual): string => `[${r.label}] at ${placeText(grid, r.node)}`

  return {
    where,
    residualAt: state => engine.residual(state.unknowns, state.start, Uint8Array.from(state.regime)),
    start: () => startFrom(guessOn(grid), settings.firstStep),
    startFrom,
    step: state => {
      if (state.blocked !== "") return { failed: true, detail: state.blocked }
      const trial = state.unknowns.map(u => u.slice())
      const settled = engine.step(trial, state.start, Uint8Array.from(state.regime), state.dt, ENOUGH) ? settle(trial) : undefined
      const after = settled?.failure === "" ? engine.residual(settled.unknowns, settled.start, settled.regime) : undefined
      if (settled && after && after.largest < MOST_GROWTH * state.residual + settings.tolerance) return accept(state, settled, after)
      return refuse(state, engine.residual(state.unknowns, state.start, Uint8Array.from(state.regime)))
    },
  }

  function startFrom(given: Float64Array[], dt: number): RelaxationState {
    const { unknowns, regime, start, failure } = settle(given)
    const residual = failure === "" ? engine.residual(unknowns, start, regime).largest : 0
    return { unknowns, start, regime: Int32Array.from(regime), dt, residual, failures: 0, blocked: failure }
  }
  /** The static block solved exactly at the value functions among `unknowns`: the switch may move by many nodes in a step. */
  function settle(unknowns: Float64Array[]): Settled {
    if (problem.block.labels.length === 0) return { unknowns, regime: new Uint8Array(grid.size), start: new Float64Array(0), failure: "" }
    const block = grid.march(grid.valueJets(unknowns), unknowns.slice(grid.values))
    const failure = block.failure ? `[${block.failure.label}] could not be solved at ${placeText(grid, block.failure.node)} (residual ${numberText(block.failure.residual)})` : ""
    return { unknowns: [...unknowns.slice(0, grid.values), ...block.values], regime: block.regime, start: block.start, failure }
  }

  function accept(state: RelaxationState, settled: Settled, after: Residual): Row {
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
  function refuse(state: RelaxationState, at: Residual): Row {
    const dt = state.dt
    state.dt /= 8
    state.failures++
    const failed = state.failures > MOST_FAILURES
    return { residual: at.largest, time_step: dt, tolerance: settings.tolerance, rejected: true, failed, detail: `${where(at)}: residual ${numberText(at.largest)} and no step of pseudo-time down to ${numberText(dt)} years could be solved` }
  }
}

/** Plain data: a clone is a checkpoint. */
export interface RelaxationState {
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
/** A step of Newton's own that moves no unknown by more than this part of itself is at rest. */
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
