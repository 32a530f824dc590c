// Dense symmetric systems: Gram matrices and the Cholesky factor. Matrices are row-major.

import { LANES, SIZE, fuse } from "./lanes"
import { real, sumLanes } from "./precision"
import { addProductOfRows } from "./products"

/** Columns of a block: a panel of this many rows stays in the second-level cache. */
@inline
const BLOCK: i32 = 64

/** Lower triangle of C += scale A A', with A rows x inner; also touches entries near above the diagonal. */
export function addGram(scale: real, rows: i32, inner: i32, a: usize, aRow: usize, c: usize, cRow: usize): void {
  for (let j = 0; j < rows; j += BLOCK) {
    for (let i = j; i < rows; i += 4) {
      const height = min(4, rows - i), width = min(BLOCK, min(rows, i + height) - j)
      addProductOfRows(scale, height, width, inner, a + <usize>i * aRow, aRow, a + <usize>j * aRow, aRow,
        c + <usize>i * cRow + <usize>j * SIZE, cRow)
    }
  }
}

/** Copies a rows x columns matrix to columns x rows, the new rows `toRow` bytes apart. */
export function transpose(rows: i32, columns: i32, from: usize, to: usize, toRow: usize): void {
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      store<real>(to + <usize>column * toRow + <usize>row * SIZE,
        load<real>(from + <usize>(row * columns + column) * SIZE))
    }
  }
}

function dot(a: usize, b: usize, count: i32): real {
  let sum = v128.splat<real>(0)
  let k = 0
  for (; k + LANES <= count; k += LANES) {
    const at = <usize>k * SIZE
    sum = fuse(sum, v128.load(a + at), v128.load(b + at))
  }
  let total = sumLanes(sum)
  for (; k < count; k++) total += load<real>(a + <usize>k * SIZE) * load<real>(b + <usize>k * SIZE)
  return total
}

/** Factors the diagonal block of `size` rows in place; the index of a pivot that is not positive, or -1. */
function factorBlock(a: usize, row: usize, size: i32): i32 {
  for (let j = 0; j < size; j++) {
    const aj = a + <usize>j * row
    const pivot = load<real>(aj + <usize>j * SIZE) - dot(aj, aj, j)
    if (!(pivot > 0)) return j
    const root = sqrt<real>(pivot)
    store<real>(aj + <usize>j * SIZE, root)
    solveRows(aj + row, row, size - j - 1, a, j, j + 1)
  }
  return -1
}

/** One entry of the forward substitution, from what its row and that of the factor give so far. */
@inline
function substitute(at: usize, total: real, pivot: real): void {
  store<real>(at, (load<real>(at) - total) / pivot)
}

/** Forward substitution of columns `from` to `to` in `rows` rows below the factor at `l`, four rows at a time: sums in the order of `dot`. */
function solveRows(a: usize, row: usize, rows: i32, l: usize, from: i32, to: i32): void {
  let i = 0
  for (; i + 4 <= rows; i += 4) {
    const a0 = a + <usize>i * row, a1 = a0 + row, a2 = a1 + row, a3 = a2 + row
    for (let j = from; j < to; j++) {
      const lj = l + <usize>j * row, pivot = load<real>(lj + <usize>j * SIZE), zero = v128.splat<real>(0)
      let s0 = zero, s1 = zero, s2 = zero, s3 = zero, k = 0
      for (; k + LANES <= j; k += LANES) {
        const at = <usize>k * SIZE, x = v128.load(lj + at)
        s0 = fuse(s0, v128.load(a0 + at), x)
        s1 = fuse(s1, v128.load(a1 + at), x)
        s2 = fuse(s2, v128.load(a2 + at), x)
        s3 = fuse(s3, v128.load(a3 + at), x)
      }
      let t0 = sumLanes(s0), t1 = sumLanes(s1), t2 = sumLanes(s2), t3 = sumLanes(s3)
      for (; k < j; k++) {
        const at = <usize>k * SIZE, x = load<real>(lj + at)
        t0 += load<real>(a0 + at) * x
        t1 += load<real>(a1 + at) * x
        t2 += load<real>(a2 + at) * x
        t3 += load<real>(a3 + at) * x
      }
      const at = <usize>j * SIZE
      substitute(a0 + at, t0, pivot)
      substitute(a1 + at, t1, pivot)
      substitute(a2 + at, t2, pivot)
      substitute(a3 + at, t3, pivot)
    }
  }
  for (; i < rows; i++) {
    const ai = a + <usize>i * row
    for (let j = from; j < to; j++) {
      const lj = l + <usize>j * row, at = <usize>j * SIZE
      substitute(ai + at, dot(ai, lj, j), load<real>(lj + at))
    }
  }
}

/**
 * Lower Cholesky factor of the n x n matrix at `a`, in place, and zeros above it. `panel` holds n x 64 numbers.
 * Right-looking by blocks of 64. Returns -1, or the index of a pivot that is not positive.
 */
export function cholesky(a: usize, n: i32, panel: usize): i32 {
  const row = <usize>n * SIZE
  for (let start = 0; start < n; start += BLOCK) {
    const size = min(BLOCK, n - start), below = n - start - size
    const corner = a + <usize>start * (row + SIZE), rest = corner + <usize>size * row
    const failed = factorBlock(corner, row, size)
    if (failed >= 0) return start + failed
    solveRows(rest, row, below, corner, 0, size)
    for (let i = 0; i < below; i++) {
      memory.copy(panel + <usize>(i * BLOCK) * SIZE, rest + <usize>i * row, <usize>size * SIZE)
    }
    addGram(-1, below, BLOCK, panel, <usize>BLOCK * SIZE, rest + <usize>size * SIZE, row)
  }
  for (let i = 0; i < n; i++) memory.fill(a + <usize>i * row + <usize>(i + 1) * SIZE, 0, <usize>(n - i - 1) * SIZE)
  return -1
}
