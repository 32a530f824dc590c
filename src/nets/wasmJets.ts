import { checkCall, checkFlow, checkGenerator, checkNet, type Channels, type Flow, type GeneratorNet, type JetEngine, type JetNet } from "./jet.ts"
import { layOut } from "./layOut.ts"
import { weightCount, type Activation, type Shape } from "./mlp.ts"
import { heapStart, instantiate, reserve, type Kernels } from "./webAssembly.ts"

const activations: readonly Activation[] = ["tanh", "swish", "softplus", "relu"]

/**
 * Jets in WebAssembly SIMD. The nets of one engine share its memory; a call copies its arguments in, and keeps nothing.
 * In float32 the arrays are rounded on the way in.
 */
export function wasmJets(precision: "float32" | "float64"): JetEngine {
  const kernels = instantiate(precision)
  return {
    precision,
    net: (shape, channels, capacity) => wasmNet(kernels, precision, shape, channels, capacity),
    generator: (shape, shocks, capacity) => wasmGenerator(kernels, precision, shape, shocks, capacity),
  }
}

type Precision = JetEngine["precision"]

/** The derivative channels of a net, as the kernels read them. */
interface Plan {
  readonly firsts: number
  readonly seconds: number
  /** Inputs of the firsts. */
  readonly inputs: readonly number[]
  /** Which second gathers the product of which firsts. */
  readonly terms: readonly (readonly [number, number, number])[]
}

/** Where the parts of a call lie, in bytes. */
interface Places {
  readonly weights: number
  readonly points: number
  readonly directions: number
  readonly factors: number
  readonly channels: number
  readonly gradient: number
  readonly scratch: number
}

/** How many numbers the parts of a call have. */
interface Sizes {
  readonly n: number
  readonly channels: number
  readonly gradient: number
  readonly directions?: number
  readonly factors?: number
}

function viewOf(kernels: Kernels, precision: Precision, at: number, length: number): Float32Array | Float64Array {
  return precision === "float32" ? new Float32Array(kernels.memory.buffer, at, length) : new Float64Array(kernels.memory.buffer, at, length)
}

/** Lays a call out, copies the weights in and packs them. Words 0 to 13 are the `Net` of kernels/net.ts. */
function prepare(kernels: Kernels, precision: Precision, shape: Shape, plan: Plan, weights: Float64Array, sizes: Sizes): Places {
  const size = precision === "float32" ? 4 : 8, count = weightCount(shape)
  const { n, directions = 0, factors = 0 } = sizes
  const lists = [...shape.hidden, ...plan.inputs, ...plan.terms.flat()]
  const header = 4 * (14 + lists.length)
  const at = layOut(heapStart, [header, ...[count, shape.inputs * n, directions, factors, sizes.channels, sizes.gradient].map((k) => size * k)])
  const places = { weights: at[1], points: at[2], directions: at[3], factors: at[4], channels: at[5], gradient: at[6], scratch: at[7] }
  reserve(kernels, places.scratch)
  new Int32Array(kernels.memory.buffer, heapStart, header / 4).set([
    shape.inputs, shape.hidden.length, activations.indexOf(shape.activation), plan.firsts, plan.seconds, plan.terms.length, n,
    places.weights, places.points, directions > 0 ? places.directions : 0, places.factors, places.channels, places.gradient,
    places.scratch, ...lists,
  ])
  reserve(kernels, places.scratch + kernels.scratchBytes(heapStart))
  viewOf(kernels, precision, places.weights, count).set(weights.subarray(0, count))
  kernels.prepare(heapStart)
  return places
}

