import { brownian } from "./brownian.ts"
import { fieldReader } from "./field.ts"
import { crisisChannel, noiseChannel, stepChannel, varianceAcross, type Law } from "./law.ts"

/** How a path is followed. Plain data. */
export interface Walk {
  readonly law: Law
  readonly seed: number
  /** Years between two looks at a path; the longest Euler step. */
  readonly dt: number
  /** How many times a step is halved at most where the law of motion changes quickly, and near a break. */
  readonly halvings: number
  readonly ends: "reflecting" | "absorbing"
}

/**
 * Follows paths by the Euler scheme, x + drift h + noise dB.
 *
 * - Steps are halved, up to a limit, until the law of motion changes little over one (`law.ts`), and near a break.
 * - Across a break the noise jumps. With its size constant on either side the process is an oscillating Brownian motion
 *   (Keilson & Wellner 1978), whose step is drawn exactly: if it touches the break, which it does with probability
 *   exp(-2 y0 y1 / (s^2 h)) even when it ends on the side of its start, it ends above with probability s_below/(s_below +
 *   s_above). Plain Euler steps would be wrong by the order sqrt(h) here.
 * - Reflecting ends mirror what leaves the domain. At absorbing ends a path stops, also where it only touched the end
 *   within a step (the Brownian bridge again).
 */
export interface Walker {
  /** Where the path is; set it, then `look`. */
  readonly point: Float64Array
  /** Looks up the law of motion at the point; whether it lies in the crisis region. */
  look(): boolean
  /** Moves the point, looked at before, over one period of a path. False where it was absorbed: then it lies on an end. */
  period(path: number, period: number): boolean
  /** Euler steps so far. */
  readonly steps: number
}

/** Further from a break than so many standard deviations, a step does not see it. */
const SIGHT = 3

