// What an activation does to the derivative channels of a panel, forward and adjoint. Rows are panels of `bytes` bytes.

import { fuse } from "./lanes"
import { ROW } from "./panels"
import { real } from "./precision"

@inline
function mul(x: v128, y: v128): v128 {
  return v128.mul<real>(x, y)
}

/** Factor of a term at two vectors of points; without factors it is one. */
@inline
function factorAt(factors: usize, at: usize): v128 {
  return factors ? v128.load(factors + (at & (ROW - 1))) : v128.splat<real>(1)
}

/** to = x y. */
export function scaleRow(x: usize, y: usize, to: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, mul(v128.load(x + at), v128.load(y + at)))
}

/** a += f'' s z_i z_j. */
export function curveRow(d2: usize, zi: usize, zj: usize, factors: usize, a: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const bent = mul(v128.load(d2 + at), factorAt(factors, at))
    v128.store(a + at, fuse(v128.load(a + at), bent, mul(v128.load(zi + at), v128.load(zj + at))))
  }
}

/** Of a channel with a = f' z_c: adds to the cotangent of the value and turns its own from a to z. */
export function adjoinRow(d: usize, zc: usize, gc: usize, g: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const cotangent = v128.load(gc + at)
    v128.store(g + at, fuse(v128.load(g + at), mul(cotangent, v128.load(d + bytes + at)), v128.load(zc + at)))
    v128.store(gc + at, mul(cotangent, v128.load(d + at)))
  }
}

/** Of a term f'' s z_i z_j in a channel whose cotangent is `gc`: adds to the cotangents of z, z_i and z_j. */
export function adjoinCurve(
  d: usize, zi: usize, zj: usize, factors: usize, gc: usize, gi: usize, gj: usize, g: usize, bytes: usize,
): void {
  const d2 = d + bytes, d3 = d2 + bytes
  for (let at: usize = 0; at < bytes; at += 16) {
    const cotangent = mul(v128.load(gc + at), factorAt(factors, at)), x = v128.load(zi + at), y = v128.load(zj + at)
    const bent = mul(cotangent, v128.load(d2 + at))
    v128.store(g + at, fuse(v128.load(g + at), mul(cotangent, v128.load(d3 + at)), mul(x, y)))
    v128.store(gi + at, fuse(v128.load(gi + at), bent, y))
    v128.store(gj + at, fuse(v128.load(gj + at), bent, x))
  }
}
