import type { Point } from "./contours.ts"
import { edgesAt, regionsOf, type Field, type Layout } from "./layout.ts"
import type { Plane } from "./plane.ts"

/** The even grid of one region: values at places s and heights y, and where these lie in the plane. */
export interface Mesh { readonly s: Float64Array; readonly y: Float64Array; readonly values: Float64Array; readonly x: Float64Array }

/** Rows and columns that a map is drawn from, at least: contours are straight between them. */
const ROWS = 60, COLUMNS = 16

/** A field on a mesh for each region, the two sides of a switch apart. */
export function meshesOf(layout: Layout, field: Field): Mesh[] {
  const { xs, ys } = layout, between = Math.ceil(ROWS / (ys.length - 1))
  const y = Float64Array.from({ length: (ys.length - 1) * between + 1 }, (_, k) => {
    const j = Math.floor(k / between), part = k % between
    return part === 0 ? ys[j] : ys[j] + (ys[j + 1] - ys[j]) * part / between
  })
  const edges = Array.from(y, at => edgesAt(layout, at))
  return Array.from({ length: regionsOf(layout) }, (_, region) => {
    const s = placesOf(xs, layout.edges.map(row => [row[region], row[region + 1]]))
    const on = (of: (i: number, j: number) => number) => Float64Array.from({ length: s.length * y.length }, (_, k) => of(Math.floor(k / y.length), k % y.length))
    return {
      s, y, values: on((i, j) => field.within(region, s[i], y[j])),
      x: on((i, j) => edges[j][region] + s[i] * (edges[j][region + 1] - edges[j][region])),
    }
  })
}

/** Where along a region values are looked up: as densely as the nodes of the row that has most of them. */
function placesOf(xs: Float64Array, rows: readonly (readonly number[])[]): Float64Array {
  let best: number[] = []
  for (const [low, high] of rows) {
    const inside = Array.from(xs).filter(x => x > low && x < high).map(x => (x - low) / (high - low))
    if (inside.length > best.length) best = inside
  }
  const all = [0, ...best, 1], most = 1 / COLUMNS
  return Float64Array.from(all.flatMap((place, i) => {
    const next = all[i + 1] ?? place, parts = Math.max(1, Math.ceil((next - place) / most - 1e-9))
    return i === all.length - 1 ? [place] : Array.from({ length: parts }, (_, k) => place + (next - place) * k / parts)
  }))
}

/** From places of the index grid to the plane, straight between its points. */
export function inPlane({ x, y }: Mesh): (point: Point) => Point {
  const m = y.length, n = x.length / m
  return ([u, v]) => {
    const i = Math.min(Math.floor(u), n - 2), j = Math.min(Math.floor(v), m - 2), a = u - i, b = v - j
    const row = (k: number) => (1 - a) * x[i * m + k] + a * x[(i + 1) * m + k]
    return [(1 - b) * row(j) + b * row(j + 1), (1 - b) * y[j] + b * y[j + 1]]
  }
}

/** Values at points that are spread evenly over the plane. */
export function evenly({ reference: { states } }: Plane, field: Field, across = 60, up = 30): number[] {
  const [[x0, x1], [y0, y1]] = states.map(({ nodes }) => [nodes[0], nodes[nodes.length - 1]])
  return Array.from({ length: across * up }, (_, k) => field.at(x0 + (x1 - x0) * (k % across + 0.5) / across, y0 + (y1 - y0) * (Math.floor(k / across) + 0.5) / up))
}
