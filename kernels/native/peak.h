// The limit that the products are held against: kernels/peak.ts.

#pragma once
#include "vector.h"

#define CHAINS 12

/** So many rounds of twelve multiply-adds that wait for nothing but themselves. */
static real peak(double rounds, real factor, real summand) {
  vec x = all(factor), y = all(summand), sums[CHAINS];
#pragma GCC unroll 12
  for (int k = 0; k < CHAINS; k++) sums[k] = y;
  for (; rounds > 0; rounds--)
#pragma GCC unroll 12
    for (int k = 0; k < CHAINS; k++) {
      sums[k] = fuse(y, sums[k], x);
      // Otherwise the compiler would pair the chains into other instructions.
      __asm__ volatile("" : "+x"(sums[k]));
    }
  vec sum = sums[0];
#pragma GCC unroll 12
  for (int k = 1; k < CHAINS; k++) sum = sum + sums[k];
  return sum[0];
}
