// The shape of a vector of `real`.

import { real } from "./precision"

/** Bytes of a number. */
@inline
export const SIZE: usize = sizeof<real>()

/** Numbers of a vector. */
@inline
export const LANES: i32 = 16 / <i32>sizeof<real>()

/** sum + x y: rounded twice, and in the relaxed build once where the machine can do both at a time, which gives other bits. */
@inline
export function fuse(sum: v128, x: v128, y: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<real>(x, y, sum)
  else return v128.add<real>(sum, v128.mul<real>(x, y))
}

/** The number at an address in all lanes. Constants come from memory: immediates are made anew wherever they are used by some compilers. */
@inline
export function constant(at: usize): v128 {
  return v128.load_splat<real>(at)
}

/** Number `k` of a table. */
@inline
export function entry(table: usize, k: usize): v128 {
  return v128.load_splat<real>(table + k * SIZE)
}
