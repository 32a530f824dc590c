/** The cell i with nodes[i] <= x < nodes[i+1]; the first or last cell outside the grid. Nodes increase. */
export function cellOf(nodes: ArrayLike<number>, x: number): number {
  let low = 0, high = nodes.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (nodes[middle] <= x) low = middle
    else high = middle
  }
  return low
}

/**
 * Linear interpolation that does not look across a break: in a cell that holds one (sorted, strictly inside), the value
 * comes from the two nodes on the same side of it. Outside the grid the end cells are extended.
 */
export function interpolate(nodes: ArrayLike<number>, values: ArrayLike<number>, x: number, breaks: readonly number[] = []): number {
  let i = cellOf(nodes, x)
  const cut = breaks.find(b => nodes[i] <= b && b < nodes[i + 1])
  if (cut !== undefined) i = x <= cut ? Math.max(0, i - 1) : Math.min(nodes.length - 2, i + 1)
  const t = (x - nodes[i]) / (nodes[i + 1] - nodes[i])
  return values[i] + t * (values[i + 1] - values[i])
}

/** The polynomial through the `points` nodes about x (all, where there are fewer), by Neville's scheme. For smooth values without breaks. */
export function interpolateSmooth(nodes: ArrayLike<number>, values: ArrayLike<number>, x: number, points: number): number {
  const n = nodes.length, m = Math.min(points, n)
  const from = n === m ? 0 : Math.min(n - m, Math.max(0, cellOf(nodes, x) + 1 - Math.floor(m / 2)))
  const p = Float64Array.from({ length: m }, (_, i) => values[from + i])
  for (let k = 1; k < m; k++)
    for (let i = 0; i + k < m; i++) {
      const a = nodes[from + i], b = nodes[from + i + k]
      p[i] = ((x - b) * p[i] + (a - x) * p[i + 1]) / (a - b)
    }
  return p[0]
}
