import { pairs } from "../../model/problem.ts"
import { flowOf } from "../../nets/flowOf.ts"
import type { Flow } from "../../nets/jet.ts"
import { edgeOf, isPde, TERMS, type Counts, type Term } from "./sample.ts"
import type { LookUp } from "./curves.ts"
import type { Frame, Points, ValueNet } from "../valueNet.ts"

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
 *
 * All that a residual takes of a net are N, N along the shocks and one operator G = c N_t + b N_z + d N_zz at each point: the PDE's, a slope (b alone) or
 * none. With d = sum_k s_k h_k h_k', d N_z^2 is sum_k s_k (h_k N_z)^2.
 */
export interface Loss {
  readonly points: Points
  readonly counts: Counts
  readonly weights: Readonly<Record<Term, number>>
  readonly output: Output
  /** The operator at each point, in units of the states and of time (inputs: states, t), as directions. */
  readonly flow: Flow
  /** What a point's residual is of; its weight; l and s of the PDE; what the terminal and boundary terms aim at. */
  readonly kind: Int8Array
  readonly scale: Float64Array
  readonly level: Float64Array
  readonly source: Float64Array
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
  /** The net's own N_old at the points of the sample, and its slopes at those of the boundary loss. */
  readonly old: { readonly value: Float64Array; readonly first: readonly Float64Array[] }
}

const PDE = 0, VALUE = 1, SLOPE = 2

export function buildLoss({ points, counts, weights, output, dt, ends, coefficients: lookUp, old }: LossInput): Loss {
  const { n } = points, states = ends.length, both = pairs(states)
  const scale = new Float64Array(n), target = new Float64Array(n), here = new Float64Array(states + both.length + 2)
  const drift = new Float64Array((states + 1) * n), diffusion = new Float64Array(both.length * n), level = new Float64Array(n), source = new Float64Array(n)
  const kind = new Int8Array(n), place = new Array<number>(states)
  let p = 0
  for (const term of TERMS) {
    const weight = Math.sqrt(weights[term] / Math.max(1, counts[term]))
    for (let k = 0; k < counts[term]; k++, p++) {
      const size = output === "log" ? 1 : Math.abs(old.value[p])
      const edge = term === "b" ? edgeOf(k, states) : undefined
      const inside = edge ? !edge.slope && ends[edge.state] === "natural" : isPde(term)
      kind[p] = inside ? PDE : edge ? SLOPE : VALUE
      scale[p] = (weight * (inside ? dt : edge ? 1 / points.first[edge.state][p] : 1)) / size
      target[p] = inside || (edge && !edge.slope) ? 0 : edge ? old.first[edge.state][p] : old.value[p]
      if (!inside) {
        if (edge) drift[edge.state * n + p] = 1
        continue
      }
      for (let s = 0; s < states; s++) place[s] = points.states[s][p]
      lookUp(place, here)
      for (let s = 0; s < states; s++) drift[s * n + p] = here[s]
      drift[states * n + p] = 1
      for (let j = 0; j < both.length; j++) {
        const [s, r] = both[j], across = edge && (s === edge.state || r === edge.state)
        // A mixed derivative is listed once and stands twice in the matrix.
        diffusion[j * n + p] = across ? 0 : s === r ? here[states + j] : here[states + j] / 2
      }
      level[p] = here[states + both.length]
      source[p] = here[states + both.length + 1]
    }
  }
  const at = new Float64Array((states + 1) * n)
  const flow = flowOf(at, { n, inputs: states + 1, drift, diffuse: states === 1 ? [0] : [0, 1], diffusion })
  return { points, counts, weights, output, flow, kind, scale, level, source, target }
}

/**
 * Weighted residuals at the points `from` to `to` of a net whose outputs are N (times `unit`), N along the shocks and G, and their
 * derivatives with respect to these outputs into `slope`.
 */
export function residualsAt({ points: { n }, flow: { factors }, output, kind, scale, level, source, target }: Loss, unit: number, out: Float64Array, from: number, to: number, residuals: Float64Array, slope: Float64Array): void {
  const log = output === "log", shocks = factors.length / n, last = (1 + shocks) * n
  for (let p = from; p < to; p++) {
    const w = scale[p], value = unit * out[p]
    slope[p] = 0
    for (let k = 1; k <= shocks; k++) slope[k * n + p] = 0
    if (kind[p] === VALUE) {
      residuals[p] = w * (value - target[p])
      slope[p] = w * unit
      slope[last + p] = 0
      continue
    }
    slope[last + p] = w * unit
    if (kind[p] === SLOPE) {
      residuals[p] = w * (unit * out[last + p] - target[p])
      continue
    }
    const income = source[p] === 0 ? 0 : log ? source[p] * Math.exp(-value) : source[p]
    let sum = unit * out[last + p] + level[p] * (log ? 1 : value) + income
    slope[p] = w * unit * (log ? -income : level[p])
    if (log) for (let k = 0; k < shocks; k++) {
      const along = unit * out[(1 + k) * n + p], s = factors[k * n + p]
      sum += s * along * along
      slope[(1 + k) * n + p] = 2 * w * unit * s * along
    }
    residuals[p] = w * sum
  }
}

/** How badly the loss is met at each of its points, by a net with these weights. */
export function absoluteResiduals(net: ValueNet, weights: Float64Array, frame: Frame, loss: Loss): Float64Array {
  const { n } = loss.points, residuals = new Float64Array(n), out = new Float64Array(net.generator.outputs * n)
  net.generator.forward(weights, net.flow(frame, loss.points, loss.flow), out)
  residualsAt(loss, frame.scale, out, 0, n, residuals, new Float64Array(out.length))
  return residuals.map(Math.abs)
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
