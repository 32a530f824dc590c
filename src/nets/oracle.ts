import { checkCall, checkFlow, checkGenerator, checkNet, shapesOf, type Channels, type Exchange, type Flow, type GeneratorNet, type JetEngine, type JetNet } from "./jet.ts"
import { layerSizes, weightCount, type Activation, type Shape } from "./mlp.ts"

/**
 * The contract of jets in its slow and obvious form: one point at a time, in float64. With z the sum of a unit, f its activation
 * and subscripts for input derivatives, a = f(z), a_i = f'(z) z_i and a_ij = f'(z) z_ij + f''(z) z_i z_j.
 */
export const oracleJets: JetEngine = {
  precision: "float64",
  net: (shape, channels, capacity) => oracleNets(shapesOf(shape), channels, capacity),
  generator: (shape, shocks, capacity, along = false) => oracleGenerators(shapesOf(shape), shocks, capacity, along),
}

/** Where the weights of each net begin, and their number. */
function offsetsOf(shapes: readonly Shape[]): readonly number[] {
  return shapes.reduce((starts, shape) => [...starts, starts[starts.length - 1] + weightCount(shape)], [0])
}

/** One net after another. */
function oracleNets(shapes: readonly Shape[], channels: Channels, capacity: number): JetNet {
  checkNet(shapes, channels, capacity)
  const [{ inputs }] = shapes, offsets = offsetsOf(shapes), count = offsets[shapes.length]
  const nets = shapes.map((shape) => oracleNet(shape, channels)), each = 1 + channels.first.length + channels.second.length
  const channelCount = each * shapes.length
  const check = (n: number, arrays: Record<string, readonly [Float64Array, number]>) => checkCall(n, capacity, arrays)
  const own = (k: number, array: Float64Array) => array.subarray(offsets[k], offsets[k + 1])
  const rows = (k: number, array: Float64Array, n: number) => array.subarray(k * each * n, (k + 1) * each * n)
  const net: JetNet = {
    channelCount,
    forward(weights, points, n, out) {
      check(n, { weights: [weights, count], points: [points, inputs * n], out: [out, channelCount * n] })
      nets.forEach(({ forward }, k) => forward(own(k, weights), points, n, rows(k, out, n)))
    },
    backward(weights, points, n, cotangent, gradient) {
      check(n, { weights: [weights, count], points: [points, inputs * n], cotangent: [cotangent, channelCount * n], gradient: [gradient, count] })
      nets.forEach(({ backward }, k) => backward(own(k, weights), points, n, rows(k, cotangent, n), (_) => own(k, gradient)))
    },
    pass(weights, points, n, { out, cotangent, respond }, gradient) {
      net.forward(weights, points, n, out)
      if (n > 0) respond(0, n)
      net.backward(weights, points, n, cotangent, gradient)
    },
    jacobian(weights, points, n, cotangent, jacobian) {
      check(n, { weights: [weights, count], points: [points, inputs * n], cotangent: [cotangent, channelCount * n], jacobian: [jacobian, n * count] })
      jacobian.fill(0, 0, n * count)
      nets.forEach(({ backward }, k) =>
        backward(own(k, weights), points, n, rows(k, cotangent, n), (p) => jacobian.subarray(p * count + offsets[k], p * count + offsets[k + 1])))
    },
  }
  return net
}

/** One number for each channel. */
type Jet = number[]

interface Layer {
  readonly incoming: readonly Jet[]
  readonly sums: readonly Jet[]
}

/** Of one net: its channels, and what cotangents at each point give to the gradient that `into` names for it. */
function oracleNet(shape: Shape, channels: Channels) {
  const at = (array: Float64Array, rows: number, n: number, p: number) => Array.from({ length: rows }, (_, row) => array[row * n + p])
  const layers = (weights: Float64Array, points: Float64Array, n: number, p: number) => evaluate(shape, channels, weights, at(points, shape.inputs, n, p))
  const channelCount = 1 + channels.first.length + channels.second.length
  return {
    forward(weights: Float64Array, points: Float64Array, n: number, out: Float64Array): void {
      for (let p = 0; p < n; p++) {
        const [jet] = layers(weights, points, n, p)[shape.hidden.length].sums
        jet.forEach((value, c) => { out[c * n + p] = value })
      }
    },
    backward(weights: Float64Array, points: Float64Array, n: number, cotangent: Float64Array, into: (p: number) => Float64Array): void {
      for (let p = 0; p < n; p++) pullBack(shape, channels, weights, layers(weights, points, n, p), at(cotangent, channelCount, n, p), into(p))
    },
  }
}

