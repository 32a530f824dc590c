/** Stretches [from, to) of rows over which a curve is drawn without a break. */
export type Pieces = readonly (readonly [from: number, to: number])[]

/** A cell at a switch whose slope is so many times that around it is a jump. */
const STEEP = 6
/** ... if it also crosses this share of the curve's range: a kink of a nearly flat curve is not a jump. */
const TALL = 0.004

/**
 * Where a curve may be joined: over rows where it is defined, and not across a switch at which it jumps. On a grid the jump
 * takes the cell of the switch or, where a node's value is a mean of both sides, two cells: both are broken.
 */
export function piecesOf(x: ArrayLike<number>, y: ArrayLike<number>, switches: readonly number[]): Pieces {
  const broken = new Set(switches.flatMap(at => jumpsAt(x, y, at)))
  const pieces: [number, number][] = []
  let from = 0
  for (let i = 0; i < y.length; i++) {
    if (!Number.isFinite(y[i])) {
      if (i > from) pieces.push([from, i])
      from = i + 1
    } else if (broken.has(i)) {
      pieces.push([from, i + 1])
      from = i + 1
    }
  }
  if (from < y.length) pieces.push([from, y.length])
  const isBetweenJumps = ([from, to]: readonly [number, number]) => to === from + 1 && broken.has(from) && broken.has(from - 1)
  return pieces.filter(piece => !isBetweenJumps(piece))
}

/** The cells (by their left node) near `at` that the curve jumps across. */
function jumpsAt(x: ArrayLike<number>, y: ArrayLike<number>, at: number): number[] {
  let cell = 0
  while (cell + 1 < x.length && x[cell + 1] <= at) cell++
  const slope = (i: number) => Math.abs((y[i + 1] - y[i]) / (x[i + 1] - x[i]))
  const inside = (i: number) => i >= 0 && i + 1 < x.length
  const around = [cell - 4, cell - 3, cell - 2, cell + 2, cell + 3, cell + 4].filter(inside).map(slope).filter(Number.isFinite)
  if (around.length === 0) return []
  const usual = Math.max(...around)
  const finite = Array.from(y).filter(Number.isFinite)
  const range = finite.reduce((a, b) => Math.max(a, b), -Infinity) - finite.reduce((a, b) => Math.min(a, b), Infinity)
  return [cell - 1, cell, cell + 1].filter(i => inside(i) && slope(i) > STEEP * usual && Math.abs(y[i + 1] - y[i]) > TALL * range)
}

/**
 * The curve at other points: by the cubic through the four nodes about each, where they lie on one side of every switch,
 * else linearly; NaN outside the nodes and across a break. At a node the value is the node's, bit for bit.
 */
export function resampled(x: ArrayLike<number>, y: ArrayLike<number>, pieces: Pieces, switches: readonly number[], at: ArrayLike<number>): Float64Array {
  const values = new Float64Array(at.length).fill(NaN)
  for (const [from, to] of pieces)
    for (let j = 0, i = from; j < at.length; j++) {
      if (!(at[j] >= x[from] && at[j] <= x[to - 1])) continue
      while (i + 2 < to && x[i + 1] <= at[j]) i++
      const first = Math.min(Math.max(i - 1, from), to - 4)
      const smooth = first >= from && !switches.some(kink => kink > x[first] && kink < x[first + 3])
      values[j] = smooth ? interpolated(x, y, first, 4, at[j]) : interpolated(x, y, i, Math.min(2, to - i), at[j])
    }
  return values
}

/** The polynomial through `count` nodes from `first` on, by Lagrange's formula. */
export function interpolated(x: ArrayLike<number>, y: ArrayLike<number>, first: number, count: number, at: number): number {
  let value = 0
  for (let i = first; i < first + count; i++) {
    if (x[i] === at) return y[i]
    let weight = 1
    for (let k = first; k < first + count; k++) if (k !== i) weight *= (at - x[k]) / (x[i] - x[k])
    value += weight * y[i]
  }
  return value
}

/** Where a drift leads to from both sides: it falls through zero, by a root or by a jump. */
export function stableRoots(x: ArrayLike<number>, y: ArrayLike<number>): number[] {
  const roots: number[] = []
  for (let i = 0; i + 1 < x.length; i++)
    if (y[i] > 0 && y[i + 1] <= 0) roots.push(x[i] + (y[i] / (y[i] - y[i + 1])) * (x[i + 1] - x[i]))
  return roots
}
