import { chebyshev } from "../../math/chebyshev.ts"
import type { Random } from "../../math/random.ts"
import { pairs, type Problem, type State } from "../../model/problem.ts"
import { activeBand } from "../sampling/activeBand.ts"
import { unitBox, type Columns } from "../sampling/box.ts"
import { uniform } from "../sampling/uniform.ts"
import { pointsAt } from "../valueNet.ts"

/** What `network` needs to know of points in any number of states: their coordinates, faces and bands. No grid over the states is made. */

/** States at coordinates in [0, 1] (one array a state). */
export const toStates = (states: readonly State[], coordinates: Columns): Float64Array[] => states.map(({ coordinate }, s) => coordinate.stateAt(coordinates[s]))

/** How many points lie on each face of the domain: a face is one point in one state. */
export const facePoints = (states: number): number => (states === 1 ? 1 : 12)

/** Points where the first state is at its lower end, the others anywhere. */
export function lowerFace(states: readonly State[], random: Random): Float64Array[] {
  return onFace(states, 0, false, random)
}

/** The state of each point of `faces`: the faces of state 0, of state 1, ...; none without value functions. */
export function endsOf({ states, hjb }: Problem): number[] {
  return hjb.labels.length === 0 ? [] : states.flatMap((_, s) => Array.from({ length: 2 * facePoints(states.length) }, () => s))
}

/** Points on all faces, the lower before the upper one of each state. */
export function faces(states: readonly State[], random: Random): Float64Array[][] {
  return states.flatMap((_, s) => [false, true].map(upper => onFace(states, s, upper, random)))
}

function onFace(states: readonly State[], s: number, upper: boolean, random: Random): Float64Array[] {
  const count = facePoints(states.length)
  const columns = states.length === 1 ? [new Float64Array(1)] : toStates(states, uniform(unitBox(states.length), count, random))
  columns[s].fill(upper ? states[s].to : states[s].from)
  return columns
}

/** Points within `width` of switches along state 0, each through a point of the others drawn uniformly: the active region Omega_c. */
export function switchBand(states: readonly State[], switches: readonly (readonly number[])[], width: number, count: number, random: Random): Float64Array[] {
  if (switches.length === 0) return states.map(() => new Float64Array(0))
  const [{ from, to, coordinate }] = states
  const toState = (x: number): number => Math.min(to, Math.max(from, coordinate.stateAt(Float64Array.of(Math.min(1, Math.max(0, (x + 1) / 2))))[0]))
  const band = (places: Float64Array): Float64Array => activeBand({ from: [from], to: [to] }, [places], width, count, random)[0]
  if (states.length === 1) return [band(Float64Array.from(switches, ([x]) => toState(x)))]
  const columns = toStates(states, uniform(unitBox(states.length), count, random)), { x } = pointsAt(states, columns), surface = chebyshev(states.length - 1)
  columns[0] = band(Float64Array.from({ length: count }, (_, p) => {
    surface.at(switches[p % switches.length], x.slice(1).map(row => row[p]))
    return toState(surface.value)
  }))
  return columns
}

/** The second derivatives of an unknown that the equations ask for, as places in `pairs`. */
export function secondsAsked({ jets, hjb, block, states }: Problem, unknown: number): number[] {
  return pairs(states.length).flatMap(([s, r], k) => (
    [hjb, block].some(rows => rows.partials.some(({ jet }) => jets[jet].unknown === unknown && jets[jet].kind === "second" && jets[jet].by[0] === s && jets[jet].by[1] === r)) ? [k] : []))
}
