import type { JetEngine } from "./jet.ts"
import { layOut } from "./layOut.ts"
import { weightCount, type Activation, type Shape } from "./mlp.ts"
import { heapStart, reserve, type Kernels } from "./kernels.ts"

const activations: readonly Activation[] = ["tanh", "swish", "softplus", "relu"]

/** Words of a net's header before its lists. */
const HEADER = 15

/** The derivative channels of a net, as the kernels read them. */
export interface Plan {
  /** Inputs along which the firsts are taken; with directions their number alone counts. */
  readonly firsts: readonly number[]
  readonly seconds: number
  /** Which second gathers the product of which channels, in the order of the seconds. */
  readonly terms: readonly (readonly [number, number, number])[]
  /** How many channels are outputs. */
  readonly outputs: number
}

/** What comes in, `row * n + p`: points, and of a flow directions and factors. */
export interface Rows {
  readonly n: number
  readonly points: Float64Array
  readonly directions?: Float64Array
  readonly factors?: Float64Array
}

/** What is done with each tile: outputs are written, a response is asked for, and the way back adds to the gradient or fills rows of the Jacobian. */
export interface Tasks {
  readonly out?: Float64Array
  readonly respond?: (from: number, to: number) => void
  readonly cotangent?: Float64Array
  readonly gradient?: Float64Array
  readonly jacobian?: Float64Array
}

type View = Float32Array | Float64Array

/** A net of a call: its header, its weights among those of all, and where it leaves what it finds. */
interface Place {
  readonly header: number
  readonly offset: number
  readonly count: number
  readonly channels: View
  readonly gradient: View
}

/**
 * Takes nets over the same points tile by tile: the points are taken up once, every net goes forward, and back when all have. What a
 * call needs of the kernels' memory does not depend on the number of points.
 */
export function tileByTile(kernels: Kernels, precision: JetEngine["precision"], shapes: readonly Shape[], { firsts, seconds, terms, outputs }: Plan) {
  const size = precision === "float32" ? 4 : 8, [{ inputs }] = shapes, tile = kernels.tile()
  const counts = shapes.map(weightCount), all = counts.reduce((sum, count) => sum + count, 0)
  const lists = shapes.map(({ hidden }) => [...hidden, ...firsts, ...terms.flat()])
  const view = (at: number, length: number): View =>
    precision === "float32" ? new Float32Array(kernels.memory.buffer, at, length) : new Float64Array(kernels.memory.buffer, at, length)

  /** Lays a call out, copies the weights in and packs them. The words of a header are those of `Net` in kernels/net.ts. */
  const begin = (weights: Float64Array, directed: boolean, gradients: number) => {
    const rows = [inputs, directed ? (firsts.length + 1) * inputs : 0, directed ? terms.length : 0]
    const seed = (1 + firsts.length + seconds) * inputs + terms.length
    const own = counts.map((count) => [count, outputs * tile, gradients * count])
    const starts = layOut(heapStart, [
      ...lists.map((list) => 4 * (HEADER + list.length)), ...[...rows, seed].map((of) => size * of * tile), ...own.flat().map((numbers) => size * numbers),
    ])
    const headers = starts.splice(0, shapes.length), [points, directions, factors, seedAt] = starts.splice(0, 4)
    let end = starts[starts.length - 1]
    reserve(kernels, end)
    const parts = shapes.map(({ hidden, activation }, k) => {
      const [weightsAt, channels, gradient] = starts.slice(3 * k), scratch = end
      new Int32Array(kernels.memory.buffer, headers[k]).set([
        inputs, hidden.length, activations.indexOf(activation), firsts.length, seconds, terms.length,
        weightsAt, points, directed ? directions : 0, factors, channels, gradient, seedAt, scratch, outputs, ...lists[k],
      ])
      end = scratch + kernels.scratchBytes(headers[k])
      return { weightsAt, channels, gradient }
    })
    reserve(kernels, end)
    let offset = 0
    const places = parts.map(({ weightsAt, channels, gradient }, k): Place => {
      const count = counts[k], header = headers[k]
      view(weightsAt, count).set(weights.subarray(offset, offset + count))
      kernels.prepare(header)
      offset += count
      return { header, offset: offset - count, count, channels: view(channels, outputs * tile), gradient: view(gradient, gradients * count) }
    })
    return { places, incoming: [points, directions, factors].map((at, k) => ({ rows: rows[k], to: view(at, rows[k] * tile) })) }
  }

  return (weights: Float64Array, { n, points, directions, factors }: Rows, from: number, to: number, { out, respond, cotangent, gradient, jacobian }: Tasks): void => {
    const { places, incoming } = begin(weights, directions !== undefined, jacobian ? tile : gradient ? 1 : 0)
    for (let first = from; first < to; first += tile) {
      const count = Math.min(tile, to - first)
      copyIn(points, n, first, count, incoming[0].to, incoming[0].rows, tile)
      if (directions) copyIn(directions, n, first, count, incoming[1].to, incoming[1].rows, tile)
      if (factors) copyIn(factors, n, first, count, incoming[2].to, incoming[2].rows, tile)
      kernels.seed(places[0].header, count)
      places.forEach(({ header, channels }, k) => {
        kernels.forward(header, count)
        if (!out) return
        for (let row = 0; row < outputs; row++)
          for (let p = 0; p < count; p++) out[(k * outputs + row) * n + first + p] = channels[row * tile + p]
      })
      respond?.(first, first + count)
      if (!cotangent) continue
      places.forEach((place, k) => {
        copyIn(cotangent, n, k * outputs * n + first, count, place.channels, outputs, tile)
        if (!jacobian) kernels.backward(place.header, count)
        else {
          kernels.jacobian(place.header, count)
          for (let p = 0; p < count; p++)
            jacobian.set(place.gradient.subarray(p * place.count, (p + 1) * place.count), (first - from + p) * all + place.offset)
        }
      })
    }
    if (gradient) for (const { header, offset, count, gradient: found } of places) {
      kernels.gradient(header)
      for (let k = 0; k < count; k++) gradient[offset + k] += found[k]
    }
  }
}

/** Copies `count` numbers of each of some rows of length `n`, from `start` on, to rows of length `tile`. */
function copyIn(from: Float64Array, n: number, start: number, count: number, to: View, rows: number, tile: number): void {
  for (let row = 0; row < rows; row++)
    for (let p = 0; p < count; p++) to[row * tile + p] = from[row * n + start + p]
}
