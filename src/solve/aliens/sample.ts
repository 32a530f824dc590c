import type { Random } from "../../math/random.ts"
import type { State } from "../../model/problem.ts"
import { curveAt, type Curve } from "./curves.ts"
import { activeBands, along } from "../sampling/bands.ts"
import { pointsAt, type Points } from "../valueNet.ts"

/** Where the training points of one epoch lie, and which of the five losses each belongs to. */
export const TERMS = ["f", "j", "b", "c1", "c2"] as const
export type Term = (typeof TERMS)[number]

/** How many points each loss has. */
export type Counts = Readonly<Record<Term, number>>

/** The active region Omega_c: bands of half-width `width` about the switches along state 0, found for each value of the other state. */
export interface Active { readonly axes: readonly Float64Array[]; readonly switches: readonly Curve[]; readonly width: number }

export const isPde = (term: Term): boolean => term === "f" || term === "c2"
const isActive = (term: Term): boolean => term === "c1" || term === "c2"

/** What a point of the boundary loss stands for: an end of a state, at t = dt (its slope) or before (what holds there). */
export interface Edge { readonly state: number; readonly upper: boolean; readonly slope: boolean }

/** The ends of all states in turn; the first round or rounds are slopes. */
export function edgeOf(k: number, states: number): Edge {
  const edge = k % (2 * states)
  return { state: edge >> 1, upper: edge % 2 === 1, slope: k < 2 * states * SLOPES(states) }
}
/** An end is a point in one state and a line in two. */
const SLOPES = (states: number): number => (states === 1 ? 1 : 4)
export const boundaryPoints = (states: number): number => 2 * states * (SLOPES(states) + 4)

/** Where points lie, where not as `drawSample` says by itself. */
export interface Placement {
  /** States of n points of the losses on the domain. */
  readonly domain?: (n: number) => Float64Array[]
  /** States, and times where they are chosen too, of n points of the active losses: c1 (terminal) or c2. */
  readonly active?: (n: number, terminal: boolean) => { readonly states: Float64Array[]; readonly t?: Float64Array }
}

/**
 * Fresh points in the order of `TERMS`: f uniform in the coordinates of the grid and on [0, dt]; j likewise at t = dt; b on the ends
 * (`edgeOf`); c2 and c1 as f and j, but uniform on the active bands. Stratified in each state (one point in each of n
 * equal intervals, paired at random: a Latin hypercube), which has the same expectation as independent draws and less noise.
 */
export function drawSample(random: Random, counts: Counts, states: readonly State[], active: Active, dt: number, placement: Placement = {}): Points {
  const all = TERMS.reduce((sum, term) => sum + counts[term], 0)
  const t = new Float64Array(all), at = states.map(() => new Float64Array(all))
  let start = 0
  const strata = (n: number): Float64Array => Float64Array.from({ length: n }, (_, k) => (k + random.next()) / n)
  for (const term of TERMS) {
    const n = counts[term], placed = term === "b" ? undefined : isActive(term) ? placement.active?.(n, !isPde(term)) : placement.domain && { states: placement.domain(n), t: undefined }
    if (placed) {
      placed.states.forEach((row, s) => at[s].set(row, start))
      for (let k = 0; k < n; k++) t[start + k] = isPde(term) ? placed.t?.[k] ?? dt * random.next() : dt
      start += n
      continue
    }
    const first = strata(n)
    const others = states.slice(1).map(({ coordinate }) => coordinate.stateAt(shuffled(strata(n), random)))
    const own = isActive(term) ? first.map((u, k) => inBands(active, states[0], [0, ...others.map(o => o[k])], u)) : states[0].coordinate.stateAt(first)
    const rows = [own, ...others]
    if (term === "b") for (let k = 0; k < n; k++) {
      const { state, upper } = edgeOf(k, states.length)
      rows[state][k] = upper ? states[state].to : states[state].from
    }
    rows.forEach((row, s) => at[s].set(row, start))
    for (let k = 0; k < n; k++) t[start + k] = isPde(term) || (term === "b" && !edgeOf(k, states.length).slope) ? dt * random.next() : dt
    start += n
  }
  return pointsAt(states, at, t)
}

function inBands({ axes, switches, width }: Active, { from, to }: State, point: readonly number[], u: number): number {
  return along(activeBands(switches.map(c => curveAt(axes, c, point)), width, from, to), u)
}

function shuffled(values: Float64Array, random: Random): Float64Array {
  for (let k = values.length - 1; k > 0; k--) {
    const other = Math.floor(random.next() * (k + 1)), held = values[k]
    values[k] = values[other]
    values[other] = held
  }
  return values
}
