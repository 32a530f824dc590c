import type { Kernel } from "../formula/compile.ts"
import type { Economy } from "./economy.ts"

/**
 * An economy at given parameter values, compiled: what a method works on. Methods see no formulas, only kernels over
 * arrays of points. Every kernel takes `inputs` in the order of `problem.inputs`: states, parameters, jets.
 */
export interface Problem {
  readonly economy: Economy
  readonly calibration: string
  /** The value of every parameter. */
  readonly parameters: Readonly<Record<string, number>>
  readonly states: readonly State[]
  readonly shocks: readonly string[]
  /** Correlations of the shocks: ones on the diagonal. */
  readonly correlations: readonly (readonly number[])[]
  /** Value functions first, then prices and shares. */
  readonly unknowns: readonly Unknown[]
  /** The unknowns and their derivatives, in the order in which they stand among the inputs. */
  readonly jets: readonly Jet[]
  readonly inputs: readonly string[]
  /** The HJB lines, one for each value function, in their order. */
  readonly hjb: Rows
  /** The equations of prices and shares: the static block. */
  readonly block: Rows
  /** Moments of the states: drift of each, then the upper triangle of their covariances, row by row. */
  readonly motion: Kernel
  /** Loadings of the states on the shocks: of the first state on each shock, then of the second, and so on. */
  readonly risk: Kernel
  /** Formulas of the motion and the HJB lines that change sign where these have kinks (arguments of min, max, ...). */
  readonly kinks: Kernel
  /** The HJB lines as linear equations of their value function, everything else frozen; or why they are not. */
  readonly frozen: { readonly kernel: Kernel } | { readonly refusal: string }
  /** First guesses of the unknowns, from states and parameters. */
  readonly guess: Kernel
  /** All definitions, in the order of `definitions`. */
  readonly definitions: readonly string[]
  readonly defined: Kernel
  /** Closed forms, where known. */
  readonly exact: readonly Measure[]
  readonly facts: readonly Fact[]
  readonly checks: readonly Check[]
}

export interface State {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly ends: "natural" | "reflecting"
  /** n nodes from `from` to `to`, increasing, spaced as declared. */
  nodes(n: number): Float64Array
  /** The coordinate s in [0, 1] in which the declared grid is even. */
  readonly coordinate: Coordinate
  /** Where the static block starts: below or at `from`, with the values that some unknowns take there. */
  readonly start?: { readonly at: number; readonly values: Readonly<Record<string, number>> }
}

export interface Coordinate {
  /** States at coordinates. */
  stateAt(s: Float64Array): Float64Array
  /** At states: s, ds/dz and d2s/dz2, each as long as `z`. */
  of(z: Float64Array): { s: Float64Array; first: Float64Array; second: Float64Array }
}

export interface Unknown {
  readonly name: string
  readonly kind: "value" | "price" | "share"
  readonly positive: boolean
  readonly range?: readonly [number, number]
}

/**
 * One input of the kernels that comes from an unknown. `upwind` is the first derivative inside `drift(J)`, which a method
 * may difference against the drift; `time` the derivative with respect to (backward) time there, zero at the solution.
 */
export interface Jet {
  readonly symbol: string
  readonly unknown: number
  readonly kind: "value" | "first" | "second" | "upwind" | "time"
  readonly by: readonly number[]
}

/** A group of equations with all their derivatives. */
export interface Rows {
  readonly labels: readonly string[]
  /** For each row: its output (residual left - right, or `first` of a complementarity line) and the output of `second`, or -1. */
  readonly residuals: readonly { readonly first: number; readonly second: number }[]
  /** Derivatives that are not identically zero: of side 0 or 1 of a row, with respect to a jet. */
  readonly partials: readonly Partial[]
  readonly kernel: Kernel
  /** Derivatives of the rows with respect to parameters, compiled when first asked for: `parameter` counts the parameters. */
  sensitivity(): { readonly partials: readonly { readonly row: number; readonly side: 0 | 1; readonly parameter: number; readonly output: number }[]; readonly kernel: Kernel }
}

export interface Partial { readonly row: number; readonly side: 0 | 1; readonly jet: number; readonly output: number }

/** A named formula over the inputs. */
export interface Measure { readonly name: string; readonly kernel: Kernel }

export interface Fact {
  readonly name: string
  readonly is: string
  readonly way: "switch" | "max" | "min" | "root" | "value"
  /** The complementarity label for `switch`. */
  readonly label?: string
  readonly at?: Readonly<Record<string, number>>
  /** The variable, as a kernel with one output. */
  readonly kernel?: Kernel
}

export interface Check {
  readonly label: string
  readonly is: string
  /** Outputs: the formula that should be zero, and the one that is positive where it must hold. */
  readonly kernel: Kernel
}

/** Per value function, the coefficients of J_t + sum b_s J_s + sum_{s<=r} d_sr J_sr + l J + f = 0, in this order. */
export const frozenWidth = (states: number): number => states + (states * (states + 1)) / 2 + 2

/** Pairs s <= r in the order in which covariances, second derivatives and diffusion coefficients are listed. */
export function pairs(states: number): [number, number][] {
  const list: [number, number][] = []
  for (let s = 0; s < states; s++) for (let r = s; r < states; r++) list.push([s, r])
  return list
}
