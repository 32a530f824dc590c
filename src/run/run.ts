import { OUTCOMES, type Outcome } from "./outcome.ts"

/** Plain data only: numbers, strings, booleans, null, typed arrays, arrays and objects of these. */
export type Plain = null | boolean | number | string | Float64Array | Float32Array | Int32Array | Uint32Array | readonly Plain[] | { readonly [key: string]: Plain }

/** What one step says of itself; every number must be finite. `done` ends the run as converged, `failed` as stuck. */
export interface Row {
  readonly [key: string]: number | string | boolean | undefined
  readonly done?: boolean
  readonly failed?: boolean
  /** With `failed` or a number that is not finite: which equation, where, at which step. */
  readonly detail?: string
}

/** A long computation in three verbs. State is plain data: a clone of it is a checkpoint. */
export interface Procedure<State, Result> {
  start(seed: number): State
  /** A short unit of work, in place. */
  step(state: State): Row
  finish(state: State, ending: Ending): Result
}

/** How a run ended: the sentence, and where it says more than the sentence does. */
export interface Ending {
  readonly outcome: Outcome
  readonly steps: number
  readonly detail: string
}

export interface RunOptions<State> {
  readonly seed?: number
  readonly maxSteps?: number
  /** A state to go on from (a checkpoint), with the number of steps it has behind it. */
  readonly from?: { readonly state: State; readonly steps: number }
}

/** What the driver yields after each step. The state is the live one: clone it to keep it. */
export interface Progress<State> {
  readonly step: number
  readonly row: Row
  readonly state: State
}

/**
 * Drives a procedure to its end. Iterate to watch it; stop iterating to stop it.
 * The one loop: limits, NaN and stopping are decided here and nowhere else.
 */
export function* run<State, Result>(procedure: Procedure<State, Result>, options: RunOptions<State> = {}): Generator<Progress<State>, Result> {
  const { seed = 0, maxSteps = 10_000, from } = options
  const state = from ? from.state : procedure.start(seed)
  let steps = from ? from.steps : 0
  while (steps < maxSteps) {
    const row = procedure.step(state)
    steps++
    const bad = Object.keys(row).find(key => typeof row[key] === "number" && !Number.isFinite(row[key]))
    const ending = bad !== undefined ? { outcome: OUTCOMES.notFinite, steps, detail: row.detail ?? `\`${bad}\` is ${row[bad]} at step ${steps}` }
      : row.failed ? { outcome: OUTCOMES.stuck, steps, detail: row.detail ?? "" }
      : row.done ? { outcome: OUTCOMES.converged, steps, detail: "" }
      : undefined
    yield { step: steps, row, state }
    if (ending) return procedure.finish(state, ending)
  }
  return procedure.finish(state, { outcome: OUTCOMES.outOfSteps, steps, detail: "" })
}

/** Runs a procedure with nobody watching. */
export function runToEnd<State, Result>(procedure: Procedure<State, Result>, options: RunOptions<State> = {}): Result {
  const steps = run(procedure, options)
  for (;;) {
    const next = steps.next()
    if (next.done) return next.value
  }
}
