import type { CalibrationDeclaration, ParameterDeclaration } from "../declaration.ts"

/**
 * An economy in discrete time as data: one kind of agent who owns a tree (Lucas 1978), a Markov process that drives the tree's
 * dividend, and utility c^(1-gamma)/(1-gamma). The same shape in TypeScript and, with `kind = "discrete"`, in TOML.
 *
 * Quantities may grow: consumption, dividend and prices are those declared times a level whose growth from a period to the next
 * is `growth` at the new state. Then p, q, V and all else below are per unit of the level.
 */
export interface DiscreteDeclaration {
  readonly kind: "discrete"
  /** One sentence: who owns what, and what drives it. */
  readonly is: string
  readonly source?: string
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>
  /** Named sets of parameter values. The first one listed is the default calibration. */
  readonly calibrations?: Readonly<Record<string, CalibrationDeclaration>>
  /** The one state. */
  readonly state: DiscreteState
  readonly preferences: {
    /** Discount factor: a formula in the parameters, between 0 and 1. */
    readonly discount: string
    /** Relative risk aversion: a formula in the parameters, 0 or above; 1 is logarithmic utility. */
    readonly aversion: string
  }
  /** What each agent consumes where nobody trades: a formula in the state and the parameters, positive. */
  readonly consumption: string
  /** What a share of the tree pays: a formula in the state and the parameters. Consumption beyond it is other income. */
  readonly dividend: string
  /** Growth of the level into a state: a formula in that state and the parameters, positive. Default: none. */
  readonly growth?: string
  /** Scalars of the solution. */
  readonly facts?: Readonly<Record<string, DiscreteFact>>
  /** What is known about it: properties, traps, reference numbers. */
  readonly notes?: readonly string[]
}

export interface DiscreteState {
  /** As formulas and `--at` name it. */
  readonly name: string
  readonly is: string
  readonly law: LawDeclaration
}

export type LawDeclaration =
  /** ln x' = (1 - persistence) mean + persistence ln x + volatility e, e standard normal and independent; formulas in the parameters. */
  | { readonly kind: "lognormal"; readonly mean: number | string; readonly persistence: number | string; readonly volatility: number | string }
  /** Finitely many states: their values, and the probabilities of going from each (a row) to each; formulas in the parameters. */
  | { readonly kind: "chain"; readonly values: readonly (number | string)[]; readonly transitions: readonly (readonly (number | string)[])[] }

/** A scalar of the solution, of one of the variables (`VARIABLES`): exactly one way. */
export interface DiscreteFact {
  readonly is: string
  /** Mean over the stationary distribution. */
  readonly mean?: string
  /** Standard deviation over the stationary distribution. */
  readonly deviation?: string
  /** Value at the stationary mean of the state. */
  readonly middle?: string
}

/** What every solution in discrete time holds over its state, with the words that listings and reports use. */
export const VARIABLES = {
  p: "price of a share of the tree, after its dividend was paid",
  q: "price of one unit of the good, sure, a period later",
  V: "value: expected discounted utility of who holds one share",
  R: "expected return of the tree, a period",
  R_f: "risk-free return, a period",
  premium: "expected return of the tree over the risk-free one",
} as const

export type Variable = keyof typeof VARIABLES

/** Facts that every solution in discrete time has, with their words. */
export const BOUNDS: Readonly<Record<string, string>> = {
  price_bound: "bound on the error of the price, relative, over the states shown",
  bond_bound: "bound on the error of the bond's price, relative",
  value_bound: "bound on the error of the value, in utility",
}
