// Activations with their first three derivatives, for a row of points.
// Own exp and log, so that every engine gives the same bits.

import {
  EXPONENT_SHIFTER, LEAST_EXPONENT, LN2_HIGH, LN2_LOW, LOG2_E, MANTISSA_BITS,
  atanhSeries, bits, expm1Series, real,
} from "./precision"

export const TANH: i32 = 0
export const SWISH: i32 = 1
export const SOFTPLUS: i32 = 2

@inline
function splat(x: real): v128 {
  return v128.splat<real>(x)
}

@inline
function add(a: v128, b: v128): v128 {
  return v128.add<real>(a, b)
}

@inline
function sub(a: v128, b: v128): v128 {
  return v128.sub<real>(a, b)
}

@inline
function mul(a: v128, b: v128): v128 {
  return v128.mul<real>(a, b)
}

@inline
function nearestPower(x: v128): v128 {
  return v128.nearest<real>(mul(x, splat(LOG2_E)))
}

@inline
function expm1Remainder(x: v128, k: v128): v128 {
  return expm1Series(sub(sub(x, mul(k, splat(LN2_HIGH))), mul(k, splat(LN2_LOW))))
}

@inline
function powerOfTwo(k: v128): v128 {
  return v128.shl<bits>(add(k, splat(EXPONENT_SHIFTER)), MANTISSA_BITS)
}

/** exp(-|x|), to full relative precision. */
@inline
function expOfMinusAbs(x: v128): v128 {
  const y = v128.max<real>(v128.neg<real>(v128.abs<real>(x)), splat(LEAST_EXPONENT))
  const k = nearestPower(y)
  const scale = powerOfTwo(k)
  return add(mul(scale, expm1Remainder(y, k)), scale)
}

/** 1 - exp(-2|x|), to full relative precision. */
@inline
function oneMinusExpOfMinusTwiceAbs(x: v128): v128 {
  const y = v128.max<real>(mul(v128.abs<real>(x), splat(-2)), splat(LEAST_EXPONENT))
  const k = nearestPower(y)
  const scale = powerOfTwo(k)
  return sub(sub(splat(1), scale), mul(scale, expm1Remainder(y, k)))
}

/** log(1 + u) for 0 <= u <= 1, as 2 atanh(u / (2 + u)). */
@inline
function log1p(u: v128): v128 {
  const y = v128.div<real>(u, add(splat(2), u))
  return mul(add(y, y), atanhSeries(mul(y, y)))
}

/** The sigmoid, given e = exp(-|z|). */
@inline
function sigmoid(z: v128, e: v128): v128 {
  const negative = v128.lt<real>(z, splat(0))
  return v128.div<real>(v128.bitselect(e, splat(1), negative), add(splat(1), e))
}

function tanhRow(z: usize, value: usize, slopes: usize, bytes: usize): void {
  const sign = splat(-0.0)
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(z + at)
    const m = oneMinusExpOfMinusTwiceAbs(x)
    const t = v128.bitselect(x, v128.div<real>(m, sub(splat(2), m)), sign)
    const square = mul(t, t)
    const first = sub(splat(1), square)
    v128.store(value + at, t)
    v128.store(slopes + at, first)
    v128.store(slopes + bytes + at, mul(mul(splat(-2), t), first))
    v128.store(slopes + 2 * bytes + at, mul(first, sub(mul(splat(6), square), splat(2))))
  }
}

// With s the sigmoid and g = s (1 - s): s' = g, s'' = g (1 - 2 s), s''' = g (1 - 6 g).
function swishRow(z: usize, value: usize, slopes: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(z + at)
    const s = sigmoid(x, expOfMinusAbs(x))
    const g = mul(s, sub(splat(1), s))
    const h = mul(g, sub(splat(1), add(s, s)))
    v128.store(value + at, mul(x, s))
    v128.store(slopes + at, add(s, mul(x, g)))
    v128.store(slopes + bytes + at, add(add(g, g), mul(x, h)))
    v128.store(slopes + 2 * bytes + at,
      add(mul(splat(3), h), mul(x, mul(g, sub(splat(1), mul(splat(6), g))))))
  }
}

function softplusRow(z: usize, value: usize, slopes: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(z + at)
    const e = expOfMinusAbs(x)
    const s = sigmoid(x, e)
    const g = mul(s, sub(splat(1), s))
    v128.store(value + at, add(v128.max<real>(x, splat(0)), log1p(e)))
    v128.store(slopes + at, s)
    v128.store(slopes + bytes + at, g)
    v128.store(slopes + 2 * bytes + at, mul(g, sub(splat(1), add(s, s))))
  }
}

function reluRow(z: usize, value: usize, slopes: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(z + at)
    v128.store(value + at, v128.max<real>(x, splat(0)))
    v128.store(slopes + at, v128.and(v128.gt<real>(x, splat(0)), splat(1)))
    v128.store(slopes + bytes + at, splat(0))
    v128.store(slopes + 2 * bytes + at, splat(0))
  }
}

/** Activates `bytes` of points: the value, then the three derivatives one row after another. */
export function activateRow(kind: i32, z: usize, value: usize, slopes: usize, bytes: usize): void {
  if (kind == TANH) tanhRow(z, value, slopes, bytes)
  else if (kind == SWISH) swishRow(z, value, slopes, bytes)
  else if (kind == SOFTPLUS) softplusRow(z, value, slopes, bytes)
  else reluRow(z, value, slopes, bytes)
}
