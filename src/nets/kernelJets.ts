import { checkCall, checkFlow, checkGenerator, checkNet, shapesOf, type Channels, type Exchange, type Flow, type GeneratorNet, type JetEngine, type JetNet } from "./jet.ts"
import { tileByTile, type Rows } from "./tileByTile.ts"
import { weightCount, type Shape } from "./mlp.ts"
import { instantiate } from "./kernelBuilds.ts"
import type { Kernels } from "./kernels.ts"

/**
 * Jets by the kernels of the build that is taken. The nets of one engine share its memory; a call copies its arguments in, a
 * tile of points at a time, and keeps nothing. In float32 the arrays are rounded on the way in.
 */
export function kernelJets(precision: "float32" | "float64"): JetEngine {
  const kernels = instantiate(precision)
  return {
    precision,
    net: (shape, channels, capacity) => netOf(kernels, precision, shapesOf(shape), channels, capacity),
    generator: (shape, shocks, capacity, along = false) => generatorOf(kernels, precision, shapesOf(shape), shocks, capacity, along),
  }
}

const total = (shapes: readonly Shape[]): number => shapes.reduce((sum, shape) => sum + weightCount(shape), 0)

function netOf(kernels: Kernels, precision: JetEngine["precision"], shapes: readonly Shape[], channels: Channels, capacity: number): JetNet {
  checkNet(shapes, channels, capacity)
  const [{ inputs }] = shapes, count = total(shapes), each = 1 + channels.first.length + channels.second.length
  const channelCount = each * shapes.length
  const position = (input: number) => channels.first.indexOf(input)
  const sweep = tileByTile(kernels, precision, shapes, {
    firsts: channels.first, seconds: channels.second.length, outputs: each,
    // The value is channel 0.
    terms: channels.second.map(([i, j], m) => [m, 1 + position(i), 1 + position(j)]),
  })
  const rows = (points: Float64Array, n: number): Rows => ({ n, points })
  return {
    channelCount,
    forward(weights, points, n, out) {
      checkCall(n, capacity, { weights: [weights, count], points: [points, inputs * n], out: [out, channelCount * n] })
      sweep(weights, rows(points, n), 0, n, { out })
    },
    backward(weights, points, n, cotangent, gradient) {
      checkCall(n, capacity, {
        weights: [weights, count], points: [points, inputs * n], cotangent: [cotangent, channelCount * n], gradient: [gradient, count],
      })
      sweep(weights, rows(points, n), 0, n, { cotangent, gradient })
    },
    pass(weights, points, n, exchange, gradient) {
      const { out, cotangent } = exchange
      checkCall(n, capacity, {
        weights: [weights, count], points: [points, inputs * n], out: [out, channelCount * n], cotangent: [cotangent, channelCount * n], gradient: [gradient, count],
      })
      sweep(weights, rows(points, n), 0, n, { ...exchange, gradient })
    },
    jacobian(weights, points, n, cotangent, jacobian) {
      checkCall(n, capacity, {
        weights: [weights, count], points: [points, inputs * n], cotangent: [cotangent, channelCount * n], jacobian: [jacobian, n * count],
      })
      sweep(weights, rows(points, n), 0, n, { cotangent, jacobian })
    },
  }
}

function generatorOf(
  kernels: Kernels, precision: JetEngine["precision"], shapes: readonly Shape[], shocks: number, capacity: number, along: boolean,
): GeneratorNet {
  checkGenerator(shapes, shocks, capacity)
  const [first] = shapes, count = total(shapes), each = along ? 2 + shocks : 2, outputs = each * shapes.length
  const firsts = Array.from({ length: shocks }, (_, k) => k)
  const sweep = tileByTile(kernels, precision, shapes, { firsts, seconds: 1, outputs: each, terms: firsts.map((k) => [0, 1 + k, 1 + k]) })
  const check = (flow: Flow, from: number, to: number, arrays: Record<string, readonly [Float64Array, number]>) => {
    checkFlow(first, shocks, flow, capacity, arrays, from, to)
  }
  const both = ({ out, cotangent }: Exchange, n: number): Record<string, readonly [Float64Array, number]> => ({ out: [out, outputs * n], cotangent: [cotangent, outputs * n] })
  return {
    outputs,
    forward(weights, flow, out, from = 0, to = flow.n) {
      check(flow, from, to, { weights: [weights, count], out: [out, outputs * flow.n] })
      sweep(weights, flow, from, to, { out })
    },
    pass(weights, flow, from, to, exchange, gradient) {
      check(flow, from, to, { weights: [weights, count], ...both(exchange, flow.n), gradient: [gradient, count] })
      sweep(weights, flow, from, to, { ...exchange, gradient })
    },
    rows(weights, flow, from, to, exchange, jacobian) {
      check(flow, from, to, { weights: [weights, count], ...both(exchange, flow.n), jacobian: [jacobian, (to - from) * count] })
      sweep(weights, flow, from, to, { ...exchange, jacobian })
    },
  }
}
