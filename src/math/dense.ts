/** Small dense systems (a handful of unknowns at one point). */

/**
 * Solves the n x n system in place by Gaussian elimination with partial pivoting: `matrix` (row-major) is destroyed, `right`
 * becomes the solution. Returns false where the matrix is singular or not finite.
 */
export function solveDense(matrix: Float64Array, right: Float64Array, n = right.length): boolean {
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i * n + k]) > Math.abs(matrix[pivot * n + k])) pivot = i
    const p = matrix[pivot * n + k]
    if (p === 0 || !Number.isFinite(p)) return false
    if (pivot !== k) {
      for (let j = k; j < n; j++) { const held = matrix[k * n + j]; matrix[k * n + j] = matrix[pivot * n + j]; matrix[pivot * n + j] = held }
      const held = right[k]; right[k] = right[pivot]; right[pivot] = held
    }
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i * n + k] / p
      if (factor === 0) continue
      for (let j = k + 1; j < n; j++) matrix[i * n + j] -= factor * matrix[k * n + j]
      right[i] -= factor * right[k]
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = right[i]
    for (let j = i + 1; j < n; j++) sum -= matrix[i * n + j] * right[j]
    right[i] = sum / matrix[i * n + i]
  }
  return right.subarray(0, n).every(Number.isFinite)
}
