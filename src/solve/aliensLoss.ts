import { coefficientsAt, isPde, TERMS, type Counts, type Term } from "./sampling.ts"
import { CHANNELS, type Frame, type Points, type ValueNet } from "./valueNet.ts"

/**
 * The loss (7) of the ALIENs lectures for one value function,
 *   lambda_f L_f + lambda_j L_j + lambda_b L_b + lambda_c1 L_c1 + lambda_c2 L_c2,
 * as weighted squares of residuals without units (the PDE times the length of the step, all relative to J):
 *   f, c2: dt (J_t + b J_z + d J_zz + l J + s)/J   on the domain, and on the active bands
 *   j, c1: log(J/J_old)                            at t = dt, likewise
 *   b:     (log(J/J_old))_x                        at the two ends, t = dt, with x the coordinate of the grid; and for t < dt
 *          what holds at the end: the PDE without d (natural), or J_x/J = 0 (reflecting)
 * for a net N = log J ("log", for positive unknowns), where J_z/J = N_z and J_zz/J = N_zz + N_z^2; and for a net N = J
 * ("linear") the same to first order: J - J_old over the size of J_old at the point.
 */
export interface Loss {
  readonly points: Points
  readonly counts: Counts
  readonly weights: Readonly<Record<Term, number>>
  readonly output: Output
  /** Per point: whether its residual is that of the PDE; weight of the residual; b, d, l, s of the PDE; what the terminal and boundary terms aim at. */
  readonly pde: Uint8Array
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
  readonly ends: "natural" | "reflecting"
  readonly nodes: Float64Array
  /** b, d, l, s at the nodes. */
  readonly columns: readonly Float64Array[]
  readonly breaks: readonly number[]
  /** The net's own N_old and its slope at the points of the sample. */
  readonly old: { readonly value: Float64Array; readonly first: Float64Array }
}

export function buildLoss({ points, counts, weights, output, dt, ends, nodes, columns, breaks, old }: LossInput): Loss {
  const { n } = points
  const scale = new Float64Array(n), target = new Float64Array(n)
  const coefficients = columns.map(() => new Float64Array(n))
  const pde = new Uint8Array(n)
  let p = 0
  for (const term of TERMS) {
    const weight = Math.sqrt(weights[term] / Math.max(1, counts[term]))
    for (let k = 0; k < counts[term]; k++, p++) {
      const size = output === "log" ? 1 : Math.abs(old.value[p])
      const inside = isPde(term) || (term === "b" && k >= 2 && ends === "natural")
      pde[p] = inside ? 1 : 0
      scale[p] = (weight * (inside ? dt : term === "b" ? 1 / points.first[p] : 1)) / size
      target[p] = inside || (term === "b" && k >= 2) ? 0 : term === "b" ? old.first[p] : old.value[p]
      if (!inside) continue
      coefficientsAt(nodes, columns, breaks, points.z[p]).forEach((c, j) => { coefficients[j][p] = c })
      if (term === "b") coefficients[1][p] = 0
    }
  }
  return { points, counts, weights, output, pde, scale, coefficients, target }
}

/** What a loss needs while it is evaluated, for n points. */
export interface Workspace { readonly channels: Float64Array; readonly slope: Float64Array }

export const workspace = (n: number): Workspace => ({ channels: new Float64Array(CHANNELS * n), slope: new Float64Array(CHANNELS * n) })

/** Weighted residuals of a net into `out`, and their derivatives with respect to its four channels into `work.slope`. */
export function residualsOf(net: ValueNet, weights: Float64Array, frame: Frame, loss: Loss, { channels, slope }: Workspace, out: Float64Array): void {
  const { points, pde, scale, target, counts, output } = loss
  const { n } = points
  const [b, d, l, s] = loss.coefficients
  net.channels(weights, frame, points, channels)
  slope.fill(0)
  let p = 0
  for (const term of TERMS) for (const end = p + counts[term]; p < end; p++) {
    const w = scale[p]
    const value = channels[p], z = channels[n + p], t = channels[2 * n + p], zz = channels[3 * n + p]
    if (pde[p] === 0) {
      out[p] = w * ((term === "b" ? z : value) - target[p])
      slope[(term === "b" ? n : 0) + p] = w
      continue
    }
    const log = output === "log"
    const source = s[p] === 0 ? 0 : log ? s[p] * Math.exp(-value) : s[p]
    out[p] = w * (t + b[p] * z + d[p] * (log ? zz + z * z : zz) + l[p] * (log ? 1 : value) + source)
    slope[p] = w * (log ? -source : l[p])
    slope[n + p] = w * (b[p] + (log ? 2 * d[p] * z : 0))
    slope[2 * n + p] = w
    slope[3 * n + p] = w * d[p]
  }
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
