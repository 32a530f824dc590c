/**
 * Weights w with f^(order)(x) ~ sum_k w[k] f(nodes[k]), exact for polynomials of degree nodes.length - 1
 * (Fornberg 1988, "Generation of finite difference formulas on arbitrarily spaced grids").
 */
export function differenceWeights(x: number, nodes: readonly number[], order: number): number[] {
  const n = nodes.length
  if (n === 2 && order === 1) { const slope = 1 / (nodes[1] - nodes[0]); return [-slope, slope] }
  if (n === 3 && (order === 1 || order === 2)) return threePoints(x, nodes[0], nodes[1], nodes[2], order)
  const c = Array.from({ length: n }, () => new Array<number>(order + 1).fill(0))
  c[0][0] = 1
  let c1 = 1, c4 = nodes[0] - x
  for (let i = 1; i < n; i++) {
    const highest = Math.min(i, order)
    let c2 = 1
    const c5 = c4
    c4 = nodes[i] - x
    for (let j = 0; j < i; j++) {
      const c3 = nodes[i] - nodes[j]
      c2 *= c3
      if (j === i - 1) {
        for (let k = highest; k > 0; k--) c[i][k] = (c1 * (k * c[i - 1][k - 1] - c5 * c[i - 1][k])) / c2
        c[i][0] = (-c1 * c5 * c[i - 1][0]) / c2
      }
      for (let k = highest; k > 0; k--) c[j][k] = (c4 * c[j][k] - k * c[j][k - 1]) / c3
      c[j][0] = (c4 * c[j][0]) / c3
    }
    c1 = c2
  }
  return c.map(row => row[order])
}

/** The commonest case in closed form: the parabola through three points. */
function threePoints(x: number, a: number, b: number, c: number, order: 1 | 2): number[] {
  const ab = a - b, ac = a - c, bc = b - c
  return order === 1
    ? [(2 * x - b - c) / (ab * ac), (a + c - 2 * x) / (ab * bc), (2 * x - a - b) / (ac * bc)]
    : [2 / (ab * ac), -2 / (ab * bc), 2 / (ac * bc)]
}
