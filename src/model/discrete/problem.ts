import type { DiscreteFact } from "./declaration.ts"
import type { DiscreteEconomy } from "./economy.ts"
import type { Autoregression } from "../../math/autoregression.ts"
import type { MarkovChain } from "../../math/markovChain.ts"

/** An economy in discrete time at given parameter values: what its methods work on. They see no formulas. */
export interface DiscreteProblem {
  readonly kind: "discrete"
  readonly economy: DiscreteEconomy
  readonly calibration: string
  /** The value of every parameter. */
  readonly parameters: Readonly<Record<string, number>>
  readonly state: {
    readonly name: string
    readonly from: number
    readonly to: number
    /** The only states there are, where they are finitely many. */
    readonly points?: Float64Array
  }
  readonly law: Law
  /** Discount factor. */
  readonly beta: number
  /** Relative risk aversion. */
  readonly gamma: number
  /** Whether the level grows. */
  readonly grows: boolean
  /** At states x: consumption, the dividend of a share, and the growth of the level into x. */
  consumption(x: Float64Array): Float64Array
  dividend(x: Float64Array): Float64Array
  growth(x: Float64Array): Float64Array
  readonly facts: Readonly<Record<string, DiscreteFact>>
}

/** The law of the state: of its logarithm, or a chain on its values. */
export type Law = ({ readonly kind: "lognormal" } & Autoregression) | ({ readonly kind: "chain" } & MarkovChain)

/** Deviations of the logarithm of the state on each side of its mean, that is, the domain of what is tabulated. */
export const SHOWN = 4
