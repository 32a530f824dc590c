// Products on panels, as in kernels/panels.ts: a panel holds two vectors of points for each unit of a layer, unit after unit.
// Blocks of six rows by two vectors fill the sixteen registers. Every entry is summed in the order of the WebAssembly kernels.

#pragma once
#include "vector.h"

/** Rows of the block that comes next: six, four, two or one. */
INLINE int blockOf(int left) { return left >= 6 && left != 8 ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 1; }

/** Orders a rows x inner matrix (any strides, in bytes) as `multiply` reads it: block after block, each column by column. */
static void pack(int rows, int inner, const char *from, size_t row, size_t step, char *to) {
  for (int start = 0; start < rows;) {
    int height = blockOf(rows - start);
    for (int k = 0; k < inner; k++)
      for (int r = start; r < start + height; r++, to += SIZE) *(real *)to = numberAt(from + (size_t)r * row + (size_t)k * step);
    start += height;
  }
}

INLINE void multiplyBlock(int height, int inner, const char *w, const char *start, const char *b, char *c) {
  vec sums[6][2];
#pragma GCC unroll 6
  for (int r = 0; r < height; r++) sums[r][0] = sums[r][1] = splat(start + (size_t)r * SIZE);
  for (const char *end = b + (size_t)inner * ROW; b < end; b += ROW, w += (size_t)height * SIZE) {
    vec x0 = load(b), x1 = load(b + 32);
#pragma GCC unroll 6
    for (int r = 0; r < height; r++) {
      vec y = splat(w + (size_t)r * SIZE);
      sums[r][0] = fuse(sums[r][0], y, x0);
      sums[r][1] = fuse(sums[r][1], y, x1);
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < height; r++) {
    store(c + r * ROW, sums[r][0]);
    store(c + r * ROW + 32, sums[r][1]);
  }
}

/** The panel C = start + W B of a panel B of `inner` units, with W packed, and `start` a number for each row. */
static void multiply(int rows, int inner, const char *w, const char *start, const char *b, char *c) {
  for (int row = 0; row < rows;) {
    int height = blockOf(rows - row);
    if (height == 6) multiplyBlock(6, inner, w, start, b, c);
    else if (height == 4) multiplyBlock(4, inner, w, start, b, c);
    else if (height == 2) multiplyBlock(2, inner, w, start, b, c);
    else multiplyBlock(1, inner, w, start, b, c);
    row += height;
    w += (size_t)(height * inner) * SIZE;
    start += (size_t)height * SIZE;
    c += height * ROW;
  }
}

// The sums below keep the lanes of a WebAssembly vector apart until the end, for each entry, and go strip by strip, through the channels
// of each, first its first sixteen bytes of all units and then the rest. In that order panels are laid out anew before, so that a vector
// holds two columns of a step.

/** Panels to steps: strip x channel x half of a strip x unit x sixteen bytes. */
static void regroup(int units, int strips, int channels, const char *from, char *to) {
  size_t channel = (size_t)units * ROW;
  for (int strip = 0; strip < strips; strip++) {
    const char *panel = from + (size_t)(strip / 2 * channels) * channel + (size_t)(strip % 2) * STRIP;
    for (int c = 0; c < channels; c++, panel += channel)
      for (size_t v = 0; v < STRIP; v += 16)
        for (const char *unit = panel + v, *end = unit + channel; unit < end; unit += ROW, to += 16) storeHalf(to, loadHalf(unit));
  }
}

INLINE void outerBlock(int height, int pairs, int steps, const char *a, size_t aStep, const char *b, size_t bStep, char *sums, size_t sumRow) {
  vec s[6][2];
#pragma GCC unroll 6
  for (int r = 0; r < height; r++)
#pragma GCC unroll 2
    for (int p = 0; p < pairs; p++) s[r][p] = load(sums + (size_t)r * sumRow + 32 * p);
  for (const char *end = a + (size_t)steps * aStep; a < end; a += aStep, b += bStep) {
    vec columns[2];
#pragma GCC unroll 2
    for (int p = 0; p < pairs; p++) columns[p] = load(b + 32 * p);
#pragma GCC unroll 6
    for (int r = 0; r < height; r++) {
      vec row = twice(a + 16 * r);
#pragma GCC unroll 2
      for (int p = 0; p < pairs; p++) s[r][p] = fuse(s[r][p], row, columns[p]);
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < height; r++)
#pragma GCC unroll 2
    for (int p = 0; p < pairs; p++) store(sums + (size_t)r * sumRow + 32 * p, s[r][p]);
}

/** One entry. */
static void outerOne(int steps, const char *a, size_t aStep, const char *b, size_t bStep, char *sum) {
  half s = loadHalf(sum);
  for (; steps > 0; steps--, a += aStep, b += bStep) s = fuseHalf(s, loadHalf(a), loadHalf(b));
  storeHalf(sum, s);
}

INLINE void outerRows(int height, int columns, int steps, const char *a, size_t aStep, const char *b, size_t bStep, char *sums, size_t sumRow) {
  int column = 0;
  for (; column + 4 <= columns; column += 4) outerBlock(height, 2, steps, a, aStep, b + 16 * column, bStep, sums + 16 * column, sumRow);
  for (; column + 2 <= columns; column += 2) outerBlock(height, 1, steps, a, aStep, b + 16 * column, bStep, sums + 16 * column, sumRow);
  if (column < columns)
    for (int r = 0; r < height; r++) outerOne(steps, a + 16 * r, aStep, b + 16 * column, bStep, sums + (size_t)r * sumRow + 16 * column);
}

/** Adds A B' over steps, A of `rows` units and B of `columns`, both regrouped, to sixteen bytes for each entry of `sums`, row-major. */
static void addOuter(int rows, int columns, int steps, const char *a, const char *b, char *sums) {
  size_t aStep = (size_t)rows * 16, bStep = (size_t)columns * 16;
  for (int row = 0; row < rows;) {
    int height = blockOf(rows - row);
    const char *at = a + 16 * row;
    char *to = sums + (size_t)row * bStep;
    if (height == 6) outerRows(6, columns, steps, at, aStep, b, bStep, to, bStep);
    else if (height == 4) outerRows(4, columns, steps, at, aStep, b, bStep, to, bStep);
    else if (height == 2) outerRows(2, columns, steps, at, aStep, b, bStep, to, bStep);
    else outerRows(1, columns, steps, at, aStep, b, bStep, to, bStep);
    row += height;
  }
}

/** Adds, for each of `rows` units, its numbers in the value's channel to sixteen bytes of `sums`. */
static void addTotals(int rows, int strips, int channels, const char *a, char *sums) {
  for (int row = 0; row < rows; row++, sums += 16) {
    half sum = loadHalf(sums);
    for (int strip = 0; strip < strips; strip++) {
      const char *at = a + ((size_t)(strip / 2 * channels) * (size_t)rows + (size_t)row) * ROW + (size_t)(strip % 2) * STRIP;
      sum = HALF(add)(sum, HALF(add)(loadHalf(at), loadHalf(at + 16)));
    }
    storeHalf(sums, sum);
  }
}
