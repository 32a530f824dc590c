/** Grids coarser than this do not show what a model does: along the first state, where boundary layers and switches lie, and along the others. */
const FEWEST = [25, 9]

/** Points of each state on a sequence of grids, the coarsest first and the given one last: a quarter of the points each time, or half, along every state that has enough. */
export function coarseToFine(points: readonly number[]): number[][] {
  const coarser = points.map((n, s) => [4, 2].map(by => Math.ceil(n / by)).find(fewer => fewer >= FEWEST[Math.min(s, 1)]) ?? n)
  return coarser.every((n, s) => n === points[s]) ? [[...points]] : [...coarseToFine(coarser), [...points]]
}

/**
 * A function on a grid, at the nodes of another over the same states (the last state fastest; four nodes or more along each): by cubics
 * through the four nodes about a point, in the coordinates in which both grids are even.
 */
export function refined(values: Float64Array, from: readonly number[], to: readonly number[]): Float64Array {
  return from.reduce((column, count, s) => refinedAlong(column, count, to[s], from.slice(s + 1).reduce((a, b) => a * b, 1)), values)
}

/** The same along one state, whose neighbours are `stride` apart. */
function refinedAlong(column: Float64Array, count: number, wanted: number, stride: number): Float64Array {
  if (count === wanted) return column
  const outer = column.length / (count * stride), out = new Float64Array(outer * wanted * stride)
  for (let i = 0; i < wanted; i++) {
    const x = (i * (count - 1)) / (wanted - 1), first = Math.max(0, Math.min(count - 4, Math.floor(x) - 1)), t = x - first
    // Lagrange's polynomials on 0, 1, 2, 3.
    const a = (-(t - 1) * (t - 2) * (t - 3)) / 6, b = (t * (t - 2) * (t - 3)) / 2, c = (-t * (t - 1) * (t - 3)) / 2, d = (t * (t - 1) * (t - 2)) / 6
    for (let o = 0; o < outer; o++) for (let j = 0; j < stride; j++) {
      const at = (o * count + first) * stride + j
      out[(o * wanted + i) * stride + j] = a * column[at] + b * column[at + stride] + c * column[at + 2 * stride] + d * column[at + 3 * stride]
    }
  }
  return out
}
