import { correlationFactor } from "../../math/correlationFactor.ts"
import type { Random } from "../../math/random.ts"
import type { State } from "../../model/problem.ts"
import { lookUp, type Curve, type LookUp } from "./curves.ts"
import type { Lattice } from "../grid/lattice.ts"
import { motionAt } from "../motion.ts"

/**
 * Points where the economy goes, for methods that learn on simulated paths (as deep-equilibrium methods do; the ALIENs lectures hold
 * themselves against them): paths that live through all outer steps and follow the law of motion of each,
 *   dx_s = drift_s dt + sum_k loadings_sk dW_k,
 * by Euler's method in months, reflected at the ends. Good enough to place points; `walras simulate` is what follows paths exactly.
 */
const PATHS = 256, YEARS = 10, STEP = 1 / 12
/** Every third month is kept. */
const KEPT = 3

/** The law of motion of an outer step at a point: drifts by state, then loadings by state and independent shock. */
export interface WalkLaw { readonly at: LookUp; readonly shocks: number }

/** From the jets that fill the grid now; never across a switch. */
export function lawOf({ problem, axes, inputs, size }: Lattice, breaks: readonly Curve[]): WalkLaw {
  const { drift, loadings } = motionAt(problem, inputs.all, size), factor = correlationFactor(problem.correlations), shocks = problem.shocks.length
  const noise = loadings.flatMap(row => Array.from({ length: shocks }, (_, k) => Float64Array.from({ length: size }, (_, i) => row.reduce((sum, column, l) => sum + column[i] * factor[l][k], 0))))
  return { at: lookUp(axes, [...drift, ...noise], breaks), shocks }
}

/** Paths anywhere in the domain, by state. */
export const startPaths = (states: readonly State[], random: Random): Float64Array[] =>
  states.map(({ coordinate }) => coordinate.stateAt(Float64Array.from({ length: PATHS }, () => random.next())))

/** Follows the paths for some years, from where they were last: replaces what is kept of them (the last `PATHS` are where they are now). */
export function walk(paths: Float64Array[], { at, shocks }: WalkLaw, states: readonly State[], random: Random): void {
  const now = paths.map(column => column.slice(-PATHS)), place = new Array<number>(states.length)
  const law = new Float64Array(states.length * (1 + shocks)), shock = new Float64Array(shocks), steps = Math.round(YEARS / STEP)
  const kept = states.map(() => new Float64Array(PATHS * Math.floor(steps / KEPT)))
  for (let step = 1; step <= steps; step++) {
    for (let p = 0; p < PATHS; p++) {
      for (let s = 0; s < states.length; s++) place[s] = now[s][p]
      at(place, law)
      for (let k = 0; k < shocks; k++) shock[k] = random.normal() * Math.sqrt(STEP)
      for (let s = 0; s < states.length; s++) {
        let x = place[s] + law[s] * STEP
        for (let k = 0; k < shocks; k++) x += law[states.length + s * shocks + k] * shock[k]
        now[s][p] = reflected(x, states[s])
      }
    }
    if (step % KEPT === 0) kept.forEach((column, s) => column.set(now[s], (step / KEPT - 1) * PATHS))
  }
  paths.forEach((_, s) => { paths[s] = kept[s] })
}

/** Back into the domain; what is more than one domain away ends at the nearer end. */
function reflected(x: number, { from, to }: State): number {
  const inside = x < from ? 2 * from - x : x > to ? 2 * to - x : x
  return Math.min(to, Math.max(from, inside))
}
