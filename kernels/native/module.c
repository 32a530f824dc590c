// The kernels as a module of Node: `supports(build)`, `allocate(bytes)` and `kernels(build, precision)`, an object of functions that take a
// memory and numbers. Nothing here is linked but what every process of Node holds.

#include <cpuid.h>
#include <node_api.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include "entries.h"

/** More arguments than any kernel takes. */
#define MOST 8

/** Each in single precision and in double. */
static const struct { const char *name; int wide, fused; const Entries *jets[2]; } builds[] = {
  {"avx2", 0, 0, {&avx2Float32, &avx2Float64}}, {"avx2-fma", 0, 1, {&avx2FmaFloat32, &avx2FmaFloat64}},
  {"avx512", 1, 0, {&avx512Float32, &avx512Float64}}, {"avx512-fma", 1, 1, {&avx512FmaFloat32, &avx512FmaFloat64}},
};
#define BUILDS ((int)(sizeof builds / sizeof *builds))

/** Whether the processor has the instructions of a build, and the system keeps its registers. */
static int supported(int build) {
  unsigned a, b, c, d, low, high;
  const unsigned wide = bit_AVX512F | bit_AVX512DQ | bit_AVX512VL;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE) || !(c & bit_AVX) || (builds[build].fused && !(c & bit_FMA))) return 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_AVX2) || (low & 0x06) != 0x06) return 0;
  return !builds[build].wide || ((b & wide) == wide && (low & 0xe6) == 0xe6);
}

static napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, 0, message);
  return 0;
}

/** The text of an argument; empty where it is none. */
static void textOf(napi_env env, napi_value value, char *text, size_t room) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, text, room, &length) != napi_ok) text[0] = 0;
}

/** The build that an argument names and this machine runs, or -1. */
static int buildNamed(napi_env env, napi_value value) {
  char name[16];
  textOf(env, value, name, sizeof name);
  for (int build = 0; build < BUILDS; build++) if (strcmp(name, builds[build].name) == 0) return supported(build) ? build : -1;
  return -1;
}

static napi_value supports(napi_env env, napi_callback_info info) {
  napi_value argument, result;
  size_t count = 1;
  napi_get_cb_info(env, info, &count, &argument, 0, 0);
  napi_get_boolean(env, buildNamed(env, argument) >= 0, &result);
  return result;
}

static void unmap(napi_env env, void *memory, void *length) { munmap(memory, (size_t)length); }

/** An ArrayBuffer of zeros that begins on a page: rows of panels then lie in lines of the cache. */
static napi_value allocate(napi_env env, napi_callback_info info) {
  napi_value argument, result;
  size_t count = 1;
  double bytes;
  napi_get_cb_info(env, info, &count, &argument, 0, 0);
  if (napi_get_value_double(env, argument, &bytes) != napi_ok || !(bytes > 0 && bytes <= 4294967296.0)) return fail(env, "a memory has from 1 to 2^32 bytes");
  size_t length = (size_t)bytes;
  void *memory = mmap(0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return fail(env, "there is no memory left");
  if (napi_create_external_arraybuffer(env, memory, length, unmap, (void *)length, &result) == napi_ok) return result;
  munmap(memory, length);
  return fail(env, "this host takes no memory from outside");
}

static napi_value call(napi_env env, napi_callback_info info) {
  napi_value arguments[1 + MOST], result;
  size_t count = 1 + MOST, length;
  void *data, *memory;
  double numbers[MOST] = {0};
  napi_get_cb_info(env, info, &count, arguments, 0, &data);
  if (count < 1 || napi_get_arraybuffer_info(env, arguments[0], &memory, &length) != napi_ok) return fail(env, "a kernel takes a memory first");
  for (size_t k = 1; k < count && k <= MOST; k++) napi_get_value_double(env, arguments[k], &numbers[k - 1]);
  napi_create_double(env, ((const Entry *)data)->run(memory, length, numbers), &result);
  return result;
}

static void add(napi_env env, napi_value result, const Entries *entries) {
  napi_value function;
  for (size_t k = 0; k < entries->count; k++) {
    const Entry *entry = &entries->list[k];
    napi_create_function(env, entry->name, NAPI_AUTO_LENGTH, call, (void *)entry, &function);
    napi_set_named_property(env, result, entry->name, function);
  }
}

static napi_value kernels(napi_env env, napi_callback_info info) {
  napi_value arguments[2], result;
  size_t count = 2;
  char precision[16];
  napi_get_cb_info(env, info, &count, arguments, 0, 0);
  int build = buildNamed(env, arguments[0]);
  textOf(env, arguments[1], precision, sizeof precision);
  int single = strcmp(precision, "float32") == 0;
  if (build < 0 || (!single && strcmp(precision, "float64") != 0)) return fail(env, "there is no such build on this machine");
  napi_create_object(env, &result);
  add(env, result, builds[build].jets[!single]);
  if (!single) add(env, result, builds[build].fused ? &denseFma : &dense);
  return result;
}

NAPI_MODULE_INIT() {
  static const struct { const char *name; napi_callback run; } functions[] = {{"supports", supports}, {"allocate", allocate}, {"kernels", kernels}};
  for (size_t k = 0; k < sizeof functions / sizeof *functions; k++) {
    napi_value function;
    napi_create_function(env, functions[k].name, NAPI_AUTO_LENGTH, functions[k].run, 0, &function);
    napi_set_named_property(env, exports, functions[k].name, function);
  }
  return exports;
}
