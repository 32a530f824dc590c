import { decimals, powerOfTen } from "./number.ts"

/** A scale with its ticks, ready to draw. Values outside the domain are left out of the picture. */
export interface Axis {
  readonly kind: "linear" | "log"
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
  /** Markup of a tick. */
  text(tick: number): string
  /** Markup to add to the label where ticks are multiples of a power of ten; else "". */
  readonly factor: string
}

/** Below this share of its size the variation of a function is rounding, and it is drawn as the constant that it is. */
export const CONSTANT = 1e-6
/** Numbers smaller than this are rounding about zero. */
export const ZERO = 1e-14

/** An axis that holds all values, with room; a constant stands in the middle. Positive values of very different size get a log axis. */
export function axisOf(values: readonly number[], options: { tight?: boolean; zero?: boolean } = {}): Axis {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b)
  if (finite.length === 0) return linearAxis(0, 1)
  const quantile = (p: number) => finite[Math.round(p * (finite.length - 1))]
  let low = finite[0], high = finite[finite.length - 1]
  const size = Math.max(-low, high)
  if (options.tight) return tightAxis(low, high - low > Math.max(CONSTANT * size, ZERO) ? high : low + Math.max(1, Math.abs(low)))
  if (!options.zero && quantile(0.02) > 0 && quantile(0.98) > 1000 * quantile(0.02)) return logAxis(finite)
  if (size < ZERO) return linearAxis(-1, 1)
  if (high - low < CONSTANT * size) return linearAxis(low - 0.1 * size, high + 0.1 * size)
  const bulk = Math.max(-quantile(0.04), quantile(0.96))
  // A pole at an end of the domain would flatten the rest of the curve: the axis then ends where most of the curve does.
  if (bulk > ZERO && size > 20 * bulk) { low = Math.max(low, -1.5 * bulk); high = Math.min(high, 1.5 * bulk) }
  if (options.zero || (low > 0 && low < 0.35 * high)) low = Math.min(0, low)
  if (high < 0 && high > 0.35 * low) high = 0
  const room = 0.05 * (high - low)
  return linearAxis(low === 0 ? 0 : low - room, high === 0 ? 0 : high + room)
}

/** From end to end; an end that falls short of a tick by a hair (0.001 of 0) is moved onto it. */
function tightAxis(low: number, high: number): Axis {
  const step = niceStep((high - low) / 5), hair = 0.02 * (high - low)
  const onto = (end: number) => { const tick = Math.round(end / step) * step; return Math.abs(tick - end) < hair ? tick : end }
  return linearAxis(Math.min(low, onto(low)), Math.max(high, onto(high)))
}

/** Ticks at round numbers, about `count` of them. */
export function linearAxis(low: number, high: number, count = 5): Axis {
  const size = Math.max(Math.abs(low), Math.abs(high))
  const exponent = size > 0 && (size < 2e-3 || size >= 1e5) ? Math.floor(Math.log10(size)) : 0
  const scale = 10 ** exponent
  const step = niceStep((high - low) / count)
  const digits = Math.max(0, Math.min(12, -Math.floor(Math.log10(step / scale) + 1e-9)))
  const ticks: number[] = []
  for (let i = Math.ceil(low / step - 1e-9); i <= high / step + 1e-9; i++) ticks.push(i * step)
  return { kind: "linear", domain: [low, high], ticks, text: tick => decimals(tick / scale, digits), factor: exponent ? `\u00D7\u202F${powerOfTen(exponent)}` : "" }
}

/** Whole decades about the positive values; no more than `most` below the largest, since what lies deeper is rounding. */
export function logAxis(values: readonly number[], most = 16): Axis {
  const exponents = values.filter(value => value > 0 && Number.isFinite(value)).map(Math.log10)
  const top = exponents.length ? Math.ceil(exponents.reduce((a, b) => Math.max(a, b)) - 1e-9) : 0
  const bottom = exponents.length ? Math.floor(exponents.reduce((a, b) => Math.min(a, b)) + 1e-9) : -1
  const low = Math.max(Math.min(bottom, top - 1), top - most)
  const every = Math.ceil((top - low) / 6)
  const ticks: number[] = []
  for (let exponent = top; exponent >= low; exponent -= every) ticks.unshift(10 ** exponent)
  return { kind: "log", domain: [10 ** low, 10 ** top], ticks, text: tick => powerOfTen(Math.round(Math.log10(tick))), factor: "" }
}

/** An axis of counts, from end to end: ticks are whole numbers, written out. */
export function countAxis(counts: Float64Array): Axis {
  const axis = axisOf([...counts], { tight: true })
  return { ...axis, ticks: axis.ticks.filter(Number.isInteger), text: tick => decimals(tick, 0), factor: "" }
}

/** Every other tick where a low panel would be crowded; zero stays. */
export function sparse(axis: Axis): Axis {
  if (axis.ticks.length <= 5) return axis
  const zero = axis.ticks.findIndex(tick => Math.abs(tick) < 1e-12)
  return { ...axis, ticks: axis.ticks.filter((_, i) => (i - Math.max(0, zero)) % 2 === 0) }
}

/** Where a value lies on the axis: 0 at its start, 1 at its end. */
export function positionOn({ kind, domain: [low, high] }: Axis, value: number): number {
  return kind === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
}

export const isOn = ({ domain: [low, high] }: Axis, value: number) => {
  const slack = 1e-9 * (high - low)
  return value >= low - slack && value <= high + slack
}

function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  const lead = step / power
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10)
}
