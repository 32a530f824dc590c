/**
 * What a user writes down: an economy as data. The same shape in TypeScript (`economy("name", {...})`) and in TOML.
 * All formulas are text in the language of `src/formula`; names are ASCII and are printed as symbols.
 */
export interface EconomyDeclaration {
  /** One sentence: who trades what, and what makes it hard. */
  readonly is: string
  /** Paper, section, equation numbers. */
  readonly source?: string
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>
  /** Named sets of parameter values that replace the defaults. The first one listed is the default calibration. */
  readonly calibrations?: Readonly<Record<string, CalibrationDeclaration>>
  /** Sources of risk (standard Brownian motions). May be left out where there is one. */
  readonly shocks?: Readonly<Record<string, ShockDeclaration>>
  /** Correlations of two shocks: `{ between: ["K", "A"], value: "varphi" }`; those not listed are 0. */
  readonly correlations?: readonly CorrelationDeclaration[]
  readonly states: Readonly<Record<string, StateDeclaration>>
  readonly unknowns: Readonly<Record<string, UnknownDeclaration>>
  /** Definitions `name = formula`, equations `[label] left = right`, complementarity lines `[label] 0 <= f _|_ g >= 0`. */
  readonly equations: string
  /** What each definition means, by name, with its unit where it has one. */
  readonly words?: Readonly<Record<string, string>>
  /** Closed forms, by unknown or definition, where they are known. */
  readonly exact?: Readonly<Record<string, string>>
  /** Scalars of the solution. */
  readonly facts?: Readonly<Record<string, FactDeclaration>>
  /** Identities that hold at a solution and were not imposed: formulas that should be zero. */
  readonly checks?: Readonly<Record<string, CheckDeclaration>>
  /** What is known about it: properties, traps, reference numbers. Shown by `walras show`. */
  readonly notes?: readonly string[]
}

/** A number with words and the bounds inside which the model makes sense. */
export interface ParameterDeclaration {
  readonly value: number
  readonly is: string
  /** Strict lower bound. */
  readonly above?: number
  /** Strict upper bound. */
  readonly below?: number
  /** Lower bound. */
  readonly least?: number
  /** Upper bound. */
  readonly most?: number
  /** A value at which the model is not defined (an elasticity of one, say). */
  readonly not?: number
}

export interface CalibrationDeclaration {
  readonly is: string
  readonly values: Readonly<Record<string, number>>
}

export interface ShockDeclaration { readonly is: string }

export interface CorrelationDeclaration {
  readonly between: readonly [string, string]
  /** A formula in the parameters; its value must lie in [-1, 1]. */
  readonly value: string
}

export interface StateDeclaration {
  readonly is: string
  /** The domain: formulas in the parameters, or numbers. */
  readonly from: number | string
  readonly to: number | string
  /** A name or formula: the drift of the state, in levels per unit of time. */
  readonly drift: string
  /** The loading on the only shock, or one loading a shock. In levels per square root of time. */
  readonly risk: string | Readonly<Record<string, string>>
  /** Where grid nodes lie: a formula in `s`, which runs over [0, 1], from 0 to 1 increasing. Default `s`: evenly. */
  readonly grid?: string
  /**
   * What holds at the two ends. `natural` (default): the state cannot cross them, no condition is needed, and the equation is
   * imposed with the outward diffusion left out. `reflecting`: the derivative of every value function is zero there.
   */
  readonly ends?: "natural" | "reflecting"
  /** Where the static block is marched from: `at` (at or below `from`), with the values that unknowns take there. */
  readonly start?: { readonly at: number | string; readonly values: Readonly<Record<string, string>> }
}

export interface UnknownDeclaration {
  readonly is: string
  /** A value function solves the HJB line that names `drift(it)`; prices and shares solve the static block. */
  readonly kind: "value" | "price" | "share"
  /** A first guess: a formula in states and parameters. */
  readonly guess: string
  readonly positive?: boolean
  /** Bounds; a share needs them. */
  readonly range?: readonly [number, number]
}

/** A scalar of the solution: exactly one of the ways to find it. */
export interface FactDeclaration {
  readonly is: string
  /** The first state at which the complementarity line of this label changes side, the other states being `at`. */
  readonly switch?: string
  /** The largest value of a variable over the domain. */
  readonly max?: string
  /** The smallest value of a variable over the domain. */
  readonly min?: string
  /** The first state at which a variable falls through zero (from + to -, the highest such state), the other states being `at`. */
  readonly root?: string
  /** The value of a variable at a point. */
  readonly value?: string
  /** A point: numbers, or formulas in the parameters. */
  readonly at?: Readonly<Record<string, number | string>>
}

export interface CheckDeclaration {
  readonly is: string
  /** A formula that is zero at a solution. */
  readonly zero: string
  /** Where the identity holds: a formula that is positive there. Default: everywhere. */
  readonly where?: string
}
