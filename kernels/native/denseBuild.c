// The kernels of dense matrices, in double precision by vectors of 32 bytes: FUSED is 0 or 1, NAME what they are called here.

#include "entries.h"
#include "dense.h"

#define ADDRESS(k) (memory + (size_t)x[k])

KERNEL(addGramOf) { return addGram(x[0], (int)x[1], (int)x[2], ADDRESS(3), (size_t)x[4], ADDRESS(5), (size_t)x[6]), 0; }
KERNEL(transposeOf) { return transpose((int)x[0], (int)x[1], ADDRESS(2), ADDRESS(3), (size_t)x[4]), 0; }
KERNEL(choleskyOf) { return cholesky(ADDRESS(0), (int)x[1], ADDRESS(2)); }

static const Entry entries[] = {{"addGram", addGramOf}, {"transpose", transposeOf}, {"cholesky", choleskyOf}};

const Entries NAME = {entries, sizeof entries / sizeof *entries};
