// The shape of a vector of `real`.

import { real } from "./precision"

/** Bytes of a number. */
@inline
export const SIZE: usize = sizeof<real>()

/** Numbers of a vector. */
@inline
export const LANES: i32 = 16 / <i32>sizeof<real>()

/** sum + x y, rounded twice: a fused product would give other bits. */
@inline
export function fuse(sum: v128, x: v128, y: v128): v128 {
  return v128.add<real>(sum, v128.mul<real>(x, y))
}
