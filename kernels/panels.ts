// Products on panels. A panel holds two vectors of points for each unit of a layer, unit after unit, so that
// a product reads and writes memory in order and the panels of a layer stay in the first-level cache.
// Blocks of four by two vectors: their sums and all that a step reads fit the sixteen registers of x86-64, and more would
// be spilled, because compilers of WebAssembly read early. Every entry is summed in one fixed order.

import { SIZE, fuse } from "./lanes"
import { real } from "./precision"

/** Bytes of one unit in a panel. */
@inline
export const ROW: usize = 32

/** Points of a panel. */
@inline
export const WIDTH: i32 = 32 / <i32>sizeof<real>()

/** Rows of the block that starts at `row`: four, two or one. */
@inline
function blockAt(row: i32, rows: i32): i32 {
  return row + 4 <= rows ? 4 : row + 2 <= rows ? 2 : 1
}

/** Orders a rows x inner matrix (any strides, in bytes) as `multiply` reads it: block after block, each column by column. */
export function pack(rows: i32, inner: i32, from: usize, row: usize, step: usize, to: usize): void {
  for (let start = 0; start < rows;) {
    const end = start + blockAt(start, rows)
    for (let k = 0; k < inner; k++) {
      for (let r = start; r < end; r++) {
        store<real>(to, load<real>(from + <usize>r * row + <usize>k * step))
        to += SIZE
      }
    }
    start = end
  }
}

@inline
function fourRows(inner: i32, w: usize, start: usize, b: usize, c: usize): void {
  let s00 = v128.load_splat<real>(start), s01 = s00
  let s10 = v128.load_splat<real>(start, SIZE), s11 = s10
  let s20 = v128.load_splat<real>(start, 2 * SIZE), s21 = s20
  let s30 = v128.load_splat<real>(start, 3 * SIZE), s31 = s30
  for (let end = b + <usize>inner * ROW; b < end; b += ROW) {
    const x0 = v128.load(b), x1 = v128.load(b, 16)
    const w0 = v128.load_splat<real>(w)
    s00 = fuse(s00, w0, x0)
    s01 = fuse(s01, w0, x1)
    const w1 = v128.load_splat<real>(w, SIZE)
    s10 = fuse(s10, w1, x0)
    s11 = fuse(s11, w1, x1)
    const w2 = v128.load_splat<real>(w, 2 * SIZE)
    s20 = fuse(s20, w2, x0)
    s21 = fuse(s21, w2, x1)
    const w3 = v128.load_splat<real>(w, 3 * SIZE)
    s30 = fuse(s30, w3, x0)
    s31 = fuse(s31, w3, x1)
    w += 4 * SIZE
  }
  v128.store(c, s00)
  v128.store(c, s01, 16)
  v128.store(c, s10, 32)
  v128.store(c, s11, 48)
  v128.store(c, s20, 64)
  v128.store(c, s21, 80)
  v128.store(c, s30, 96)
  v128.store(c, s31, 112)
}

@inline
function twoRows(inner: i32, w: usize, start: usize, b: usize, c: usize): void {
  let s00 = v128.load_splat<real>(start), s01 = s00
  let s10 = v128.load_splat<real>(start, SIZE), s11 = s10
  for (let end = b + <usize>inner * ROW; b < end; b += ROW) {
    const x0 = v128.load(b), x1 = v128.load(b, 16)
    const w0 = v128.load_splat<real>(w)
    s00 = fuse(s00, w0, x0)
    s01 = fuse(s01, w0, x1)
    const w1 = v128.load_splat<real>(w, SIZE)
    s10 = fuse(s10, w1, x0)
    s11 = fuse(s11, w1, x1)
    w += 2 * SIZE
  }
  v128.store(c, s00)
  v128.store(c, s01, 16)
  v128.store(c, s10, 32)
  v128.store(c, s11, 48)
}

