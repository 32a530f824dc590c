// One build of the kernels: PRECISION is 32 or 64, FUSED is 0 or 1, NAME is what it is called here.

#include "build.h"
#include "jets.h"
#include "peak.h"
#if PRECISION == 64
#include "dense.h"
#endif

#define KERNEL(name) static double name(char *memory, size_t length, const double *x)
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

#if PRECISION == 64
#define ADDRESS(k) (memory + (size_t)x[k])
KERNEL(addGramOf) { return addGram(x[0], (int)x[1], (int)x[2], ADDRESS(3), (size_t)x[4], ADDRESS(5), (size_t)x[6]), 0; }
KERNEL(transposeOf) { return transpose((int)x[0], (int)x[1], ADDRESS(2), ADDRESS(3), (size_t)x[4]), 0; }
KERNEL(choleskyOf) { return cholesky(ADDRESS(0), (int)x[1], ADDRESS(2)); }
#endif

static const Entry entries[] = {
  {"scratchBytes", scratchOfNet}, {"prepare", prepareNet}, {"seed", seedNet}, {"forward", forwardNet}, {"backward", backwardNet},
  {"jacobian", jacobianNet}, {"gradient", gradientNet}, {"tile", tileOf}, {"peak", peakOf},
#if PRECISION == 64
  {"addGram", addGramOf}, {"transpose", transposeOf}, {"cholesky", choleskyOf},
#endif
};

const Build NAME = {FUSED ? "avx2-fma" : "avx2", PRECISION == 32 ? "float32" : "float64", entries, sizeof entries / sizeof *entries};
