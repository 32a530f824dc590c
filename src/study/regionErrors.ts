import { valueAt } from "../solve/valueAt.ts"
import type { Solution } from "../solve/solution.ts"

/** Where errors are measured: before the switch along the first state, within `NEAR` of it, everywhere. */
export const REGIONS = ["crisis", "switch", "all"] as const
export type Region = (typeof REGIONS)[number]
export type Errors = Readonly<Record<Region, readonly number[]>>

/** Half-width of the neighbourhood of a switch. */
const NEAR = 0.02
/** Points of the ruler along the first state, and along the others. */
const ALONG = 400, ACROSS = 15

/** Points at which solutions are held against a reference, evenly spread over its domain, with the side of the switch each lies on. */
export interface Ruler {
  readonly reference: Solution
  readonly points: readonly Readonly<Record<string, number>>[]
  readonly inside: Readonly<Record<Region, Uint8Array>>
  /** The names of the value functions. */
  readonly values: readonly string[]
  /** The reference at the points, by variable. */
  column(variable: string): Float64Array
  /** The mean distance of a solution's switch from the reference's; NaN where it has none. */
  switchDistance(solution: Solution): number
}

export function rulerFor(reference: Solution, values: readonly string[]): Ruler {
  const { states } = reference, [first, ...others] = states
  const spread = (nodes: Float64Array, n: number): number[] => Array.from({ length: n }, (_, i) => nodes[0] + ((nodes[nodes.length - 1] - nodes[0]) * (i + 0.5)) / n)
  const rows = others.reduce<Record<string, number>[]>((points, { name, nodes }) => points.flatMap(point => spread(nodes, ACROSS).map(x => ({ ...point, [name]: x }))), [{}])
  const points = rows.flatMap(row => spread(first.nodes, ALONG).map(x => ({ [first.name]: x, ...row })))
  const at = points.map(point => switchAt(reference, point))
  const inside = {
    crisis: Uint8Array.from(points, (point, k) => Number(point[first.name] < at[k])),
    switch: Uint8Array.from(points, (point, k) => Number(Math.abs(point[first.name] - at[k]) <= NEAR)),
    all: Uint8Array.from(points, () => 1),
  }
  const columns = new Map<string, Float64Array>()
  return {
    reference, points, inside, values,
    column(variable) {
      const column = columns.get(variable) ?? Float64Array.from(points, point => valueAt(reference, variable, point))
      columns.set(variable, column)
      return column
    },
    switchDistance(solution) {
      const distances = rows.map(row => Math.abs(switchAt(solution, row) - switchAt(reference, row)))
      return distances.reduce((sum, d) => sum + d, 0) / distances.length
    },
  }
}

/** Where the switch lies at a point's other states: linear between the rows; at the end of the domain where a row lies on one side whole. */
function switchAt({ states, switches }: Solution, point: Readonly<Record<string, number>>): number {
  const [first, ...others] = states, end = first.nodes[first.nodes.length - 1]
  const own = switches.filter(s => s.state === first.name && s.label === switches[0].label)
  if (others.length === 0) return own[0]?.at ?? end
  const [{ name, nodes }] = others, x = point[name]
  const at = (a: number): number => own.find(s => s.where?.[name] === a)?.at ?? end
  let cell = 0
  while (cell < nodes.length - 2 && nodes[cell + 1] < x) cell++
  const share = (x - nodes[cell]) / (nodes[cell + 1] - nodes[cell])
  return (1 - share) * at(nodes[cell]) + share * at(nodes[cell + 1])
}

/** Root mean squares of relative errors of variables, all together, by region. */
export function errorsOf(ruler: Ruler, solution: Solution, variables: readonly string[]): [Region, number][] {
  const sums = REGIONS.map(() => 0), counts = REGIONS.map(() => 0)
  for (const variable of variables) {
    const reference = ruler.column(variable)
    ruler.points.forEach((point, k) => {
      const error = valueAt(solution, variable, point) / reference[k] - 1
      REGIONS.forEach((region, r) => {
        if (ruler.inside[region][k] === 0) return
        sums[r] += error * error
        counts[r]++
      })
    })
  }
  return REGIONS.map((region, r) => [region, Math.sqrt(sums[r] / counts[r])])
}

/** Shares of the training points of a solution's last outer step that lie in each region. */
export function visitsOf({ reference }: Ruler, { samples, states: [first, ...others] }: Solution): Record<Region, number> {
  const counts = { crisis: 0, switch: 0, all: 0 }
  if (samples) {
    const { columns, length } = samples, last = columns.outer[length - 1]
    for (let k = 0; k < length; k++) {
      if (columns.outer[k] !== last) continue
      const at = switchAt(reference, Object.fromEntries(others.map(({ name }) => [name, columns[name][k]]))), x = columns[first.name][k]
      counts.all++
      if (x < at) counts.crisis++
      if (Math.abs(x - at) <= NEAR) counts.switch++
    }
  }
  return { crisis: counts.crisis / Math.max(1, counts.all), switch: counts.switch / Math.max(1, counts.all), all: 1 }
}
