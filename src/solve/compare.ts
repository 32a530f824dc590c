import type { Solution } from "./solution.ts"
import { valueAt } from "./valueAt.ts"

/** How far a second solution is from a first, variable by variable. */
export interface Difference {
  readonly variable: string
  readonly methods: readonly [string, string]
  /** Largest and mean difference relative to the first solution (to its largest value where that is near zero). */
  readonly largest: number
  readonly mean: number
  /** Where it is largest. */
  readonly at: Readonly<Record<string, number>>
}

/** On the grid of the first solution, inside the domain of both. */
export function differences(first: Solution, second: Solution, of: readonly string[]): Difference[] {
  const [{ name, nodes }] = first.states
  const other = second.states[0].nodes
  const inside = nodes.filter(x => x >= other[0] && x <= other[other.length - 1])
  return of.map(variable => {
    const column = Array.from(inside, x => valueAt(first, variable, { [name]: x }))
    const size = column.reduce((most, x) => Math.max(most, Math.abs(x) || 0), 0)
    let largest = 0, sum = 0, count = 0, at = inside[0]
    inside.forEach((x, i) => {
      const d = Math.abs(valueAt(second, variable, { [name]: x }) - column[i]) / Math.max(Math.abs(column[i]), NEAR_ZERO * size, Number.MIN_VALUE)
      if (Number.isNaN(d)) return
      sum += d
      count++
      if (d > largest) { largest = d; at = x }
    })
    return { variable, methods: [first.method, second.method], largest, mean: count > 0 ? sum / count : NaN, at: { [name]: at } }
  })
}

/** A variable that passes through zero is compared with its size elsewhere. */
const NEAR_ZERO = 0.01
