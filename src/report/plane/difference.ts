import type { Solution } from "../../solve/solution.ts"
import type { Plane } from "./plane.ts"

/** |other - reference| at the reference's nodes, relative to the largest size of the reference; absolute where that is zero everywhere. */
export function differenceAt(plane: Plane, other: Solution, variable: string): Float64Array | undefined {
  const { reference: { table: { columns } }, states: [first, second] } = plane
  const field = plane.field(other, variable)
  if (!field || !Object.hasOwn(columns, variable)) return undefined
  const own = columns[variable], size = own.reduce((most, value) => Math.abs(value) > most ? Math.abs(value) : most, 0) || 1
  const domain = other.states.map(({ nodes }) => [nodes[0], nodes[nodes.length - 1]])
  const { [first]: xs, [second]: ys } = columns
  return own.map((value, k) => {
    const [x, y] = [xs[k], ys[k]]
    return x < domain[0][0] || x > domain[0][1] || y < domain[1][0] || y > domain[1][1] ? NaN : Math.abs(field.at(x, y) - value) / size
  })
}

export interface PlaneGap { readonly largest: number; readonly mean: number; readonly at: readonly [number, number] }

/** The largest and mean of a difference over the nodes at which both are defined; undefined where there are none. */
export function gapAt({ reference: { table: { columns } }, states: [first, second] }: Plane, difference: Float64Array): PlaneGap | undefined {
  let largest = -1, sum = 0, count = 0, at: [number, number] = [NaN, NaN]
  difference.forEach((value, k) => {
    if (!Number.isFinite(value)) return
    sum += value
    count++
    if (value > largest) { largest = value; at = [columns[first][k], columns[second][k]] }
  })
  return count > 0 ? { largest, mean: sum / count, at } : undefined
}
