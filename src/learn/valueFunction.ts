import type { Feature } from "../market/market.ts"
import { gaussNewtonStart, gaussNewtonStep, type GaussNewtonState } from "../nets/gaussNewton.ts"
import { initialWeights, weightCount, type Activation } from "../nets/mlp.ts"
import { kernelJets } from "../nets/kernelJets.ts"

/**
 * A value function of features, up to a constant: scale (w'x + x'Qx + net(x)), features brought to [-1, 1] by their bounds. The quadratic form carries what is
 * nearly linear at any size of a feature's range (a bond is a thousandth of what shares are worth); a net, the engine's jet with the
 * value alone, may be added for what is not.
 */
export interface ValueFunction {
  readonly size: number
  initial(uniform: () => number): ValueWeights
  /** Values at `n` points, a row a feature. */
  values(weights: Float64Array, scale: number, x: Float64Array, n: number, out: Float64Array): void
  /**
   * One step of Levenberg and Marquardt that brings the differences of values between `n` points and the `n` after them towards targets, which count
   * by `importance`. Writes the errors before it, in units of `scale`, and returns their mean square. Least squares and no gradient steps:
   * a fit that is off by a part in a thousand, the same way each time, is off by two in a hundred once discounting has summed it up.
   */
  fit(state: ValueWeights, x: Float64Array, n: number, targets: Float64Array, importance: Float64Array, errors: Float64Array): number
}

/** Plain data: a clone is a checkpoint. */
export interface ValueWeights {
  readonly weights: Float64Array
  /** A running mean of the weights, which agents post by. */
  readonly mean: Float64Array
  readonly fitting: GaussNewtonState
  /** Fits so far. */
  rounds: number
  /** What an output of 1 is worth in rewards; 0 until it is set. */
  scale: number
}

/** `hidden` lists the widths of the net; without any there is none. `capacity` is the most points of a call. */
export function valueFunction(features: readonly Feature[], hidden: readonly number[], activation: Activation, capacity: number): ValueFunction {
  const inputs = features.length, shape = { inputs, hidden, activation }
  const netted = hidden.length > 0, count = netted ? weightCount(shape) : 0
  const pairs = features.flatMap((_, f) => features.slice(f).map((_, k) => [f, f + k] as const))
  const linear = count, quadratic = count + inputs, size = quadratic + pairs.length
  const net = netted ? kernelJets("float64").net(shape, { first: [], second: [] }, capacity) : undefined
  const scaled = new Float64Array(inputs * capacity), root = new Float64Array(capacity), both = new Float64Array(capacity)
  const middle = features.map(({ low, high }) => (low + high) / 2), perHalf = features.map(({ low, high }) => 2 / (high - low))
  const bring = (x: Float64Array, n: number): void => {
    for (let f = 0; f < inputs; f++) for (let i = 0; i < n; i++) scaled[f * n + i] = (x[f * n + i] - middle[f]) * perHalf[f]
  }
  /** At the points that `scaled` holds. */
  const evaluate = (weights: Float64Array, n: number, out: Float64Array): void => {
    if (net) net.forward(weights, scaled, n, out)
    else out.fill(0, 0, n)
    for (let f = 0; f < inputs; f++) {
      const w = weights[linear + f], from = f * n
      for (let i = 0; i < n; i++) out[i] += w * scaled[from + i]
    }
    pairs.forEach(([f, g], k) => {
      const w = weights[quadratic + k], a = f * n, b = g * n
      for (let i = 0; i < n; i++) out[i] += w * scaled[a + i] * scaled[b + i]
    })
  }
  return {
    size,
    initial(uniform) {
      const weights = new Float64Array(size)
      if (netted) {
        const drawn = initialWeights(shape, uniform)
        // The net starts near nothing, so that the form is found first.
        for (let k = count - hidden[hidden.length - 1] - 1; k < count; k++) drawn[k] *= 0.1
        weights.set(drawn)
      }
      // Values are random at first, as those of a net are.
      for (let k = linear; k < size; k++) weights[k] = (uniform() - 0.5) / size
      return { weights, mean: weights.slice(), fitting: gaussNewtonStart(), rounds: 0, scale: 0 }
    },
    values(weights, scale, x, n, out) {
      bring(x, n)
      evaluate(weights, n, out)
      for (let i = 0; i < n; i++) out[i] *= scale
    },
    fit({ weights, fitting, scale }, x, n, targets, importance, errors) {
      const points = 2 * n
      bring(x, points)
      // The second point of each pair counts with the sign that makes a difference of the sum.
      for (let i = 0; i < n; i++) { root[i] = Math.sqrt(importance[i]); root[n + i] = -root[i] }
      const misfit = (at: Float64Array, out: Float64Array): void => {
        evaluate(at, points, both)
        for (let i = 0; i < n; i++) out[i] = both[i] - both[n + i] - targets[i] / scale
      }
      misfit(weights, errors)
      let loss = 0
      for (let i = 0; i < n; i++) loss += (errors[i] * errors[i]) / n
      const part = new Float64Array(points * count)
      gaussNewtonStep(fitting, weights, {
        count: n,
        residuals(at, out) {
          misfit(at, out)
          for (let i = 0; i < n; i++) out[i] *= root[i]
        },
        jacobian(at, out) {
          net?.jacobian(at, scaled, points, root, part)
          for (let i = 0; i < n; i++) {
            const row = i * size
            for (let k = 0; k < count; k++) out[row + k] = part[i * count + k] + part[(n + i) * count + k]
            for (let f = 0; f < inputs; f++) out[row + linear + f] = root[i] * (scaled[f * points + i] - scaled[f * points + n + i])
            for (let k = 0; k < pairs.length; k++) {
              const a = pairs[k][0] * points + i, b = pairs[k][1] * points + i
              out[row + quadratic + k] = root[i] * (scaled[a] * scaled[b] - scaled[a + n] * scaled[b + n])
            }
          }
        },
      })
      return loss
    },
  }
}