/** From all first and second derivatives, by the definition of a generator. */
function oracleGenerators(shapes: readonly Shape[], shocks: number, capacity: number, along: boolean): GeneratorNet {
  checkGenerator(shapes, shocks, capacity)
  const [{ inputs }] = shapes, count = offsetsOf(shapes)[shapes.length], own = along ? 2 + shocks : 2, outputs = own * shapes.length
  const first = Array.from({ length: inputs }, (_, i) => i)
  const second = first.flatMap((i) => first.map((j): [number, number] => [i, j]))
  const nets = oracleNets(shapes, { first, second }, capacity), each = 1 + first.length + second.length
  /** What channel c of a jet counts for in output `row` at p. */
  const coefficient = ({ n, directions, factors }: Flow, row: number, c: number, p: number): number => {
    const direction = (k: number, i: number) => directions[(k * inputs + i) * n + p]
    if (row === 0 || c === 0) return row === c ? 1 : 0
    if (row < own - 1) return c <= inputs ? direction(row - 1, c - 1) : 0
    if (c <= inputs) return direction(shocks, c - 1)
    const [i, j] = second[c - 1 - inputs]
    let sum = 0
    for (let k = 0; k < shocks; k++) sum += factors[k * n + p] * direction(k, i) * direction(k, j)
    return sum
  }
  const check = (flow: Flow, from: number, to: number, arrays: Record<string, readonly [Float64Array, number]>) => {
    checkFlow(shapes[0], shocks, flow, capacity, arrays, from, to)
  }
  const forward = (weights: Float64Array, flow: Flow, out: Float64Array, from = 0, to = flow.n): void => {
    const { n, points } = flow
    check(flow, from, to, { weights: [weights, count], out: [out, outputs * n] })
    const jets = new Float64Array(nets.channelCount * n)
    nets.forward(weights, points, n, jets)
    for (let net = 0; net < shapes.length; net++) for (let row = 0; row < own; row++) for (let p = from; p < to; p++) {
      let sum = 0
      for (let c = 0; c < each; c++) sum += coefficient(flow, row, c, p) * jets[(net * each + c) * n + p]
      out[(own * net + row) * n + p] = sum
    }
  }
  /** Forward over a range, and what the response gives for all channels of its points: zero outside. */
  const exchanged = (weights: Float64Array, flow: Flow, from: number, to: number, { out, cotangent, respond }: Exchange): Float64Array => {
    const { n } = flow, pulled = new Float64Array(nets.channelCount * n)
    check(flow, from, to, { out: [out, outputs * n], cotangent: [cotangent, outputs * n] })
    forward(weights, flow, out, from, to)
    if (from < to) respond(from, to)
    for (let net = 0; net < shapes.length; net++) for (let row = 0; row < own; row++) for (let p = from; p < to; p++) {
      for (let c = 0; c < each; c++) pulled[(net * each + c) * n + p] += coefficient(flow, row, c, p) * cotangent[(own * net + row) * n + p]
    }
    return pulled
  }
  return {
    outputs, forward,
    pass(weights, flow, from, to, exchange, gradient) {
      check(flow, from, to, { gradient: [gradient, count] })
      nets.backward(weights, flow.points, flow.n, exchanged(weights, flow, from, to, exchange), gradient)
    },
    rows(weights, flow, from, to, exchange, jacobian) {
      check(flow, from, to, { jacobian: [jacobian, (to - from) * count] })
      const all = new Float64Array(flow.n * count)
      nets.jacobian(weights, flow.points, flow.n, exchanged(weights, flow, from, to, exchange), all)
      jacobian.set(all.subarray(from * count, to * count))
    },
  }
}

