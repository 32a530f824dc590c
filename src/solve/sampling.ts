import { interpolate } from "../math/interpolate.ts"
import type { Random } from "../math/random.ts"
import type { State } from "../model/problem.ts"
import { pointsAt, type Points } from "./valueNet.ts"

/** Where the training points of one epoch lie, and which of the five losses each belongs to. */
export const TERMS = ["f", "j", "b", "c1", "c2"] as const
export type Term = (typeof TERMS)[number]

/** How many points each loss has. */
export type Counts = Readonly<Record<Term, number>>


/** An interval of a coordinate or state about a switch; the active region Omega_c is the union of them. */
export interface Band { readonly from: number; readonly to: number }

/** The bands of half-width `width` about the switches, inside the domain. */
export function activeBands(switches: readonly number[], width: number, from: number, to: number): Band[] {
  return switches.map(z => ({ from: Math.max(from, z - width), to: Math.min(to, z + width) }))
}

/**
 * Fresh points in the order of `TERMS`: f uniform in the coordinate of the grid and on [0, dt]; j likewise at t = dt; b the two
 * ends in turn, the first two at t = dt, the others on [0, dt]; c2 and c1 the same as f and j, uniform in z on the active bands. Stratified (one point in each of n equal
 * intervals), which has the same expectation as independent draws and less noise.
 */
export function drawSample(random: Random, counts: Counts, { from, to, coordinate }: State, bands: readonly Band[], dt: number): Points {
  const t: number[] = [], z: number[] = []
  const strata = (n: number): Float64Array => Float64Array.from({ length: n }, (_, k) => (k + random.next()) / n)
  for (const term of TERMS) {
    const u = strata(counts[term])
    z.push(...(term === "b" ? u.map((_, k) => (k % 2 === 0 ? from : to)) : isActive(term) ? u.map(x => along(bands, x)) : coordinate.stateAt(u)))
    for (let k = 0; k < counts[term]; k++) t.push(isPde(term) || (term === "b" && k >= 2) ? dt * random.next() : dt)
  }
  return pointsAt(coordinate, Float64Array.from(z), Float64Array.from(t))
}

/** States without time: `count` in the grid's coordinate and `active` on the bands, one in each of equal intervals. */
export function drawStates(uniform: () => number, { coordinate }: State, count: number, bands: readonly Band[], active: number): number[] {
  const strata = (n: number): Float64Array => Float64Array.from({ length: n }, (_, k) => (k + uniform()) / n)
  return [...coordinate.stateAt(strata(count)), ...strata(active).map(u => along(bands, u))]
}

export const isPde = (term: Term): boolean => term === "f" || term === "c2"
const isActive = (term: Term): boolean => term === "c1" || term === "c2"

/** The point at share u of the total length of the bands. */
function along(bands: readonly Band[], u: number): number {
  let rest = u * bands.reduce((sum, b) => sum + b.to - b.from, 0)
  for (const b of bands) {
    if (rest <= b.to - b.from) return b.from + rest
    rest -= b.to - b.from
  }
  return bands[bands.length - 1].to
}

/** Coefficients of a linear PDE on the nodes of a grid, looked up between them, never across a switch. */
export function coefficientsAt(nodes: Float64Array, columns: readonly Float64Array[], breaks: readonly number[], z: number): number[] {
  return columns.map(column => interpolate(nodes, column, z, breaks))
}
