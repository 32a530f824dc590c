// What a build of kernels shows to the module.

#pragma once
#include <stddef.h>

/** Takes the memory, its length, and the numbers that the host gives. */
typedef double (*Kernel)(char *memory, size_t length, const double *x);
#define KERNEL(name) static double name(char *memory, size_t length, const double *x)

typedef struct { const char *name; Kernel run; } Entry;
typedef struct { const Entry *list; size_t count; } Entries;

extern const Entries avx2Float32, avx2Float64, avx2FmaFloat32, avx2FmaFloat64, avx512Float32, avx512Float64, avx512FmaFloat32, avx512FmaFloat64;
extern const Entries dense, denseFma;
