// The single-precision build: `precision.ts` resolves to this file.

import { entry, fuse } from "./lanes"

export type real = f32
/** An integer lane as wide as `real`. */
export type bits = i32

/** Points carried through all layers at a time. */
export const TILE: i32 = 64

// Cody-Waite: x = k ln 2 + r, with k LN2_HIGH exact.
export const LOG2_E: real = 1.44269504
export const LN2_HIGH: real = 0.693359375
export const LN2_LOW: real = -2.12194440e-4
/** Below this exp would be subnormal; every activation is flat there. */
export const LEAST_EXPONENT: real = -87
/** Adding it leaves k + bias in the lowest bits: 1.5 * 2^23 + 127. */
export const EXPONENT_SHIFTER: real = 12583039
export const MANTISSA_BITS: i32 = 23

const EXPM1: usize = memory.data<real>([
  1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5,
])

/** exp(r) - 1 for |r| <= ln(2)/2: Taylor to r^7, remainder 1.5e-8 of r. */
@inline
export function expm1Series(r: v128): v128 {
  let sum = entry(EXPM1, 0)
  sum = fuse(entry(EXPM1, 1), sum, r)
  sum = fuse(entry(EXPM1, 2), sum, r)
  sum = fuse(entry(EXPM1, 3), sum, r)
  sum = fuse(entry(EXPM1, 4), sum, r)
  sum = fuse(entry(EXPM1, 5), sum, r)
  return fuse(r, f32x4.mul(r, r), sum)
}

const ATANH: usize = memory.data<real>([
  1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0,
])

/** atanh(y) / y as a series in s = y^2 <= 1/9, remainder below 2e-8. */
@inline
export function atanhSeries(s: v128): v128 {
  let sum = entry(ATANH, 0)
  sum = fuse(entry(ATANH, 1), sum, s)
  sum = fuse(entry(ATANH, 2), sum, s)
  sum = fuse(entry(ATANH, 3), sum, s)
  sum = fuse(entry(ATANH, 4), sum, s)
  sum = fuse(entry(ATANH, 5), sum, s)
  return fuse(entry(ATANH, 6), sum, s)
}

@inline
export function sumLanes(x: v128): real {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1))
    + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
}