/** All layers at one point. */
function evaluate(shape: Shape, channels: Channels, weights: Float64Array, point: readonly number[]): Layer[] {
  const zeros = channels.second.map(() => 0)
  let incoming: Jet[] = point.map((x, input) => [x, ...channels.first.map((i) => (i === input ? 1 : 0)), ...zeros])
  let start = 0
  return layerSizes(shape).map(({ fanIn, units }) => {
    const layer: Layer = {
      incoming,
      sums: Array.from({ length: units }, (_, unit) =>
        incoming[0].map((_, c) => {
          let sum = c === 0 ? weights[start + fanIn * units + unit] : 0
          for (let k = 0; k < fanIn; k++) sum += weights[start + unit * fanIn + k] * incoming[k][c]
          return sum
        })),
    }
    start += (fanIn + 1) * units
    incoming = layer.sums.map((z) => activate(shape.activation, channels, z))
    return layer
  })
}

/** Positions in a jet of the two factors and of the second derivative itself. */
function pairs(channels: Channels): readonly (readonly [number, number, number])[] {
  return channels.second.map(([i, j], m) => [
    1 + channels.first.indexOf(i), 1 + channels.first.indexOf(j), 1 + channels.first.length + m,
  ])
}

function activate(activation: Activation, channels: Channels, z: Jet): Jet {
  const [f, f1, f2] = curve(activation, z[0])
  const a = z.map((value, c) => (c === 0 ? f : f1 * value))
  for (const [i, j, ij] of pairs(channels)) a[ij] += f2 * z[i] * z[j]
  return a
}

/** From the cotangent of a unit's activation to that of its sum. */
function adjoin(activation: Activation, channels: Channels, z: Jet, a: Jet): Jet {
  const [, f1, f2, f3] = curve(activation, z[0])
  const g = a.map((value) => f1 * value)
  for (let c = 1; c < z.length; c++) g[0] += f2 * z[c] * a[c]
  for (const [i, j, ij] of pairs(channels)) {
    g[0] += f3 * z[i] * z[j] * a[ij]
    g[i] += f2 * z[j] * a[ij]
    g[j] += f2 * z[i] * a[ij]
  }
  return g
}

/** Adds to `gradient` what the cotangent of the output at one point gives. */
function pullBack(
  shape: Shape, channels: Channels, weights: Float64Array, layers: readonly Layer[], cotangent: Jet, gradient: Float64Array,
): void {
  const sizes = layerSizes(shape)
  let g: Jet[] = [cotangent]
  let start = weightCount(shape)
  for (let index = sizes.length - 1; index >= 0; index--) {
    const { fanIn, units } = sizes[index]
    const { incoming } = layers[index]
    start -= (fanIn + 1) * units
    for (let unit = 0; unit < units; unit++) {
      gradient[start + fanIn * units + unit] += g[unit][0]
      for (let k = 0; k < fanIn; k++)
        for (let c = 0; c < cotangent.length; c++) gradient[start + unit * fanIn + k] += g[unit][c] * incoming[k][c]
    }
    if (index === 0) return
    g = layers[index - 1].sums.map((z, k) => {
      const a = z.map((_, c) => {
        let sum = 0
        for (let unit = 0; unit < units; unit++) sum += weights[start + unit * fanIn + k] * g[unit][c]
        return sum
      })
      return adjoin(shape.activation, channels, z, a)
    })
  }
}

/** An activation and its first three derivatives. */
function curve(activation: Activation, z: number): readonly [number, number, number, number] {
  if (activation === "relu") return [Math.max(z, 0), z > 0 ? 1 : 0, 0, 0]
  if (activation === "tanh") {
    const t = Math.tanh(z)
    const t1 = 1 - t * t
    return [t, t1, -2 * t * t1, t1 * (6 * t * t - 2)]
  }
  const s = 1 / (1 + Math.exp(-z))
  const s1 = s * (1 - s)
  const s2 = s1 * (1 - 2 * s)
  const s3 = s1 * (1 - 6 * s1)
  // exp(-|z|) does not overflow.
  if (activation === "softplus") return [Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), s, s1, s2]
  return [z * s, s + z * s1, 2 * s1 + z * s2, 3 * s2 + z * s3]
}
