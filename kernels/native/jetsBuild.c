// The kernels of nets in one build: PRECISION is 32 or 64, WIDE 32 or 64, FUSED 0 or 1, NAME what they are called here.

#include "entries.h"
#include "jets.h"
#include "peak.h"

#define NET ((Net){memory, (const Header *)(memory + (size_t)x[0])})

KERNEL(scratchOfNet) { return (double)scratchBytes(NET); }
/** Comes first in a call: -1 where the memory ends before the scratch of the net does. */
KERNEL(prepareNet) {
  if (of(NET)->scratchAt + scratchBytes(NET) > length) return -1;
  prepare(NET);
  return 0;
}
KERNEL(seedNet) { return seed(NET, (int)x[1]), 0; }
KERNEL(forwardNet) { return forward(NET, (int)x[1]), 0; }
KERNEL(backwardNet) { return backward(NET, (int)x[1]), 0; }
KERNEL(jacobianNet) { return jacobian(NET, (int)x[1]), 0; }
KERNEL(gradientNet) { return gradient(NET), 0; }
KERNEL(tileOf) { return TILE; }
KERNEL(peakOf) { return peak(x[0], (real)x[1], (real)x[2]); }

static const Entry entries[] = {
  {"scratchBytes", scratchOfNet}, {"prepare", prepareNet}, {"seed", seedNet}, {"forward", forwardNet}, {"backward", backwardNet},
  {"jacobian", jacobianNet}, {"gradient", gradientNet}, {"tile", tileOf}, {"peak", peakOf},
};

const Entries NAME = {entries, sizeof entries / sizeof *entries};
