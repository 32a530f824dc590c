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
// of each, first its first sixteen bytes of all units and then the rest. A vector holds those of two columns.

/** Steps of a sum over points: from strip to strip of a panel, from channel to channel, and from panel to panel. */
typedef struct { int strips, channels; size_t aUnits, bUnits; } Steps;

INLINE void outerBlock(int height, int pairs, Steps steps, const char *a, const char *b, char *sums, size_t sumRow) {
  vec s[6][2];
#pragma GCC unroll 6
  for (int r = 0; r < height; r++)
#pragma GCC unroll 2
    for (int p = 0; p < pairs; p++) s[r][p] = load(sums + (size_t)r * sumRow + 32 * p);
  size_t aChannel = steps.aUnits * ROW, bChannel = steps.bUnits * ROW;
  for (int strip = 0; strip < steps.strips; strip++) {
    size_t panel = (size_t)(strip / 2 * steps.channels), within = (size_t)(strip % 2) * STRIP;
    const char *x = a + panel * aChannel + within, *y = b + panel * bChannel + within;
    for (int channel = 0; channel < steps.channels; channel++, x += aChannel, y += bChannel)
#pragma GCC unroll 2
      for (size_t v = 0; v < STRIP; v += 16) {
        vec columns[2];
#pragma GCC unroll 2
        for (int p = 0; p < pairs; p++) columns[p] = joined(y + v + (size_t)(2 * p) * ROW, y + v + (size_t)(2 * p + 1) * ROW);
#pragma GCC unroll 6
        for (int r = 0; r < height; r++) {
          vec row = twice(x + v + (size_t)r * ROW);
#pragma GCC unroll 2
          for (int p = 0; p < pairs; p++) s[r][p] = fuse(s[r][p], row, columns[p]);
        }
      }
  }
#pragma GCC unroll 6
  for (int r = 0; r < height; r++)
#pragma GCC unroll 2
    for (int p = 0; p < pairs; p++) store(sums + (size_t)r * sumRow + 32 * p, s[r][p]);
}

/** One entry. */
static void outerOne(Steps steps, const char *a, const char *b, char *sums) {
  half s = loadHalf(sums);
  size_t aChannel = steps.aUnits * ROW, bChannel = steps.bUnits * ROW;
  for (int strip = 0; strip < steps.strips; strip++) {
    size_t panel = (size_t)(strip / 2 * steps.channels), within = (size_t)(strip % 2) * STRIP;
    const char *x = a + panel * aChannel + within, *y = b + panel * bChannel + within;
    for (int channel = 0; channel < steps.channels; channel++, x += aChannel, y += bChannel) {
      s = fuseHalf(s, loadHalf(x), loadHalf(y));
      s = fuseHalf(s, loadHalf(x + 16), loadHalf(y + 16));
    }
  }
  storeHalf(sums, s);
}

INLINE void outerRows(int height, int columns, Steps steps, const char *a, const char *b, char *sums, size_t sumRow) {
  int column = 0;
  for (; column + 4 <= columns; column += 4) outerBlock(height, 2, steps, a, b + (size_t)column * ROW, sums + column * 16, sumRow);
  for (; column + 2 <= columns; column += 2) outerBlock(height, 1, steps, a, b + (size_t)column * ROW, sums + column * 16, sumRow);
  if (column < columns)
    for (int r = 0; r < height; r++) outerOne(steps, a + (size_t)r * ROW, b + (size_t)column * ROW, sums + (size_t)r * sumRow + column * 16);
}

/** Adds A B' over strips, A of `rows` units and B of `columns`, to sixteen bytes for each entry of `sums`, row-major. */
static void addOuter(int rows, int columns, int strips, int channels, const char *a, const char *b, char *sums) {
  Steps steps = {strips, channels, (size_t)rows, (size_t)columns};
  size_t sumRow = (size_t)columns * 16;
  for (int row = 0; row < rows;) {
    int height = blockOf(rows - row);
    const char *at = a + (size_t)row * ROW;
    char *to = sums + (size_t)row * sumRow;
    if (height == 6) outerRows(6, columns, steps, at, b, to, sumRow);
    else if (height == 4) outerRows(4, columns, steps, at, b, to, sumRow);
    else if (height == 2) outerRows(2, columns, steps, at, b, to, sumRow);
    else outerRows(1, columns, steps, at, b, to, sumRow);
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
