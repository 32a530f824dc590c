import { symmetricSum, type SymmetricSum } from "./dense.ts"
import { power } from "../math/power.ts"

/** Minimise half the sum of squares of `count` residuals. */
export interface LeastSquares {
  readonly count: number
  /** Writes the residuals. */
  residuals(weights: Float64Array, out: Float64Array): void
  /** Writes the rows `from` to `to` of the Jacobian of the residuals, row-major, one row for each residual. */
  jacobian(weights: Float64Array, out: Float64Array, from: number, to: number): void
  /** Writes the residuals and the whole Jacobian at once, where that costs less than one after the other. */
  linearise?(weights: Float64Array, residuals: Float64Array, jacobian: Float64Array): void
}

/** Plain data: a clone is a checkpoint. */
export interface GaussNewtonState {
  /** In units of the mean eigenvalue, of those that can differ from zero, of J'J. */
  damping: number
  /** Half the squared norm of the residuals after the last step; NaN before the first. */
  loss: number
}

export interface GaussNewtonOptions {
  /** The most dampings tried in one step, default 10. */
  readonly trials?: number
  /** Geodesic acceleration, default false: two more evaluations of the residuals a trial. */
  readonly accelerate?: boolean
  /** The most numbers of the Jacobian that are held at a time where weights are the smaller space, default 2^22 (32 MiB). */
  readonly batch?: number
}

export interface GaussNewtonReport {
  readonly loss: number
  /** Whether the weights moved: no trial lowered the loss where they did not. */
  readonly accepted: boolean
  /** The damping that the next step starts with. */
  readonly damping: number
  readonly trials: number
}

// Less is lost in the rounding of J'J; more is a step of no length.
const leastDamping = 1e-16
const mostDamping = 1e16
// Where the second order exceeds this part of the first the expansion is not to be trusted (Transtrum and Sethna's alpha).
const mostBend = 0.75
// Of the step, over which the residuals' second derivative along it is differenced.
const stretch = 0.1

export function gaussNewtonStart(damping = 1e-3): GaussNewtonState {
  return { damping, loss: NaN }
}

/**
 * One step of Levenberg and Marquardt, in place of `state` and `weights`: (J'J + m I) d = -J'r, or d = -J'y with
 * (JJ' + m I) y = r where that system is smaller. The damping m follows the gain ratio, the true fall of the loss over
 * the predicted (Nielsen, 1999): down to a fifth where the model holds, up by 2, 4, 8, ... within the step while it fails. The growth
 * starts again at 2 with the next step, so that one bad step does not stall those that follow. A system that cannot be
 * factored, and a loss that is not finite, count as failed trials.
 *
 * With `accelerate` the step is d + a/2 (Transtrum and Sethna, 2012, "Improvements to the Levenberg-Marquardt algorithm", section 4):
 * a solves the same system with the second derivative of the residuals along d in place of r, which follows the bend of the surface of
 * the residuals that the parameters of a net give it. A trial fails where 2|a| exceeds 3/4 of |d|.
 *
 * Where the Jacobian has more than `batch` numbers, J'J and J'y are summed over batches of its rows, and no more of it is held.
 */
export function gaussNewtonStep(
  state: GaussNewtonState, weights: Float64Array, problem: LeastSquares, { trials: most = 10, accelerate = false, batch = 2 ** 22 }: GaussNewtonOptions = {},
): GaussNewtonReport {
  const model = linearise(problem, weights, batch)
  const trial = new Float64Array(weights.length)
  const residuals = new Float64Array(problem.count)
  state.loss = model.loss
  let growth = 2
  const fails = (): void => {
    state.damping = bounded(state.damping * growth)
    growth *= 2
  }
  // A gradient of zero is a stationary point, and one that is not finite leads nowhere: neither is tried.
  const descends = model.scale > 0 && Number.isFinite(model.scale) && Number.isFinite(model.loss)
  for (let count = 1; descends && count <= most; count++) {
    const damping = state.damping * model.scale
    if (model.sum.factor(damping) >= 0) {
      fails()
      continue
    }
    const step = model.solve(model.residuals, model.gradient)
    const predicted = step.reduce((sum, d, k) => sum + 0.5 * d * (damping * d - model.gradient[k]), 0)
    if (accelerate) {
      const bend = model.solve(secondDerivative(problem, weights, step, model.residuals))
      if (!(2 * norm(bend) <= mostBend * norm(step))) {
        fails()
        continue
      }
      for (let k = 0; k < step.length; k++) step[k] += 0.5 * bend[k]
    }
    for (let k = 0; k < trial.length; k++) trial[k] = weights[k] + step[k]
    problem.residuals(trial, residuals)
    const loss = halfSquare(residuals)
    if (loss < model.loss) {
      const gain = (model.loss - loss) / predicted
      state.damping = bounded(state.damping * Math.max(1 / 5, Math.min(2, 1 - power(2 * gain - 1, 3))))
      state.loss = loss
      weights.set(trial)
      return { loss, accepted: true, damping: state.damping, trials: count }
    }
    fails()
  }
  return { loss: model.loss, accepted: false, damping: state.damping, trials: descends ? most : 0 }
}

