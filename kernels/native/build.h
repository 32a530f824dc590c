// What a build of the kernels shows to the module.

#pragma once
#include <stddef.h>

/** Takes the memory, its length, and the numbers that the host gives. */
typedef double (*Kernel)(char *memory, size_t length, const double *numbers);

typedef struct { const char *name; Kernel run; } Entry;
typedef struct { const char *build, *precision; const Entry *entries; size_t count; } Build;

extern const Build avx2Float32, avx2Float64, fmaFloat32, fmaFloat64;
