// The double-precision build: `precision.ts` resolves to this file.

import { entry, fuse } from "./lanes"

export type real = f64
/** An integer lane as wide as `real`. */
export type bits = i64

/** Points carried through all layers at a time. */
export const TILE: i32 = 32

// Cody-Waite: x = k ln 2 + r, with k LN2_HIGH exact.
export const LOG2_E: real = 1.4426950408889634
export const LN2_HIGH: real = 6.93147180369123816490e-1
export const LN2_LOW: real = 1.90821492927058770002e-10
/** Below this exp would be subnormal; every activation is flat there. */
export const LEAST_EXPONENT: real = -708
/** Adding it leaves k + bias in the lowest bits: 1.5 * 2^52 + 1023. */
export const EXPONENT_SHIFTER: real = 6755399441056767
export const MANTISSA_BITS: i32 = 52

const EXPM1: usize = memory.data<real>([
  1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0,
  1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5,
])

/** exp(r) - 1 for |r| <= ln(2)/2: Taylor to r^13, remainder 1.2e-17 of r. */
@inline
export function expm1Series(r: v128): v128 {
  let sum = entry(EXPM1, 0)
  sum = fuse(entry(EXPM1, 1), sum, r)
  sum = fuse(entry(EXPM1, 2), sum, r)
  sum = fuse(entry(EXPM1, 3), sum, r)
  sum = fuse(entry(EXPM1, 4), sum, r)
  sum = fuse(entry(EXPM1, 5), sum, r)
  sum = fuse(entry(EXPM1, 6), sum, r)
  sum = fuse(entry(EXPM1, 7), sum, r)
  sum = fuse(entry(EXPM1, 8), sum, r)
  sum = fuse(entry(EXPM1, 9), sum, r)
  sum = fuse(entry(EXPM1, 10), sum, r)
  sum = fuse(entry(EXPM1, 11), sum, r)
  return fuse(r, f64x2.mul(r, r), sum)
}

const ATANH: usize = memory.data<real>([
  1.0 / 33.0, 1.0 / 31.0, 1.0 / 29.0, 1.0 / 27.0, 1.0 / 25.0, 1.0 / 23.0, 1.0 / 21.0, 1.0 / 19.0, 1.0 / 17.0,
  1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0,
])

/** atanh(y) / y as a series in s = y^2 <= 1/9, remainder below 1e-17. */
@inline
export function atanhSeries(s: v128): v128 {
  let sum = entry(ATANH, 0)
  sum = fuse(entry(ATANH, 1), sum, s)
  sum = fuse(entry(ATANH, 2), sum, s)
  sum = fuse(entry(ATANH, 3), sum, s)
  sum = fuse(entry(ATANH, 4), sum, s)
  sum = fuse(entry(ATANH, 5), sum, s)
  sum = fuse(entry(ATANH, 6), sum, s)
  sum = fuse(entry(ATANH, 7), sum, s)
  sum = fuse(entry(ATANH, 8), sum, s)
  sum = fuse(entry(ATANH, 9), sum, s)
  sum = fuse(entry(ATANH, 10), sum, s)
  sum = fuse(entry(ATANH, 11), sum, s)
  sum = fuse(entry(ATANH, 12), sum, s)
  sum = fuse(entry(ATANH, 13), sum, s)
  sum = fuse(entry(ATANH, 14), sum, s)
  sum = fuse(entry(ATANH, 15), sum, s)
  return fuse(entry(ATANH, 16), sum, s)
}

@inline
export function sumLanes(x: v128): real {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1)
}
