import type { Problem } from "../model/problem.ts"
import { inputsOfTable } from "../solve/motion.ts"
import { outputsFor } from "../solve/pointInputs.ts"
import type { Solution } from "../solve/solution.ts"

/**
 * Where complementarity lines change side. A grid of several states is seen as rows: the marched state runs along a row,
 * the others (last fastest) number the rows. Breaks cut every row into the same number of regions; where a line does not
 * change side in a row, its break lies at an end and the region behind it is empty.
 */
export interface Regions {
  /** The state along which breaks lie. */
  readonly marched: number
  readonly rows: number
  /** `breaks[b][row]`, increasing in b. */
  readonly breaks: readonly Float64Array[]
  /** Whether the first side of the first line is slack, by region and row; undefined where the economy has no such line. */
  readonly slack: readonly Uint8Array[] | undefined
  /** The label of that line. */
  readonly label: string
}

/** The rows of a tensor grid: where each begins in the table, and the distance of neighbours on it. */
export function rowsOf(shape: readonly number[], marched: number): { starts: Int32Array; stride: number } {
  const strides = shape.map((_, s) => shape.slice(s + 1).reduce((a, b) => a * b, 1))
  const others = shape.flatMap((_, s) => (s === marched ? [] : [s]))
  const count = others.reduce((product, s) => product * shape[s], 1)
  const starts = Int32Array.from({ length: count }, (_, row) => {
    let rest = row, start = 0
    for (const s of others.toReversed()) {
      start += (rest % shape[s]) * strides[s]
      rest = Math.floor(rest / shape[s])
    }
    return start
  })
  return { starts, stride: strides[marched] }
}

export function regionsOf(problem: Problem, solution: Solution): Regions {
  const { states, switches, table } = solution
  const marched = Math.max(0, states.findIndex(s => s.name === switches[0]?.state))
  const along = states[marched].nodes, last = along[along.length - 1]
  const { starts, stride } = rowsOf(states.map(s => s.nodes.length), marched)
  const breaks = sorted(breaksByRow(solution, marched, starts.length).map(row => row.map(x => (Number.isFinite(x) ? x : last))))
  const line = problem.block.residuals.findIndex(r => r.second >= 0)
  if (line < 0) return { marched, rows: starts.length, breaks, slack: undefined, label: "" }
  const { first, second } = problem.block.residuals[line]
  const out = outputsFor(problem.block.kernel, table.length)
  problem.block.kernel.run(inputsOfTable(problem, solution), table.length, out)
  const slack = Array.from({ length: breaks.length + 1 }, (_, region) => Uint8Array.from(starts, (start, row) => {
    const from = region > 0 ? breaks[region - 1][row] : along[0], to = region < breaks.length ? breaks[region][row] : last
    let votes = 0, held = 0
    along.forEach((x, i) => {
      if (x < from || (x >= to && to !== last)) return
      votes++
      if (out[first][start + i * stride] > out[second][start + i * stride]) held++
    })
    return 2 * held > votes ? 1 : 0
  }))
  return { marched, rows: starts.length, breaks, slack, label: problem.block.labels[line] }
}

/** The switches of a solution: one list for each line and each time that it changes side along a row, with a place for every row; NaN where it does not there. */
function breaksByRow({ states, switches }: Solution, marched: number, rows: number): Float64Array[] {
  const found = new Map<string, Float64Array>()
  const seen = new Map<string, number>()
  for (const { label, at, where = {} } of switches) {
    const row = states.reduce((index, { name, nodes }, s) => (s === marched ? index : index * nodes.length + nearest(nodes, where[name])), 0)
    const turn = seen.get(`${label} ${row}`) ?? 0
    seen.set(`${label} ${row}`, turn + 1)
    const key = `${label} ${turn}`
    if (!found.has(key)) found.set(key, new Float64Array(rows).fill(NaN))
    found.get(key)![row] = at
  }
  return [...found.values()]
}

const nearest = (nodes: Float64Array, x: number): number => nodes.reduce((best, node, i) => (Math.abs(node - x) < Math.abs(nodes[best] - x) ? i : best), 0)

/** Row by row in increasing order. */
function sorted(breaks: readonly Float64Array[]): Float64Array[] {
  const out = breaks.map(b => b.slice())
  for (let row = 0; row < (breaks[0]?.length ?? 0); row++) {
    const values = breaks.map(b => b[row]).sort((a, b) => a - b)
    values.forEach((x, b) => { out[b][row] = x })
  }
  return out
}
