import type { OnChain } from "./onChain.ts"

/** A function of the state, at many states. */
export type Curve = (x: Float64Array) => Float64Array

/**
 * How far a function f is from the solution of f = A(h + f), A the true conditional expectation and not a chain's. The error
 * e = f - f* obeys e = r + A e with the residual r = f - A(h + f), and A is positive, so
 *
 *   |f - f*| <= |r| + A b,   b = sum_k A^k |r| <= |r|/(1 - modulus):
 *
 * the contraction bound, kept state by state. It covers all there is: too few iterations, too few nodes, grids of holdings,
 * interpolation. A is taken by a rule finer than that of any method (`reference`), whose own error is rounding.
 *
 * @param flow h at the reference's nodes.
 */
export function residualBound(reference: OnChain, flow: Float64Array, f: Curve): Curve {
  const at = f(reference.nodes)
  const whole = at.map((value, i) => value + flow[i])
  const gap = (f: Float64Array, image: Float64Array): Float64Array => image.map((value, i) => Math.abs(value - f[i]) + ROUNDING * Math.abs(value))
  const bound = neumann(reference, gap(at, reference.apply(whole)))
  return x => {
    const far = reference.ahead(x, bound)
    return gap(f(x), reference.ahead(x, whole)).map((r, i) => r + far[i])
  }
}

/** A sum of float64s is not known better than this. */
const ROUNDING = 4e-16

/** sum_k A^k r from above: terms are added until the norm of A bounds the rest by a thousandth of the least sum that is shown. */
function neumann(on: OnChain, r: Float64Array): Float64Array {
  const { modulus, weights, shown } = on
  const sum = r.slice()
  let term = r, rest = Infinity
  for (let k = 0; k < 100_000; k++) {
    term = on.apply(term)
    for (let i = 0; i < sum.length; i++) sum[i] += term[i]
    rest = (modulus / (1 - modulus)) * term.reduce((most, t, i) => Math.max(most, t / weights[i]), 0)
    if (shown.every(i => rest * weights[i] <= 1e-3 * sum[i])) break
  }
  return sum.map((s, i) => s + rest * weights[i])
}

/** How far a function is from a known one, with rounding. */
export function distance(known: Curve, f: Curve): Curve {
  return x => {
    const there = f(x)
    return known(x).map((value, i) => Math.abs(value - there[i]) + ROUNDING * Math.abs(value))
  }
}
