/**
 * A term of a loss: sum over points of weight (offset + onValue J + onGenerator G)^2, all coefficients known at each point.
 * An equation that is linear in J and its derivatives is one, and so are boundary and terminal conditions on J.
 */
export interface Square {
  readonly weight: Float64Array
  readonly offset: Float64Array
  readonly onValue: Float64Array
  readonly onGenerator: Float64Array
}

/**
 * Writes the derivatives of the loss with respect to J and G at the points `from` to `to`, and returns their part of the loss. J is in
 * the first n entries of `out` and G after them, `cotangent` alike.
 */
export function squaresAt(
  squares: readonly Square[], n: number, from: number, to: number, out: Float64Array, cotangent: Float64Array,
): number {
  let loss = 0
  cotangent.fill(0, from, to)
  cotangent.fill(0, n + from, n + to)
  for (const { weight, offset, onValue, onGenerator } of squares)
    for (let p = from; p < to; p++) {
      const residual = offset[p] + onValue[p] * out[p] + onGenerator[p] * out[n + p]
      const pull = 2 * weight[p] * residual
      loss += weight[p] * residual * residual
      cotangent[p] += pull * onValue[p]
      cotangent[n + p] += pull * onGenerator[p]
    }
  return loss
}
