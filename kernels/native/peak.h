// The limit that the products are held against: kernels/peak.ts.

#pragma once
#include "vector.h"

#define CHAINS 12

/** So many rounds of twelve multiply-adds, each to a sum of its own. */
static real peak(double rounds, real factor, real summand) {
  vec x = all(factor), y = all(summand), sums[CHAINS];
#pragma GCC unroll 12
  for (int k = 0; k < CHAINS; k++) sums[k] = y;
  for (int64_t left = (int64_t)rounds; left > 0; left--)
#pragma GCC unroll 12
    for (int k = 0; k < CHAINS; k++) {
      // Otherwise the compiler would multiply once for all.
      __asm__ volatile("" : "+v"(x));
      sums[k] = fuse(sums[k], x, y);
    }
  vec sum = sums[0];
#pragma GCC unroll 12
  for (int k = 1; k < CHAINS; k++) sum = sum + sums[k];
  return sum[0];
}
