/**
 * Partial elimination of a dense square matrix (row-major, f x f): the heart of the multifrontal method. Only the first
 * `ready` rows and columns may give pivots, as the others are not complete yet.
 */

/** A pivot must be at least this part of the largest entry of its column, incomplete rows included. */
const THRESHOLD = 0.01
/** Columns that are eliminated before the rest of the matrix is updated, and before the other columns of these are. */
const PANEL = 32
const STRIP = 4

/**
 * Eliminates what it can, in place: rows and columns are exchanged (with their names), the multipliers stay below the pivots. Returns the number of pivots; those
 * of the first `ready` columns that found none stand after the pivots, and are left for the next front.
 */
export function eliminate(a: Float64Array, f: number, ready: number, rows: Int32Array, columns: Int32Array): number {
  let done = 0, last = ready
  while (done < last) {
    const from = done, end = Math.min(from + PANEL, last)
    let found = true
    while (found && done < end) {
      const first = done, stop = Math.min(first + STRIP, end)
      while (done < stop && (found = pivot(a, f, done, ready, rows))) {
        clear(a, f, done, stop)
        done++
      }
      solveRows(a, f, first, done, stop, end)
      update(a, f, first, done, done, f, stop, end)
    }
    for (let first = from; first < done; first += STRIP) {
      const next = Math.min(first + STRIP, done)
      solveRows(a, f, first, next, end, f)
      update(a, f, first, next, next, done, end, f)
    }
    update(a, f, from, done, done, f, end, f)
    if (!found) {
      last--
      exchangeColumns(a, f, done, last, columns)
    }
  }
  return done
}

/** Brings the largest entry of column `k` among the complete rows to the diagonal; false where it is too small. */
function pivot(a: Float64Array, f: number, k: number, ready: number, rows: Int32Array): boolean {
  let row = k, largest = 0
  for (let i = k; i < ready; i++) {
    const size = Math.abs(a[i * f + k])
    if (size > largest) { largest = size; row = i }
  }
  if (!(largest > 0)) return false
  const most = largest / THRESHOLD
  for (let i = ready; i < f; i++) if (Math.abs(a[i * f + k]) > most) return false
  if (row === k) return true
  for (let j = 0, p = k * f, q = row * f; j < f; j++, p++, q++) { const held = a[p]; a[p] = a[q]; a[q] = held }
  const held = rows[k]; rows[k] = rows[row]; rows[row] = held
  return true
}

/** Multipliers of column `k`, and with them the columns up to `end`. */
function clear(a: Float64Array, f: number, k: number, end: number): void {
  const at = k * f, inverse = 1 / a[at + k]
  for (let i = k + 1; i < f; i++) {
    const row = i * f
    if (a[row + k] === 0) continue
    const factor = (a[row + k] *= inverse)
    for (let j = k + 1; j < end; j++) a[row + j] -= factor * a[at + j]
  }
}

/** The rows of the pivots [from, to) in the columns [left, right): L^-1 times them. */
function solveRows(a: Float64Array, f: number, from: number, to: number, left: number, right: number): void {
  for (let i = from + 1; i < to; i++) for (let k = from; k < i; k++) {
    const factor = a[i * f + k]
    if (factor === 0) continue
    for (let p = i * f + left, q = k * f + left, last = i * f + right; p < last; p++, q++) a[p] -= factor * a[q]
  }
}

/**
 * The rows [top, bottom) in the columns [left, right) less L times U of the pivots [from, to). Two rows and four pivots at a time:
 * eight products for eight loads and stores, which a scalar machine does at nearly its peak.
 */
function update(a: Float64Array, f: number, from: number, to: number, top: number, bottom: number, left: number, right: number): void {
  if (left >= right) return
  let i = top
  for (; i + 1 < bottom; i += 2) {
    const r = i * f, s = r + f
    let k = from
    for (; k + 3 < to; k += 4) {
      const r0 = a[r + k], r1 = a[r + k + 1], r2 = a[r + k + 2], r3 = a[r + k + 3]
      const s0 = a[s + k], s1 = a[s + k + 1], s2 = a[s + k + 2], s3 = a[s + k + 3]
      if (r0 === 0 && r1 === 0 && r2 === 0 && r3 === 0 && s0 === 0 && s1 === 0 && s2 === 0 && s3 === 0) continue
      const p0 = k * f, p1 = p0 + f, p2 = p1 + f, p3 = p2 + f
      for (let j = left; j < right; j++) {
        const x0 = a[p0 + j], x1 = a[p1 + j], x2 = a[p2 + j], x3 = a[p3 + j]
        a[r + j] -= r0 * x0 + r1 * x1 + r2 * x2 + r3 * x3
        a[s + j] -= s0 * x0 + s1 * x1 + s2 * x2 + s3 * x3
      }
    }
    for (; k < to; k++) {
      const p = k * f, r0 = a[r + k], s0 = a[s + k]
      if (r0 === 0 && s0 === 0) continue
      for (let j = left; j < right; j++) { a[r + j] -= r0 * a[p + j]; a[s + j] -= s0 * a[p + j] }
    }
  }
  for (; i < bottom; i++) for (let k = from; k < to; k++) {
    const p = k * f, r = i * f, r0 = a[r + k]
    if (r0 === 0) continue
    for (let j = left; j < right; j++) a[r + j] -= r0 * a[p + j]
  }
}

function exchangeColumns(a: Float64Array, f: number, p: number, q: number, columns: Int32Array): void {
  if (p === q) return
  for (let i = 0; i < f; i++) { const held = a[i * f + p]; a[i * f + p] = a[i * f + q]; a[i * f + q] = held }
  const held = columns[p]; columns[p] = columns[q]; columns[q] = held
}
