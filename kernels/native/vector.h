// Vectors of `real` in AVX2. Everything here rounds as the WebAssembly kernels do: a vector is wider, but every number comes
// about by the same operations in the same order, so that both give the same bits.

#pragma once
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

/** Bytes of a unit in a panel: two vectors of points. */
#define ROW 64

#if PRECISION == 32
typedef float real;
typedef __m256 vec;
typedef __m128 half;
#define OP(name) _mm256_##name##_ps
#define HALF(name) _mm_##name##_ps
#define SPLAT _mm256_broadcast_ss
#define SHIFT_LEFT(x, count) _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(x), count))
#define JOIN(low, high) _mm256_insertf128_ps(_mm256_castps128_ps256(low), high, 1)
#else
typedef double real;
typedef __m256d vec;
typedef __m128d half;
#define OP(name) _mm256_##name##_pd
#define HALF(name) _mm_##name##_pd
#define SPLAT _mm256_broadcast_sd
#define SHIFT_LEFT(x, count) _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(x), count))
#define JOIN(low, high) _mm256_insertf128_pd(_mm256_castpd128_pd256(low), high, 1)
#endif

/** Bytes of a number, numbers of a vector, points of a panel. */
#define SIZE ((size_t)sizeof(real))
#define LANES ((int)(32 / sizeof(real)))
#define WIDTH ((int)(ROW / sizeof(real)))

/** The panels of the WebAssembly kernels hold half as many points; sums over points go by these. */
#define STRIP 32
#define STRIP_WIDTH ((int)(STRIP / sizeof(real)))

INLINE int least(int a, int b) { return a < b ? a : b; }
INLINE vec load(const char *at) { return OP(loadu)((const real *)at); }
INLINE void store(char *at, vec x) { OP(storeu)((real *)at, x); }
INLINE vec splat(const char *at) { return SPLAT((const real *)at); }
INLINE vec all(real x) { return OP(set1)(x); }

/** Sixteen bytes, twice. */
INLINE vec twice(const char *at) { return OP(broadcast)((const half *)at); }
/** Sixteen bytes from here and sixteen from there. */
INLINE vec joined(const char *low, const char *high) { return JOIN(HALF(loadu)((const real *)low), HALF(loadu)((const real *)high)); }

INLINE half loadHalf(const char *at) { return HALF(loadu)((const real *)at); }
INLINE void storeHalf(char *at, half x) { HALF(storeu)((real *)at, x); }

/** sum + x y: rounded twice, or once in the fused build. */
#if FUSED
INLINE vec fuse(vec sum, vec x, vec y) { return OP(fmadd)(x, y, sum); }
INLINE half fuseHalf(half sum, half x, half y) { return HALF(fmadd)(x, y, sum); }
#else
INLINE vec fuse(vec sum, vec x, vec y) { return OP(add)(sum, OP(mul)(x, y)); }
INLINE half fuseHalf(half sum, half x, half y) { return HALF(add)(sum, HALF(mul)(x, y)); }
#endif

INLINE real numberAt(const char *at) { return *(const real *)at; }

/** The sum of a WebAssembly vector. */
INLINE real sumLanes(const char *at) {
#if PRECISION == 32
  return (numberAt(at) + numberAt(at + 4)) + (numberAt(at + 8) + numberAt(at + 12));
#else
  return numberAt(at) + numberAt(at + 8);
#endif
}
