import { correlationFactor } from "../math/correlationFactor.ts"
import type { Problem } from "../model/problem.ts"
import { numberText } from "../run/numberText.ts"
import type { Solution } from "../solve/solution.ts"
import { motionOf } from "../solve/motion.ts"
import { fieldOf, type Field } from "./field.ts"
import type { Regions } from "./regions.ts"

/**
 * The law of motion as a field, dx = drift dt + noise dB with independent Brownian motions B: the loadings times the
 * Cholesky factor of the correlations of the shocks. Channels: drift by state, noise by state then shock, the longest step,
 * and the crisis indicator (in crisis where it is positive).
 */
export interface Law {
  readonly field: Field
  readonly states: number
  readonly shocks: number
  /** The Cholesky factor of the correlations of the shocks. */
  readonly factor: readonly (readonly number[])[]
}

export const driftChannel = (state: number): number => state
export const noiseChannel = ({ states, shocks }: Law, state: number, shock: number): number => states + state * shocks + shock
export const stepChannel = ({ states, shocks }: Law): number => states * (1 + shocks)
export const crisisChannel = (law: Law): number => stepChannel(law) + 1

/** The variance rate of the distance to a break that leans by `slopes` along the states other than the marched one, from the channels at a point. */
export function varianceAcross({ states, shocks, field: { marched } }: Law, channels: Float64Array, slopes: Float64Array): number {
  let sum = 0
  for (let k = 0; k < shocks; k++) {
    let noise = channels[states + marched * shocks + k]
    for (let j = 0; j < slopes.length; j++) noise -= slopes[j] * channels[states + (j < marched ? j : j + 1) * shocks + k]
    sum += noise * noise
  }
  return sum
}

/** Where the economy is in crisis: a column at the nodes of the solution, positive in crisis, or one flag a region and row. */
export type CrisisIndicator = { readonly column: Float64Array } | { readonly flags: readonly ArrayLike<number>[] } | undefined

export function lawOf(problem: Problem, solution: Solution, regions: Regions, crisis: CrisisIndicator): Law {
  const { drift, loadings } = motionOf(problem, solution)
  const factor = correlationFactor(problem.correlations)
  const n = solution.table.length, shocks = problem.shocks.length
  const noise = loadings.flatMap(row => Array.from({ length: shocks }, (_, k) => {
    const column = new Float64Array(n)
    for (let l = k; l < shocks; l++) for (let i = 0; i < n; i++) column[i] += row[l][i] * factor[l][k]
    return column
  }))
  const nodes = solution.states.map(s => s.nodes)
  const none = new Float64Array(n)
  const columns = [...drift, ...noise, none, ...(crisis === undefined ? [none] : "column" in crisis ? [crisis.column] : [])]
  const law = { field: fieldOf(nodes, regions, columns, crisis && "flags" in crisis ? [crisis.flags] : []), states: nodes.length, shocks, factor }
  setLongestSteps(law)
  return law
}

/**
 * The longest Euler step at each node: over it, one standard deviation of a state changes that state's own noise by at most a
 * fifth of itself (noise' sqrt(h) <= 1/5), and its drift acts over at most a tenth of its own time scale (|drift'| h <= 1/10).
 */
function setLongestSteps(law: Law): void {
  const { field, states, shocks } = law
  const { channels, nodes, data, others, marched } = field
  const strides = others.map((_, j) => others.slice(j + 1).reduce((product, axis) => product * axis.length, 1))
  nodes.forEach((xi, region) => {
    const values = data[region], count = xi.length, rows = values.length / (channels * count)
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < count; k++) {
        let longest = LONGEST
        for (let s = 0; s < states; s++) {
          for (const [from, to, width] of neighbours(s, row, k)) {
            const change = (c: number): number => (width > 0 ? (values[to * channels + c] - values[from * channels + c]) / width : 0)
            let slope = 0
            for (let m = 0; m < shocks; m++) slope += change(noiseChannel(law, s, m)) ** 2
            longest = Math.min(longest, NOISE_CHANGE ** 2 / slope, DRIFT_CHANGE / Math.abs(change(driftChannel(s))))
          }
        }
        values[(row * count + k) * channels + stepChannel(law)] = longest
      }
    /** Pairs of places (row * count + k) beside a node in the direction of a state, with the distance between them. */
    function neighbours(s: number, row: number, k: number): [number, number, number][] {
      const at = row * count + k
      if (s === marched) {
        const width = widthOf(region, row)
        return [[k - 1, k], [k, k + 1]].filter(([a, b]) => a >= 0 && b < count).map(([a, b]) => [at - k + a, at - k + b, (xi[b] - xi[a]) * width])
      }
      const j = s < marched ? s : s - 1, stride = strides[j], i = Math.floor(row / stride) % others[j].length
      return [[i - 1, i], [i, i + 1]].filter(([a, b]) => a >= 0 && b < others[j].length)
        .map(([a, b]) => [at + (a - i) * stride * count, at + (b - i) * stride * count, others[j][b] - others[j][a]])
    }
  })
  function widthOf(region: number, row: number): number {
    const low = region > 0 ? field.breaks[region - 1][row] : field.from[marched]
    return (region < field.breaks.length ? field.breaks[region][row] : field.to[marched]) - low
  }
}

const NOISE_CHANGE = 0.2
const DRIFT_CHANGE = 0.1
/** Where nothing changes (years). */
const LONGEST = 1e6

/** Where drift or noise is no number, in one sentence; "" where all are. */
export function lawFault({ field, states, shocks }: Law, names: readonly string[]): string {
  const { channels, nodes, data, others, marched, from, to, breaks } = field
  for (const [region, values] of data.entries())
    for (let at = 0; at < values.length; at++) {
      const channel = at % channels, place = Math.floor(at / channels), row = Math.floor(place / nodes[region].length)
      if (channel >= states * (1 + shocks) || Number.isFinite(values[at])) continue
      const low = region > 0 ? breaks[region - 1][row] : from[marched], high = region < breaks.length ? breaks[region][row] : to[marched]
      const point = [low + nodes[region][place % nodes[region].length] * (high - low)]
      for (let j = others.length - 1, rest = row; j >= 0; rest = Math.floor(rest / others[j].length), j--) point.unshift(others[j][rest % others[j].length])
      const order = [...names.filter((_, s) => s !== marched), names[marched]]
      const what = channel < states ? `the drift of ${names[channel]}` : `the volatility of ${names[Math.floor((channel - states) / shocks)]}`
      return `${what} is ${values[at]} at ${order.map((name, s) => `${name} = ${numberText(point[s])}`).join(", ")}`
    }
  return ""
}
