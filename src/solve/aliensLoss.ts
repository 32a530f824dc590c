import { pairs } from "../model/problem.ts"
import { edgeOf, isPde, TERMS, type Counts, type Term } from "./aliensSample.ts"
import type { LookUp } from "./curves.ts"
import { channelsOf, type Frame, type Points, type ValueNet } from "./valueNet.ts"

/**
 * The loss (7) of the ALIENs lectures for one value function,
 *   lambda_f L_f + lambda_j L_j + lambda_b L_b + lambda_c1 L_c1 + lambda_c2 L_c2,
 * as weighted squares of residuals without units (the PDE times the length of the step, all relative to J):
 *   f, c2: dt (J_t + b J_z + d J_zz + l J + s)/J   on the domain, and on the active bands
 *   j, c1: log(J/J_old)                            at t = dt, likewise
 *   b:     (log(J/J_old))_x                        at the two ends of each state, t = dt, with x the coordinate of the grid; and for
 *          t < dt what holds at the end: the PDE without the second derivatives by that state (natural), or J_x/J = 0 (reflecting)
 * (in several states b J_z is a sum over states, d J_zz one over pairs of states)
 * for a net N = log J ("log", for positive unknowns), where J_z/J = N_z and J_zz/J = N_zz + N_z^2; and for a net N = J
 * ("linear") the same to first order: J - J_old over the size of J_old at the point.
 */
export interface Loss {
  readonly points: Points
  readonly counts: Counts
  readonly weights: Readonly<Record<Term, number>>
  readonly output: Output
  /** The channel that a point's residual is the aim of, or `PDE`; weight of the residual; b's, d's, l, s of the PDE; what the terminal and boundary terms aim at. */
  readonly channel: Int8Array
  readonly scale: Float64Array
  readonly coefficients: readonly Float64Array[]
  readonly target: Float64Array
}

export type Output = "log" | "linear"

export interface LossInput {
  readonly points: Points
  readonly counts: Counts
  readonly weights: Readonly<Record<Term, number>>
  readonly output: Output
  readonly dt: number
  /** Of each state. */
  readonly ends: readonly ("natural" | "reflecting")[]
  /** b's, d's, l, s at a point. */
  readonly coefficients: LookUp
  /** The net's own N_old and its slopes at the points of the sample. */
  readonly old: { readonly value: Float64Array; readonly first: readonly Float64Array[] }
}

/** In place of a channel: the residual of the PDE. */
const PDE = -1

export function buildLoss({ points, counts, weights, output, dt, ends, coefficients: lookUp, old }: LossInput): Loss {
  const { n } = points, states = ends.length, both = pairs(states)
  const scale = new Float64Array(n), target = new Float64Array(n), here = new Float64Array(states + both.length + 2)
  const coefficients = Array.from(here, () => new Float64Array(n))
  const channel = new Int8Array(n), place = new Array<number>(states)
  let p = 0
  for (const term of TERMS) {
    const weight = Math.sqrt(weights[term] / Math.max(1, counts[term]))
    for (let k = 0; k < counts[term]; k++, p++) {
      const size = output === "log" ? 1 : Math.abs(old.value[p])
      const edge = term === "b" ? edgeOf(k, states) : undefined
      const inside = edge ? !edge.slope && ends[edge.state] === "natural" : isPde(term)
      channel[p] = inside ? PDE : edge ? 1 + edge.state : 0
      scale[p] = (weight * (inside ? dt : edge ? 1 / points.first[edge.state][p] : 1)) / size
      target[p] = inside || (edge && !edge.slope) ? 0 : edge ? old.first[edge.state][p] : old.value[p]
      if (!inside) continue
      for (let s = 0; s < states; s++) place[s] = points.states[s][p]
      lookUp(place, here)
      coefficients.forEach((c, j) => { c[p] = here[j] })
      if (edge) both.forEach(([s, r], j) => { if (s === edge.state || r === edge.state) coefficients[states + j][p] = 0 })
    }
  }
  return { points, counts, weights, output, channel, scale, coefficients, target }
}

/** What a loss needs while it is evaluated, for n points in so many states. */
export interface Workspace { readonly channels: Float64Array; readonly slope: Float64Array }

export const workspace = (n: number, states: number): Workspace => ({ channels: new Float64Array(channelsOf(states) * n), slope: new Float64Array(channelsOf(states) * n) })

/** Weighted residuals of a net into `out`, and their derivatives with respect to its channels into `work.slope`. */
export function residualsOf(net: ValueNet, weights: Float64Array, frame: Frame, loss: Loss, { channels, slope }: Workspace, out: Float64Array): void {
  const { points, channel, scale, target, coefficients, output } = loss
  const { n } = points, states = points.states.length, both = pairs(states), log = output === "log"
  const time = (1 + states) * n, second = (2 + states) * n
  const level = coefficients[states + both.length], source = coefficients[states + both.length + 1]
  net.channels(weights, frame, points, channels)
  slope.fill(0)
  // The PDE at every point without its weight, term by term; then each point by what it is.
  for (let p = 0; p < n; p++) out[p] = channels[time + p]
  for (let s = 0; s < states; s++) {
    const b = coefficients[s], at = (1 + s) * n
    for (let p = 0; p < n; p++) {
      out[p] += b[p] * channels[at + p]
      slope[at + p] = b[p]
    }
  }
  both.forEach(([s, r], k) => {
    const d = coefficients[states + k], at = second + k * n, first = (1 + s) * n, other = (1 + r) * n
    for (let p = 0; p < n; p++) {
      const a = channels[first + p], b = channels[other + p]
      out[p] += d[p] * (log ? channels[at + p] + a * b : channels[at + p])
      slope[at + p] = scale[p] * d[p]
      if (!log) continue
      slope[first + p] += s === r ? 2 * d[p] * b : d[p] * b
      if (s !== r) slope[other + p] += d[p] * a
    }
  })
  for (let p = 0; p < n; p++) {
    const w = scale[p], value = channels[p]
    if (channel[p] !== PDE) {
      out[p] = w * (channels[channel[p] * n + p] - target[p])
      slope[channel[p] * n + p] = w
      continue
    }
    const from = source[p] === 0 ? 0 : log ? source[p] * Math.exp(-value) : source[p]
    out[p] = w * (out[p] + level[p] * (log ? 1 : value) + from)
    slope[p] = w * (log ? -from : level[p])
    for (let s = 0; s < states; s++) slope[(1 + s) * n + p] *= w
    slope[time + p] = w
  }
}

/** How badly the loss is met at each of its points, by a net with these weights. */
export function absoluteResiduals(net: ValueNet, weights: Float64Array, frame: Frame, loss: Loss): Float64Array {
  const { n, states } = loss.points, out = new Float64Array(n)
  residualsOf(net, weights, frame, loss, workspace(n, states.length), out)
  return out.map(Math.abs)
}

/** The five losses from the weighted residuals: means of squares without their lambdas. */
export function lossTerms(loss: Loss, residuals: Float64Array): Record<Term, number> {
  const terms: Record<Term, number> = { f: 0, j: 0, b: 0, c1: 0, c2: 0 }
  let p = 0
  for (const term of TERMS) {
    let sum = 0
    for (const end = p + loss.counts[term]; p < end; p++) sum += residuals[p] ** 2
    terms[term] = loss.weights[term] > 0 ? sum / loss.weights[term] : 0
  }
  return terms
}