@inline
function oneRow(inner: i32, w: usize, start: usize, b: usize, c: usize): void {
  let s00 = v128.load_splat<real>(start), s01 = s00
  for (let end = b + <usize>inner * ROW; b < end; b += ROW) {
    const x0 = v128.load(b), x1 = v128.load(b, 16)
    const w0 = v128.load_splat<real>(w)
    s00 = fuse(s00, w0, x0)
    s01 = fuse(s01, w0, x1)
    w += SIZE
  }
  v128.store(c, s00)
  v128.store(c, s01, 16)
}

/** The panel C = start + W B of a panel B of `inner` units, with W packed, and `start` a number for each row. */
export function multiply(rows: i32, inner: i32, w: usize, start: usize, b: usize, c: usize): void {
  const step = <usize>inner * SIZE
  let row = 0
  for (; row + 4 <= rows; row += 4) {
    fourRows(inner, w, start, b, c)
    w += 4 * step
    start += 4 * SIZE
    c += 4 * ROW
  }
  if (row + 2 <= rows) {
    twoRows(inner, w, start, b, c)
    w += 2 * step
    start += 2 * SIZE
    c += 2 * ROW
    row += 2
  }
  if (row < rows) oneRow(inner, w, start, b, c)
}

// The sums below take the first vector of every unit of a panel, then the second: steps of 16 bytes and of the rest in turn.

@inline
function fourByTwo(panels: i32, a: usize, aPanel: usize, b: usize, bPanel: usize, sum: usize, sumRow: usize): void {
  const sum1 = sum + sumRow, sum2 = sum1 + sumRow, sum3 = sum2 + sumRow
  let s00 = v128.load(sum), s01 = v128.load(sum, 16)
  let s10 = v128.load(sum1), s11 = v128.load(sum1, 16)
  let s20 = v128.load(sum2), s21 = v128.load(sum2, 16)
  let s30 = v128.load(sum3), s31 = v128.load(sum3, 16)
  let aStep: usize = 16, bStep: usize = 16
  for (const end = a + <usize>panels * aPanel; a < end;) {
    const y0 = v128.load(b), y1 = v128.load(b, 32)
    const x0 = v128.load(a)
    s00 = fuse(s00, x0, y0)
    s01 = fuse(s01, x0, y1)
    const x1 = v128.load(a, 32)
    s10 = fuse(s10, x1, y0)
    s11 = fuse(s11, x1, y1)
    const x2 = v128.load(a, 64)
    s20 = fuse(s20, x2, y0)
    s21 = fuse(s21, x2, y1)
    const x3 = v128.load(a, 96)
    s30 = fuse(s30, x3, y0)
    s31 = fuse(s31, x3, y1)
    a += aStep
    b += bStep
    aStep = aPanel - aStep
    bStep = bPanel - bStep
  }
  v128.store(sum, s00)
  v128.store(sum, s01, 16)
  v128.store(sum1, s10)
  v128.store(sum1, s11, 16)
  v128.store(sum2, s20)
  v128.store(sum2, s21, 16)
  v128.store(sum3, s30)
  v128.store(sum3, s31, 16)
}

@inline
function twoByTwo(panels: i32, a: usize, aPanel: usize, b: usize, bPanel: usize, sum: usize, sumRow: usize): void {
  const sum1 = sum + sumRow
  let s00 = v128.load(sum), s01 = v128.load(sum, 16)
  let s10 = v128.load(sum1), s11 = v128.load(sum1, 16)
  let aStep: usize = 16, bStep: usize = 16
  for (const end = a + <usize>panels * aPanel; a < end;) {
    const y0 = v128.load(b), y1 = v128.load(b, 32)
    const x0 = v128.load(a)
    s00 = fuse(s00, x0, y0)
    s01 = fuse(s01, x0, y1)
    const x1 = v128.load(a, 32)
    s10 = fuse(s10, x1, y0)
    s11 = fuse(s11, x1, y1)
    a += aStep
    b += bStep
    aStep = aPanel - aStep
    bStep = bPanel - bStep
  }
  v128.store(sum, s00)
  v128.store(sum, s01, 16)
  v128.store(sum1, s10)
  v128.store(sum1, s11, 16)
}