export function walker({ law, seed, dt, halvings, ends }: Walk, purpose: number): Walker {
  const { field, states, shocks } = law
  const { marched, from, to } = field
  const breaks = field.breaks.length, absorbing = ends === "absorbing"
  const reader = fieldReader(field), here = new Float64Array(field.channels), there = new Float64Array(field.channels)
  const source = brownian(seed, purpose, shocks, halvings)
  // Increments over the interval being walked and over its second half, by level.
  const first = Array.from({ length: halvings + 1 }, () => new Float64Array(shocks))
  const rest = Array.from({ length: halvings + 1 }, () => new Float64Array(shocks))
  const lengths = Array.from({ length: halvings + 1 }, (_, level) => dt / 2 ** level)
  const x = new Float64Array(states), before = new Float64Array(states), beside = new Float64Array(states)
  const stepAt = stepChannel(law), crisisAt = crisisChannel(law)
  const noiseAt = Int32Array.from({ length: states }, (_, s) => noiseChannel(law, s, 0))
  const noise = new Float64Array(states), slopes = new Float64Array(states - 1)
  // About the break nearest to the point last looked at: where it is, on which side (-1 below the point), how far, and the variance rate of that distance.
  let steps = 0, alive = true, region = 0, nearest = 0, side = 1, gap = Infinity, spread = 0

  const look = (): void => {
    region = reader.at(x, here)
    gap = Infinity
    const z = x[marched]
    if (region > 0) { gap = z - reader.ends[0]; side = -1 }
    if (region < breaks && reader.ends[1] - z < gap) { gap = reader.ends[1] - z; side = 1 }
    if (gap === Infinity) return
    nearest = side < 0 ? reader.ends[0] : reader.ends[1]
    if (states > 1) reader.slopes(side < 0 ? region - 1 : region, slopes)
    spread = varianceAcross(law, here, slopes)
  }
  const isNear = (h: number): boolean => gap < Infinity && gap * gap < SIGHT * SIGHT * spread * h

  /** Walks the interval `place` of length `lengths[level]` with increments `by`. */
  const walk = (level: number, place: number, by: Float64Array, looked: boolean): void => {
    if (!looked) look()
    const h = lengths[level]
    if (level === halvings || (h <= here[stepAt] && !isNear(h))) return step(h, place, by)
    const left = first[level + 1], right = rest[level + 1]
    const bridge = Math.sqrt(h) / 2
    for (let k = 0; k < shocks; k++) {
      left[k] = by[k] / 2 + bridge * source.normal(place, k)
      right[k] = by[k] - left[k]
    }
    walk(level + 1, 2 * place, left, true)
    if (alive) walk(level + 1, 2 * place + 1, right, false)
  }
  const step = (h: number, place: number, by: Float64Array): void => {
    steps++
    before.set(x)
    for (let s = 0; s < states; s++) {
      let move = 0
      for (let k = 0; k < shocks; k++) move += here[noiseAt[s] + k] * by[k]
      noise[s] = move
      x[s] += move + here[s] * h
    }
    if (isNear(h)) across(h, place)
    if (absorbing) absorb(h, place)
    else for (let s = 0; s < states; s++) x[s] = mirrored(x[s], from[s], to[s])
  }
  /**
   * Corrects the end of a step that touched a break. The distance to the break moves by the noise first, then by the drift of the
   * sides it began and ended on; where the break leans, it is where the other states have come to.
   */
  const across = (h: number, place: number): void => {
    const z = before[marched], start = z - nearest
    let end = start + noise[marched], shift = 0
    for (let j = 0; j < slopes.length; j++) {
      const s = j < marched ? j : j + 1
      end -= slopes[j] * noise[s]
      shift += slopes[j] * (x[s] - before[s])
    }
    if (!(start * end <= 0 || source.uniform(place, 0) < Math.exp((-2 * start * end) / (spread * h)))) return
    beside.set(before)
    beside[marched] = nearest
    reader.inRegion(beside, region + side, there)
    const own = Math.sqrt(spread), other = Math.sqrt(varianceAcross(law, there, slopes))
    const isAbove = side < 0, below = isAbove ? other : own, above = isAbove ? own : other
    const endsAbove = source.uniform(place, 1) * (below + above) < below
    const drift = here[marched], landed = endsAbove === isAbove ? drift : there[marched]
    let drifts = ((drift + landed) / 2) * h
    for (let j = 0; j < slopes.length; j++) drifts -= slopes[j] * here[j < marched ? j : j + 1] * h
    x[marched] = nearest + shift + (endsAbove ? above : -below) * (Math.abs(end) / own) + drifts
  }
  /** Stops the path where it left the domain or touched its end on the way. */
  const absorb = (h: number, place: number): void => {
    for (let s = 0; s < states; s++) {
      let variance = 0
      for (let k = 0; k < shocks; k++) variance += here[noiseAt[s] + k] ** 2 * h
      for (const end of [from[s], to[s]]) {
        const inward = end === from[s] ? 1 : -1
        const start = (before[s] - end) * inward, stop = (x[s] - end) * inward
        const reached = stop <= 0 || (start * stop < 20 * variance && source.uniform(place + (end === from[s] ? 0 : ABOVE), 2 + (s & 1)) < Math.exp((-2 * start * stop) / variance))
        if (!reached) continue
        x[s] = end
        alive = false
      }
    }
  }
  const whole = first[0], root = Math.sqrt(dt)
  return {
    point: x,
    look() {
      look()
      return here[crisisAt] > 0
    },
    period(path, period) {
      alive = true
      source.open(path, period)
      for (let k = 0; k < shocks; k++) whole[k] = root * source.normal(0, k)
      walk(0, 1, whole, true)
      return alive
    },
    get steps() { return steps },
  }
}

/** Uniforms 0 and 1 are those of a break, 2 and 3 those of ends. This tells the upper end of a state from its lower one among the addresses of uniforms. */
const ABOVE = 0x40000000

/** What left an interval is thrown back from its end; what would leave it on the other side stops there. */
function mirrored(x: number, from: number, to: number): number {
  if (x >= from && x <= to) return x
  return Math.min(to, Math.max(from, x < from ? 2 * from - x : 2 * to - x))
}
