import { chebyshev } from "../math/chebyshev.ts"
import type { Random } from "../math/random.ts"
import { pairs, type Problem, type State } from "../model/problem.ts"
import type { Flow, GeneratorNet, JetEngine, JetNet } from "../nets/jet.ts"
import { initialWeights, weightCount, type Shape } from "../nets/mlp.ts"
import { spreadWeights } from "../nets/nguyenWidrow.ts"
import type { ValueJets } from "./block/staticBlock.ts"

/**
 * An unknown as a net of states and (where it is `timed`) time: scale * N(x, tau, phi), where x_s = 2 s(z_s) - 1 are the coordinates
 * in which the declared grid is even, tau = 2 t/dt - 1 with t in [0, dt], and phi = sum_k max(x_1 - c_k, 0)^n/n over the switches
 * c_k: numbers in one state, curves c_k(x_2) in two, surfaces c_k(x_2, ...) in more. The PDE's diffusion jumps at a switch, and with it the second derivatives of a
 * value function, while the first do not: for a value function n = 2 has just that smoothness, for a price or share n = 1, so
 * that no neuron has to be spent on imitating a jump. n = 0: without phi.
 *
 * Channels: N, its derivative by each state, by time, and by each pair of states (in the order of `pairs`), in units of z and t.
 * The scale follows the size of a value function that is learned as such, so that the net works near 1.
 */
export interface ValueNet {
  readonly weightCount: number
  /** The channels at the points. */
  channels(weights: Float64Array, frame: Frame, points: Points, out: Float64Array): void
  /** The net and its derivatives with respect to the states. */
  jets(weights: Float64Array, frame: Frame, points: Points): ValueJets
  /** N alone. */
  values(weights: Float64Array, frame: Frame, points: Points): Float64Array
  /** One row a point: derivative of sum_c cotangent[c*n+p] * channel c at p. */
  rows(weights: Float64Array, frame: Frame, points: Points, cotangent: Float64Array, jacobian: Float64Array): void
  /** An operator at each point, in units of states and time (inputs: states, t), as `generator` takes it. */
  flow(frame: Frame, points: Points, lines: Flow): Flow
  /** N/scale, its derivatives along the shocks and the operator of a `flow` with as many shocks as states: a few channels in place of all. */
  readonly generator: GeneratorNet
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
  /** The switches, in the coordinate x_1, each as Chebyshev coefficients in the other coordinates (one number in one state): `chebyshev.ts`. */
  readonly kinks: readonly (readonly number[])[]
  /** For some of the switches, the first ones, whether each point counts as above; else it is where it lies. Held, the net is smooth in where a switch lies. */
  readonly sides?: readonly Uint8Array[]
}

/** Points with their coordinates, one array a state: `x` is 2 s - 1, `first` and `second` its derivatives with respect to the state. */
export interface Points {
  readonly n: number
  readonly states: readonly Float64Array[]
  readonly t: Float64Array
  readonly x: readonly Float64Array[]
  readonly first: readonly Float64Array[]
  readonly second: readonly Float64Array[]
}

/** Channels of a net of so many states: value, first derivatives, time, second derivatives. */
export const channelsOf = (states: number): number => 2 + states + (states * (states + 1)) / 2

export function pointsAt(states: readonly State[], at: readonly Float64Array[], t: Float64Array = new Float64Array(at[0].length)): Points {
  const maps = states.map(({ coordinate }, s) => coordinate.of(at[s]))
  return {
    n: at[0].length, states: at, t, x: maps.map(m => m.s.map(v => 2 * v - 1)),
    first: maps.map(m => m.first.map(v => 2 * v)), second: maps.map(m => m.second.map(v => 2 * v)),
  }
}

/** The points `from` to `to`, without a copy. */
export function pointsBetween(points: Points, from: number, to: number): Points {
  const part = (a: Float64Array): Float64Array => a.subarray(from, to), parts = (all: readonly Float64Array[]): Float64Array[] => all.map(part)
  return { n: to - from, states: parts(points.states), t: part(points.t), x: parts(points.x), first: parts(points.first), second: parts(points.second) }
}