@inline
function fourByOne(panels: i32, a: usize, aPanel: usize, b: usize, bPanel: usize, sum: usize, sumRow: usize): void {
  const sum1 = sum + sumRow, sum2 = sum1 + sumRow, sum3 = sum2 + sumRow
  let s0 = v128.load(sum), s1 = v128.load(sum1), s2 = v128.load(sum2), s3 = v128.load(sum3)
  let aStep: usize = 16, bStep: usize = 16
  for (const end = a + <usize>panels * aPanel; a < end;) {
    const y = v128.load(b)
    s0 = fuse(s0, v128.load(a), y)
    s1 = fuse(s1, v128.load(a, 32), y)
    s2 = fuse(s2, v128.load(a, 64), y)
    s3 = fuse(s3, v128.load(a, 96), y)
    a += aStep
    b += bStep
    aStep = aPanel - aStep
    bStep = bPanel - bStep
  }
  v128.store(sum, s0)
  v128.store(sum1, s1)
  v128.store(sum2, s2)
  v128.store(sum3, s3)
}

@inline
function oneByOne(panels: i32, a: usize, aPanel: usize, b: usize, bPanel: usize, sum: usize): void {
  let s00 = v128.load(sum)
  let aStep: usize = 16, bStep: usize = 16
  for (const end = a + <usize>panels * aPanel; a < end;) {
    const y0 = v128.load(b)
    const x0 = v128.load(a)
    s00 = fuse(s00, x0, y0)
    a += aStep
    b += bStep
    aStep = aPanel - aStep
    bStep = bPanel - bStep
  }
  v128.store(sum, s00)
}

/**
 * Adds A B' over so many panels, A of `rows` units and B of `columns`, to a vector for each entry of `sums`, row-major: the lanes of a
 * sum stay apart until the end. Panels lie `aPanel` and `bPanel` bytes apart.
 */
export function addOuter(
  rows: i32, columns: i32, panels: i32, a: usize, aPanel: usize, b: usize, bPanel: usize, sums: usize,
): void {
  const sumRow = <usize>columns * 16
  for (let row = 0; row < rows;) {
    const height = blockAt(row, rows), ai = a + <usize>row * ROW, si = sums + <usize>row * sumRow
    for (let column = 0; column < columns;) {
      const bj = b + <usize>column * ROW, at = si + <usize>column * 16, left = columns - column
      if (height > 1 && left > 1) {
        if (height == 4) fourByTwo(panels, ai, aPanel, bj, bPanel, at, sumRow)
        else twoByTwo(panels, ai, aPanel, bj, bPanel, at, sumRow)
        column += 2
      } else if (height == 1 && left > 3) {
        // A row alone: four columns of it, the other way round.
        fourByOne(panels, bj, bPanel, ai, aPanel, at, 16)
        column += 4
      } else {
        if (height == 4) fourByOne(panels, ai, aPanel, bj, bPanel, at, sumRow)
        else for (let r: usize = 0; r < <usize>height; r++) oneByOne(panels, ai + r * ROW, aPanel, bj, bPanel, at + r * sumRow)
        column++
      }
    }
    row += height
  }
}

/** Adds, for each of `rows` units, its numbers over panels `stride` bytes apart to a vector of `sums`. */
export function addTotals(rows: i32, panels: i32, a: usize, stride: usize, sums: usize): void {
  for (let row = 0; row < rows; row++) {
    let sum = v128.load(sums)
    let at = a + <usize>row * ROW
    for (let panel = 0; panel < panels; panel++) {
      sum = v128.add<real>(sum, v128.add<real>(v128.load(at), v128.load(at, 16)))
      at += stride
    }
    v128.store(sums, sum)
    sums += 16
  }
}
