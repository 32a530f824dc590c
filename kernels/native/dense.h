// Dense symmetric systems: kernels/dense.ts. A vector holds the lanes of two columns at a time, which stay apart until the end as
// those of the WebAssembly kernels do.

#pragma once
#include <string.h>
#include "vector.h"

/** Columns of a block. */
#define BLOCK 64

INLINE real sumOf(half x) { return x[0] + x[1]; }
/** Columns that two vectors hold. */
#define GROUP 4

/** Rows of a symmetric product: steps of sixteen bytes, and in each those of all `columns`, a whole number of groups; what is missing is zero. */
static void regroupRows(int rows, int columns, size_t bytes, const char *a, size_t aRow, char *to) {
  for (size_t k = 0; k < bytes; k += 16)
    for (int column = 0; column < columns; column++, to += 16) storeHalf(to, column < rows ? loadHalf(a + (size_t)column * aRow + k) : HALF(set1)(0));
}

/** `height` rows of C += scale A B' in so many columns of a group, with B regrouped. */
INLINE void gramBlock(int height, int columns, real scale, size_t bytes, const char *a, size_t aRow, const char *b, size_t bStep, char *c, size_t cRow) {
  vec s[6][2];
#pragma GCC unroll 6
  for (int r = 0; r < height; r++) s[r][0] = s[r][1] = all(0);
  for (const char *end = a + bytes; a < end; a += 16, b += bStep) {
    vec y0 = load(b), y1 = load(b + 32);
#pragma GCC unroll 6
    for (int r = 0; r < height; r++) {
      vec x = repeated(a + (size_t)r * aRow);
      s[r][0] = fuse(s[r][0], x, y0);
      s[r][1] = fuse(s[r][1], x, y1);
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < height; r++) {
    char *row = c + (size_t)r * cRow;
    vec sums = OP(mul)(all(scale), _mm256_permute4x64_pd(OP(hadd)(s[r][0], s[r][1]), 0xd8));
    if (columns == GROUP) store(row, load(row) + sums);
    else for (int k = 0; k < columns; k++) *(real *)(row + (size_t)k * SIZE) += sums[k];
  }
}

/** Lower triangle of C += scale A A', with A rows x inner and `inner` even, a few hundred at most; also touches entries near above the diagonal. */
static void addGram(real scale, int rows, int inner, const char *a, size_t aRow, char *c, size_t cRow) {
  size_t bytes = (size_t)inner * SIZE;
  char panel[bytes * BLOCK];
  for (int j = 0; j < rows; j += BLOCK) {
    int most = least(BLOCK, rows - j), padded = (most + GROUP - 1) / GROUP * GROUP;
    regroupRows(most, padded, bytes, a + (size_t)j * aRow, aRow, panel);
    for (int i = j; i < rows;) {
      int height = rows - i >= 6 ? 6 : rows - i >= 2 ? 2 : 1, width = least(most, i + height - j);
      const char *x = a + (size_t)i * aRow;
      for (int column = 0; column < width; column += GROUP) {
        int columns = least(GROUP, most - column);
        const char *y = panel + 16 * column;
        char *to = c + (size_t)i * cRow + (size_t)(j + column) * SIZE;
        if (height == 6) gramBlock(6, columns, scale, bytes, x, aRow, y, 16 * (size_t)padded, to, cRow);
        else if (height == 2) gramBlock(2, columns, scale, bytes, x, aRow, y, 16 * (size_t)padded, to, cRow);
        else gramBlock(1, columns, scale, bytes, x, aRow, y, 16 * (size_t)padded, to, cRow);
      }
      i += height;
    }
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
