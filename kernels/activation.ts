// Activations with their first three derivatives. Each leaves a memo, from which together with its argument z the value and the
// derivatives follow without another exponential: tanh itself, the sigmoid for swish and softplus, the slope for relu.
// Own exp and log, so that every engine gives the same bits.

import { constant } from "./lanes"
import {
  EXPONENT_SHIFTER, LEAST_EXPONENT, LN2_HIGH, LN2_LOW, LOG2_E, MANTISSA_BITS,
  atanhSeries, bits, expm1Series, real,
} from "./precision"

export const TANH: i32 = 0
export const SWISH: i32 = 1
export const SOFTPLUS: i32 = 2
export const RELU: i32 = 3

const ZERO: usize = memory.data<real>([0])
const ONE: usize = memory.data<real>([1])
const TWO: usize = memory.data<real>([2])
const MINUS_TWO: usize = memory.data<real>([-2])
const THREE: usize = memory.data<real>([3])
const SIX: usize = memory.data<real>([6])
const SIGN: usize = memory.data<real>([-0.0])
const TO_POWERS: usize = memory.data<real>([LOG2_E])
const HIGH: usize = memory.data<real>([LN2_HIGH])
const LOW: usize = memory.data<real>([LN2_LOW])
const LEAST: usize = memory.data<real>([LEAST_EXPONENT])
const SHIFTER: usize = memory.data<real>([EXPONENT_SHIFTER])

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
  return v128.nearest<real>(mul(x, constant(TO_POWERS)))
}

@inline
function expm1Remainder(x: v128, k: v128): v128 {
  return expm1Series(sub(sub(x, mul(k, constant(HIGH))), mul(k, constant(LOW))))
}

@inline
function powerOfTwo(k: v128): v128 {
  return v128.shl<bits>(add(k, constant(SHIFTER)), MANTISSA_BITS)
}

/** -|x|. */
@inline
function minusAbs(x: v128): v128 {
  return v128.or(x, constant(SIGN))
}

/** The larger of y and the least exponent, in one instruction: `max` orders zeros too, which takes seven. NaN stays. */
@inline
function atLeast(y: v128): v128 {
  return v128.pmax<real>(y, constant(LEAST))
}

/** exp(-|x|), to full relative precision. */
@inline
function expOfMinusAbs(x: v128): v128 {
  const y = atLeast(minusAbs(x))
  const k = nearestPower(y)
  const scale = powerOfTwo(k)
  return add(mul(scale, expm1Remainder(y, k)), scale)
}

/** 1 - exp(-2|x|), to full relative precision. */
@inline
function oneMinusExpOfMinusTwiceAbs(x: v128): v128 {
  const y = atLeast(minusAbs(add(x, x)))
  const k = nearestPower(y)
  const scale = powerOfTwo(k)
  return sub(sub(constant(ONE), scale), mul(scale, expm1Remainder(y, k)))
}

/** log(1 + u) for 0 <= u <= 1, as 2 atanh(u / (2 + u)). */
@inline
function log1p(u: v128): v128 {
  const y = v128.div<real>(u, add(constant(TWO), u))
  return mul(add(y, y), atanhSeries(mul(y, y)))
}

/** The sigmoid, given e = exp(-|z|). */
@inline
function sigmoid(z: v128, e: v128): v128 {
  const negative = v128.lt<real>(z, constant(ZERO))
  return v128.div<real>(v128.bitselect(e, constant(ONE), negative), add(constant(ONE), e))
}

@inline
function tanh(x: v128): v128 {
  const m = oneMinusExpOfMinusTwiceAbs(x)
  return v128.or(v128.div<real>(m, sub(constant(TWO), m)), v128.and(x, constant(SIGN)))
}

@inline
export function memoOf(kind: i32, z: v128): v128 {
  if (kind == TANH) return tanh(z)
  if (kind == RELU) return v128.and(v128.gt<real>(z, constant(ZERO)), constant(ONE))
  return sigmoid(z, expOfMinusAbs(z))
}

@inline
export function valueOf(kind: i32, z: v128, memo: v128): v128 {
  if (kind == TANH) return memo
  if (kind == SWISH) return mul(z, memo)
  if (kind == RELU) return v128.max<real>(z, constant(ZERO))
  return add(v128.max<real>(z, constant(ZERO)), log1p(expOfMinusAbs(z)))
}

// With s the sigmoid and g = s (1 - s): s' = g, s'' = g (1 - 2 s), s''' = g (1 - 6 g).

@inline
function slopeOfSigmoid(s: v128): v128 {
  return mul(s, sub(constant(ONE), s))
}

@inline
function bendOfSigmoid(s: v128): v128 {
  return mul(slopeOfSigmoid(s), sub(constant(ONE), add(s, s)))
}

@inline
export function firstOf(kind: i32, z: v128, memo: v128): v128 {
  if (kind == TANH) return sub(constant(ONE), mul(memo, memo))
  if (kind == SWISH) return add(memo, mul(z, slopeOfSigmoid(memo)))
  return memo
}

@inline
export function secondOf(kind: i32, z: v128, memo: v128): v128 {
  if (kind == TANH) return mul(mul(constant(MINUS_TWO), memo), firstOf(TANH, z, memo))
  if (kind == RELU) return constant(ZERO)
  const g = slopeOfSigmoid(memo)
  if (kind == SOFTPLUS) return g
  return add(add(g, g), mul(z, bendOfSigmoid(memo)))
}

@inline
export function thirdOf(kind: i32, z: v128, memo: v128): v128 {
  if (kind == TANH) return mul(firstOf(TANH, z, memo), sub(mul(constant(SIX), mul(memo, memo)), constant(TWO)))
  if (kind == RELU) return constant(ZERO)
  const h = bendOfSigmoid(memo)
  if (kind == SOFTPLUS) return h
  const g = slopeOfSigmoid(memo)
  return add(mul(constant(THREE), h), mul(z, mul(g, sub(constant(ONE), mul(constant(SIX), g)))))
}
