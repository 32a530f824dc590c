import { cholesky, choleskySolve, gram, normal } from "./dense.ts"

/** Minimise half the sum of squares of `count` residuals. */
export interface LeastSquares {
  readonly count: number
  /** Writes the residuals. */
  residuals(weights: Float64Array, out: Float64Array): void
  /** Writes the Jacobian of the residuals, row-major, count x weights. */
  jacobian(weights: Float64Array, out: Float64Array): void
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

export function gaussNewtonStart(damping = 1e-3): GaussNewtonState {
  return { damping, loss: NaN }
}

/**
 * One step of Levenberg and Marquardt, in place of `state` and `weights`: (J'J + m I) d = -J'r, or d = -J'y with
 * (JJ' + m I) y = r where residuals are fewer than weights. The damping m follows the gain ratio, the true fall of the loss over
 * the predicted (Nielsen, 1999): down to a fifth where the model holds, up by 2, 4, 8, ... within the step while it fails. The growth
 * starts again at 2 with the next step, so that one bad step does not stall those that follow. A system that cannot be
 * factored, and a loss that is not finite, count as failed trials.
 */
export function gaussNewtonStep(
  state: GaussNewtonState, weights: Float64Array, problem: LeastSquares, { trials: most = 10 }: GaussNewtonOptions = {},
): GaussNewtonReport {
  const model = linearise(problem, weights)
  const trial = new Float64Array(weights.length)
  const residuals = new Float64Array(problem.count)
  state.loss = model.loss
  let growth = 2
  // A gradient of zero is a stationary point, and one that is not finite leads nowhere: neither is tried.
  const descends = model.scale > 0 && Number.isFinite(model.scale) && Number.isFinite(model.loss)
  for (let count = 1; descends && count <= most; count++) {
    const step = solve(model, state.damping * model.scale)
    if (step !== undefined) {
      for (let k = 0; k < trial.length; k++) trial[k] = weights[k] + step.by[k]
      problem.residuals(trial, residuals)
      const loss = halfSquare(residuals)
      if (loss < model.loss) {
        const gain = (model.loss - loss) / step.predicted
        state.damping = bounded(state.damping * Math.max(1 / 5, Math.min(2, 1 - (2 * gain - 1) ** 3)))
        state.loss = loss
        weights.set(trial)
        return { loss, accepted: true, damping: state.damping, trials: count }
      }
    }
    state.damping = bounded(state.damping * growth)
    growth *= 2
  }
  return { loss: model.loss, accepted: false, damping: state.damping, trials: descends ? most : 0 }
}

interface LinearModel {
  readonly jacobian: Float64Array
  readonly residuals: Float64Array
  readonly gradient: Float64Array
  /** J'J, or JJ' where that is smaller, of `size` rows. */
  readonly products: Float64Array
  readonly size: number
  readonly scale: number
  readonly loss: number
}

function linearise(problem: LeastSquares, weights: Float64Array): LinearModel {
  const { count } = problem
  const n = weights.length
  const size = Math.min(count, n)
  const residuals = new Float64Array(count)
  const jacobian = new Float64Array(count * n)
  const products = new Float64Array(size * size)
  problem.residuals(weights, residuals)
  problem.jacobian(weights, jacobian)
  if (count < n) gram(jacobian, count, n, products)
  else normal(jacobian, count, n, products)
  let trace = 0
  for (let k = 0; k < size; k++) trace += products[k * size + k]
  return {
    jacobian, residuals, products, size,
    gradient: transposedTimes(jacobian, residuals, n), scale: trace / size, loss: halfSquare(residuals),
  }
}

/** The step at a damping and the fall of the loss that the linear model predicts, or undefined where rounding spoils the factor. */
function solve(model: LinearModel, damping: number): { readonly by: Float64Array; readonly predicted: number } | undefined {
  const { jacobian, residuals, gradient, size } = model
  const factor = model.products.slice()
  for (let k = 0; k < size; k++) factor[k * size + k] += damping
  if (cholesky(factor, size) >= 0) return undefined
  const dual = residuals.length < gradient.length
  const solution = (dual ? residuals : gradient).slice()
  choleskySolve(factor, size, solution)
  const by = (dual ? transposedTimes(jacobian, solution, gradient.length) : solution).map((x) => -x)
  let predicted = 0
  for (let k = 0; k < by.length; k++) predicted += 0.5 * by[k] * (damping * by[k] - gradient[k])
  return { by, predicted }
}

function transposedTimes(jacobian: Float64Array, y: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n)
  for (let row = 0; row < y.length; row++) for (let k = 0; k < n; k++) out[k] += jacobian[row * n + k] * y[row]
  return out
}

function halfSquare(residuals: Float64Array): number {
  let sum = 0
  for (const r of residuals) sum += r * r
  return 0.5 * sum
}

function bounded(damping: number): number {
  return Math.min(Math.max(damping, leastDamping), mostDamping)
}
