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

/** The cell that stands for x: where its own holds a break (sorted, strictly inside), the next one on the same side of it. */
export function cellBeside(nodes: ArrayLike<number>, x: number, breaks: readonly number[]): number {
  const i = cellOf(nodes, x)
  const cut = breaks.find(b => nodes[i] <= b && b < nodes[i + 1])
  return cut === undefined ? i : x <= cut ? Math.max(0, i - 1) : Math.min(nodes.length - 2, i + 1)
}

/**
 * Linear interpolation that does not look across a break: in a cell that holds one, the value comes from the two nodes on the
 * same side of it. Outside the grid the end cells are extended.
 */
export function interpolate(nodes: ArrayLike<number>, values: ArrayLike<number>, x: number, breaks: readonly number[] = []): number {
  const i = cellBeside(nodes, x, breaks)
  const t = (x - nodes[i]) / (nodes[i + 1] - nodes[i])
  return values[i] + t * (values[i + 1] - values[i])
}

/** Lagrange's weights at x of the polynomial through the `points` nodes about it (all, where there are fewer), the first of which is `from`. */
export function lagrange(nodes: ArrayLike<number>, x: number, points: number): { from: number; weights: Float64Array } {
  const n = nodes.length, m = Math.min(points, n)
  const from = n === m ? 0 : Math.min(n - m, Math.max(0, cellOf(nodes, x) + 1 - Math.floor(m / 2)))
  const weights = new Float64Array(m).fill(1)
  for (let i = 0; i < m; i++) for (let k = 0; k < m; k++) if (k !== i) weights[i] *= (x - nodes[from + k]) / (nodes[from + i] - nodes[from + k])
  return { from, weights }
}

/** The polynomial through the `points` nodes about x. For smooth values without breaks. */
export function interpolateSmooth(nodes: ArrayLike<number>, values: ArrayLike<number>, x: number, points: number): number {
  const { from, weights } = lagrange(nodes, x, points)
  return weights.reduce((sum, w, i) => sum + w * values[from + i], 0)
}