/** The same of channels of n points. */
export function channelsBetween(channels: Float64Array, n: number, from: number, to: number): Float64Array {
  if (from === 0 && to === n) return channels
  const count = channels.length / n, out = new Float64Array(count * (to - from))
  for (let c = 0; c < count; c++) out.set(channels.subarray(c * n + from, c * n + to), c * (to - from))
  return out
}

/** The state whose grid's coordinate has an infinite slope at an end of its domain, where nets could then not be differentiated. */
export function steepEnd({ states }: Problem): string | undefined {
  return states.find(({ from, to, coordinate }) => !coordinate.of(Float64Array.of(from, to)).first.every(Number.isFinite))?.name
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
  readonly states: number
  readonly hidden: readonly number[]
  readonly activation: Shape["activation"]
  readonly timed: boolean
  /** The order n of phi, or 0. */
  readonly kink: 0 | 1 | 2
  /** The second derivatives that are wanted, as places in `pairs`; the others are left zero. All where it is left out. */
  readonly second?: readonly number[]
}

/** For at most `capacity` points a call. */
export function valueNet(engine: JetEngine, { states, hidden, activation, timed, kink, second: wanted }: NetDesign, capacity: number): ValueNet {
  const kinked = kink > 0, pairCount = pairs(states).length
  const pairAt = (s: number, r: number): number => pairs(states).findIndex(([a, b]) => a === Math.min(s, r) && b === Math.max(s, r))
  /** The wanted pairs, each with its place among all. */
  const both = pairs(states).map(([s, r], k) => ({ s, r, k })).filter(({ k }) => wanted?.includes(k) ?? true)
  // Inputs x, then tau, then phi; the net's own channels: N, its first derivatives in that order, then those by each wanted pair of
  // states, by each state and phi, and by phi twice.
  const tau = timed ? states : -1, phi = kinked ? states + Number(timed) : -1
  const inputCount = states + Number(timed) + Number(kinked)
  const shape: Shape = { inputs: inputCount, hidden, activation }
  const first = Array.from({ length: inputCount }, (_, k) => k)
  const mixed: [number, number][] = kinked && both.length > 0 ? [...first.slice(0, states).map((s): [number, number] => [s, phi]), [phi, phi]] : []
  const net: JetNet = engine.net(shape, { first, second: [...both.map(({ s, r }): [number, number] => [s, r]), ...mixed] }, capacity)
  const valueAlone = engine.net(shape, { first: [], second: [] }, capacity), generator = engine.generator(shape, states, capacity, true)
  const TAU = 1 + tau, PHI = 1 + phi, SECOND = 1 + inputCount, WITH_PHI = SECOND + both.length, PHI_PHI = WITH_PHI + states
  const T = 1 + states, PAIRS = 2 + states
  const inputs = new Float64Array(inputCount * capacity), own = new Float64Array(net.channelCount * capacity)
  const slope = Array.from({ length: states }, () => new Float64Array(capacity)), bend = Array.from({ length: pairCount }, () => new Float64Array(capacity))
  const surface = chebyshev(states - 1), others = new Array<number>(states - 1)
  /** The places of the pairs of x_1 with each state, and of all pairs of other states. */
  const withFirst = Array.from({ length: states }, (_, s) => pairAt(0, s)), amongOthers = pairs(states - 1).map(([s, r]) => pairAt(s + 1, r + 1))

  const place = ({ n, x, t }: Points, { dt, kinks, sides = [] }: Frame): void => {
    x.forEach((row, s) => inputs.set(row.length === n ? row : row.subarray(0, n), s * n))
    if (timed) for (let p = 0; p < n; p++) inputs[tau * n + p] = (2 * t[p]) / dt - 1
    if (kinked) placeKinks(n, x, kinks, sides)
  }
  /** phi and its derivatives by the coordinates: with d = x_1 - c(x_2, ...) > 0, phi = d^n/n. */
  const placeKinks = (n: number, x: readonly Float64Array[], kinks: readonly (readonly number[])[], sides: readonly Uint8Array[]): void => {
    for (const rows of [...slope, ...bend]) rows.fill(0, 0, n)
    for (let p = 0; p < n; p++) {
      let sum = 0
      for (let s = 1; s < states; s++) others[s - 1] = x[s][p]
      for (let switched = 0; switched < kinks.length; switched++) {
        const held = sides[switched]
        if (held && held[p] === 0) continue
        surface.at(kinks[switched], others)
        const over = x[0][p] - surface.value
        if (!held && over <= 0) continue
        const [d, d1, d2] = kink === 2 ? [(over * over) / 2, over, 1] : [over, 1, 0]
        sum += d
        slope[0][p] += d1
        bend[withFirst[0]][p] += d2
        for (let s = 1; s < states; s++) {
          slope[s][p] -= d1 * surface.slope[s - 1]
          bend[withFirst[s]][p] -= d2 * surface.slope[s - 1]
        }
        for (let s = 1, at = 0; s < states; s++) for (let r = s; r < states; r++, at++)
          bend[amongOthers[at]][p] += d2 * surface.slope[s - 1] * surface.slope[r - 1] - d1 * surface.bend[at]
      }
      inputs[phi * n + p] = sum
    }
  }
  /** Cotangents of the channels in units of z and t -> of the net's own channels. */
  const pull = ({ scale, dt }: Frame, { n, first, second }: Points, cotangent: Float64Array): Float64Array => {
    own.fill(0, 0, net.channelCount * n)
    for (let p = 0; p < n; p++) {
      own[p] = scale * cotangent[p]
      if (timed) own[TAU * n + p] = ((2 * scale) / dt) * cotangent[T * n + p]
    }
    for (let s = 0; s < states; s++) for (let p = 0; p < n; p++) own[(1 + s) * n + p] = cotangent[(1 + s) * n + p] * first[s][p]
    both.forEach(({ s, r, k }, m) => {
      for (let p = 0; p < n; p++) {
        const c = cotangent[(PAIRS + k) * n + p]
        if (s === r) own[(1 + s) * n + p] += c * second[s][p]
        own[(SECOND + m) * n + p] = scale * c * first[s][p] * first[r][p]
      }
    })
    for (let s = 0; s < states; s++) for (let p = 0; p < n; p++) own[(1 + s) * n + p] *= scale
    if (!kinked) return own
    for (let s = 0; s < states; s++) for (let p = 0; p < n; p++) own[PHI * n + p] += own[(1 + s) * n + p] * slope[s][p]
    both.forEach(({ s, r, k }, m) => {
      for (let p = 0; p < n; p++) {
        const twice = own[(SECOND + m) * n + p]
        own[PHI * n + p] += twice * bend[k][p]
        own[(WITH_PHI + s) * n + p] += twice * slope[r][p]
        own[(WITH_PHI + r) * n + p] += twice * slope[s][p]
        own[PHI_PHI * n + p] += twice * slope[s][p] * slope[r][p]
      }
    })
    return own
  }
  const channels: ValueNet["channels"] = (weights, frame, points, out) => {
    const { n, first, second } = points, { scale, dt } = frame
    place(points, frame)
    net.forward(weights, inputs, n, own)
    for (let p = 0; p < n; p++) {
      out[p] = scale * own[p]
      out[T * n + p] = timed ? ((2 * scale) / dt) * own[TAU * n + p] : 0
    }
    for (let s = 0; s < states; s++) for (let p = 0; p < n; p++) {
      out[(1 + s) * n + p] = own[(1 + s) * n + p] + (kinked ? own[PHI * n + p] * slope[s][p] : 0)
    }
    both.forEach(({ s, r, k }, m) => {
      for (let p = 0; p < n; p++) {
        let twice = own[(SECOND + m) * n + p]
        if (kinked) twice += own[(WITH_PHI + s) * n + p] * slope[r][p] + own[(WITH_PHI + r) * n + p] * slope[s][p] + own[PHI_PHI * n + p] * slope[s][p] * slope[r][p] + own[PHI * n + p] * bend[k][p]
        out[(PAIRS + k) * n + p] = scale * (twice * first[s][p] * first[r][p] + (s === r ? out[(1 + s) * n + p] * second[s][p] : 0))
      }
    })
    for (let s = 0; s < states; s++) for (let p = 0; p < n; p++) out[(1 + s) * n + p] = scale * out[(1 + s) * n + p] * first[s][p]
  }
  return {
    weightCount: weightCount(shape), channels,
    jets: (weights, frame, points) => {
      const { n } = points
      const out = new Float64Array(channelsOf(states) * n)
      channels(weights, frame, points, out)
      const row = (c: number): Float64Array => out.slice(c * n, (c + 1) * n)
      return { value: row(0), first: Array.from({ length: states }, (_, s) => row(1 + s)), second: Array.from({ length: pairCount }, (_, k) => row(PAIRS + k)) }
    },
    values: (weights, frame, points) => {
      const { n } = points, out = new Float64Array(n)
      place(points, frame)
      valueAlone.forward(weights, inputs, n, out)
      for (let p = 0; p < n; p++) out[p] *= frame.scale
      return out
    },
    flow: (frame, points, lines) => {
      const { n, first, second } = points, { factors } = lines
      place(points, frame)
      const given = (k: number, input: number): Float64Array => lines.directions.subarray((k * (states + 1) + input) * n, (k * (states + 1) + input + 1) * n)
      const directions = new Float64Array((states + 1) * inputCount * n)
      const own = (k: number, input: number): Float64Array => directions.subarray((k * inputCount + input) * n, (k * inputCount + input + 1) * n)
      // By the chain rule: along a shock x moves by x' h, and phi with it; the drift of x is x' b + s x'' h^2 (Ito's lemma), that of phi likewise.
      for (let k = 0; k <= states; k++) for (let s = 0; s < states; s++) {
        const h = given(k, s), x = own(k, s)
        for (let p = 0; p < n; p++) x[p] = first[s][p] * h[p]
      }
      for (let s = 0; s < states; s++) for (let k = 0; k < states; k++) {
        const h = given(k, s), x = own(states, s)
        for (let p = 0; p < n; p++) x[p] += factors[k * n + p] * second[s][p] * h[p] * h[p]
      }
      if (timed) {
        const time = given(states, states), clock = own(states, tau)
        for (let p = 0; p < n; p++) clock[p] = (2 / frame.dt) * time[p]
      }
      if (kinked) {
        for (let k = 0; k <= states; k++) for (let s = 0; s < states; s++) {
          const x = own(k, s), up = own(k, phi)
          for (let p = 0; p < n; p++) up[p] += slope[s][p] * x[p]
        }
        const drift = own(states, phi)
        for (let k = 0; k < states; k++) pairs(states).forEach(([s, r], pair) => {
          const x = own(k, s), y = own(k, r), times = s === r ? 1 : 2
          for (let p = 0; p < n; p++) drift[p] += times * factors[k * n + p] * bend[pair][p] * x[p] * y[p]
        })
      }
      return { n, points: inputs.slice(0, inputCount * n), directions, factors }
    },
    generator,
    rows: (weights, frame, points, cotangent, jacobian) => {
      place(points, frame)
      net.jacobian(weights, inputs, points.n, pull(frame, points, cotangent), jacobian)
    },
    initial: uniform => initialWeights(shape, uniform),
    spread: random => spreadWeights(shape, random),
    rescale: (weights, factor) => { for (let k = weights.length - 1 - (hidden.at(-1) ?? shape.inputs); k < weights.length; k++) weights[k] *= factor },
  }
}
