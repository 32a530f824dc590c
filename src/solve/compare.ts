import type { Solution } from "./solution.ts"
import { valueAt } from "./valueAt.ts"

/** How far a second solution is from a first, variable by variable. */
export interface Difference {
  readonly variable: string
  readonly methods: readonly [string, string]
  /** Largest and mean difference relative to the first solution (to its largest value where that is near zero; absolute where it is zero throughout). */
  readonly largest: number
  readonly mean: number
  /** Where it is largest. */
  readonly at: Readonly<Record<string, number>>
}

/** On the grid of the first solution, inside the domain of both. */
export function differences(first: Solution, second: Solution, of: readonly string[]): Difference[] {
  const points = nodesOf(first).filter(point => second.states.every(({ name, nodes }) => point[name] >= nodes[0] && point[name] <= nodes[nodes.length - 1]))
  return of.map(variable => {
    const column = points.map(point => valueAt(first, variable, point))
    const size = column.reduce((most, x) => Math.max(most, Math.abs(x) || 0), 0)
    let largest = 0, sum = 0, count = 0, at = points[0]
    points.forEach((point, i) => {
      const d = Math.abs(valueAt(second, variable, point) - column[i]) / (size > ZERO ? Math.max(Math.abs(column[i]), NEAR_ZERO * size) : 1)
      if (Number.isNaN(d)) return
      sum += d
      count++
      if (d > largest) { largest = d; at = point }
    })
    return { variable, methods: [first.method, second.method], largest, mean: count > 0 ? sum / count : NaN, at }
  })
}

/** The nodes of a solution, in the order of its table. */
const nodesOf = ({ states }: Solution): Record<string, number>[] =>
  states.reduce<Record<string, number>[]>((points, { name, nodes }) => points.flatMap(point => Array.from(nodes, x => ({ ...point, [name]: x }))), [{}])

/** A variable that passes through zero is compared with its size elsewhere. */
const NEAR_ZERO = 0.01
/** Below this a variable is zero up to rounding, and nothing is relative to it. */
const ZERO = 1e-13

/** Whether two solutions with bounds on their errors agree to them. */
export interface Agreement {
  readonly variable: string
  readonly methods: readonly [string, string]
  /** The largest difference over the sum of both bounds: at most 1 where both hold. */
  readonly largest: number
  readonly at: Readonly<Record<string, number>>
  readonly within: boolean
}

/** For each variable that has its bound in both, on the grid of the first solution. */
export function agreements(first: Solution, second: Solution): Agreement[] {
  const [{ name, nodes }] = first.states
  const bounded = Object.keys(first.table.columns).filter(column => column.startsWith(BOUND) && Object.hasOwn(second.table.columns, column)).map(column => column.slice(BOUND.length))
  return bounded.map(variable => {
    let largest = 0, at = nodes[0]
    for (const x of nodes) {
      const [a, b] = [first, second].map(solution => valueAt(solution, variable, { [name]: x }))
      const [e, f] = [first, second].map(solution => Math.abs(valueAt(solution, BOUND + variable, { [name]: x })))
      const ratio = Math.abs(a - b) / (e + f)
      if (ratio > largest || Number.isNaN(ratio)) { largest = ratio; at = x }
    }
    return { variable, methods: [first.method, second.method], largest, at: { [name]: at }, within: largest <= 1 }
  })
}

/** Columns `bound:p` hold bounds on the errors of columns `p`. */
const BOUND = "bound:"
