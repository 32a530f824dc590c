import type { Solution } from "../../solve/solution.ts"
import { interpolated } from "../pieces.ts"

/**
 * The plane of two states as a solution cuts it up. In each row (a node y of the second state) a switch has one place along the
 * first; over all rows these places are a curve x = c(y), and curves part the plane into regions, numbered from the left. A
 * point of a region is known by y and by its place s in [0, 1] between the region's edges at that y.
 */
export interface Layout {
  readonly xs: Float64Array
  readonly ys: Float64Array
  /** For each row the edges of its regions, increasing: the domain's start, the switches, the domain's end. */
  readonly edges: readonly (readonly number[])[]
  /** The switches by label: their place in each row, NaN in a row that lies on one side whole. */
  readonly curves: readonly { readonly label: string; readonly rows: Float64Array }[]
}

export function layoutOf({ states: [first, second], switches }: Solution): Layout {
  const xs = first.nodes, ys = second.nodes, from = xs[0], to = xs[xs.length - 1]
  const labels = [...new Set(switches.filter(({ state }) => state === first.name).map(({ label }) => label))]
  const curves = labels.map(label => {
    const own = switches.filter(s => s.label === label && Number.isFinite(s.at) && s.at >= from && s.at <= to)
    // A line that changes side more than once in a row is followed along its lowest change.
    return { label, rows: ys.map(y => own.filter(({ where }) => where?.[second.name] === y).reduce((least, { at }) => at < least ? at : least, Infinity)).map(at => at < Infinity ? at : NaN) }
  }).filter(({ rows }) => rows.some(Number.isFinite))
  const places = curves.map(({ rows }) => filled(rows, from, to))
  return { xs, ys, curves, edges: Array.from(ys, (_, j) => [from, ...places.map(rows => rows[j]).sort((a, b) => a - b), to]) }
}

/** Where a row has no switch its curve has left the domain: by the end that is nearer to the nearest row that has one. */
function filled(rows: Float64Array, from: number, to: number): Float64Array {
  return rows.map((at, j) => {
    if (Number.isFinite(at)) return at
    let nearest = NaN, distance = Infinity
    rows.forEach((other, k) => { if (Number.isFinite(other) && Math.abs(k - j) < distance) { nearest = other; distance = Math.abs(k - j) } })
    return nearest - from < to - nearest ? from : to
  })
}

export const regionsOf = ({ edges }: Layout) => edges[0].length - 1

/** The edges of the regions at any y: cubic between the rows. */
export function edgesAt(layout: Layout, y: number): number[] {
  const from = layout.xs[0], to = layout.xs[layout.xs.length - 1]
  return layout.edges[0].map((_, k) => Math.min(to, Math.max(from, overRows(layout, y, j => layout.edges[j][k])))).sort((a, b) => a - b)
}

/** A function of the rows between them: by the cubic through the four rows about y. */
export function overRows({ ys }: Layout, y: number, of: (row: number) => number): number {
  const count = Math.min(4, ys.length)
  let cell = 0
  while (cell + 2 < ys.length && ys[cell + 1] <= y) cell++
  const first = Math.min(Math.max(cell - 1, 0), ys.length - count)
  const nodes = ys.subarray(first, first + count)
  const at = nodes.indexOf(y)
  return at >= 0 ? of(first + at) : interpolated(nodes, Array.from({ length: count }, (_, k) => of(first + k)), 0, count, y)
}

/** A column of the solution at points of the regions, its two sides at a switch apart. */
export interface Field {
  /** At y and the place s of a region. NaN where the column is not defined. */
  within(region: number, s: number, y: number): number
  /** At a point; on a switch the side above. */
  at(x: number, y: number): number
}

/** `column` has a number for each node, the second state fastest. */
export function fieldOf(layout: Layout, column: ArrayLike<number>): Field {
  const { xs, ys, edges } = layout, rows = ys.length
  const lines = Array.from(ys, (_, j) => xs.map((_, i) => column[i * rows + j]))
  const inRow = (j: number, region: number, s: number) => {
    const [low, high] = [edges[j][region], edges[j][region + 1]]
    return alongRow(xs, lines[j], region === 0 ? -Infinity : low, region === edges[j].length - 2 ? Infinity : high, low + s * (high - low))
  }
  const within = (region: number, s: number, y: number) => overRows(layout, y, j => inRow(j, region, s))
  const at = (x: number, y: number) => {
    const here = edgesAt(layout, y)
    let region = 0
    while (region + 2 < here.length && x >= here[region + 1]) region++
    const width = here[region + 1] - here[region]
    return within(region, width > 0 ? (x - here[region]) / width : 0, y)
  }
  return { within, at }
}

/** A row at x by the cubic through the four nodes about it that lie in [low, high); beyond the last of these by a line: its slope is that over the last two cells, as the node beside a switch carries most of the error. */
function alongRow(xs: Float64Array, values: Float64Array, low: number, high: number, x: number): number {
  let first = 0, last = xs.length - 1
  while (first < last && xs[first] < low) first++
  while (last > first && xs[last] >= high) last--
  if (first === last) return values[first]
  let cell = first
  while (cell + 2 <= last && xs[cell + 1] <= x) cell++
  if (xs[cell] === x) return values[cell]
  if (x < xs[first] || x > xs[last]) {
    const [end, inner] = x < xs[first] ? [first, Math.min(first + 2, last)] : [last, Math.max(last - 2, first)]
    return values[end] + (x - xs[end]) * (values[end] - values[inner]) / (xs[end] - xs[inner])
  }
  const start = Math.min(Math.max(cell - 1, first), last - 3)
  return start < first ? interpolated(xs, values, cell, 2, x) : interpolated(xs, values, start, 4, x)
}
