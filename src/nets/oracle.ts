import { checkCall, checkFlow, checkGenerator, checkNet, type Channels, type Flow, type GeneratorNet, type JetEngine, type JetNet } from "./jet.ts"
import { layerSizes, weightCount, type Activation, type Shape } from "./mlp.ts"

/**
 * The contract of jets in its slow and obvious form: one point at a time, in float64. With z the sum of a unit, f its activation
 * and subscripts for input derivatives, a = f(z), a_i = f'(z) z_i and a_ij = f'(z) z_ij + f''(z) z_i z_j.
 */
export const oracleJets: JetEngine = { precision: "float64", net: oracleNet, generator: oracleGenerator }

/** One number for each channel. */
type Jet = number[]

interface Layer {
  readonly incoming: readonly Jet[]
  readonly sums: readonly Jet[]
}

function oracleNet(shape: Shape, channels: Channels, capacity: number): JetNet {
  checkNet(shape, channels, capacity)
  const count = weightCount(shape)
  const channelCount = 1 + channels.first.length + channels.second.length
  const at = (array: Float64Array, rows: number, n: number, p: number) =>
    Array.from({ length: rows }, (_, row) => array[row * n + p])
  const layers = (weights: Float64Array, points: Float64Array, n: number, p: number) =>
    evaluate(shape, channels, weights, at(points, shape.inputs, n, p))
  return {
    channelCount,
    forward(weights, points, n, out) {
      checkCall(n, capacity, { weights: [weights, count], points: [points, shape.inputs * n], out: [out, channelCount * n] })
      for (let p = 0; p < n; p++) {
        const [jet] = layers(weights, points, n, p)[shape.hidden.length].sums
        jet.forEach((value, c) => { out[c * n + p] = value })
      }
    },
    backward(weights, points, n, cotangent, gradient) {
      checkCall(n, capacity, {
        weights: [weights, count], points: [points, shape.inputs * n], cotangent: [cotangent, channelCount * n], gradient: [gradient, count],
      })
      for (let p = 0; p < n; p++)
        pullBack(shape, channels, weights, layers(weights, points, n, p), at(cotangent, channelCount, n, p), gradient)
    },
    jacobian(weights, points, n, cotangent, jacobian) {
      checkCall(n, capacity, {
        weights: [weights, count], points: [points, shape.inputs * n], cotangent: [cotangent, channelCount * n], jacobian: [jacobian, n * count],
      })
      jacobian.fill(0, 0, n * count)
      for (let p = 0; p < n; p++) {
        const row = jacobian.subarray(p * count, (p + 1) * count)
        pullBack(shape, channels, weights, layers(weights, points, n, p), at(cotangent, channelCount, n, p), row)
      }
    },
  }
}

/** From all first and second derivatives, by the definition of a generator. */
function oracleGenerator(shape: Shape, shocks: number, capacity: number): GeneratorNet {
  checkGenerator(shape, shocks, capacity)
  const { inputs } = shape, count = weightCount(shape)
  const first = Array.from({ length: inputs }, (_, i) => i)
  const second = first.flatMap((i) => first.map((j): [number, number] => [i, j]))
  const net = oracleNet(shape, { first, second }, capacity)
  /** What each channel of the jet counts for in the generator. */
  const coefficients = ({ n, directions, factors }: Flow): Float64Array => {
    const along = (k: number, i: number, p: number) => directions[(k * inputs + i) * n + p]
    const of = Array.from({ length: net.channelCount }, () => new Float64Array(n))
    for (let p = 0; p < n; p++) {
      for (const i of first) of[1 + i][p] = along(shocks, i, p)
      second.forEach(([i, j], m) => {
        for (let k = 0; k < shocks; k++) of[1 + inputs + m][p] += factors[k * n + p] * along(k, i, p) * along(k, j, p)
      })
    }
    return Float64Array.from(of.flatMap((row) => [...row]))
  }
  const forward: GeneratorNet["forward"] = (weights, flow, out) => {
    const { n, points } = flow
    checkFlow(shape, shocks, flow, capacity, { weights: [weights, count], out: [out, 2 * n] })
    const jets = new Float64Array(net.channelCount * n), by = coefficients(flow)
    net.forward(weights, points, n, jets)
    for (let p = 0; p < n; p++) {
      out[p] = jets[p]
      out[n + p] = 0
      for (let c = 1; c < net.channelCount; c++) out[n + p] += by[c * n + p] * jets[c * n + p]
    }
  }
  return {
    forward,
    pass(weights, flow, from, to, { out, cotangent, respond }, gradient) {
      const { n, points } = flow
      checkFlow(shape, shocks, flow, capacity, {
        weights: [weights, count], out: [out, 2 * n], cotangent: [cotangent, 2 * n], gradient: [gradient, count],
      }, from, to)
      const all = new Float64Array(2 * n)
      forward(weights, flow, all)
      for (const row of [0, n]) out.set(all.subarray(row + from, row + to), row + from)
      if (from < to) respond(from, to)
      const pulled = coefficients(flow).map((by, at) => by * cotangent[n + (at % n)])
      pulled.set(cotangent.subarray(0, n))
      net.backward(weights, points, n, pulled.map((x, at) => (at % n >= from && at % n < to ? x : 0)), gradient)
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
