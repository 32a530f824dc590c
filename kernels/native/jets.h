// Jets of a multilayer perceptron and the adjoint of all of them, a tile of points at a time: kernels/jets.ts on wider panels.

#pragma once
#include <string.h>
#include "channels.h"
#include "net.h"
#include "panels.h"

INLINE int panelsOf(int count) { return (count + WIDTH - 1) / WIDTH; }
/** Sums over points end where those of the WebAssembly kernels do. */
INLINE int stripsOf(int count) { return (count + STRIP_WIDTH - 1) / STRIP_WIDTH; }

/** Copies a row of points into rows of panels `stride` bytes apart, padding with zeros. */
static void intoPanels(const char *from, int count, char *to, size_t stride) {
  for (; count > 0; count -= WIDTH, from += ROW, to += stride) {
    size_t bytes = (size_t)least(WIDTH, count) * SIZE;
    memcpy(to, from, bytes);
    memset(to + bytes, 0, ROW - bytes);
  }
}

static void seed(Net net, int count) {
  const Header *h = of(net);
  int inputs = h->inputs, channels = channelCount(net);
  size_t panel = (size_t)inputs * ROW, stride = (size_t)channels * panel;
  char *goal = at(net, h->seedAt);
  for (int i = 0; i < inputs; i++) intoPanels(rowOf(net, h->pointsAt, i), count, goal + i * ROW, stride);
  if (h->directionsAt) {
    for (int r = 0; r < (channels - 1) * inputs; r++) intoPanels(rowOf(net, h->directionsAt, r), count, goal + panel + r * ROW, stride);
    for (int term = 0; term < h->terms; term++)
      intoPanels(rowOf(net, h->factorsAt, term), count, factorsOf(net) + term * ROW, (size_t)h->terms * ROW);
    return;
  }
  for (int p = 0; p < panelsOf(count); p++) {
    char *from = goal + (size_t)p * stride + panel;
    memset(from, 0, stride - panel);
    for (int first = 0; first < h->firsts; first++) {
      char *row = from + (size_t)first * panel + h->lists[h->layers + first] * ROW;
      store(row, all(1));
      store(row + sizeof(vec), all(1));
    }
  }
}

/** Sums of a layer from what comes in; the bias goes to the value alone. */
static void sumLayer(Net net, int layer, int panels) {
  int fan = fanIn(net, layer), out = units(net, layer), channels = channelCount(net);
  const char *weights = packedAt(net, layer), *bias = at(net, of(net)->weightsAt) + (weightsBefore(net, layer) + (size_t)(fan * out)) * SIZE;
  const char *b = incomingOf(net, layer);
  char *c = sumsOf(net, layer);
  for (int p = 0; p < panels; p++)
    for (int channel = 0; channel < channels; channel++, b += fan * ROW, c += out * ROW) multiply(out, fan, weights, channel ? zeros(net) : bias, b, c);
}

static void activateLayer(Net net, int layer, int panels) {
  const Header *h = of(net);
  size_t bytes = (size_t)units(net, layer) * ROW, stride = (size_t)channelCount(net) * bytes;
  const char *z = sumsOf(net, layer), *factors = h->directionsAt ? factorsOf(net) : 0;
  char *a = activationsOf(net, layer), *memos = memosOf(net, layer);
  for (int p = 0; p < panels; p++, z += stride, a += stride, memos += bytes) {
    activate(h->activation, bytes, h->firsts, h->seconds, termsOf(net), termsEnd(net), factors, z, a, memos);
    if (factors) factors += h->terms * ROW;
  }
}

/** From the cotangents of the activations of a layer to those of its sums, in place. */
static void adjoinActivation(Net net, int layer, int panels, char *g) {
  const Header *h = of(net);
  size_t bytes = (size_t)units(net, layer) * ROW, stride = (size_t)channelCount(net) * bytes;
  const char *z = sumsOf(net, layer), *memos = memosOf(net, layer), *factors = h->directionsAt ? factorsOf(net) : 0;
  for (int p = 0; p < panels; p++, z += stride, g += stride, memos += bytes) {
    adjoin(h->activation, bytes, h->firsts, h->seconds, termsOf(net), termsEnd(net), factors, z, memos, g);
    if (factors) factors += h->terms * ROW;
  }
}

