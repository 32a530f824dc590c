import { sharedKernels } from "./kernelBuilds.ts"
import { heapStart, reserve } from "./kernels.ts"
import { layOut } from "./layOut.ts"

/**
 * A symmetric matrix S of `size` rows that is summed from products and solved with at several shifts: the normal matrix A'A
 * of a Jacobian that comes batch by batch, or its Gram matrix AA'. S is kept packed (its lower triangle, size (size + 1)/2
 * numbers); the kernels' memory holds a full matrix besides, in which the factor is made.
 */
export interface SymmetricSum {
  readonly size: number
  /** S += A'A for a row-major A of `rows` x `size`. Throws a RangeError where A is too short. */
  addNormal(a: Float64Array, rows: number): void
  /** S += AA' for a row-major A of `size` x `columns`. Throws a RangeError where A is too short. */
  addGram(a: Float64Array, columns: number): void
  /** S at row i and column j. */
  at(i: number, j: number): number
  trace(): number
  /** Makes the Cholesky factor of S + shift I. Returns -1, or the index of the first pivot that is not positive. */
  factor(shift: number): number
  /** Solves (S + shift I) x = b in place of b, with the last factor; no other factor may have been made since. */
  solve(b: Float64Array): void
}

// One memory for all, made at the first; `made` counts the factors that it has held.
let made = 0

/** Entries of the part of a matrix that is copied in at a time: 32 MiB. */
const chunkEntries = 2 ** 22

/** Rows of a part: with 64 of its columns they stay in the second-level cache, and with four and two in the first. */
const chunkRows = 128

/** Numbers between the columns of a part, so that they do not lie a power of two apart, where they would fall into the same lines of a cache. */
const padding = 8

/** S = 0. */
export function symmetricSum(size: number): SymmetricSum {
  const packed = new Float64Array((size * (size + 1)) / 2)
  let mine = 0

  /** Room for a full matrix, and after it for two parts of so many numbers; copies S to the full one's lower triangle. */
  const load = (first: number, second: number): { readonly memory: Float64Array; readonly full: number; readonly parts: readonly number[] } => {
    const [full, one, two, end] = layOut(heapStart, [8 * size * size, 8 * first, 8 * second])
    reserve(sharedKernels(), end)
    const memory = new Float64Array(sharedKernels().memory.buffer)
    for (let i = 0; i < size; i++) memory.set(packed.subarray((i * (i + 1)) / 2, ((i + 1) * (i + 2)) / 2), full / 8 + i * size)
    made++
    return { memory, full, parts: [one, two] }
  }
  const keep = (memory: Float64Array, full: number): void => {
    for (let i = 0; i < size; i++) packed.set(memory.subarray(full / 8 + i * size, full / 8 + i * size + i + 1), (i * (i + 1)) / 2)
  }
  return {
    size,
    addNormal: (a, rows) => {
      need("a", a, rows * size)
      const most = Math.max(2, Math.min(chunkRows, 2 * Math.floor(chunkEntries / (2 * size))))
      const height = Math.min(rows + (rows % 2), most), stride = height + padding
      const { memory, full, parts: [chunk, turned] } = load(height * size, stride * size)
      for (let from = 0; from < rows; from += height) {
        const to = Math.min(from + height, rows)
        memory.set(a.subarray(from * size, to * size), chunk / 8)
        memory.fill(0, chunk / 8 + (to - from) * size, chunk / 8 + height * size)
        sharedKernels().transpose(height, size, chunk, turned, 8 * stride)
        sharedKernels().addGram(1, size, height, turned, 8 * stride, full, 8 * size)
      }
      keep(memory, full)
    },
    addGram: (a, columns) => {
      need("a", a, size * columns)
      const width = Math.max(2, Math.min(columns + (columns % 2), chunkRows)), stride = width + padding
      const { memory, full, parts: [chunk] } = load(size * stride, 0)
      for (let from = 0; from < columns; from += width) {
        const to = Math.min(from + width, columns)
        for (let row = 0; row < size; row++) {
          const at = chunk / 8 + row * stride
          memory.set(a.subarray(row * columns + from, row * columns + to), at)
          memory.fill(0, at + to - from, at + width)
        }
        sharedKernels().addGram(1, size, width, chunk, 8 * stride, full, 8 * size)
      }
      keep(memory, full)
    },
    at: (i, j) => packed[(Math.max(i, j) * (Math.max(i, j) + 1)) / 2 + Math.min(i, j)],
    trace: () => {
      let sum = 0
      for (let i = 0; i < size; i++) sum += packed[(i * (i + 3)) / 2]
      return sum
    },
    factor: shift => {
      const { memory, full, parts: [panel] } = load(64 * size, 0)
      mine = made
      for (let i = 0; i < size; i++) memory[full / 8 + i * (size + 1)] += shift
      return sharedKernels().cholesky(full, size, panel)
    },
    solve: b => {
      need("b", b, size)
      if (mine === 0 || mine !== made) throw new Error("the factor is no longer there: another was made since")
      const l = new Float64Array(sharedKernels().memory.buffer, heapStart, size * size)
      for (let i = 0; i < size; i++) {
        let sum = b[i]
        for (let k = 0, at = i * size; k < i; k++) sum -= l[at + k] * b[k]
        b[i] = sum / l[i * size + i]
      }
      for (let i = size - 1; i >= 0; i--) {
        b[i] /= l[i * size + i]
        for (let k = 0, at = i * size, x = b[i]; k < i; k++) b[k] -= l[at + k] * x
      }
    },
  }
}

function need(name: string, array: Float64Array, length: number): void {
  if (array.length < length) throw new RangeError(`got \`${name}\` of length \`${array.length}\`; expected at least ${length}`)
}
