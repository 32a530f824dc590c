// What the host writes before a call, and where the scratch of a tile lies: kernels/net.ts. Addresses count from `memory`.

#pragma once
#include "vector.h"

/** Points carried through all layers at a time, as in the WebAssembly kernels. */
#define TILE (PRECISION == 32 ? 64 : 32)

typedef struct {
  int32_t inputs, layers, activation, firsts, seconds, terms;
  uint32_t weightsAt, pointsAt, directionsAt, factorsAt, channelsAt, gradientAt, seedAt, scratchAt;
  int32_t outputs;
  /** widths[layers], inputs of the firsts[firsts], terms[3 * terms]. */
  int32_t lists[];
} Header;

typedef struct { char *memory; const Header *header; } Net;

INLINE const Header *of(Net net) { return net.header; }
INLINE const int32_t *termsOf(Net net) { return of(net)->lists + of(net)->layers + of(net)->firsts; }
INLINE const int32_t *termsEnd(Net net) { return termsOf(net) + 3 * of(net)->terms; }
INLINE int units(Net net, int layer) { return layer == of(net)->layers ? 1 : of(net)->lists[layer]; }
INLINE int fanIn(Net net, int layer) { return layer == 0 ? of(net)->inputs : units(net, layer - 1); }
INLINE int channelCount(Net net) { return 1 + of(net)->firsts + of(net)->seconds; }
INLINE int channelOfOutput(Net net, int output) { return output && of(net)->outputs < channelCount(net) ? 1 + of(net)->firsts : output; }

static size_t widest(Net net) {
  int most = of(net)->inputs;
  for (int layer = 0; layer <= of(net)->layers; layer++) most = units(net, layer) > most ? units(net, layer) : most;
  return (size_t)most;
}

static size_t unitsBefore(Net net, int layer) {
  size_t sum = 0;
  for (int before = 0; before < layer; before++) sum += (size_t)units(net, before);
  return sum;
}

static size_t weightsBefore(Net net, int layer) {
  size_t sum = 0;
  for (int before = 0; before < layer; before++) sum += (size_t)((fanIn(net, before) + 1) * units(net, before));
  return sum;
}

INLINE size_t weightCount(Net net) { return weightsBefore(net, of(net)->layers + 1); }

/** Bytes of a unit in one channel of a tile; the same as in the WebAssembly kernels, which cut it into more panels. */
#define UNIT ((size_t)TILE * SIZE)

/** Loads and stores of whole vectors do not straddle lines of the cache. */
INLINE size_t wholeLines(size_t bytes) { return (bytes + 63) & ~(size_t)63; }

INLINE char *at(Net net, uint32_t address) { return net.memory + address; }
INLINE char *rowOf(Net net, uint32_t rows, int row) { return at(net, rows) + (size_t)(row * TILE) * SIZE; }
INLINE char *factorsOf(Net net) { return at(net, of(net)->seedAt) + (size_t)(of(net)->inputs * channelCount(net)) * UNIT; }

// Scratch: zeros, the packed weights and their transposes, sixteen bytes of sums for each weight; for each layer its sums and its
// activations (all channels) and its memos; four sheets for cotangents and transposes.

static size_t packedFrom(Net net) { return wholeLines(of(net)->scratchAt) + wholeLines(widest(net) * SIZE); }
static size_t sumsFrom(Net net) { return wholeLines(packedFrom(net) + 2 * weightCount(net) * SIZE); }
static size_t layersFrom(Net net) { return wholeLines(sumsFrom(net) + 16 * weightCount(net)); }

INLINE char *zeros(Net net) { return net.memory + wholeLines(of(net)->scratchAt); }
INLINE char *packedAt(Net net, int layer) { return net.memory + packedFrom(net) + weightsBefore(net, layer) * SIZE; }
INLINE char *packedTransposeAt(Net net, int layer) { return packedAt(net, layer) + weightCount(net) * SIZE; }
INLINE char *gradientSums(Net net, int layer) { return net.memory + sumsFrom(net) + 16 * weightsBefore(net, layer); }

/** Sums z of a layer: like all of a tile, panel x channel x unit x points of a panel. */
INLINE char *sumsOf(Net net, int layer) {
  return net.memory + layersFrom(net) + unitsBefore(net, layer) * (2 * (size_t)channelCount(net) + 1) * UNIT;
}
INLINE char *activationsOf(Net net, int layer) { return sumsOf(net, layer) + (size_t)(units(net, layer) * channelCount(net)) * UNIT; }
INLINE char *memosOf(Net net, int layer) { return activationsOf(net, layer) + (size_t)(units(net, layer) * channelCount(net)) * UNIT; }
INLINE char *incomingOf(Net net, int layer) { return layer ? activationsOf(net, layer - 1) : at(net, of(net)->seedAt); }
INLINE char *sheet(Net net, int index) { return sumsOf(net, of(net)->layers + 1) + (size_t)(index * channelCount(net)) * widest(net) * UNIT; }

/** Bytes from `scratchAt` on, with a vector more: sums over points read so far. */
static size_t scratchBytes(Net net) { return (size_t)(sheet(net, 4) - net.memory) + WIDE - of(net)->scratchAt; }
