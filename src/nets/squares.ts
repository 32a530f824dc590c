/**
 * A term of a loss: sum over points of weight (offset + onValue J + onGenerator G)^2, all coefficients known at each point.
 * An equation that is linear in J and its derivatives is one, and so are boundary and terminal conditions on J.
 */
export interface Square {
  /** Whose J and G, of several nets. */
  readonly net: number
  readonly weight: Float64Array
  readonly offset: Float64Array
  readonly onValue: Float64Array
  readonly onGenerator: Float64Array
}

/**
 * Writes the derivatives of the loss with respect to J and G of so many nets at the points `from` to `to`, and returns their part of the
 * loss. J is in the first n entries of `out` and G after them, then those of the next net; `cotangent` alike.
 */
export function squaresAt(
  squares: readonly Square[], nets: number, n: number, from: number, to: number, out: Float64Array, cotangent: Float64Array,
): number {
  let loss = 0
  for (let row = 0; row < 2 * nets; row++) cotangent.fill(0, row * n + from, row * n + to)
  for (const { net, weight, offset, onValue, onGenerator } of squares) {
    const value = 2 * net * n, generator = value + n
    for (let p = from; p < to; p++) {
      const residual = offset[p] + onValue[p] * out[value + p] + onGenerator[p] * out[generator + p]
      const pull = 2 * weight[p] * residual
      loss += weight[p] * residual * residual
      cotangent[value + p] += pull * onValue[p]
      cotangent[generator + p] += pull * onGenerator[p]
    }
  }
  return loss
}
