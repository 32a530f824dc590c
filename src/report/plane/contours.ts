/** Values on an index grid: `at(i, j)` for 0 <= i < n, 0 <= j < m; NaN where nothing is known. */
export interface IndexGrid { readonly n: number; readonly m: number; at(i: number, j: number): number }

export type Point = readonly [u: number, v: number]

/** A closed outline: the last point leads to the first. The points at `rim` stand at the rim of the grid, or of what is known. */
export interface Ring { readonly points: readonly Point[]; readonly rim: readonly boolean[] }

/** Sides of a cell: bottom, right, top, left. For each set of corners inside (1 low-left, 2 low-right, 4 up-right, 8 up-left) the segments, the inside on their left. */
const SEGMENTS: readonly (readonly (readonly [from: number, to: number])[])[] = [
  [], [[0, 3]], [[1, 0]], [[1, 3]], [[2, 1]], [[0, 3], [2, 1]], [[2, 0]], [[2, 3]],
  [[3, 2]], [[0, 2]], [[1, 0], [3, 2]], [[1, 2]], [[3, 1]], [[0, 1]], [[3, 0]], [],
]

/**
 * The outline of {value >= level}, by marching squares: straight between the crossings of the grid's lines, each found linearly.
 * Outside the grid everything counts as below. Outer outlines run counter-clockwise, holes clockwise.
 */
export function outline(grid: IndexGrid, level: number): Ring[] {
  const { n, m } = grid, wide = n + 2
  const value = (i: number, j: number) => i >= 0 && i < n && j >= 0 && j < m ? grid.at(i, j) : NaN
  const isIn = (i: number, j: number) => value(i, j) >= level
  // A side is known by its lower or left node and its direction: the sides of neighbouring cells are one.
  const side = (i: number, j: number, which: number) => {
    const [a, b, upright] = which === 0 ? [i, j, 0] : which === 1 ? [i + 1, j, 1] : which === 2 ? [i, j + 1, 0] : [i, j, 1]
    return 2 * ((b + 1) * wide + a + 1) + upright
  }
  const next = new Map<number, number>()
  for (let j = -1; j < m; j++)
    for (let i = -1; i < n; i++) {
      const corners = (isIn(i, j) ? 1 : 0) + (isIn(i + 1, j) ? 2 : 0) + (isIn(i + 1, j + 1) ? 4 : 0) + (isIn(i, j + 1) ? 8 : 0)
      for (const [from, to] of SEGMENTS[corners]) next.set(side(i, j, from), side(i, j, to))
    }
  const crossing = (key: number): { point: Point; rim: boolean } => {
    const upright = key % 2, cell = (key - upright) / 2, i = cell % wide - 1, j = Math.floor(cell / wide) - 1
    const a = value(i, j), b = value(i + 1 - upright, j + upright)
    const isRim = !Number.isFinite(a) || !Number.isFinite(b)
    const share = isRim ? (a >= level ? 0 : 1) : (level - a) / (b - a)
    return { point: [i + (1 - upright) * share, j + upright * share], rim: isRim }
  }
  const rings: Ring[] = []
  for (const start of next.keys()) {
    if (!next.has(start)) continue
    const points: Point[] = [], rim: boolean[] = []
    for (let key: number | undefined = start; key !== undefined && next.has(key);) {
      const found = crossing(key), to: number = next.get(key)!
      points.push(found.point)
      rim.push(found.rim)
      next.delete(key)
      key = to
    }
    rings.push({ points, rim })
  }
  return rings
}

/** The parts of an outline inside the grid: where the value is the level, and not where the grid ends. */
export function levelLines({ n, m }: IndexGrid, rings: readonly Ring[]): Point[][] {
  return rings.flatMap(({ points, rim }) => {
    const along = (a: number, b: number) => {
      const [p, q] = [points[a], points[b]]
      return (rim[a] && rim[b]) || (p[0] === q[0] && (p[0] === 0 || p[0] === n - 1)) || (p[1] === q[1] && (p[1] === 0 || p[1] === m - 1))
    }
    const after = (k: number) => (k + 1) % points.length
    const breaks = points.map((_, k) => k).filter(k => along(k, after(k)))
    if (breaks.length === 0) return [[...points, points[0]]]
    return breaks.flatMap(gap => {
      const line: Point[] = [points[after(gap)]]
      for (let k = after(gap); !along(k, after(k)); k = after(k)) line.push(points[after(k)])
      return line.length > 1 ? [line] : []
    })
  })
}
