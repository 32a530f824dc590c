/** Small dense systems (a handful of unknowns at one point). */

/**
 * Solves the n x n system in place by Gaussian elimination with partial pivoting: `matrix` (row-major) is destroyed, `right`
 * becomes the solution. Returns false where the matrix is singular or not finite.
 */
export const solveDense = (matrix: Float64Array, right: Float64Array, n = right.length): boolean => solveMany(matrix, right, n, 1)

/** The same for several right sides, the rows of `right` (n x columns, row-major). */
export function solveMany(matrix: Float64Array, right: Float64Array, n: number, columns: number): boolean {
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i * n + k]) > Math.abs(matrix[pivot * n + k])) pivot = i
    const p = matrix[pivot * n + k]
    if (p === 0 || !Number.isFinite(p)) return false
    if (pivot !== k) {
      for (let j = k; j < n; j++) { const held = matrix[k * n + j]; matrix[k * n + j] = matrix[pivot * n + j]; matrix[pivot * n + j] = held }
      for (let j = 0; j < columns; j++) { const held = right[k * columns + j]; right[k * columns + j] = right[pivot * columns + j]; right[pivot * columns + j] = held }
    }
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i * n + k] / p
      if (factor === 0) continue
      for (let j = k + 1; j < n; j++) matrix[i * n + j] -= factor * matrix[k * n + j]
      for (let j = 0; j < columns; j++) right[i * columns + j] -= factor * right[k * columns + j]
    }
  }
  for (let i = n - 1; i >= 0; i--) for (let j = 0; j < columns; j++) {
    let sum = right[i * columns + j]
    for (let k = i + 1; k < n; k++) sum -= matrix[i * n + k] * right[k * columns + j]
    right[i * columns + j] = sum / matrix[i * n + i]
  }
  for (let k = 0; k < n * columns; k++) if (!Number.isFinite(right[k])) return false
  return true
}
