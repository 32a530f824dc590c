// Activations with their first three derivatives: kernels/activation.ts, vector for vector.

#pragma once
#include "vector.h"

enum { TANH, SWISH, SOFTPLUS, RELU };

#if PRECISION == 32
#define LOG2_E 1.44269504f
#define LN2_HIGH 0.693359375f
#define LN2_LOW -2.12194440e-4f
#define LEAST_EXPONENT -87.0f
#define EXPONENT_SHIFTER 12583039.0f
#define MANTISSA_BITS 23
static const real EXPM1[] = {1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5};
static const real ATANH[] = {1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0};
#else
#define LOG2_E 1.4426950408889634
#define LN2_HIGH 6.93147180369123816490e-1
#define LN2_LOW 1.90821492927058770002e-10
#define LEAST_EXPONENT -708.0
#define EXPONENT_SHIFTER 6755399441056767.0
#define MANTISSA_BITS 52
static const real EXPM1[] = {
  1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0,
  1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5,
};
static const real ATANH[] = {
  1.0 / 33.0, 1.0 / 31.0, 1.0 / 29.0, 1.0 / 27.0, 1.0 / 25.0, 1.0 / 23.0, 1.0 / 21.0, 1.0 / 19.0, 1.0 / 17.0,
  1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0,
};
#endif

/** Horner's rule from the highest power down. */
INLINE vec series(const real *table, int length, vec x) {
  vec sum = all(table[0]);
#pragma GCC unroll 20
  for (int k = 1; k < length; k++) sum = fuse(all(table[k]), sum, x);
  return sum;
}

INLINE vec expm1Series(vec r) { return fuse(r, r * r, series(EXPM1, sizeof EXPM1 / sizeof(real), r)); }
INLINE vec atanhSeries(vec s) { return series(ATANH, sizeof ATANH / sizeof(real), s); }

INLINE vec nearestPower(vec x) { return nearest(x * all(LOG2_E)); }
INLINE vec expm1Remainder(vec x, vec k) { return expm1Series(x - k * all(LN2_HIGH) - k * all(LN2_LOW)); }
INLINE vec powerOfTwo(vec k) { return SHIFT_LEFT(k + all(EXPONENT_SHIFTER), MANTISSA_BITS); }
INLINE vec sign(void) { return all(-0.0); }
INLINE vec minusAbs(vec x) { return OP(or)(x, sign()); }
/** The larger of the two; NaN stays. */
INLINE vec atLeast(vec y) { return OP(max)(all(LEAST_EXPONENT), y); }

INLINE vec expOfMinusAbs(vec x) {
  vec y = atLeast(minusAbs(x)), k = nearestPower(y), scale = powerOfTwo(k);
  return scale * expm1Remainder(y, k) + scale;
}

INLINE vec oneMinusExpOfMinusTwiceAbs(vec x) {
  vec y = atLeast(minusAbs(x + x)), k = nearestPower(y), scale = powerOfTwo(k);
  return (all(1) - scale) - scale * expm1Remainder(y, k);
}

INLINE vec log1pOf(vec u) {
  vec y = u / (all(2) + u);
  return (y + y) * atanhSeries(y * y);
}

INLINE vec sigmoid(vec z, vec e) { return whereNegative(z, e, all(1)) / (all(1) + e); }

INLINE vec tanhOf(vec x) {
  vec m = oneMinusExpOfMinusTwiceAbs(x);
  return OP(or)(m / (all(2) - m), OP(and)(x, sign()));
}

/** The larger of z and +0; NaN stays. */
INLINE vec positivePart(vec z) { return whereNone(z, OP(max)(z, all(0))); }

INLINE vec memoOf(int kind, vec z) {
  if (kind == TANH) return tanhOf(z);
  if (kind == RELU) return wherePositive(z, all(1));
  return sigmoid(z, expOfMinusAbs(z));
}

INLINE vec valueOf(int kind, vec z, vec memo) {
  if (kind == TANH) return memo;
  if (kind == SWISH) return z * memo;
  if (kind == RELU) return positivePart(z);
  return positivePart(z) + log1pOf(expOfMinusAbs(z));
}

INLINE vec slopeOfSigmoid(vec s) { return s * (all(1) - s); }
INLINE vec bendOfSigmoid(vec s) { return slopeOfSigmoid(s) * (all(1) - (s + s)); }

INLINE vec firstOf(int kind, vec z, vec memo) {
  if (kind == TANH) return all(1) - memo * memo;
  if (kind == SWISH) return memo + z * slopeOfSigmoid(memo);
  return memo;
}

INLINE vec secondOf(int kind, vec z, vec memo) {
  if (kind == TANH) return (all(-2) * memo) * firstOf(TANH, z, memo);
  if (kind == RELU) return all(0);
  vec g = slopeOfSigmoid(memo);
  if (kind == SOFTPLUS) return g;
  return (g + g) + z * bendOfSigmoid(memo);
}

INLINE vec thirdOf(int kind, vec z, vec memo) {
  if (kind == TANH) return firstOf(TANH, z, memo) * (all(6) * (memo * memo) - all(2));
  if (kind == RELU) return all(0);
  vec h = bendOfSigmoid(memo);
  if (kind == SOFTPLUS) return h;
  vec g = slopeOfSigmoid(memo);
  return all(3) * h + z * (g * (all(1) - all(6) * g));
}
