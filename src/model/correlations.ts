import type { CorrelationDeclaration } from "./declaration.ts"

/**
 * The correlation matrix of the shocks, or what is wrong with it, in one sentence: a correlation outside [-1, 1], or a matrix
 * that is not positive semi-definite, which no shocks have (its Cholesky factor does not exist). `value` evaluates a formula
 * of the declaration.
 */
export function correlationMatrix(correlations: readonly CorrelationDeclaration[], shocks: readonly string[],
  value: (text: string, place: string) => number): number[][] | string {
  const matrix = shocks.map((_, k) => shocks.map((_, l) => Number(k === l)))
  for (const [i, { between: [a, b], value: text }] of correlations.entries()) {
    const place = `correlations.${i + 1}.value`, rho = value(text, place)
    if (!(Math.abs(rho) <= 1)) return `${place}: is \`${rho}\` at these parameters; expected a number from -1 to 1`
    const k = shocks.indexOf(a), l = shocks.indexOf(b)
    matrix[k][l] = matrix[l][k] = rho
  }
  return isPossible(matrix.map(row => row.slice())) ? matrix : "correlations: no shocks can be correlated like this at these parameters (the matrix is not positive semi-definite)"
}

/** Elimination of a symmetric matrix with ones on its diagonal: no pivot is negative, and a zero pivot has a zero row. */
function isPossible(matrix: number[][]): boolean {
  const n = matrix.length
  for (let k = 0; k < n; k++) {
    const pivot = matrix[k][k]
    if (pivot < -ROUNDING) return false
    for (let i = k + 1; i < n; i++) {
      if (pivot <= ROUNDING) { if (Math.abs(matrix[i][k]) > Math.sqrt(ROUNDING)) return false; continue }
      const factor = matrix[i][k] / pivot
      for (let j = k + 1; j < n; j++) matrix[i][j] -= factor * matrix[k][j]
    }
  }
  return true
}

const ROUNDING = 1e-12
