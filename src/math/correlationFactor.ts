/** The Cholesky factor of a matrix of correlations: lower triangular L with L L^T = C; a zero pivot (perfect correlation) has a zero column. */
export function correlationFactor(c: readonly (readonly number[])[]): number[][] {
  const l = c.map(row => row.map(() => 0))
  for (let j = 0; j < c.length; j++)
    for (let i = j; i < c.length; i++) {
      let sum = c[i][j]
      for (let k = 0; k < j; k++) sum -= l[i][k] * l[j][k]
      if (i === j) l[j][j] = Math.sqrt(Math.max(0, sum))
      else l[i][j] = l[j][j] > 1e-8 ? sum / l[j][j] : 0
    }
  return l
}
