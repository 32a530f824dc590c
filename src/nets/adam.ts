import { power } from "../math/power.ts"

/** Running moments of the gradient. Plain data: a clone is a checkpoint. */
export interface AdamState {
  steps: number
  /** Decaying mean of the gradient, not yet corrected for its start at zero. */
  readonly mean: Float64Array
  /** Decaying mean of the squared gradient, likewise. */
  readonly square: Float64Array
}

export interface AdamOptions {
  readonly rate: number
  readonly beta1?: number
  readonly beta2?: number
  /** Keeps the step finite where the gradient has been zero throughout. */
  readonly epsilon?: number
}

export function adamStart(n: number): AdamState {
  return { steps: 0, mean: new Float64Array(n), square: new Float64Array(n) }
}

/** One step of Adam, Algorithm 1 of Kingma and Ba (2015), in place of `state` and `weights`. */
export function adamStep(
  state: AdamState, weights: Float64Array, gradient: Float64Array,
  { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
): void {
  const { mean, square } = state
  state.steps++
  const meanScale = 1 / (1 - power(beta1, state.steps))
  const squareScale = 1 / (1 - power(beta2, state.steps))
  for (let k = 0; k < mean.length; k++) {
    const g = gradient[k]
    mean[k] = beta1 * mean[k] + (1 - beta1) * g
    square[k] = beta2 * square[k] + (1 - beta2) * g * g
    weights[k] -= (rate * mean[k] * meanScale) / (Math.sqrt(square[k] * squareScale) + epsilon)
  }
}
