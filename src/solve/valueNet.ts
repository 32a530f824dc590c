import type { Random } from "../math/random.ts"
import { pairs, type Coordinate, type Problem } from "../model/problem.ts"
import type { JetEngine, JetNet } from "../nets/jet.ts"
import { initialWeights, weightCount, type Shape } from "../nets/mlp.ts"
import { spreadWeights } from "../nets/nguyenWidrow.ts"
import type { ValueJets } from "./staticBlock.ts"

/**
 * An unknown as a net of state and (where it is `timed`) time: scale * N(x, phi, tau), where x = 2 s(z) - 1 is the coordinate in
 * which the declared grid is even, tau = 2 t/dt - 1 with t in [0, dt], and phi = sum_k max(x - x_k, 0)^n/n over the switches
 * x_k. The PDE's diffusion jumps at a switch, and with it J_zz, while J_z does not: for a value function n = 2 has just that
 * smoothness, for a price or share n = 1, so that no neuron has to be spent on imitating a jump. n = 0: without phi.
 *
 * Channels: N, N_z, N_t, N_zz, in that order and in units of z and t. The scale follows the size of a value function that is
 * learned as such, so that the net works near 1.
 */
export interface ValueNet {
  readonly weightCount: number
  /** The channels at the points. */
  channels(weights: Float64Array, frame: Frame, points: Points, out: Float64Array): void
  /** The net and its derivatives with respect to z. */
  jets(weights: Float64Array, frame: Frame, points: Points): ValueJets
  /** Gradient of sum cotangent[c*n+p] * channel c at p; adds to `gradient`. */
  pullBack(weights: Float64Array, frame: Frame, points: Points, cotangent: Float64Array, gradient: Float64Array): void
  /** One row a point: derivative of sum_c cotangent[c*n+p] * channel c at p. */
  rows(weights: Float64Array, frame: Frame, points: Points, cotangent: Float64Array, jacobian: Float64Array): void
  initial(uniform: () => number): Float64Array
  /** First weights whose units bend all over the domain: `nguyenWidrow.ts`. */
  spread(random: Pick<Random, "next" | "normal">): Float64Array
  /** Multiplies the output by a factor, exactly, in its last layer. */
  rescale(weights: Float64Array, factor: number): void
}

/** What turns the net's own units into those of the model. */
export interface Frame {
  readonly scale: number
  readonly dt: number
  /** The switches, in the coordinate x. */
  readonly kinks: readonly number[]
}

/** Points with their coordinates: `x` is 2 s - 1, `first` and `second` its derivatives with respect to z. */
export interface Points {
  readonly n: number
  readonly z: Float64Array
  readonly t: Float64Array
  readonly x: Float64Array
  readonly first: Float64Array
  readonly second: Float64Array
}

export const CHANNELS = 4

export function pointsAt(coordinate: Coordinate, z: Float64Array, t: Float64Array): Points {
  const { s, first, second } = coordinate.of(z)
  return { n: z.length, z, t, x: s.map(v => 2 * v - 1), first: first.map(v => 2 * v), second: second.map(v => 2 * v) }
}

/** The points `from` to `to`, without a copy. */
export function pointsBetween(points: Points, from: number, to: number): Points {
  const part = (a: Float64Array): Float64Array => a.subarray(from, to)
  return { n: to - from, z: part(points.z), t: part(points.t), x: part(points.x), first: part(points.first), second: part(points.second) }
}

/** The same of channels of n points. */
export function channelsBetween(channels: Float64Array, n: number, from: number, to: number): Float64Array {
  if (from === 0 && to === n) return channels
  const out = new Float64Array(CHANNELS * (to - from))
  for (let c = 0; c < CHANNELS; c++) out.set(channels.subarray(c * n + from, c * n + to), c * (to - from))
  return out
}

/** Whether the grid's coordinate has an infinite slope at an end of the domain, where nets could then not be differentiated. */
export function steepEnd({ states: [{ from, to, coordinate }] }: Problem): boolean {
  return !coordinate.of(Float64Array.of(from, to)).first.every(Number.isFinite)
}

/** The jets of J = exp N from those of a net N, at the same points. */
export function exponential({ value, first, second }: ValueJets): ValueJets {
  const j = value.map(Math.exp)
  const states = pairs(first.length)
  return {
    value: j, first: first.map(f => f.map((x, k) => j[k] * x)),
    second: second.map((f, at) => f.map((x, k) => j[k] * (x + first[states[at][0]][k] * first[states[at][1]][k]))),
  }
}

export interface NetDesign {
  readonly hidden: readonly number[]
  readonly activation: Shape["activation"]
  readonly timed: boolean
  /** The order n of phi, or 0. */
  readonly kink: 0 | 1 | 2
}

