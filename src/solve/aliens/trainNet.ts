import { adamStart, adamStep, type AdamState } from "../../nets/adam.ts"
import { gaussNewtonStart, gaussNewtonStep } from "../../nets/gaussNewton.ts"
import { lbfgsStart, lbfgsStep } from "../../nets/lbfgs.ts"
import { residualsAt, type Loss } from "./loss.ts"
import type { Frame, ValueNet } from "../valueNet.ts"

/** One net in training: plain data. */
export interface Trainer {
  readonly weights: Float64Array
  scale: number
  adam: AdamState
  damping: number
  /** Random words used so far, of the net's own stream. */
  used: number
}

export const newTrainer = (weights: Float64Array, scale: number): Trainer => ({ weights, scale, adam: adamStart(weights.length), damping: 1e-3, used: 0 })

export interface Training {
  readonly epochs: number
  readonly rate: number
  readonly finish: string
  readonly finishSteps: number
  /** The finish ends where the root of the sum of squares is no more than this: 0 takes all its steps. */
  readonly enough: number
  /** Keep the moments of Adam and the damping from the last outer step. */
  readonly warm: boolean
}

/**
 * Trains a net in place: Adam, then the finish, on the losses that `next` draws; the two may evaluate it in different
 * precisions. Returns the last loss with its residuals, and points times epochs (a step of the finish counts as one).
 */
export function trainNet({ adam, finish }: { adam: ValueNet; finish: ValueNet }, trainer: Trainer, frame: Frame, next: (finish: boolean) => Loss, how: Training): { loss: Loss; residuals: Float64Array; spent: number } {
  if (!how.warm) {
    trainer.adam = adamStart(trainer.weights.length)
    trainer.damping = 1e-3
  }
  let loss = next(false), flow = finish.flow(frame, loss.points, loss.flow)
  let n = 0, residuals = new Float64Array(0), out = new Float64Array(0), slope = new Float64Array(0)
  /** Takes up new points, with room for them. */
  const take = (fresh: Loss): void => {
    loss = fresh
    flow = finish.flow(frame, loss.points, loss.flow)
    if (fresh.points.n === n) return
    n = fresh.points.n
    residuals = new Float64Array(n)
    out = new Float64Array(finish.generator.outputs * n)
    slope = new Float64Array(out.length)
  }
  take(loss)
  const gradient = new Float64Array(trainer.weights.length)
  const residualsOf = (weights: Float64Array, into: Float64Array): void => {
    finish.generator.forward(weights, flow, out)
    residualsAt(loss, frame.scale, out, 0, n, into, slope)
  }
  const rowsOf = (weights: Float64Array, jacobian: Float64Array, from: number, to: number, into: Float64Array = residuals): void => {
    const respond = (first: number, last: number): void => { residualsAt(loss, frame.scale, out, first, last, into, slope) }
    finish.generator.rows(weights, flow, from, to, { out, cotangent: slope, respond }, jacobian)
  }
  /** Half the sum of squares; adds its gradient. */
  const objective = ({ generator }: ValueNet, weights: Float64Array, into: Float64Array): number => {
    const respond = (from: number, to: number): void => {
      residualsAt(loss, frame.scale, out, from, to, residuals, slope)
      for (let row = 0; row < generator.outputs; row++) for (let p = from; p < to; p++) slope[row * n + p] *= residuals[p]
    }
    generator.pass(weights, flow, 0, n, { out, cotangent: slope, respond }, into)
    return residuals.reduce((sum, r) => sum + r * r, 0) / 2
  }
  let spent = 0
  for (let epoch = 0; epoch < how.epochs; epoch++) {
    spent += n
    if (epoch > 0) take(next(false))
    objective(adam, trainer.weights, gradient.fill(0))
    adamStep(trainer.adam, trainer.weights, gradient, { rate: how.rate })
  }
  if (how.finish === "gauss-newton") {
    const state = { ...gaussNewtonStart(trainer.damping) }
    for (let k = 0; k < how.finishSteps; k++) {
      take(next(true))
      spent += n
      const report = gaussNewtonStep(state, trainer.weights, {
        count: n,
        residuals: residualsOf,
        jacobian: rowsOf,
        linearise: (weights, into, jacobian) => rowsOf(weights, jacobian, 0, n, into),
      })
      if (Math.sqrt(2 * report.loss) <= how.enough) break
    }
    trainer.damping = state.damping
  } else if (how.finish === "l-bfgs") {
    take(next(true))
    const state = lbfgsStart(trainer.weights.length, { memory: 20 })
    for (let k = 0; k < how.finishSteps * LBFGS_STEPS; k++) {
      spent += n
      if (!lbfgsStep(state, trainer.weights, (weights, into) => objective(finish, weights, into)).accepted) break
    }
  }
  take(next(false))
  residualsOf(trainer.weights, residuals)
  return { loss, residuals, spent }
}

/** A step of L-BFGS costs far less than one of Gauss-Newton and does less. */
const LBFGS_STEPS = 20