interface LinearModel {
  readonly residuals: Float64Array
  readonly gradient: Float64Array
  /** J'J, or JJ' where that is the system solved. */
  readonly sum: SymmetricSum
  readonly scale: number
  readonly loss: number
  /** d of (J'J + m I) d = -J'y with the last factor; `pulled` is J'y where it is known. */
  solve(y: Float64Array, pulled?: Float64Array): Float64Array
}

function linearise(problem: LeastSquares, weights: Float64Array, batch: number): LinearModel {
  const { count } = problem
  const n = weights.length
  const residuals = new Float64Array(count)
  // Solving in the space of residuals takes the whole Jacobian, which must fit, or be no larger than half a normal matrix.
  const dual = count < n && (count * n <= 8 * batch || 2 * count <= n)
  const rows = dual ? count : Math.max(1, Math.min(count, Math.floor(batch / n)))
  const jacobian = scratch(rows * n)
  let held = -1
  if (rows === count && problem.linearise) {
    problem.linearise(weights, residuals, jacobian)
    held = 0
  } else problem.residuals(weights, residuals)
  const pullBack = (y: Float64Array, each?: (rows: number) => void): Float64Array => {
    const out = new Float64Array(n)
    for (let from = 0; from < count; from += rows) {
      const to = Math.min(from + rows, count)
      if (held !== from) problem.jacobian(weights, jacobian, from, to)
      held = from
      each?.(to - from)
      addTransposed(jacobian, to - from, y.subarray(from, to), out)
    }
    return out
  }
  const sum = symmetricSum(dual ? count : n)
  const gradient = pullBack(residuals, height => (dual ? sum.addGram(jacobian, n) : sum.addNormal(jacobian, height)))
  return {
    residuals, gradient, sum, scale: sum.trace() / Math.min(count, n), loss: halfSquare(residuals),
    solve: (y, pulled) => {
      if (!dual) {
        const d = pulled ? pulled.slice() : pullBack(y)
        sum.solve(d)
        return d.map(x => -x)
      }
      const inner = y.slice()
      sum.solve(inner)
      return pullBack(inner).map(x => -x)
    },
  }
}

// Kept from step to step up to the size of a batch: making megabytes anew costs as much as using them. No call reads what another left.
let kept = new Float64Array(0)

function scratch(length: number): Float64Array {
  if (length > 2 ** 22) return new Float64Array(length)
  if (kept.length < length) kept = new Float64Array(length)
  return kept.subarray(0, length)
}

/** out += A'y for a row-major A of so many rows, four of them at a time. */
function addTransposed(a: Float64Array, rows: number, y: Float64Array, out: Float64Array): void {
  const n = out.length
  let row = 0
  for (; row + 4 <= rows; row += 4) {
    const y0 = y[row], y1 = y[row + 1], y2 = y[row + 2], y3 = y[row + 3]
    for (let k = 0, a0 = row * n, a1 = a0 + n, a2 = a1 + n, a3 = a2 + n; k < n; k++) out[k] += a[a0++] * y0 + a[a1++] * y1 + a[a2++] * y2 + a[a3++] * y3
  }
  for (; row < rows; row++) for (let k = 0, at = row * n, x = y[row]; k < n; k++) out[k] += a[at + k] * x
}

/** Of the residuals along a step, by central differences over a part of it. */
function secondDerivative(problem: LeastSquares, weights: Float64Array, step: Float64Array, at: Float64Array): Float64Array {
  const moved = new Float64Array(weights.length), ahead = new Float64Array(at.length), behind = new Float64Array(at.length)
  for (let k = 0; k < moved.length; k++) moved[k] = weights[k] + stretch * step[k]
  problem.residuals(moved, ahead)
  for (let k = 0; k < moved.length; k++) moved[k] = weights[k] - stretch * step[k]
  problem.residuals(moved, behind)
  return ahead.map((r, k) => (r - 2 * at[k] + behind[k]) / stretch ** 2)
}

function norm(a: Float64Array): number {
  return Math.sqrt(2 * halfSquare(a))
}

function halfSquare(residuals: Float64Array): number {
  let sum = 0
  for (const r of residuals) sum += r * r
  return 0.5 * sum
}

function bounded(damping: number): number {
  return Math.min(Math.max(damping, leastDamping), mostDamping)
}
