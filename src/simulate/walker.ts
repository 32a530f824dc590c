import { brownian } from "./brownian.ts"
import { fieldReader } from "./field.ts"
import { crisisChannel, driftChannel, noiseChannel, stepChannel, type Law } from "./law.ts"

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
  let steps = 0, alive = true, region = 0, nearest = 0, gap = Infinity

  const noiseSquared = (values: Float64Array, s: number): number => {
    let sum = 0
    for (let k = 0; k < shocks; k++) sum += values[noiseAt[s] + k] ** 2
    return sum
  }
  const look = (): void => {
    region = reader.at(x, here)
    gap = Infinity
    const z = x[marched]
    if (region > 0) { gap = z - reader.ends[0]; nearest = reader.ends[0] }
    if (region < breaks && reader.ends[1] - z < gap) { gap = reader.ends[1] - z; nearest = reader.ends[1] }
  }
  const isNear = (h: number): boolean => gap < Infinity && gap * gap < SIGHT * SIGHT * noiseSquared(here, marched) * h

  /** Walks the interval `place` of length `lengths[level]` with increments `by`. */
  const walk = (level: number, place: number, by: Float64Array, looked: boolean): void => {
    if (!looked) look()
    const h = lengths[level]
    if (level === halvings || (h <= here[stepAt] && !isNear(h))) return step(h, place, by)
    const left = first[level + 1], right = rest[level + 1]
    const spread = Math.sqrt(h) / 2
    for (let k = 0; k < shocks; k++) {
      left[k] = by[k] / 2 + spread * source.normal(place, k)
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
      if (s === marched && isNear(h)) x[s] = across(x[s], move, h, place)
      else x[s] += move + here[driftChannel(s)] * h
    }
    if (absorbing) absorb(h, place)
    else for (let s = 0; s < states; s++) x[s] = mirrored(x[s], from[s], to[s])
  }
  /** The end of a step that may touch a break: noise first, then the drift of the sides it began and ended on. */
  const across = (z: number, move: number, h: number, place: number): number => {
    const start = z - nearest, end = start + move
    const variance = noiseSquared(here, marched)
    const touched = start * end <= 0 || source.uniform(place, 0) < Math.exp((-2 * start * end) / (variance * h))
    const drift = here[driftChannel(marched)]
    if (!touched) return z + move + drift * h
    const isAbove = start > 0 || (start === 0 && region > 0 && nearest === reader.ends[0])
    beside.set(x)
    beside[marched] = nearest
    reader.inRegion(beside, isAbove ? region - 1 : region + 1, there)
    const own = Math.sqrt(variance), other = Math.sqrt(noiseSquared(there, marched))
    const below = isAbove ? other : own, above = isAbove ? own : other
    const endsAbove = source.uniform(place, 1) * (below + above) < below
    const size = Math.abs(end) / own
    const landed = endsAbove === isAbove ? drift : there[driftChannel(marched)]
    return nearest + (endsAbove ? above : -below) * size + ((drift + landed) / 2) * h
  }
  /** Stops the path where it left the domain or touched its end on the way. */
  const absorb = (h: number, place: number): void => {
    for (let s = 0; s < states; s++) {
      const variance = noiseSquared(here, s) * h
      for (const end of [from[s], to[s]]) {
        const inward = end === from[s] ? 1 : -1
        const start = (before[s] - end) * inward, stop = (x[s] - end) * inward
        const reached = stop <= 0 || (start * stop < 20 * variance && source.uniform(place + (end === from[s] ? 0 : ABOVE), 0) < Math.exp((-2 * start * stop) / variance))
        if (!reached) continue
        x[s] = end
        alive = false
      }
    }
  }
  const whole = first[0], spread = Math.sqrt(dt)
  return {
    point: x,
    look() {
      look()
      return here[crisisAt] > 0
    },
    period(path, period) {
      alive = true
      source.open(path, period)
      for (let k = 0; k < shocks; k++) whole[k] = spread * source.normal(0, k)
      walk(0, 1, whole, true)
      return alive
    },
    get steps() { return steps },
  }
}

/** Tells the upper end of a state from its lower one among the addresses of uniforms. */
const ABOVE = 0x40000000

/** What left an interval is thrown back from its end; what would leave it on the other side stops there. */
function mirrored(x: number, from: number, to: number): number {
  if (x >= from && x <= to) return x
  return Math.min(to, Math.max(from, x < from ? 2 * from - x : 2 * to - x))
}
