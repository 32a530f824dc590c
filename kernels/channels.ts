// What an activation f does to the derivative channels of a strip, forward and adjoint, unit by unit:
//   a = f(z)    a_i = f'(z) z_i    a_c = f'(z) z_c + f''(z) sum_k s_k z_i(k) z_j(k).
// A row holds two vectors of points of one unit; the rows of a channel lie together, channel after channel.

import { RELU, SOFTPLUS, SWISH, TANH, firstOf, memoOf, secondOf, thirdOf, valueOf } from "./activation"
import { fuse } from "./lanes"
import { ROW } from "./panels"
import { real } from "./precision"

/** The second that gathers a term and the channels of its two sides are three words; terms are in the order of their seconds. */
@inline
const TERM: usize = 12

@inline
function mul(x: v128, y: v128): v128 {
  return v128.mul<real>(x, y)
}

/** x times the factors of a term; without factors they are one. */
@inline
function scaled(x: v128, factors: usize, offset: usize): v128 {
  return factors ? mul(x, v128.load(factors + offset)) : x
}

/** The argument of an activation, where more than its memo is needed. */
@inline
function argument(kind: i32, z: usize, memo: v128): v128 {
  return kind == SWISH ? v128.load(z) : memo
}

/** The side 0 or 1 of a term in the unit at `row` of the value's channel. */
@inline
function sideOf(term: usize, which: usize, row: usize, bytes: usize): usize {
  return row + <usize>load<i32>(term + 4 + 4 * which) * bytes
}

@inline
function activateAs(
  kind: i32, bytes: usize, firsts: i32, seconds: i32, terms: usize, termsEnd: usize, factorsStart: usize, z: usize, a: usize, memos: usize,
): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(z + at), memo = memoOf(kind, x)
    v128.store(memos + at, memo)
    v128.store(a + at, valueOf(kind, x, memo))
  }
  for (const last = z + bytes; z < last;) {
    const mx = v128.load(memos), my = v128.load(memos, 16), x = argument(kind, z, mx), y = argument(kind, z + 16, my)
    const x1 = firstOf(kind, x, mx), y1 = firstOf(kind, y, my), x2 = secondOf(kind, x, mx), y2 = secondOf(kind, y, my)
    let from = z + bytes, to = a + bytes
    for (let k = firsts; k > 0; k--) {
      v128.store(to, mul(x1, v128.load(from)))
      v128.store(to, mul(y1, v128.load(from, 16)), 16)
      from += bytes
      to += bytes
    }
    let term = terms, factors = factorsStart
    for (let second = 0; second < seconds; second++) {
      let p = mul(x1, v128.load(from)), q = mul(y1, v128.load(from, 16))
      for (; term < termsEnd && load<i32>(term) == second; term += TERM) {
        const i = sideOf(term, 0, z, bytes), j = sideOf(term, 1, z, bytes)
        p = fuse(p, scaled(x2, factors, 0), mul(v128.load(i), v128.load(j)))
        q = fuse(q, scaled(y2, factors, 16), mul(v128.load(i, 16), v128.load(j, 16)))
        if (factors) factors += ROW
      }
      v128.store(to, p)
      v128.store(to, q, 16)
      from += bytes
      to += bytes
    }
    z += ROW
    a += ROW
    memos += ROW
  }
}

/**
 * The sums z of a strip to its activations a, with `bytes` a channel; `memos` gets what `adjoin` needs. `factors` is a row for each term, or 0
 * for factors of one.
 */
export function activate(
  kind: i32, bytes: usize, firsts: i32, seconds: i32, terms: usize, termsEnd: usize, factors: usize, z: usize, a: usize, memos: usize,
): void {
  if (kind == TANH) activateAs(TANH, bytes, firsts, seconds, terms, termsEnd, factors, z, a, memos)
  else if (kind == SWISH) activateAs(SWISH, bytes, firsts, seconds, terms, termsEnd, factors, z, a, memos)
  else if (kind == SOFTPLUS) activateAs(SOFTPLUS, bytes, firsts, seconds, terms, termsEnd, factors, z, a, memos)
  else activateAs(RELU, bytes, firsts, seconds, terms, termsEnd, factors, z, a, memos)
}

