// The limit that the products are held against.

import { real, sumLanes } from "./precision"

/** Multiply-adds of a round, counted in vectors. */
@inline
export const CHAINS: i32 = 12

/** So many rounds of twelve multiply-adds that wait for nothing but themselves. */
export function peak(rounds: i32): real {
  const x = v128.splat<real>(0.999), y = v128.splat<real>(0.001)
  let a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y
  for (; rounds > 0; rounds--) {
    a = v128.add<real>(v128.mul<real>(a, x), y)
    b = v128.add<real>(v128.mul<real>(b, x), y)
    c = v128.add<real>(v128.mul<real>(c, x), y)
    d = v128.add<real>(v128.mul<real>(d, x), y)
    e = v128.add<real>(v128.mul<real>(e, x), y)
    f = v128.add<real>(v128.mul<real>(f, x), y)
    g = v128.add<real>(v128.mul<real>(g, x), y)
    h = v128.add<real>(v128.mul<real>(h, x), y)
    i = v128.add<real>(v128.mul<real>(i, x), y)
    j = v128.add<real>(v128.mul<real>(j, x), y)
    k = v128.add<real>(v128.mul<real>(k, x), y)
    l = v128.add<real>(v128.mul<real>(l, x), y)
  }
  const sum = v128.add<real>(v128.add<real>(v128.add<real>(a, b), v128.add<real>(c, d)), v128.add<real>(v128.add<real>(e, f), v128.add<real>(g, h)))
  return sumLanes(v128.add<real>(sum, v128.add<real>(v128.add<real>(i, j), v128.add<real>(k, l))))
}