/** For at most `capacity` points a call. */
export function valueNet(engine: JetEngine, { hidden, activation, timed, kink }: NetDesign, capacity: number): ValueNet {
  const kinked = kink > 0
  // Inputs x, then tau, then phi; the net's own channels: N, its first derivatives in that order, N_xx, N_xphi, N_phiphi.
  const tau = timed ? 1 : -1, phi = kinked ? (timed ? 2 : 1) : -1
  const inputCount = 1 + Number(timed) + Number(kinked)
  const shape: Shape = { inputs: inputCount, hidden, activation }
  const first = Array.from({ length: inputCount }, (_, k) => k)
  const net: JetNet = engine.net(shape, { first, second: kinked ? [[0, 0], [0, phi], [phi, phi]] : [[0, 0]] }, capacity)
  const [X, TAU, PHI, XX] = [1, 1 + tau, 1 + phi, 1 + inputCount]
  const [XPHI, PHIPHI] = [XX + 1, XX + 2]
  const inputs = new Float64Array(inputCount * capacity), own = new Float64Array(net.channelCount * capacity)
  const slope = new Float64Array(capacity), bend = new Float64Array(capacity)

  const place = ({ n, x, t }: Points, { dt, kinks }: Frame): void => {
    inputs.set(x)
    if (timed) for (let p = 0; p < n; p++) inputs[tau * n + p] = (2 * t[p]) / dt - 1
    if (!kinked) return
    for (let p = 0; p < n; p++) {
      let sum = 0
      slope[p] = bend[p] = 0
      for (const at of kinks) {
        const over = x[p] - at
        if (over <= 0) continue
        sum += kink === 2 ? (over * over) / 2 : over
        slope[p] += kink === 2 ? over : 1
        bend[p] += kink === 2 ? 1 : 0
      }
      inputs[phi * n + p] = sum
    }
  }
  /** Cotangents of the channels in units of z and t -> of the net's own channels. */
  const pull = ({ scale, dt }: Frame, { n, first, second }: Points, cotangent: Float64Array): Float64Array => {
    for (let p = 0; p < n; p++) {
      const alongX = scale * (cotangent[n + p] * first[p] + cotangent[3 * n + p] * second[p])
      const twice = scale * cotangent[3 * n + p] * first[p] * first[p]
      own[p] = scale * cotangent[p]
      own[X * n + p] = alongX
      if (timed) own[TAU * n + p] = ((2 * scale) / dt) * cotangent[2 * n + p]
      own[XX * n + p] = twice
      if (!kinked) continue
      own[PHI * n + p] = alongX * slope[p] + twice * bend[p]
      own[XPHI * n + p] = 2 * twice * slope[p]
      own[PHIPHI * n + p] = twice * slope[p] * slope[p]
    }
    return own
  }
  const channels: ValueNet["channels"] = (weights, frame, points, out) => {
    const { n, first, second } = points
    place(points, frame)
    net.forward(weights, inputs, n, own)
    for (let p = 0; p < n; p++) {
      let along = own[X * n + p], twice = own[XX * n + p]
      if (kinked) {
        along += own[PHI * n + p] * slope[p]
        twice += 2 * own[XPHI * n + p] * slope[p] + own[PHIPHI * n + p] * slope[p] * slope[p] + own[PHI * n + p] * bend[p]
      }
      out[p] = frame.scale * own[p]
      out[n + p] = frame.scale * along * first[p]
      out[2 * n + p] = timed ? ((2 * frame.scale) / frame.dt) * own[TAU * n + p] : 0
      out[3 * n + p] = frame.scale * (twice * first[p] * first[p] + along * second[p])
    }
  }
  return {
    weightCount: weightCount(shape), channels,
    jets: (weights, frame, points) => {
      const { n } = points
      const out = new Float64Array(CHANNELS * n)
      channels(weights, frame, points, out)
      return { value: out.slice(0, n), first: [out.slice(n, 2 * n)], second: [out.slice(3 * n)] }
    },
    pullBack: (weights, frame, points, cotangent, gradient) => {
      place(points, frame)
      net.backward(weights, inputs, points.n, pull(frame, points, cotangent), gradient)
    },
    rows: (weights, frame, points, cotangent, jacobian) => {
      place(points, frame)
      net.jacobian(weights, inputs, points.n, pull(frame, points, cotangent), jacobian)
    },
    initial: uniform => initialWeights(shape, uniform),
    spread: random => spreadWeights(shape, random),
    rescale: (weights, factor) => { for (let k = weights.length - 1 - (hidden.at(-1) ?? shape.inputs); k < weights.length; k++) weights[k] *= factor },
  }
}
