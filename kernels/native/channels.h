// What an activation does to the derivative channels of a panel, forward and adjoint: kernels/channels.ts, vector for vector.

#pragma once
#include "activation.h"

/** Words of a term: the second that gathers it, and the channels of its two sides. */
#define TERM 3

/** x times the factors of a term; without factors they are one. */
INLINE vec scaled(vec x, const char *factors, size_t offset) {
  if (factors) return x * load(factors + offset);
  return x;
}

INLINE void activateAs(
  int kind, size_t bytes, int firsts, int seconds, const int32_t *terms, const int32_t *termsEnd, const char *factorsStart, const char *z, char *a, char *memos
) {
  for (size_t at = 0; at < bytes; at += sizeof(vec)) {
    vec x = load(z + at), memo = memoOf(kind, x);
    store(memos + at, memo);
    store(a + at, valueOf(kind, x, memo));
  }
  for (size_t at = 0; at < bytes; at += sizeof(vec)) {
    size_t within = at % ROW;
    vec memo = load(memos + at), x = load(z + at);
    vec x1 = firstOf(kind, x, memo), x2 = secondOf(kind, x, memo);
    const char *from = z + at + bytes;
    char *to = a + at + bytes;
    for (int k = firsts; k > 0; k--, from += bytes, to += bytes) store(to, x1 * load(from));
    const int32_t *term = terms;
    const char *factors = factorsStart;
    for (int second = 0; second < seconds; second++, from += bytes, to += bytes) {
      vec p = x1 * load(from);
      for (; term < termsEnd && term[0] == second; term += TERM) {
        p = fuse(p, scaled(x2, factors, within), load(z + at + (size_t)term[1] * bytes) * load(z + at + (size_t)term[2] * bytes));
        if (factors) factors += ROW;
      }
      store(to, p);
    }
  }
}

INLINE void adjoinAs(
  int kind, size_t bytes, int firsts, int seconds, const int32_t *terms, const int32_t *termsEnd, const char *factorsStart, const char *z, const char *memos, char *g
) {
  for (size_t at = 0; at < bytes; at += sizeof(vec)) {
    size_t within = at % ROW;
    vec memo = load(memos + at), x = load(z + at);
    vec x1 = firstOf(kind, x, memo), x2 = secondOf(kind, x, memo), x3 = thirdOf(kind, x, memo);
    vec p = x1 * load(g + at);
    const char *from = z + at + bytes;
    char *to = g + at + bytes;
    for (int k = firsts; k > 0; k--, from += bytes, to += bytes) {
      vec s = load(to);
      p = fuse(p, s * x2, load(from));
      store(to, s * x1);
    }
    const char *factors = factorsStart;
    for (const int32_t *term = terms; term < termsEnd; term += TERM) {
      size_t i = at + (size_t)term[1] * bytes, j = at + (size_t)term[2] * bytes;
      vec s = scaled(load(to + (size_t)term[0] * bytes), factors, within), xi = load(z + i), xj = load(z + j), sx = s * x2;
      p = fuse(p, s * x3, xi * xj);
      vec u = fuse(load(g + i), sx, xj);
      if (i == j) store(g + i, fuse(u, sx, xi));
      else {
        store(g + i, u);
        store(g + j, fuse(load(g + j), sx, xi));
      }
      if (factors) factors += ROW;
    }
    for (int k = seconds; k > 0; k--, from += bytes, to += bytes) {
      vec s = load(to);
      p = fuse(p, s * x2, load(from));
      store(to, s * x1);
    }
    store(g + at, p);
  }
}

#define BY_KIND(name, ...) \
  if (kind == TANH) name(TANH, __VA_ARGS__); \
  else if (kind == SWISH) name(SWISH, __VA_ARGS__); \
  else if (kind == SOFTPLUS) name(SOFTPLUS, __VA_ARGS__); \
  else name(RELU, __VA_ARGS__);

/** The sums z of a panel to its activations a, with `bytes` a channel; `memos` gets what `adjoin` needs. `factors` may be 0. */
static void activate(
  int kind, size_t bytes, int firsts, int seconds, const int32_t *terms, const int32_t *termsEnd, const char *factors, const char *z, char *a, char *memos
) {
  BY_KIND(activateAs, bytes, firsts, seconds, terms, termsEnd, factors, z, a, memos)
}

/** From the cotangents g of the activations of a panel to those of its sums z, in place. */
static void adjoin(
  int kind, size_t bytes, int firsts, int seconds, const int32_t *terms, const int32_t *termsEnd, const char *factors, const char *z, const char *memos, char *g
) {
  BY_KIND(adjoinAs, bytes, firsts, seconds, terms, termsEnd, factors, z, memos, g)
}
