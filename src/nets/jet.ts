import type { Shape } from "./mlp.ts"

/**
 * Which derivatives of the output a problem asks for. Channel 0 is the value, then comes one for each `first` (an input) and
 * one for each `second` (a pair of inputs, both of them in `first`).
 */
export interface Channels {
  readonly first: readonly number[]
  readonly second: readonly (readonly [number, number])[]
}

/** Makes evaluators of nets with their input derivatives: jets. */
export interface JetEngine {
  readonly precision: "float32" | "float64"
  /**
   * An evaluator of one shape and one set of channels, for at most `capacity` points a call. Results do not depend on the
   * capacity. Throws a RangeError for a shape or channels that make no sense.
   */
  net(shape: Shape, channels: Channels, capacity: number): JetNet
}

/**
 * Evaluates a net and differentiates it. Arrays are read and written in their first entries and may be longer than needed.
 * Points are given input by input, `points[i * n + p]`; channels one by one, `out[c * n + p]`. Same arguments, same bits.
 */
export interface JetNet {
  readonly channelCount: number
  /** Writes all channels at `n` points. */
  forward(weights: Float64Array, points: Float64Array, n: number, out: Float64Array): void
  /**
   * Adds to `gradient` the derivative with respect to the weights of the sum over c and p of `cotangent[c * n + p]` times
   * channel c at p. Stands alone: no call of `forward` is needed before.
   */
  backward(weights: Float64Array, points: Float64Array, n: number, cotangent: Float64Array, gradient: Float64Array): void
  /**
   * Writes, for each point p, row p of `jacobian` (row-major, n by the number of weights): the derivative with respect to the
   * weights of the sum over c of `cotangent[c * n + p]` times channel c at p.
   */
  jacobian(weights: Float64Array, points: Float64Array, n: number, cotangent: Float64Array, jacobian: Float64Array): void
}

/** Throws a RangeError where a shape, channels or a capacity cannot be evaluated. */
export function checkNet(shape: Shape, channels: Channels, capacity: number): void {
  const whole = (what: string, n: number) => {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`got ${what} \`${n}\`; expected a whole number of at least 1`)
  }
  whole("inputs", shape.inputs)
  whole("capacity", capacity)
  shape.hidden.forEach((width) => whole("a layer's width", width))
  channels.first.forEach((input, position) => {
    if (!Number.isInteger(input) || input < 0 || input >= shape.inputs)
      throw new RangeError(`got a first derivative by input \`${input}\`; expected one of 0 to ${shape.inputs - 1}`)
    if (channels.first.indexOf(input) !== position)
      throw new RangeError(`got the first derivative by input \`${input}\` twice; expected it once`)
  })
  for (const pair of channels.second)
    for (const input of pair)
      if (!channels.first.includes(input))
        throw new RangeError(`got the second derivative \`[${pair.join(", ")}]\`; expected ${input} in \`first\`, which it needs`)
}

/** Throws a RangeError where an array is too short for `n` points or `n` exceeds the capacity. */
export function checkCall(n: number, capacity: number, arrays: Record<string, readonly [Float64Array, number]>): void {
  if (!Number.isInteger(n) || n < 0 || n > capacity)
    throw new RangeError(`got \`${n}\` points; expected at most the capacity, ${capacity}`)
  for (const [name, [array, length]] of Object.entries(arrays))
    if (array.length < length) throw new RangeError(`got \`${name}\` of length \`${array.length}\`; expected at least ${length}`)
}
