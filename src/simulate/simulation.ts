import type { Outcome } from "../run/outcome.ts"
import type { Table } from "../run/table.ts"
import type { ConditionalMoments } from "./moments.ts"

/** What paths of a solution do, in the long run and from a point: plain data, printed, stored and drawn by others. */
export interface Simulation {
  readonly economy: string
  readonly method: string
  readonly calibration: string
  readonly seed: number
  readonly parameters: Readonly<Record<string, number>>
  /** Years that each path counts, paths, years before, years between looks, halvings, ends, horizon. */
  readonly settings: Readonly<Record<string, number | string | boolean>>
  readonly outcome: Outcome
  readonly detail: string
  /** Of the paths and of the solution that they follow. */
  readonly converged: boolean
  /** The edges of the bins, by state. */
  readonly states: readonly { readonly name: string; readonly edges: readonly number[] }[]
  /** Where the forecasts begin. */
  readonly from: Readonly<Record<string, number>>
  /** Half the sum of the differences between the two densities' masses of bins; NaN where one is missing. */
  readonly totalVariation: number
  /** Years over which each state is correlated with itself (the integral of its autocorrelation), by the forward equation. */
  readonly autocorrelationYears: Readonly<Record<string, number>>
  readonly crisis?: CrisisStatistics
  /** Where paths were absorbed. */
  readonly absorption?: { readonly share: number; readonly meanYears: number }
  /** By variable: moments under the density of the forward equation (of the simulation where there is none), and under the simulation. */
  readonly moments: Readonly<Record<string, ConditionalMoments & { readonly simulated: ConditionalMoments }>>
  /** What a reader must know. */
  readonly notes: readonly string[]
  /** By bin (last state fastest): the states at its middle, `kolmogorov` and `simulated` densities, their masses (`mass:...`), `crisis` (part of its mass). */
  readonly density: Table
  /** By state, where there are several: its marginal densities `kolmogorov` and `simulated` over cells that are smaller than bins. */
  readonly marginals: readonly Table[]
  /** The first path, month by month or as `dt` says: `year`, the states, `crisis`. */
  readonly path: Table
  readonly fan: Table
  readonly responses: readonly Response[]
  /** The law of motion along the one state, or on a grid of two: the states, `drift:x`, `volatility:x`. */
  readonly motion: Table
  /** Where a complementarity line changes side: the states along it. One row in one state. */
  readonly breaks: Table
}

export interface CrisisStatistics {
  /** The region, as text: `psi < 1`. */
  readonly is: string
  readonly probabilitySimulated: number
  /** The standard error of the simulated probability, from the spread between paths. */
  readonly standardError: number
  /** NaN where there is no density. */
  readonly probabilityDensity: number
  /** Entries a century, and the mean length of a stay, seen at looks `dt` years apart: a diffusion that is looked at more often crosses more often. */
  readonly perCentury: number
  readonly meanDurationYears: number
  /** The same two by the forward equation; NaN where there is none. */
  readonly perCenturyDensity: number
  readonly meanDurationYearsDensity: number
  /** Years until the crisis from the point where the forecasts begin, by the backward equation L T = -1; NaN where there is none. */
  readonly yearsUntil: number
}

/** What a shock does: the fan of the same paths, begun where the shock leads. */
export interface Response {
  readonly shock: string
  /** In standard deviations of a year. */
  readonly size: number
  readonly to: Readonly<Record<string, number>>
  readonly fan: Table
}
