// Register-blocked products. Every entry is summed in one fixed order,
// wherever its block lies, so that results do not depend on how points are cut.
// Strides (`aRow`, `aStep`, ...) are in bytes.

import { LANES, SIZE, fuse } from "./lanes"
import { real, sumLanes } from "./precision"

/** Four rows by two vectors of C += A B. */
@inline
function fourByTwo(
  inner: i32, a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, c: usize, cRow: usize,
): void {
  const c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow
  let s00 = v128.load(c), s01 = v128.load(c, 16)
  let s10 = v128.load(c1), s11 = v128.load(c1, 16)
  let s20 = v128.load(c2), s21 = v128.load(c2, 16)
  let s30 = v128.load(c3), s31 = v128.load(c3, 16)
  let a0 = a, a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow
  for (let k = 0; k < inner; k++) {
    const x0 = v128.load(b), x1 = v128.load(b, 16)
    const w0 = v128.load_splat<real>(a0)
    s00 = fuse(s00, w0, x0)
    s01 = fuse(s01, w0, x1)
    const w1 = v128.load_splat<real>(a1)
    s10 = fuse(s10, w1, x0)
    s11 = fuse(s11, w1, x1)
    const w2 = v128.load_splat<real>(a2)
    s20 = fuse(s20, w2, x0)
    s21 = fuse(s21, w2, x1)
    const w3 = v128.load_splat<real>(a3)
    s30 = fuse(s30, w3, x0)
    s31 = fuse(s31, w3, x1)
    a0 += aStep
    a1 += aStep
    a2 += aStep
    a3 += aStep
    b += bRow
  }
  v128.store(c, s00)
  v128.store(c, s01, 16)
  v128.store(c1, s10)
  v128.store(c1, s11, 16)
  v128.store(c2, s20)
  v128.store(c2, s21, 16)
  v128.store(c3, s30)
  v128.store(c3, s31, 16)
}

@inline
function oneByOne(inner: i32, a: usize, aStep: usize, b: usize, bRow: usize, c: usize): void {
  let sum = v128.load(c)
  for (let k = 0; k < inner; k++) {
    sum = fuse(sum, v128.load_splat<real>(a), v128.load(b))
    a += aStep
    b += bRow
  }
  v128.store(c, sum)
}

@inline
function scalar(inner: i32, a: usize, aStep: usize, b: usize, bRow: usize, c: usize): void {
  let sum = load<real>(c)
  for (let k = 0; k < inner; k++) {
    sum += load<real>(a) * load<real>(b)
    a += aStep
    b += bRow
  }
  store<real>(c, sum)
}

/** C += A B, with A rows x inner (any strides), B inner x columns and C rows x columns by rows. */
export function addProduct(
  rows: i32, inner: i32, columns: i32,
  a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, c: usize, cRow: usize,
): void {
  let j = 0
  for (; j + 2 * LANES <= columns; j += 2 * LANES) {
    const bj = b + <usize>j * SIZE, cj = c + <usize>j * SIZE
    let i = 0
    for (; i + 4 <= rows; i += 4) {
      fourByTwo(inner, a + <usize>i * aRow, aRow, aStep, bj, bRow, cj + <usize>i * cRow, cRow)
    }
    for (; i < rows; i++) {
      const ai = a + <usize>i * aRow, ci = cj + <usize>i * cRow
      oneByOne(inner, ai, aStep, bj, bRow, ci)
      oneByOne(inner, ai, aStep, bj + 16, bRow, ci + 16)
    }
  }
  for (; j + LANES <= columns; j += LANES) {
    const bj = b + <usize>j * SIZE, cj = c + <usize>j * SIZE
    for (let i = 0; i < rows; i++) {
      oneByOne(inner, a + <usize>i * aRow, aStep, bj, bRow, cj + <usize>i * cRow)
    }
  }
  for (; j < columns; j++) {
    const bj = b + <usize>j * SIZE, cj = c + <usize>j * SIZE
    for (let i = 0; i < rows; i++) {
      scalar(inner, a + <usize>i * aRow, aStep, bj, bRow, cj + <usize>i * cRow)
    }
  }
}

@inline
function addTo(at: usize, scale: real, sum: v128): void {
  store<real>(at, load<real>(at) + scale * sumLanes(sum))
}

/** Four rows of A by two rows of B. */
@inline
function fourDots(
  scale: real, bytes: usize, a: usize, aRow: usize, b: usize, bRow: usize, c: usize, cRow: usize,
): void {
  const zero = v128.splat<real>(0)
  let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero
  const a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, b1 = b + bRow
  for (let at: usize = 0; at < bytes; at += 16) {
    const y0 = v128.load(b + at), y1 = v128.load(b1 + at)
    const x0 = v128.load(a + at)
    s00 = fuse(s00, x0, y0)
    s01 = fuse(s01, x0, y1)
    const x1 = v128.load(a1 + at)
    s10 = fuse(s10, x1, y0)
    s11 = fuse(s11, x1, y1)
    const x2 = v128.load(a2 + at)
    s20 = fuse(s20, x2, y0)
    s21 = fuse(s21, x2, y1)
    const x3 = v128.load(a3 + at)
    s30 = fuse(s30, x3, y0)
    s31 = fuse(s31, x3, y1)
  }
  addTo(c, scale, s00)
  addTo(c + SIZE, scale, s01)
  addTo(c + cRow, scale, s10)
  addTo(c + cRow + SIZE, scale, s11)
  addTo(c + 2 * cRow, scale, s20)
  addTo(c + 2 * cRow + SIZE, scale, s21)
  addTo(c + 3 * cRow, scale, s30)
  addTo(c + 3 * cRow + SIZE, scale, s31)
}

@inline
function oneDot(scale: real, bytes: usize, a: usize, b: usize, c: usize): void {
  let sum = v128.splat<real>(0)
  for (let at: usize = 0; at < bytes; at += 16) sum = fuse(sum, v128.load(a + at), v128.load(b + at))
  addTo(c, scale, sum)
}

/** C += scale A B', with A rows x inner and B columns x inner; inner is a multiple of the lanes. */
export function addProductOfRows(
  scale: real, rows: i32, columns: i32, inner: i32,
  a: usize, aRow: usize, b: usize, bRow: usize, c: usize, cRow: usize,
): void {
  const bytes = <usize>inner * SIZE
  let i = 0
  for (; i + 4 <= rows; i += 4) {
    const ai = a + <usize>i * aRow, ci = c + <usize>i * cRow
    let j = 0
    for (; j + 2 <= columns; j += 2) {
      fourDots(scale, bytes, ai, aRow, b + <usize>j * bRow, bRow, ci + <usize>j * SIZE, cRow)
    }
    for (; j < columns; j++) {
      for (let r: usize = 0; r < 4; r++) {
        oneDot(scale, bytes, ai + r * aRow, b + <usize>j * bRow, ci + r * cRow + <usize>j * SIZE)
      }
    }
  }
  for (; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      oneDot(scale, bytes, a + <usize>i * aRow, b + <usize>j * bRow, c + <usize>i * cRow + <usize>j * SIZE)
    }
  }
}