@inline
function adjoinAs(
  kind: i32, bytes: usize, firsts: i32, seconds: i32, terms: usize, termsEnd: usize, factorsStart: usize, z: usize, memos: usize, g: usize,
): void {
  for (const last = z + bytes; z < last;) {
    const mx = v128.load(memos), my = v128.load(memos, 16), x = argument(kind, z, mx), y = argument(kind, z + 16, my)
    const x1 = firstOf(kind, x, mx), y1 = firstOf(kind, y, my), x2 = secondOf(kind, x, mx), y2 = secondOf(kind, y, my)
    const x3 = thirdOf(kind, x, mx), y3 = thirdOf(kind, y, my)
    let p = mul(x1, v128.load(g)), q = mul(y1, v128.load(g, 16))
    let from = z + bytes, to = g + bytes
    for (let k = firsts; k > 0; k--) {
      const s = v128.load(to), t = v128.load(to, 16)
      p = fuse(p, mul(s, x2), v128.load(from))
      q = fuse(q, mul(t, y2), v128.load(from, 16))
      v128.store(to, mul(s, x1))
      v128.store(to, mul(t, y1), 16)
      from += bytes
      to += bytes
    }
    let factors = factorsStart
    for (let term = terms; term < termsEnd; term += TERM) {
      const gathered = to + <usize>load<i32>(term) * bytes
      const s = scaled(v128.load(gathered), factors, 0), t = scaled(v128.load(gathered, 16), factors, 16)
      const i = sideOf(term, 0, z, bytes), j = sideOf(term, 1, z, bytes), gi = sideOf(term, 0, g, bytes), gj = sideOf(term, 1, g, bytes)
      const xi = v128.load(i), yi = v128.load(i, 16), xj = v128.load(j), yj = v128.load(j, 16)
      const sx = mul(s, x2), ty = mul(t, y2)
      p = fuse(p, mul(s, x3), mul(xi, xj))
      q = fuse(q, mul(t, y3), mul(yi, yj))
      const u = fuse(v128.load(gi), sx, xj), v = fuse(v128.load(gi, 16), ty, yj)
      if (gi == gj) {
        v128.store(gi, fuse(u, sx, xi))
        v128.store(gi, fuse(v, ty, yi), 16)
      } else {
        v128.store(gi, u)
        v128.store(gi, v, 16)
        v128.store(gj, fuse(v128.load(gj), sx, xi))
        v128.store(gj, fuse(v128.load(gj, 16), ty, yi), 16)
      }
      if (factors) factors += ROW
    }
    for (let k = seconds; k > 0; k--) {
      const s = v128.load(to), t = v128.load(to, 16)
      p = fuse(p, mul(s, x2), v128.load(from))
      q = fuse(q, mul(t, y2), v128.load(from, 16))
      v128.store(to, mul(s, x1))
      v128.store(to, mul(t, y1), 16)
      from += bytes
      to += bytes
    }
    v128.store(g, p)
    v128.store(g, q, 16)
    z += ROW
    g += ROW
    memos += ROW
  }
}

/** From the cotangents g of the activations of a strip to those of its sums z, in place. */
export function adjoin(
  kind: i32, bytes: usize, firsts: i32, seconds: i32, terms: usize, termsEnd: usize, factors: usize, z: usize, memos: usize, g: usize,
): void {
  if (kind == TANH) adjoinAs(TANH, bytes, firsts, seconds, terms, termsEnd, factors, z, memos, g)
  else if (kind == SWISH) adjoinAs(SWISH, bytes, firsts, seconds, terms, termsEnd, factors, z, memos, g)
  else if (kind == SOFTPLUS) adjoinAs(SOFTPLUS, bytes, firsts, seconds, terms, termsEnd, factors, z, memos, g)
  else adjoinAs(RELU, bytes, firsts, seconds, terms, termsEnd, factors, z, memos, g)
}
