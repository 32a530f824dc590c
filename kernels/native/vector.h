// Vectors of `real`, WIDE bytes of AVX2 (32) or AVX-512 (64). Everything here rounds as the WebAssembly kernels do: a vector is wider,
// but every number comes about by the same operations in the same order, so that all give the same bits.

#pragma once
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

#if PRECISION == 32
typedef float real;
typedef __m128 half;
#define HALF(name) _mm_##name##_ps
#else
typedef double real;
typedef __m128d half;
#define HALF(name) _mm_##name##_pd
#endif

/** Bytes of a number, and of a unit in a panel: two vectors of points. */
#define SIZE ((size_t)sizeof(real))
#define ROW (2 * WIDE)
/** Points of a panel. */
#define WIDTH ((int)(ROW / sizeof(real)))

/** The panels of the WebAssembly kernels are shorter; sums over points go by these. */
#define STRIP 32
#define STRIP_WIDTH ((int)(STRIP / sizeof(real)))
#define STRIPS (ROW / STRIP)

#if WIDE == 32 && PRECISION == 32
typedef __m256 vec;
#define OP(name) _mm256_##name##_ps
#elif WIDE == 32
typedef __m256d vec;
#define OP(name) _mm256_##name##_pd
#elif PRECISION == 32
typedef __m512 vec;
#define OP(name) _mm512_##name##_ps
#define COMPARE _mm512_cmp_ps_mask
#else
typedef __m512d vec;
#define OP(name) _mm512_##name##_pd
#define COMPARE _mm512_cmp_pd_mask
#endif

INLINE int least(int a, int b) { return a < b ? a : b; }
INLINE real numberAt(const char *at) { return *(const real *)at; }
INLINE vec load(const char *at) { return OP(loadu)((const real *)at); }
INLINE void store(char *at, vec x) { OP(storeu)((real *)at, x); }
INLINE vec all(real x) { return OP(set1)(x); }
INLINE vec splat(const char *at) { return all(numberAt(at)); }
INLINE half loadHalf(const char *at) { return HALF(loadu)((const real *)at); }
INLINE void storeHalf(char *at, half x) { HALF(storeu)((real *)at, x); }

#if WIDE == 32
/** Sixteen bytes, as often as a vector holds them. */
INLINE vec repeated(const char *at) { return OP(broadcast)((const half *)at); }
INLINE vec nearest(vec x) { return OP(round)(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
/** yes where z < 0, no elsewhere; yes where z > 0, 0 elsewhere; z where it is not a number, x elsewhere. */
INLINE vec whereNegative(vec z, vec yes, vec no) { return OP(blendv)(no, yes, OP(cmp)(z, all(0), _CMP_LT_OQ)); }
INLINE vec wherePositive(vec z, vec yes) { return OP(and)(OP(cmp)(z, all(0), _CMP_GT_OQ), yes); }
INLINE vec whereNone(vec z, vec x) { return OP(blendv)(x, z, OP(cmp)(z, z, _CMP_UNORD_Q)); }
#if PRECISION == 32
#define SHIFT_LEFT(x, count) _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(x), count))
#else
#define SHIFT_LEFT(x, count) _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(x), count))
#endif
#else
INLINE vec nearest(vec x) { return OP(roundscale)(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
INLINE vec whereNegative(vec z, vec yes, vec no) { return OP(mask_mov)(no, COMPARE(z, all(0), _CMP_LT_OQ), yes); }
INLINE vec wherePositive(vec z, vec yes) { return OP(maskz_mov)(COMPARE(z, all(0), _CMP_GT_OQ), yes); }
INLINE vec whereNone(vec z, vec x) { return OP(mask_mov)(x, COMPARE(z, z, _CMP_UNORD_Q), z); }
#if PRECISION == 32
INLINE vec repeated(const char *at) { return _mm512_broadcast_f32x4(loadHalf(at)); }
#define SHIFT_LEFT(x, count) _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(x), count))
#else
INLINE vec repeated(const char *at) { return _mm512_broadcast_f64x2(loadHalf(at)); }
#define SHIFT_LEFT(x, count) _mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(x), count))
#endif
#endif

/** sum + x y: rounded twice, or once in the fused build. */
#if FUSED
INLINE vec fuse(vec sum, vec x, vec y) { return OP(fmadd)(x, y, sum); }
INLINE half fuseHalf(half sum, half x, half y) { return HALF(fmadd)(x, y, sum); }
#else
INLINE vec fuse(vec sum, vec x, vec y) { return OP(add)(sum, OP(mul)(x, y)); }
INLINE half fuseHalf(half sum, half x, half y) { return HALF(add)(sum, HALF(mul)(x, y)); }
#endif

/** The sum of a WebAssembly vector. */
INLINE real sumLanes(const char *at) {
#if PRECISION == 32
  return (numberAt(at) + numberAt(at + 4)) + (numberAt(at + 8) + numberAt(at + 12));
#else
  return numberAt(at) + numberAt(at + 8);
#endif
}