static void addGradient(Net net, int layer, int count, const char *g) {
  int fan = fanIn(net, layer), out = units(net, layer), channels = channelCount(net), strips = stripsOf(count);
  char *sums = gradientSums(net, layer), *left = sheet(net, 2), *right = sheet(net, 3);
  regroup(out, strips, channels, g, left);
  regroup(fan, strips, channels, incomingOf(net, layer), right);
  addOuter(out, fan, 2 * strips * channels, left, right, sums);
  addTotals(out, strips, channels, g, sums + (size_t)(fan * out) * 16);
}

/** Panels of `rows` units to points x channels x units. */
static void unpack(const char *from, int rows, int channels, int count, char *to) {
  for (int p = 0; p < count; p++) {
    const char *number = from + (size_t)(p / WIDTH * channels * rows) * ROW + (size_t)(p % WIDTH) * SIZE;
    for (int r = 0; r < channels * rows; r++, to += SIZE, number += ROW) *(real *)to = numberAt(number);
  }
}

/** Numbers of a vector. */
#define PER_VECTOR ((int)(sizeof(vec) / sizeof(real)))

/** `height` rows of the sum over channels of g a', `width` vectors of them; g and a lie channel after channel. */
INLINE void rowsOfPoint(int height, int width, int channels, const char *g, size_t gChannel, const char *a, size_t aChannel, char *to, size_t row) {
  vec s[4][2];
#pragma GCC unroll 4
  for (int r = 0; r < height; r++)
#pragma GCC unroll 2
    for (int v = 0; v < width; v++) s[r][v] = all(0);
  for (int channel = 0; channel < channels; channel++, g += gChannel, a += aChannel) {
    vec x[2];
#pragma GCC unroll 2
    for (int v = 0; v < width; v++) x[v] = load(a + (int)sizeof(vec) * v);
#pragma GCC unroll 4
    for (int r = 0; r < height; r++) {
      vec y = splat(g + (size_t)r * SIZE);
#pragma GCC unroll 2
      for (int v = 0; v < width; v++) s[r][v] = fuse(s[r][v], y, x[v]);
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < height; r++)
#pragma GCC unroll 2
    for (int v = 0; v < width; v++) store(to + (size_t)r * row + (int)sizeof(vec) * v, s[r][v]);
}

INLINE real entryOfPoint(int channels, const char *g, size_t gChannel, const char *a, size_t aChannel) {
  real sum = 0;
  for (int channel = 0; channel < channels; channel++, g += gChannel, a += aChannel) sum += numberAt(g) * numberAt(a);
  return sum;
}

INLINE void blockOfPoint(int height, int fan, int channels, const char *g, size_t gChannel, const char *a, char *to) {
  size_t row = (size_t)fan * SIZE;
  int column = 0;
  for (; column + 2 * PER_VECTOR <= fan; column += 2 * PER_VECTOR) rowsOfPoint(height, 2, channels, g, gChannel, a + (size_t)column * SIZE, row, to + (size_t)column * SIZE, row);
  for (; column + PER_VECTOR <= fan; column += PER_VECTOR) rowsOfPoint(height, 1, channels, g, gChannel, a + (size_t)column * SIZE, row, to + (size_t)column * SIZE, row);
  for (; column < fan; column++)
    for (int r = 0; r < height; r++)
      *(real *)(to + (size_t)r * row + (size_t)column * SIZE) = entryOfPoint(channels, g + (size_t)r * SIZE, gChannel, a + (size_t)column * SIZE, row);
}

/** Writes the columns of a layer into the rows of the Jacobian of a tile. */
static void writeJacobian(Net net, int layer, int count, const char *g, char *rows) {
  int fan = fanIn(net, layer), out = units(net, layer), channels = channelCount(net);
  char *left = sheet(net, 2), *right = sheet(net, 3);
  unpack(g, out, channels, count, left);
  unpack(incomingOf(net, layer), fan, channels, count, right);
  for (int p = 0; p < count; p++) {
    char *to = rows + ((size_t)p * weightCount(net) + weightsBefore(net, layer)) * SIZE;
    const char *x = left + (size_t)(p * channels * out) * SIZE, *a = right + (size_t)(p * channels * fan) * SIZE;
    int r = 0;
    for (; r + 4 <= out; r += 4) blockOfPoint(4, fan, channels, x + (size_t)r * SIZE, (size_t)out * SIZE, a, to + (size_t)(r * fan) * SIZE);
    for (; r < out; r++) blockOfPoint(1, fan, channels, x + (size_t)r * SIZE, (size_t)out * SIZE, a, to + (size_t)(r * fan) * SIZE);
    memcpy(to + (size_t)(fan * out) * SIZE, x, (size_t)out * SIZE);
  }
}

/** Runs a tile back; `rows` is 0 to add to the sums of the gradient, else the first of its rows of the Jacobian. */
static void runBackward(Net net, int count, char *rows) {
  const Header *h = of(net);
  int panels = panelsOf(count), channels = channelCount(net);
  char *g = sheet(net, 0), *next = sheet(net, 1);
  memset(g, 0, (size_t)(panels * channels) * ROW);
  for (int output = 0; output < h->outputs; output++)
    intoPanels(rowOf(net, h->channelsAt, output), count, g + channelOfOutput(net, output) * ROW, (size_t)channels * ROW);
  for (int layer = h->layers; layer >= 0; layer--) {
    if (rows) writeJacobian(net, layer, count, g, rows);
    else addGradient(net, layer, count, g);
    if (layer == 0) return;
    int fan = fanIn(net, layer), out = units(net, layer);
    const char *weights = packedTransposeAt(net, layer);
    for (int p = 0; p < panels * channels; p++)
      multiply(fan, out, weights, zeros(net), g + (size_t)(p * out) * ROW, next + (size_t)(p * fan) * ROW);
    adjoinActivation(net, layer - 1, panels, next);
    char *done = g;
    g = next;
    next = done;
  }
}

static void prepare(Net net) {
  memset(zeros(net), 0, widest(net) * SIZE);
  memset(gradientSums(net, 0), 0, weightCount(net) * 16);
  for (int layer = 0; layer <= of(net)->layers; layer++) {
    int fan = fanIn(net, layer), out = units(net, layer);
    size_t row = (size_t)fan * SIZE;
    const char *weights = at(net, of(net)->weightsAt) + weightsBefore(net, layer) * SIZE;
    pack(out, fan, weights, row, SIZE, packedAt(net, layer));
    pack(fan, out, weights, SIZE, row, packedTransposeAt(net, layer));
  }
}

static void forward(Net net, int count) {
  const Header *h = of(net);
  int channels = channelCount(net), panels = panelsOf(count);
  for (int layer = 0; layer < h->layers; layer++) {
    sumLayer(net, layer, panels);
    activateLayer(net, layer, panels);
  }
  sumLayer(net, h->layers, panels);
  for (int output = 0; output < h->outputs; output++) {
    const char *source = sumsOf(net, h->layers) + channelOfOutput(net, output) * ROW;
    char *goal = rowOf(net, h->channelsAt, output);
    for (int p = 0; p < panels; p++) memcpy(goal + p * ROW, source + p * channels * ROW, ROW);
  }
}

static void backward(Net net, int count) { runBackward(net, count, 0); }
static void jacobian(Net net, int count) { runBackward(net, count, at(net, of(net)->gradientAt)); }

static void gradient(Net net) {
  char *goal = at(net, of(net)->gradientAt);
  const char *sums = gradientSums(net, 0);
  size_t count = weightCount(net);
  for (size_t k = 0; k < count; k++) *(real *)(goal + k * SIZE) = sumLanes(sums + k * 16);
}
