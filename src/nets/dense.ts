import { heapStart, reserve, sharedKernels } from "./webAssembly.ts"
import { layOut } from "./layOut.ts"

/** Entries of the part of a matrix that is copied in at a time: 32 MiB. */
const chunkEntries = 2 ** 22

/**
 * Writes A A' (rows x rows, both triangles) to `out`, for a row-major A of rows x columns.
 * Throws a RangeError where an array is too short.
 */
export function gram(a: Float64Array, rows: number, columns: number, out: Float64Array): void {
  need("a", a, rows * columns)
  need("out", out, rows * rows)
  const kernels = sharedKernels()
  const width = Math.max(2, Math.min(columns + (columns % 2), 512))
  const [chunk, sum, end] = layOut(heapStart, [8 * rows * width, 8 * rows * rows])
  reserve(kernels, end)
  const memory = new Float64Array(kernels.memory.buffer)
  memory.fill(0, sum / 8, sum / 8 + rows * rows)
  for (let from = 0; from < columns; from += width) {
    const to = Math.min(from + width, columns)
    for (let row = 0; row < rows; row++) {
      const at = chunk / 8 + row * width
      memory.set(a.subarray(row * columns + from, row * columns + to), at)
      memory.fill(0, at + to - from, at + width)
    }
    kernels.addGram(1, rows, width, chunk, 8 * width, sum, 8 * rows)
  }
  copySymmetric(memory.subarray(sum / 8, sum / 8 + rows * rows), rows, out)
}

/**
 * Writes A'A (columns x columns, both triangles) to `out`, for a row-major A of rows x columns.
 * Throws a RangeError where an array is too short.
 */
export function normal(a: Float64Array, rows: number, columns: number, out: Float64Array): void {
  need("a", a, rows * columns)
  need("out", out, columns * columns)
  const kernels = sharedKernels()
  const most = Math.max(2, Math.min(512, 2 * Math.floor(chunkEntries / (2 * columns))))
  const height = Math.min(rows + (rows % 2), most)
  const [chunk, turned, sum, end] = layOut(heapStart, [8 * height * columns, 8 * height * columns, 8 * columns * columns])
  reserve(kernels, end)
  const memory = new Float64Array(kernels.memory.buffer)
  memory.fill(0, sum / 8, sum / 8 + columns * columns)
  for (let from = 0; from < rows; from += height) {
    const to = Math.min(from + height, rows)
    memory.set(a.subarray(from * columns, to * columns), chunk / 8)
    memory.fill(0, chunk / 8 + (to - from) * columns, chunk / 8 + height * columns)
    kernels.transpose(height, columns, chunk, turned, 8 * height)
    kernels.addGram(1, columns, height, turned, 8 * height, sum, 8 * columns)
  }
  copySymmetric(memory.subarray(sum / 8, sum / 8 + columns * columns), columns, out)
}

/**
 * Replaces the symmetric row-major n x n matrix `a`, of which only the lower triangle is read, by its lower Cholesky factor with
 * zeros above. Returns -1, or the index of the first pivot that is not positive; `a` then holds no factor.
 */
export function cholesky(a: Float64Array, n: number): number {
  need("a", a, n * n)
  const kernels = sharedKernels()
  const [matrix, panel, end] = layOut(heapStart, [8 * n * n, 8 * n * 64])
  reserve(kernels, end)
  const memory = new Float64Array(kernels.memory.buffer, matrix, n * n)
  memory.set(a.subarray(0, n * n))
  const failed = kernels.cholesky(matrix, n, panel)
  a.set(memory)
  return failed
}

/** Solves L L' x = b in place of `b`, with `factor` from `cholesky`. */
export function choleskySolve(factor: Float64Array, n: number, b: Float64Array): void {
  need("factor", factor, n * n)
  need("b", b, n)
  for (let i = 0; i < n; i++) {
    let sum = b[i]
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * b[k]
    b[i] = sum / factor[i * n + i]
  }
  for (let i = n - 1; i >= 0; i--) {
    b[i] /= factor[i * n + i]
    for (let k = 0; k < i; k++) b[k] -= factor[i * n + k] * b[i]
  }
}

function copySymmetric(lower: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      out[i * n + j] = lower[i * n + j]
      out[j * n + i] = lower[i * n + j]
    }
}

function need(name: string, array: Float64Array, length: number): void {
  if (array.length < length) throw new RangeError(`got \`${name}\` of length \`${array.length}\`; expected at least ${length}`)
}
