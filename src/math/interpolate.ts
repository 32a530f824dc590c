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