function wasmNet(kernels: Kernels, precision: Precision, shape: Shape, channels: Channels, capacity: number): JetNet {
  checkNet(shape, channels, capacity)
  const count = weightCount(shape)
  const channelCount = 1 + channels.first.length + channels.second.length
  const position = (input: number) => channels.first.indexOf(input)
  const plan: Plan = {
    firsts: channels.first.length, seconds: channels.second.length, inputs: channels.first,
    terms: channels.second.map(([i, j], m) => [m, position(i), position(j)]),
  }
  const view = (at: number, length: number) => viewOf(kernels, precision, at, length)
  const start = (weights: Float64Array, points: Float64Array, n: number, gradient: number): Places => {
    const places = prepare(kernels, precision, shape, plan, weights, { n, channels: channelCount * n, gradient })
    view(places.points, shape.inputs * n).set(points.subarray(0, shape.inputs * n))
    return places
  }
  return {
    channelCount,
    forward(weights, points, n, out) {
      checkCall(n, capacity, { weights: [weights, count], points: [points, shape.inputs * n], out: [out, channelCount * n] })
      const { channels: at } = start(weights, points, n, 0)
      kernels.forward(heapStart, 0, n)
      out.set(view(at, channelCount * n))
    },
    backward(weights, points, n, cotangent, gradient) {
      checkCall(n, capacity, {
        weights: [weights, count], points: [points, shape.inputs * n], cotangent: [cotangent, channelCount * n], gradient: [gradient, count],
      })
      const places = start(weights, points, n, count)
      view(places.channels, channelCount * n).set(cotangent.subarray(0, channelCount * n))
      kernels.backward(heapStart, 0, n)
      kernels.gradient(heapStart)
      addTo(gradient, view(places.gradient, count))
    },
    jacobian(weights, points, n, cotangent, jacobian) {
      checkCall(n, capacity, {
        weights: [weights, count], points: [points, shape.inputs * n], cotangent: [cotangent, channelCount * n], jacobian: [jacobian, n * count],
      })
      const tile = kernels.tile()
      const places = start(weights, points, n, tile * count)
      view(places.channels, channelCount * n).set(cotangent.subarray(0, channelCount * n))
      for (let from = 0; from < n; from += tile) {
        const to = Math.min(from + tile, n)
        kernels.jacobian(heapStart, from, to)
        jacobian.set(view(places.gradient, (to - from) * count), from * count)
      }
    },
  }
}

function wasmGenerator(kernels: Kernels, precision: Precision, shape: Shape, shocks: number, capacity: number): GeneratorNet {
  checkGenerator(shape, shocks, capacity)
  const count = weightCount(shape), { inputs } = shape
  const plan: Plan = {
    firsts: shocks, seconds: 1, inputs: Array.from({ length: shocks }, () => 0), terms: Array.from({ length: shocks }, (_, k) => [0, k, k]),
  }
  const view = (at: number, length: number) => viewOf(kernels, precision, at, length)
  /** Lays out a call for the points `from` to `to`, which become the first of the kernels. */
  const start = (weights: Float64Array, { n: all, points, directions, factors }: Flow, from: number, to: number, gradient: number): Places => {
    const n = to - from
    const sizes = { n, channels: 2 * n, gradient, directions: Math.max((shocks + 1) * inputs * n, 1), factors: shocks * n }
    const places = prepare(kernels, precision, shape, plan, weights, sizes)
    const copy = (rows: number, array: Float64Array, at: number) => {
      const target = view(at, rows * n)
      for (let row = 0; row < rows; row++) target.set(array.subarray(row * all + from, row * all + to), row * n)
    }
    copy(inputs, points, places.points)
    copy((shocks + 1) * inputs, directions, places.directions)
    copy(shocks, factors, places.factors)
    return places
  }
  return {
    forward(weights, flow, out) {
      const { n } = flow
      checkFlow(shape, shocks, flow, capacity, { weights: [weights, count], out: [out, 2 * n] })
      const { channels } = start(weights, flow, 0, n, 0)
      kernels.forward(heapStart, 0, n)
      out.set(view(channels, 2 * n))
    },
    pass(weights, flow, from, to, { out, cotangent, respond }, gradient) {
      const { n: all } = flow, n = to - from
      checkFlow(shape, shocks, flow, capacity, {
        weights: [weights, count], out: [out, 2 * all], cotangent: [cotangent, 2 * all], gradient: [gradient, count],
      }, from, to)
      const places = start(weights, flow, from, to, count)
      const channels = view(places.channels, 2 * n), tile = kernels.tile()
      for (let first = 0; first < n; first += tile) {
        const last = Math.min(first + tile, n)
        kernels.forward(heapStart, first, last)
        for (let p = first; p < last; p++) {
          out[from + p] = channels[p]
          out[all + from + p] = channels[n + p]
        }
        respond(from + first, from + last)
        for (let p = first; p < last; p++) {
          channels[p] = cotangent[from + p]
          channels[n + p] = cotangent[all + from + p]
        }
        kernels.backwardTile(heapStart, first, last)
      }
      kernels.gradient(heapStart)
      addTo(gradient, view(places.gradient, count))
    },
  }
}

function addTo(sum: Float64Array, by: Float32Array | Float64Array): void {
  for (let k = 0; k < by.length; k++) sum[k] += by[k]
}
