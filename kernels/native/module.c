// The kernels as a module of Node: `supports(build)`, `allocate(bytes)` and `kernels(build, precision)`, an object of functions that take a
// memory and numbers. Nothing here is linked but what every process of Node holds.

#include <cpuid.h>
#include <node_api.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include "build.h"

/** More arguments than any kernel takes. */
#define MOST 8

static const Build *const builds[4] = {&avx2Float32, &avx2Float64, &fmaFloat32, &fmaFloat64};

/** Whether the processor has AVX2, and multiply-adds that round once where they are needed, and the system keeps wide registers. */
static int supported(int fused) {
  unsigned a, b, c, d, low, high;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE) || !(c & bit_AVX) || (fused && !(c & bit_FMA))) return 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & 6) == 6 && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_AVX2);
}

static napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, 0, message);
  return 0;
}

/** A string argument that is one of two; -1 for anything else. */
static int among(napi_env env, napi_value value, const char *zero, const char *one) {
  char text[16];
  size_t length;
  if (napi_get_value_string_utf8(env, value, text, sizeof text, &length) != napi_ok) return -1;
  return strcmp(text, zero) == 0 ? 0 : strcmp(text, one) == 0 ? 1 : -1;
}

static napi_value supports(napi_env env, napi_callback_info info) {
  napi_value argument, result;
  size_t count = 1;
  napi_get_cb_info(env, info, &count, &argument, 0, 0);
  int fused = among(env, argument, "avx2", "avx2-fma");
  napi_get_boolean(env, fused >= 0 && supported(fused), &result);
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
  void *memory = mmap(0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
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

static napi_value kernels(napi_env env, napi_callback_info info) {
  napi_value arguments[2], result, function;
  size_t count = 2;
  napi_get_cb_info(env, info, &count, arguments, 0, 0);
  int fused = among(env, arguments[0], "avx2", "avx2-fma"), wide = among(env, arguments[1], "float32", "float64");
  if (fused < 0 || wide < 0 || !supported(fused)) return fail(env, "there is no such build on this machine");
  const Build *build = builds[2 * fused + wide];
  napi_create_object(env, &result);
  for (size_t k = 0; k < build->count; k++) {
    napi_create_function(env, build->entries[k].name, NAPI_AUTO_LENGTH, call, (void *)&build->entries[k], &function);
    napi_set_named_property(env, result, build->entries[k].name, function);
  }
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
