// Dense symmetric systems: kernels/dense.ts and the products of rows it needs. A vector holds the lanes of two columns at a time, which
// stay apart until the end as those of the WebAssembly kernels do.

#pragma once
#include <string.h>
#include "vector.h"

/** Columns of a block. */
#define BLOCK 64

INLINE real sumOf(half x) { return x[0] + x[1]; }
INLINE half lowHalf(vec x) { return _mm256_castpd256_pd128(x); }
INLINE half highHalf(vec x) { return _mm256_extractf128_pd(x, 1); }
INLINE void addTo(char *at, real scale, real sum) { *(real *)at = numberAt(at) + scale * sum; }

/** `height` rows of A by two pairs of rows of B. */
INLINE void dotBlock(int height, int pairs, real scale, size_t bytes, const char *a, size_t aRow, const char *b, size_t bRow, char *c, size_t cRow) {
  vec s[4][2];
#pragma GCC unroll 4
  for (int r = 0; r < height; r++)
#pragma GCC unroll 2
    for (int p = 0; p < pairs; p++) s[r][p] = all(0);
  for (size_t k = 0; k < bytes; k += 16) {
    vec y[2];
#pragma GCC unroll 2
    for (int p = 0; p < pairs; p++) y[p] = joined(b + k + (size_t)(2 * p) * bRow, b + k + (size_t)(2 * p + 1) * bRow);
#pragma GCC unroll 4
    for (int r = 0; r < height; r++) {
      vec x = twice(a + k + (size_t)r * aRow);
#pragma GCC unroll 2
      for (int p = 0; p < pairs; p++) s[r][p] = fuse(s[r][p], x, y[p]);
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < height; r++)
#pragma GCC unroll 2
    for (int p = 0; p < pairs; p++) {
      addTo(c + (size_t)r * cRow + 2 * p * SIZE, scale, sumOf(lowHalf(s[r][p])));
      addTo(c + (size_t)r * cRow + (2 * p + 1) * SIZE, scale, sumOf(highHalf(s[r][p])));
    }
}

static void oneDot(real scale, size_t bytes, const char *a, const char *b, char *c) {
  half sum = HALF(set1)(0);
  for (size_t k = 0; k < bytes; k += 16) sum = fuseHalf(sum, loadHalf(a + k), loadHalf(b + k));
  addTo(c, scale, sumOf(sum));
}

INLINE void dotRows(int height, real scale, int columns, size_t bytes, const char *a, size_t aRow, const char *b, size_t bRow, char *c, size_t cRow) {
  int j = 0;
  for (; j + 4 <= columns; j += 4) dotBlock(height, 2, scale, bytes, a, aRow, b + (size_t)j * bRow, bRow, c + (size_t)j * SIZE, cRow);
  for (; j + 2 <= columns; j += 2) dotBlock(height, 1, scale, bytes, a, aRow, b + (size_t)j * bRow, bRow, c + (size_t)j * SIZE, cRow);
  for (; j < columns; j++)
    for (int r = 0; r < height; r++) oneDot(scale, bytes, a + (size_t)r * aRow, b + (size_t)j * bRow, c + (size_t)r * cRow + (size_t)j * SIZE);
}

/** C += scale A B', with A rows x inner and B columns x inner; inner is even. */
static void addProductOfRows(real scale, int rows, int columns, int inner, const char *a, size_t aRow, const char *b, size_t bRow, char *c, size_t cRow) {
  size_t bytes = (size_t)inner * SIZE;
  int i = 0;
  for (; i + 4 <= rows; i += 4) dotRows(4, scale, columns, bytes, a + (size_t)i * aRow, aRow, b, bRow, c + (size_t)i * cRow, cRow);
  for (; i < rows; i++) dotRows(1, scale, columns, bytes, a + (size_t)i * aRow, aRow, b, bRow, c + (size_t)i * cRow, cRow);
}

/** Lower triangle of C += scale A A', with A rows x inner; also touches entries near above the diagonal. */
static void addGram(real scale, int rows, int inner, const char *a, size_t aRow, char *c, size_t cRow) {
  for (int j = 0; j < rows; j += BLOCK)
    for (int i = j; i < rows; i += 4) {
      int height = least(4, rows - i), width = least(BLOCK, least(rows, i + height) - j);
      addProductOfRows(scale, height, width, inner, a + (size_t)i * aRow, aRow, a + (size_t)j * aRow, aRow, c + (size_t)i * cRow + (size_t)j * SIZE, cRow);
    }
}

/** Copies a rows x columns matrix to columns x rows, the new rows `toRow` bytes apart. */
static void transpose(int rows, int columns, const char *from, char *to, size_t toRow) {
  for (int column = 0; column < columns; column++)
    for (int row = 0; row < rows; row++) *(real *)(to + (size_t)column * toRow + (size_t)row * SIZE) = numberAt(from + ((size_t)row * (size_t)columns + (size_t)column) * SIZE);
}

/** Forward substitution of columns `from` to `to` in `height` rows below the factor at `l`. */
INLINE void solveBlock(int height, char *a, size_t row, const char *l, int from, int to) {
  for (int j = from; j < to; j++) {
    const char *lj = l + (size_t)j * row;
    half s[4];
    real total[4];
    int k = 0;
#pragma GCC unroll 4
    for (int r = 0; r < height; r++) s[r] = HALF(set1)(0);
    for (; k + 2 <= j; k += 2) {
      half x = loadHalf(lj + (size_t)k * SIZE);
#pragma GCC unroll 4
      for (int r = 0; r < height; r++) s[r] = fuseHalf(s[r], loadHalf(a + (size_t)r * row + (size_t)k * SIZE), x);
    }
#pragma GCC unroll 4
    for (int r = 0; r < height; r++) total[r] = sumOf(s[r]);
    for (; k < j; k++)
#pragma GCC unroll 4
      for (int r = 0; r < height; r++) total[r] += numberAt(a + (size_t)r * row + (size_t)k * SIZE) * numberAt(lj + (size_t)k * SIZE);
#pragma GCC unroll 4
    for (int r = 0; r < height; r++) {
      char *entry = a + (size_t)r * row + (size_t)j * SIZE;
      *(real *)entry = (numberAt(entry) - total[r]) / numberAt(lj + (size_t)j * SIZE);
    }
  }
}

static void solveRows(char *a, size_t row, int rows, const char *l, int from, int to) {
  int i = 0;
  for (; i + 4 <= rows; i += 4) solveBlock(4, a + (size_t)i * row, row, l, from, to);
  for (; i < rows; i++) solveBlock(1, a + (size_t)i * row, row, l, from, to);
}

INLINE real dot(const char *a, const char *b, int count) {
  half sum = HALF(set1)(0);
  int k = 0;
  for (; k + 2 <= count; k += 2) sum = fuseHalf(sum, loadHalf(a + (size_t)k * SIZE), loadHalf(b + (size_t)k * SIZE));
  real total = sumOf(sum);
  for (; k < count; k++) total += numberAt(a + (size_t)k * SIZE) * numberAt(b + (size_t)k * SIZE);
  return total;
}

/** Factors the diagonal block of `size` rows in place; the index of a pivot that is not positive, or -1. */
static int factorBlock(char *a, size_t row, int size) {
  for (int j = 0; j < size; j++) {
    char *aj = a + (size_t)j * row, *diagonal = aj + (size_t)j * SIZE;
    real pivot = numberAt(diagonal) - dot(aj, aj, j);
    if (!(pivot > 0)) return j;
    *(real *)diagonal = _mm_cvtsd_f64(_mm_sqrt_sd(_mm_set_sd(pivot), _mm_set_sd(pivot)));
    solveRows(aj + row, row, size - j - 1, a, j, j + 1);
  }
  return -1;
}

/** Lower Cholesky factor in place, and zeros above it; `panel` holds n x 64 numbers. Returns -1, or the index of a pivot that is not positive. */
static int cholesky(char *a, int n, char *panel) {
  size_t row = (size_t)n * SIZE;
  for (int start = 0; start < n; start += BLOCK) {
    int size = least(BLOCK, n - start), below = n - start - size;
    char *corner = a + (size_t)start * (row + SIZE), *rest = corner + (size_t)size * row;
    int failed = factorBlock(corner, row, size);
    if (failed >= 0) return start + failed;
    solveRows(rest, row, below, corner, 0, size);
    for (int i = 0; i < below; i++) memcpy(panel + (size_t)(i * BLOCK) * SIZE, rest + (size_t)i * row, (size_t)size * SIZE);
    addGram(-1, below, BLOCK, panel, BLOCK * SIZE, rest + (size_t)size * SIZE, row);
  }
  for (int i = 0; i < n; i++) memset(a + (size_t)i * row + (size_t)(i + 1) * SIZE, 0, (size_t)(n - i - 1) * SIZE);
  return -1;
}
