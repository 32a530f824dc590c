/**
 * A square banded matrix and its solution by LU with partial pivoting. Row i holds columns i-lower .. i+upper; `lower` more
 * diagonals above are kept free for the fill-in that row exchanges make (LAPACK's gbsv layout, by rows).
 */
export interface Banded {
  readonly size: number
  readonly lower: number
  readonly upper: number
  /** Row-major, `lower + upper + lower + 1` entries a row; entry (i, j) is at i*width + j - i + lower. */
  readonly data: Float64Array
}

export function banded(size: number, lower: number, upper: number): Banded {
  return { size, lower, upper, data: new Float64Array(size * (2 * lower + upper + 1)) }
}

/** Adds `value` to entry (row, column). Throws a RangeError outside the band: the stencil and the band must agree. */
export function addTo(matrix: Banded, row: number, column: number, value: number): void {
  const offset = column - row
  if (offset < -matrix.lower || offset > matrix.upper || row < 0 || row >= matrix.size || column < 0 || column >= matrix.size)
    throw new RangeError(`entry (${row}, ${column}) lies outside a band of ${matrix.lower} below and ${matrix.upper} above`)
  matrix.data[row * (2 * matrix.lower + matrix.upper + 1) + offset + matrix.lower] += value
}

/**
 * Solves A x = b in place: `right` becomes x, the matrix is destroyed. Returns -1, or the row of a pivot that is zero or not
 * finite (then `right` is of no use). Cost: size * lower * (lower + upper) multiplications.
 */
export function solveBanded(matrix: Banded, right: Float64Array): number {
  const { size, lower, upper, data } = matrix
  const width = 2 * lower + upper + 1
  const reach = lower + upper
  for (let k = 0; k < size; k++) {
    const last = Math.min(size - 1, k + lower)
    let pivot = k, largest = Math.abs(data[k * width + lower])
    for (let i = k + 1; i <= last; i++) {
      const candidate = Math.abs(data[i * width + k - i + lower])
      if (candidate > largest) { largest = candidate; pivot = i }
    }
    if (!(largest > 0) || !Number.isFinite(largest)) return k
    const end = Math.min(size - 1, k + reach)
    if (pivot !== k) exchange(data, right, width, lower, k, pivot, end)
    const rowK = k * width - k + lower
    const inverse = 1 / data[rowK + k]
    for (let i = k + 1; i <= last; i++) {
      const rowI = i * width - i + lower
      const factor = data[rowI + k] * inverse
      if (factor === 0) continue
      for (let j = k + 1; j <= end; j++) data[rowI + j] -= factor * data[rowK + j]
      right[i] -= factor * right[k]
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = i * width - i + lower
    let sum = right[i]
    for (let j = i + 1, end = Math.min(size - 1, i + reach); j <= end; j++) sum -= data[row + j] * right[j]
    right[i] = sum / data[row + i]
  }
  return -1
}

function exchange(data: Float64Array, right: Float64Array, width: number, lower: number, a: number, b: number, end: number): void {
  const rowA = a * width - a + lower, rowB = b * width - b + lower
  for (let j = a; j <= end; j++) { const held = data[rowA + j]; data[rowA + j] = data[rowB + j]; data[rowB + j] = held }
  const held = right[a]; right[a] = right[b]; right[b] = held
}
