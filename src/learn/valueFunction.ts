import type { Feature } from "../market/market.ts"
import { adamStart, adamStep, type AdamState } from "../nets/adam.ts"
import { initialWeights, weightCount, type Activation } from "../nets/mlp.ts"
import { wasmJets } from "../nets/wasmJets.ts"

/**
 * A value function of features: scale (a + w'x + net(x)), features brought to [-1, 1] by their bounds. The linear part carries what is nearly
 * linear at any size of a feature's range (a bond is a thousandth of what shares are worth), the net the rest. The net is a jet of
 * the engine with the value alone.
 */
export interface ValueFunction {
  readonly size: number
  initial(uniform: () => number): ValueWeights
  /** Values at `n` points, a row a feature. */
  values(weights: Float64Array, scale: number, x: Float64Array, n: number, out: Float64Array): void
  /** One step of Adam on half the mean of `importance` times the squared error, in units of `scale`. The mean squared error. */
  fit(state: ValueWeights, x: Float64Array, n: number, targets: Float64Array, importance: Float64Array, rate: number, errors: Float64Array): number
}

/** Plain data: a clone is a checkpoint. */
export interface ValueWeights {
  readonly weights: Float64Array
  /** The slowly following copy that targets are computed with. */
  readonly target: Float64Array
  readonly adam: AdamState
  /** What an output of 1 is worth in rewards; 0 until it is set. */
  scale: number
}

export function valueFunction(features: readonly Feature[], hidden: readonly number[], activation: Activation, capacity: number): ValueFunction {
  const inputs = features.length, shape = { inputs, hidden, activation }
  const count = weightCount(shape), size = count + inputs + 1
  const net = wasmJets("float32").net(shape, { first: [], second: [] }, capacity)
  const scaled = new Float64Array(inputs * capacity), own = new Float64Array(capacity), gradient = new Float64Array(size), cotangent = new Float64Array(capacity)
  const middle = features.map(({ low, high }) => (low + high) / 2), perHalf = features.map(({ low, high }) => 2 / (high - low))
  const evaluate = (weights: Float64Array, scale: number, x: Float64Array, n: number, out: Float64Array): void => {
    for (let f = 0; f < inputs; f++) for (let i = 0; i < n; i++) scaled[f * n + i] = (x[f * n + i] - middle[f]) * perHalf[f]
    net.forward(weights, scaled, n, own)
    const bias = weights[size - 1]
    for (let i = 0; i < n; i++) out[i] = own[i] + bias
    for (let f = 0; f < inputs; f++) {
      const w = weights[count + f]
      for (let i = 0; i < n; i++) out[i] += w * scaled[f * n + i]
    }
    if (scale !== 1) for (let i = 0; i < n; i++) out[i] *= scale
  }
  return {
    size,
    initial(uniform) {
      const weights = new Float64Array(size)
      const drawn = initialWeights(shape, uniform)
      // The net starts near nothing, so that the linear part is found first.
      const last = hidden[hidden.length - 1] + 1
      for (let k = count - last; k < count; k++) drawn[k] *= 0.1
      weights.set(drawn)
      return { weights, target: weights.slice(), adam: adamStart(size), scale: 0 }
    },
    values: evaluate,
    fit(state, x, n, targets, importance, rate, errors) {
      const { weights, adam, scale } = state
      evaluate(weights, 1, x, n, cotangent)
      let loss = 0
      for (let i = 0; i < n; i++) {
        const error = cotangent[i] - targets[i] / scale
        errors[i] = error
        loss += (error * error) / n
        cotangent[i] = (importance[i] * error) / n
      }
      gradient.fill(0)
      net.backward(weights, scaled, n, cotangent, gradient)
      for (let i = 0; i < n; i++) gradient[size - 1] += cotangent[i]
      for (let f = 0; f < inputs; f++) {
        let sum = 0
        for (let i = 0; i < n; i++) sum += cotangent[i] * scaled[f * n + i]
        gradient[count + f] = sum
      }
      adamStep(adam, weights, gradient, { rate })
      return loss
    },
  }
}

/** Moves the target weights a part `tau` of the way to the weights. */
export function follow({ weights, target }: { readonly weights: Float64Array; readonly target: Float64Array }, tau: number): void {
  for (let k = 0; k < weights.length; k++) target[k] += tau * (weights[k] - target[k])
}
