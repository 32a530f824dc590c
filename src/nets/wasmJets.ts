import { checkCall, checkNet, type Channels, type JetEngine, type JetNet } from "./jet.ts"
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
  return { precision, net: (shape, channels, capacity) => wasmNet(kernels, precision, shape, channels, capacity) }
}

/** Where the parts of a call lie, in bytes. */
interface Places {
  readonly weights: number
  readonly points: number
  readonly channels: number
  readonly gradient: number
  readonly scratch: number
}

function wasmNet(kernels: Kernels, precision: "float32" | "float64", shape: Shape, channels: Channels, capacity: number): JetNet {
  checkNet(shape, channels, capacity)
  const size = precision === "float32" ? 4 : 8
  const count = weightCount(shape)
  const channelCount = 1 + channels.first.length + channels.second.length
  const view = (at: number, length: number) =>
    precision === "float32" ? new Float32Array(kernels.memory.buffer, at, length) : new Float64Array(kernels.memory.buffer, at, length)
  const words = [
    ...shape.hidden, ...channels.first, ...channels.second.flat().map((input) => channels.first.indexOf(input)),
  ]

  /** Lays a call out, with room for `gradients` numbers, and copies in what is common to all. */
  function prepare(weights: Float64Array, points: Float64Array, n: number, gradients: number): Places {
    const header = 4 * (11 + words.length)
    const at = layOut(heapStart, [header, size * count, size * shape.inputs * n, size * channelCount * n, size * gradients])
    const places = { weights: at[1], points: at[2], channels: at[3], gradient: at[4], scratch: at[5] }
    reserve(kernels, places.scratch)
    new Int32Array(kernels.memory.buffer, heapStart, header / 4).set([
      shape.inputs, shape.hidden.length, activations.indexOf(shape.activation), channels.first.length, channels.second.length, n,
      places.weights, places.points, places.channels, places.gradient, places.scratch, ...words,
    ])
    reserve(kernels, places.scratch + kernels.scratchBytes(heapStart))
    view(places.weights, count).set(weights.subarray(0, count))
    view(places.points, shape.inputs * n).set(points.subarray(0, shape.inputs * n))
    return places
  }

  return {
    channelCount,
    forward(weights, points, n, out) {
      checkCall(n, capacity, { weights: [weights, count], points: [points, shape.inputs * n], out: [out, channelCount * n] })
      const { channels: at } = prepare(weights, points, n, 0)
      kernels.forward(heapStart, 0, n)
      out.set(view(at, channelCount * n))
    },
    backward(weights, points, n, cotangent, gradient) {
      checkCall(n, capacity, {
        weights: [weights, count], points: [points, shape.inputs * n], cotangent: [cotangent, channelCount * n], gradient: [gradient, count],
      })
      const places = prepare(weights, points, n, count)
      view(places.channels, channelCount * n).set(cotangent.subarray(0, channelCount * n))
      const sum = view(places.gradient, count).fill(0)
      kernels.backward(heapStart, 0, n)
      for (let k = 0; k < count; k++) gradient[k] += sum[k]
    },
    jacobian(weights, points, n, cotangent, jacobian) {
      checkCall(n, capacity, {
        weights: [weights, count], points: [points, shape.inputs * n], cotangent: [cotangent, channelCount * n], jacobian: [jacobian, n * count],
      })
      const tile = kernels.tile()
      const places = prepare(weights, points, n, tile * count)
      view(places.channels, channelCount * n).set(cotangent.subarray(0, channelCount * n))
      for (let from = 0; from < n; from += tile) {
        const to = Math.min(from + tile, n)
        kernels.jacobian(heapStart, from, to)
        jacobian.set(view(places.gradient, (to - from) * count), from * count)
      }
    },
  }
}
