// The limit that the products are held against.

import { fuse } from "./lanes"
import { real, sumLanes } from "./precision"

/** Multiply-adds of a round, counted in vectors. */
@inline
export const CHAINS: i32 = 12

/** So many rounds of twelve multiply-adds that wait for nothing but themselves. Constants would be made anew for each of them. */
export function peak(rounds: i32, factor: real, summand: real): real {
  const x = v128.splat<real>(factor), y = v128.splat<real>(summand)
  let a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y
  for (; rounds > 0; rounds--) {
    a = fuse(y, a, x)
    b = fuse(y, b, x)
    c = fuse(y, c, x)
    d = fuse(y, d, x)
    e = fuse(y, e, x)
    f = fuse(y, f, x)
    g = fuse(y, g, x)
    h = fuse(y, h, x)
    i = fuse(y, i, x)
    j = fuse(y, j, x)
    k = fuse(y, k, x)
    l = fuse(y, l, x)
  }
  const sum = v128.add<real>(v128.add<real>(v128.add<real>(a, b), v128.add<real>(c, d)), v128.add<real>(v128.add<real>(e, f), v128.add<real>(g, h)))
  return sumLanes(v128.add<real>(sum, v128.add<real>(v128.add<real>(i, j), v128.add<real>(k, l))))
}
