import type { Shape } from "./mlp.ts"

/**
 * Which derivatives of the output a problem asks for. Channel 0 is the value, then comes one for each `first` (an input) and
 * one for each `second` (a pair of inputs, both of them in `first`).
 */
export interface Channels {
  readonly first: readonly number[]
  readonly second: readonly (readonly [number, number])[]
}

/**
 * Makes evaluators of nets with their input derivatives: jets. Several nets on the same points, of different layers if need be, make one
 * evaluator, which takes the points up once: their weights follow one another, and so do their channels.
 */
export interface JetEngine {
  readonly precision: "float32" | "float64"
  /**
   * An evaluator of one shape (or several) and one set of channels, for at most `capacity` points a call. Results do not depend on the
   * capacity. Throws a RangeError for shapes or channels that make no sense.
   */
  net(shape: Shape | readonly Shape[], channels: Channels, capacity: number): JetNet
  /**
   * An evaluator of the value and the generator of a diffusion with so many shocks, at a cost of 2 + shocks channels whatever
   * the number of inputs; where `along` is true (default false), of the derivatives along its shocks too, at no further cost. Throws a
   * RangeError as `net` does.
   */
  generator(shape: Shape | readonly Shape[], shocks: number, capacity: number, along?: boolean): GeneratorNet
}

/**
 * Evaluates a net, or several, and differentiates it. Arrays are read and written in their first entries and may be longer than needed.
 * Points are given input by input, `points[i * n + p]`; channels one by one, `out[c * n + p]`. Same arguments, same bits.
 */
export interface JetNet {
  /** Of all nets. */
  readonly channelCount: number
  /** Writes all channels at `n` points. */
  forward(weights: Float64Array, points: Float64Array, n: number, out: Float64Array): void
  /**
   * Adds to `gradient` the derivative with respect to the weights of the sum over c and p of `cotangent[c * n + p]` times
   * channel c at p. Stands alone: no call of `forward` is needed before.
   */
  backward(weights: Float64Array, points: Float64Array, n: number, cotangent: Float64Array, gradient: Float64Array): void
  /** `forward` and `backward` with nothing computed twice, for cotangents that follow from the channels: see `Exchange`. */
  pass(weights: Float64Array, points: Float64Array, n: number, exchange: Exchange, gradient: Float64Array): void
  /**
   * Writes, for each point p, row p of `jacobian` (row-major, n by the number of weights): the derivative with respect to the
   * weights of the sum over c of `cotangent[c * n + p]` times channel c at p.
   */
  jacobian(weights: Float64Array, points: Float64Array, n: number, cotangent: Float64Array, jacobian: Float64Array): void
}

/** Points and what moves them. Rows hold one number a point, `row * n + p`. */
export interface Flow {
  readonly n: number
  /** One row an input. */
  readonly points: Float64Array
  /** Directions, one row an input: those of the first shock, of the second, ..., and last the drift b. */
  readonly directions: Float64Array
  /** One row a shock: its factor s_k, 1 or -1 where the directions are those of `shockDirections`. */
  readonly factors: Float64Array
}

/**
 * Evaluates two channels of a net, or of several, the value J and the generator G = b . DJ + sum_k s_k h_k' D2J h_k: Ito's lemma as a forward mode, for
 * known drifts b and directions h_k at each point. Of a diffusion dx = b dt + sigma dW, h_k is the column k of sigma over root 2.
 * Outputs and cotangents hold J in the first n entries, then (where asked for) h_k . DJ for each shock, then G, then those of the next net.
 * All over the points `from` to `to`; tiles depend on these alone. Same arguments, same bits.
 */
export interface GeneratorNet {
  /** Rows of outputs. */
  readonly outputs: number
  /** Writes the outputs. */
  forward(weights: Float64Array, flow: Flow, out: Float64Array, from?: number, to?: number): void
  /** Forward and back, with nothing computed twice: see `Exchange`. */
  pass(weights: Float64Array, flow: Flow, from: number, to: number, exchange: Exchange, gradient: Float64Array): void
  /**
   * The same point by point: row p - from of `jacobian` (row-major, to - from by the number of weights) becomes what `pass` adds for p.
   */
  rows(weights: Float64Array, flow: Flow, from: number, to: number, exchange: Exchange, jacobian: Float64Array): void
}

/**
 * What goes to and fro within a pass. Tile by tile the channels are written to `out`, `respond` is called with the first point of the tile
 * and the one after its last, and writes the derivative of a loss with respect to each channel to `cotangent` there; what these give is
 * added to the gradient. `respond` must not call the engine.
 */
export interface Exchange {
  readonly out: Float64Array
  readonly cotangent: Float64Array
  readonly respond: (from: number, to: number) => void
}

/** The shapes of an evaluator as a list. */
export function shapesOf(shape: Shape | readonly Shape[]): readonly Shape[] {
  return "hidden" in shape ? [shape] : shape
}

function whole(what: string, n: number, least = 1): void {
  if (!Number.isInteger(n) || n < least) throw new RangeError(`got ${what} \`${n}\`; expected a whole number of at least ${least}`)
}

/** Throws a RangeError where shapes or a capacity cannot be evaluated. */
function checkShapes(shapes: readonly Shape[], capacity: number): void {
  whole("nets", shapes.length)
  whole("capacity", capacity)
  for (const { inputs, hidden } of shapes) {
    whole("inputs", inputs)
    if (inputs !== shapes[0].inputs) throw new RangeError(`got nets of \`${shapes[0].inputs}\` and of \`${inputs}\` inputs; expected the same points for all`)
    hidden.forEach((width) => whole("a layer's width", width))
  }
}

/** Throws a RangeError where shapes, channels or a capacity cannot be evaluated. */
export function checkNet(shapes: readonly Shape[], channels: Channels, capacity: number): void {
  checkShapes(shapes, capacity)
  const [shape] = shapes
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

/** Throws a RangeError where shapes, a number of shocks or a capacity cannot be evaluated. */
export function checkGenerator(shapes: readonly Shape[], shocks: number, capacity: number): void {
  checkShapes(shapes, capacity)
  whole("shocks", shocks, 0)
}

/** Throws a RangeError where an array is too short for `n` points or `n` exceeds the capacity. */
export function checkCall(n: number, capacity: number, arrays: Record<string, readonly [Float64Array, number]>): void {
  if (!Number.isInteger(n) || n < 0 || n > capacity)
    throw new RangeError(`got \`${n}\` points; expected at most the capacity, ${capacity}`)
  for (const [name, [array, length]] of Object.entries(arrays))
    if (array.length < length) throw new RangeError(`got \`${name}\` of length \`${array.length}\`; expected at least ${length}`)
}

/** The same for the arrays of a generator, and for the range of a pass. */
export function checkFlow(
  { inputs }: Shape, shocks: number, { n, points, directions, factors }: Flow, capacity: number,
  arrays: Record<string, readonly [Float64Array, number]>, from: number, to: number,
): void {
  checkCall(n, capacity, {
    points: [points, inputs * n], directions: [directions, (shocks + 1) * inputs * n], factors: [factors, shocks * n], ...arrays,
  })
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= n))
    throw new RangeError(`got the points \`${from}\` to \`${to}\`; expected a range within 0 to ${n}`)
}
