import { adamStart, adamStep, type AdamState } from "../nets/adam.ts"
import { gaussNewtonStart, gaussNewtonStep } from "../nets/gaussNewton.ts"
import { lbfgsStart, lbfgsStep } from "../nets/lbfgs.ts"
import { residualsOf, workspace, type Loss } from "./aliensLoss.ts"
import { channelsBetween, pointsBetween, type Frame, type ValueNet } from "./valueNet.ts"

/** One net in training: plain data. */
export interface Trainer {
  readonly weights: Float64Array
  scale: number
  adam: AdamState
  damping: number
}

export const newTrainer = (weights: Float64Array, scale: number): Trainer => ({ weights, scale, adam: adamStart(weights.length), damping: 1e-3 })

export interface Training {
  readonly epochs: number
  readonly rate: number
  readonly finish: string
  readonly finishSteps: number
  /** Keep the moments of Adam and the damping from the last outer step. */
  readonly warm: boolean
}

/**
 * Trains a net in place: Adam, then the finish, on the losses that `next` draws; the two may evaluate it in different
 * precisions. Returns the last loss with its residuals.
 */
export function trainNet({ adam, finish }: { adam: ValueNet; finish: ValueNet }, trainer: Trainer, frame: Frame, next: (finish: boolean) => Loss, how: Training): { loss: Loss; residuals: Float64Array } {
  if (!how.warm) {
    trainer.adam = adamStart(trainer.weights.length)
    trainer.damping = 1e-3
  }
  let loss = next(false)
  let n = 0, residuals = new Float64Array(0), work = workspace(0, 1), cotangent = new Float64Array(0)
  /** Takes up new points, with room for them. */
  const take = (fresh: Loss): void => {
    loss = fresh
    if (fresh.points.n === n) return
    n = fresh.points.n
    residuals = new Float64Array(n)
    work = workspace(n, fresh.points.states.length)
    cotangent = new Float64Array(work.slope.length)
  }
  take(loss)
  const gradient = new Float64Array(trainer.weights.length)
  /** Half the sum of squares; adds its gradient. */
  const objective = (net: ValueNet, weights: Float64Array, into: Float64Array): number => {
    residualsOf(net, weights, frame, loss, work, residuals)
    for (let c = 0; c * n < cotangent.length; c++) for (let p = 0; p < n; p++) cotangent[c * n + p] = residuals[p] * work.slope[c * n + p]
    net.pullBack(weights, frame, loss.points, cotangent, into)
    return residuals.reduce((sum, r) => sum + r * r, 0) / 2
  }
  for (let epoch = 0; epoch < how.epochs; epoch++) {
    if (epoch > 0) take(next(false))
    objective(adam, trainer.weights, gradient.fill(0))
    adamStep(trainer.adam, trainer.weights, gradient, { rate: how.rate })
  }
  if (how.finish === "gauss-newton") {
    const state = { ...gaussNewtonStart(trainer.damping) }
    for (let k = 0; k < how.finishSteps; k++) {
      take(next(true))
      gaussNewtonStep(state, trainer.weights, {
        count: n,
        residuals: (weights, out) => residualsOf(finish, weights, frame, loss, work, out),
        jacobian: (weights, out, from, to) => {
          residualsOf(finish, weights, frame, loss, work, residuals)
          finish.rows(weights, frame, pointsBetween(loss.points, from, to), channelsBetween(work.slope, n, from, to), out)
        },
      })
    }
    trainer.damping = state.damping
  } else if (how.finish === "l-bfgs") {
    take(next(true))
    const state = lbfgsStart(trainer.weights.length, { memory: 20 })
    for (let k = 0; k < how.finishSteps * LBFGS_STEPS; k++) if (!lbfgsStep(state, trainer.weights, (weights, into) => objective(finish, weights, into)).accepted) break
  }
  take(next(false))
  residualsOf(finish, trainer.weights, frame, loss, work, residuals)
  return { loss, residuals }
}

/** A step of L-BFGS costs far less than one of Gauss-Newton and does less. */
const LBFGS_STEPS = 20
