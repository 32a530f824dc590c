import { fieldReader } from "./field.ts"
import { noiseChannel, type Law } from "./law.ts"
import { walker, type Walk } from "./walker.ts"

/** Many paths from one point, looked at on dates. Forecasts with the same walk meet the same Brownian paths, whatever their start. Plain data. */
export interface Forecast {
  readonly walk: Walk
  readonly start: Float64Array
  /** Dates after the start, and the periods between two. */
  readonly dates: number
  readonly every: number
}

/** The stream of random numbers of these paths. */
export const FORECAST = 1

/** How many numbers a path writes: the states at the start and at every date. */
export const pathLength = ({ start, dates }: Forecast): number => (dates + 1) * start.length

/** Follows paths `first` to `end`-1; path p writes its states, date by date, from `(p - first) * pathLength` on. */
export function follow(forecast: Forecast, first: number, end: number, out: Float64Array): void {
  const { walk, start, dates, every } = forecast
  const legs = walker(walk, FORECAST), { point } = legs
  for (let path = first, at = 0; path < end; path++) {
    point.set(start)
    let alive = true
    for (let date = 0; date <= dates; date++, at += start.length) {
      out.set(point, at)
      for (let k = 0; k < every && alive && date < dates; k++) {
        legs.look()
        alive = legs.period(path, date * every + k)
      }
    }
  }
}

/**
 * Where a shock carries a state: along the loadings, dx/du = noise(x) c_k, until the k-th shock has moved by `size` (in standard
 * deviations of a year). c_k is row k of the Cholesky factor of the correlations: the other shocks move with the k-th as their
 * correlation makes expected. By Heun's method.
 */
export function shocked(law: Law, start: Float64Array, shock: number, size: number): Float64Array {
  const { field, states, factor } = law
  const reader = fieldReader(field), here = new Float64Array(field.channels)
  const slope = (x: Float64Array): Float64Array => {
    reader.at(x, here)
    return Float64Array.from({ length: states }, (_, s) => factor[shock].reduce((sum, c, k) => sum + c * here[noiseChannel(law, s, k)], 0))
  }
  const inside = (x: Float64Array): Float64Array => x.map((v, s) => Math.min(field.to[s], Math.max(field.from[s], v)))
  const x = start.slice(), h = size / SUBSTEPS
  for (let i = 0; i < SUBSTEPS; i++) {
    const first = slope(x)
    const second = slope(inside(x.map((v, s) => v + h * first[s])))
    x.set(inside(x.map((v, s) => v + (h / 2) * (first[s] + second[s]))))
  }
  return x
}

const SUBSTEPS = 400
