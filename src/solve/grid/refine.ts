import { differenceWeights } from "../../math/differences.ts"

/** Grids coarser than this do not show what a model does: along the first state, where boundary layers and switches lie, and along the others. */
const FEWEST = [25, 9]

/** Points of each state on a sequence of grids, the coarsest first and the given one last: half as many again and again, along every state that has enough. */
export function coarseToFine(points: readonly number[]): number[][] {
  const half = points.map((n, s) => (Math.ceil(n / 2) < FEWEST[Math.min(s, 1)] ? n : Math.ceil(n / 2)))
  return half.every((n, s) => n === points[s]) ? [[...points]] : [...coarseToFine(half), [...points]]
}

/**
 * A function on a grid, at the nodes of another over the same states (the last state fastest): by cubics through the four nodes about a
 * point, in the coordinates in which both grids are even.
 */
export function refined(values: Float64Array, from: readonly number[], to: readonly number[]): Float64Array {
  return from.reduce((column, count, s) => {
    const inner = from.slice(s + 1).reduce((a, b) => a * b, 1), rows = cubics(count, to[s]), outer = column.length / (count * inner)
    const out = new Float64Array(outer * to[s] * inner)
    for (let o = 0; o < outer; o++) for (let i = 0; i < to[s]; i++) for (let j = 0; j < inner; j++) {
      const { first, weights } = rows[i]
      let sum = 0
      for (let k = 0; k < weights.length; k++) sum += weights[k] * column[(o * count + first + k) * inner + j]
      out[(o * to[s] + i) * inner + j] = sum
    }
    return out
  }, values)
}

/** Interpolation from `count` even nodes to `wanted` on the same interval. */
function cubics(count: number, wanted: number): { first: number; weights: number[] }[] {
  const width = Math.min(4, count)
  return Array.from({ length: wanted }, (_, i) => {
    const x = wanted === 1 ? 0 : (i * (count - 1)) / (wanted - 1), first = Math.max(0, Math.min(count - width, Math.floor(x) - 1))
    return { first, weights: differenceWeights(x, Array.from({ length: width }, (_, k) => first + k), 0) }
  })
}
