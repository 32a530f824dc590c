// Products on panels, as in kernels/panels.ts: a panel holds two vectors of points for each unit of a layer, unit after unit.
// Blocks of six rows by two vectors fill the sixteen registers of AVX2, twelve the 32 of AVX-512. Every entry is summed in the order of the WebAssembly kernels.

#pragma once
#include <string.h>
#include "vector.h"

/** Rows of the largest block, and of the block that comes next. */
#define TALLEST (WIDE == 64 ? 12 : 6)
INLINE int blockOf(int left) {
  if (TALLEST == 12 && left >= 12) return 12;
  return left >= 6 && left != 8 ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/** Calls what takes a height first with that height as a constant. */
#define BY_HEIGHT(name, ...) \
  if (TALLEST == 12 && height == 12) name(12, __VA_ARGS__); \
  else if (height == 6) name(6, __VA_ARGS__); \
  else if (height == 4) name(4, __VA_ARGS__); \
  else if (height == 2) name(2, __VA_ARGS__); \
  else name(1, __VA_ARGS__);

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
  vec sums[TALLEST][2];
#pragma GCC unroll 12
  for (int r = 0; r < height; r++) sums[r][0] = sums[r][1] = splat(start + (size_t)r * SIZE);
  for (const char *end = b + (size_t)inner * ROW; b < end; b += ROW, w += (size_t)height * SIZE) {
    vec x0 = load(b), x1 = load(b + WIDE);
#pragma GCC unroll 12
    for (int r = 0; r < height; r++) {
      vec y = splat(w + (size_t)r * SIZE);
      sums[r][0] = fuse(sums[r][0], y, x0);
      sums[r][1] = fuse(sums[r][1], y, x1);
    }
  }
#pragma GCC unroll 12
  for (int r = 0; r < height; r++) {
    store(c + r * ROW, sums[r][0]);
    store(c + r * ROW + WIDE, sums[r][1]);
  }
}

/** The panel C = start + W B of a panel B of `inner` units, with W packed, and `start` a number for each row. */
static void multiply(int rows, int inner, const char *w, const char *start, const char *b, char *c) {
  for (int row = 0; row < rows;) {
    int height = blockOf(rows - row);
    BY_HEIGHT(multiplyBlock, inner, w, start, b, c)
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
    const char *panel = from + (size_t)(strip / STRIPS * channels) * channel + (size_t)(strip % STRIPS) * STRIP;
    for (int c = 0; c < channels; c++, panel += channel)
      for (size_t v = 0; v < STRIP; v += 16)
        for (const char *unit = panel + v, *end = unit + channel; unit < end; unit += ROW, to += 16) storeHalf(to, loadHalf(unit));
  }
}

/** Columns of a vector, and the most vectors of a block: a row alone takes more, so that its sums wait less for each other. */
#define COLUMNS (WIDE / 16)
#define BROADEST(height) (height == 1 ? 6 : 2)

INLINE void outerBlock(int height, int vectors, int steps, const char *a, size_t aStep, const char *b, size_t bStep, char *sums, size_t sumRow) {
  vec s[2 * TALLEST];
#pragma GCC unroll 12
  for (int r = 0; r < height; r++)
#pragma GCC unroll 6
    for (int v = 0; v < vectors; v++) s[r * vectors + v] = load(sums + (size_t)r * sumRow + WIDE * v);
  for (const char *end = a + (size_t)steps * aStep; a < end; a += aStep, b += bStep) {
    vec columns[6];
#pragma GCC unroll 6
    for (int v = 0; v < vectors; v++) columns[v] = load(b + WIDE * v);
#pragma GCC unroll 12
    for (int r = 0; r < height; r++) {
      vec row = repeated(a + 16 * r);
#pragma GCC unroll 6
      for (int v = 0; v < vectors; v++) s[r * vectors + v] = fuse(s[r * vectors + v], row, columns[v]);
    }
  }
#pragma GCC unroll 12
  for (int r = 0; r < height; r++)
#pragma GCC unroll 6
    for (int v = 0; v < vectors; v++) store(sums + (size_t)r * sumRow + WIDE * v, s[r * vectors + v]);
}

INLINE void outerRows(int height, int columns, int steps, const char *a, size_t aStep, const char *b, size_t bStep, char *sums, size_t sumRow) {
  int column = 0, broadest = BROADEST(height) * COLUMNS;
  for (; column + broadest <= columns; column += broadest) outerBlock(height, BROADEST(height), steps, a, aStep, b + 16 * column, bStep, sums + 16 * column, sumRow);
  for (; column + COLUMNS <= columns; column += COLUMNS) outerBlock(height, 1, steps, a, aStep, b + 16 * column, bStep, sums + 16 * column, sumRow);
  if (column == columns) return;
  // The columns that are left, and what comes after them in memory, which is thrown away.
  char own[TALLEST * WIDE];
  size_t bytes = (size_t)(columns - column) * 16;
  memset(own, 0, sizeof own);
  for (int r = 0; r < height; r++) memcpy(own + r * WIDE, sums + (size_t)r * sumRow + 16 * column, bytes);
  outerBlock(height, 1, steps, a, aStep, b + 16 * column, bStep, own, WIDE);
  for (int r = 0; r < height; r++) memcpy(sums + (size_t)r * sumRow + 16 * column, own + r * WIDE, bytes);
}

/** Adds A B' over steps, A of `rows` units and B of `columns`, both regrouped, to sixteen bytes for each entry of `sums`, row-major. Reads a vector beyond B. */
static void addOuter(int rows, int columns, int steps, const char *a, const char *b, char *sums) {
  size_t aStep = (size_t)rows * 16, bStep = (size_t)columns * 16;
  for (int row = 0; row < rows;) {
    int height = blockOf(rows - row);
    const char *at = a + 16 * row;
    char *to = sums + (size_t)row * bStep;
    BY_HEIGHT(outerRows, columns, steps, at, aStep, b, bStep, to, bStep)
    row += height;
  }
}

/** Adds, for each of `rows` units, its numbers in the value's channel to sixteen bytes of `sums`. */
static void addTotals(int rows, int strips, int channels, const char *a, char *sums) {
  for (int row = 0; row < rows; row++, sums += 16) {
    half sum = loadHalf(sums);
    for (int strip = 0; strip < strips; strip++) {
      const char *at = a + ((size_t)(strip / STRIPS * channels) * (size_t)rows + (size_t)row) * ROW + (size_t)(strip % STRIPS) * STRIP;
      sum = HALF(add)(sum, HALF(add)(loadHalf(at), loadHalf(at + 16)));
    }
    storeHalf(sums, sum);
  }
}
