import type { Problem } from "../../model/problem.ts"
import type { Row } from "../../run/run.ts"
import { coarseToFine, refined } from "../grid/refine.ts"
import { lattice, type Lattice } from "../grid/lattice.ts"
import { relaxation, type Relaxation, type RelaxationState } from "./relaxation.ts"

/**
 * Nested iteration: pseudo-transient continuation on a coarse grid first, whose value functions, interpolated, are where it starts on a
 * grid twice as fine. There Newton's method takes a few steps, where it takes dozens from the guesses. A coarse grid is left as
 * soon as little moves on it, and given up, with its guess, where it resists.
 */
export interface Nested {
  /** The grid that was asked for. */
  readonly grid: Lattice
  start(): NestedState
  /** A row holds a residual only on that grid. */
  step(state: NestedState): Row
  /** The state on that grid, where there is none yet: by interpolation. */
  finest(state: NestedState): RelaxationState
  readonly relaxation: Relaxation
}

/** Plain data: a clone is a checkpoint. */
export interface NestedState {
  /** Which of the grids, the coarsest first, and the steps taken there. */
  level: number
  steps: number
  at: RelaxationState
}

/** A coarse grid has told what it can where a step of so many years or more moves no unknown by more than this part. */
const SETTLED = 1e-2
const LONG = 50
/** Years of the first step on the last grid from an interpolated start: Newton's own. */
const ARRIVAL = 1e9
/** Steps after which a coarse grid is given up; it is at the first that is taken back, too. */
const MOST_STEPS = 15

/** @param settings as of `relaxation`. */
export function nested(problem: Problem, points: readonly number[], settings: { readonly tolerance: number; readonly firstStep: number }): Nested {
  const all = coarseToFine(points), valued = problem.unknowns.some(u => u.kind === "value")
  const grids = valued ? all : all.slice(-1), last = grids.length - 1
  const made = new Map<number, { readonly grid: Lattice; readonly relaxation: Relaxation }>()
  const on = (level: number): { readonly grid: Lattice; readonly relaxation: Relaxation } => {
    const held = made.get(level)
    if (held) return held
    const grid = lattice(problem, grids[level]), fresh = { grid, relaxation: relaxation(grid, settings) }
    made.set(level, fresh)
    return fresh
  }
  const interpolated = (state: NestedState, level: number): RelaxationState => on(level).relaxation.startFrom(state.at.unknowns.map((u, k) => {
    // What is positive stays so.
    return problem.unknowns[k].positive ? refined(u.map(Math.log), grids[state.level], grids[level]).map(Math.exp) : refined(u, grids[state.level], grids[level])
  }), level === last ? ARRIVAL : state.at.dt)
  const rise = (state: NestedState, at: RelaxationState): void => { state.level++; state.steps = 0; state.at = at }
  const finest = on(last)

  return {
    ...finest,
    start: () => ({ level: 0, steps: 0, at: on(0).relaxation.start() }),
    step: state => {
      if (state.level === last) return finest.relaxation.step(state.at)
      const { level } = state, { relaxation: coarse, grid } = on(level)
      const { residual: _, tolerance: __, failed, done, ...row } = coarse.step(state.at)
      state.steps++
      if (failed || row.rejected || state.steps > MOST_STEPS) rise(state, on(level + 1).relaxation.start())
      else if (done || ((row.change as number) <= SETTLED && (row.time_step as number) >= LONG)) {
        const next = interpolated(state, level + 1)
        rise(state, next.blocked === "" ? next : on(level + 1).relaxation.start())
      }
      return { ...row, nodes: grid.size }
    },
    finest: state => (state.level === last ? state.at : interpolated(state, last)),
  }
}
