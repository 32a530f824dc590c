import { slackText, type Region } from "../model/measure.ts"
import type { Problem } from "../model/problem.ts"
import { inputsOfTable } from "../solve/motion.ts"
import { outputsFor } from "../solve/pointInputs.ts"
import type { Solution } from "../solve/solution.ts"
import { binningOf, cellsOf, type Cells } from "./cells.ts"
import { fieldOf, type Field } from "./field.ts"
import { shocked } from "./forecast.ts"
import { forwardOf, type Forward } from "./forward.ts"
import { lawFault, lawOf, type CrisisIndicator, type Law } from "./law.ts"
import { partMasses, partsOf, type Parts } from "./parts.ts"
import type { PathTask } from "./pathTask.ts"
import { variablesOf, type SimulationPlan } from "./plan.ts"
import { regionsOf } from "./regions.ts"
import type { Walk } from "./walker.ts"
import { power } from "../math/power.ts"

/** All that a simulation needs before the first path is followed. */
export interface Preparation {
  readonly problem: Problem
  readonly solution: Solution
  readonly plan: SimulationPlan
  readonly law: Law
  readonly cells: Cells
  /** Cells to a bin, by state. */
  readonly binning: readonly number[]
  readonly parts: Parts
  /** The forward equation and its stationary masses; undefined for more than two states and absorbing ends. */
  readonly forward: Forward | undefined
  /** Years before a path counts. */
  readonly burn: number
  readonly crisisIs: string | undefined
  /** Unknowns and definitions, and their values as a field. */
  readonly variables: readonly string[]
  readonly values: Field
  /** The variables of fan charts as a field. */
  readonly shown: Field
  /** The law of the long run and of forecasts alike. */
  readonly walk: Walk
  readonly from: Float64Array
  readonly responses: readonly { readonly shock: string; readonly size: number; readonly to: Float64Array }[]
  /** The long run, the forecast, then a forecast for each response. */
  readonly tasks: readonly PathTask[]
  /** Why no path can be followed, or "". */
  readonly fault: string
}

export function prepare(problem: Problem, solution: Solution, plan: SimulationPlan): Preparation {
  const { settings, seed } = plan
  const n = problem.states.length, names = problem.states.map(s => s.name)
  const regions = regionsOf(problem, solution)
  const crisis: CrisisIndicator = plan.crisis ? { column: indicator(problem, solution, plan.crisis) } : regions.slack && { flags: regions.slack }
  const law = lawOf(problem, solution, regions, crisis)
  const fault = lawFault(law, names)
  const forward = fault === "" && n <= 2 && settings.ends === "reflecting" ? forwardOf(law, problem.states) : undefined
  const cells = forward?.cells ?? cellsOf(problem.states, problem.states.map(() => Math.min(200, Math.floor(power(BINS_ALONE, 1 / n)))))
  const parts = forward?.parts ?? partsOf(law, cells)
  const means = forward && meansOf(parts, forward.masses)
  const home = Float64Array.from(problem.states, (state, s) => rounded(means?.[s] ?? state.coordinate.stateAt(Float64Array.of(0.5))[0], state))
  const from = home.map((x, s) => plan.from[names[s]] ?? x)
  const variables = variablesOf(problem).filter(name => Object.hasOwn(solution.table.columns, name))
  const fieldOver = (chosen: readonly string[]): Field => fieldOf(solution.states.map(s => s.nodes), regions, chosen.map(name => solution.table.columns[name]))
  const responses = plan.shocks.map(({ index, size }) => ({ shock: problem.shocks[index], size, to: fault === "" ? shocked(law, from, index, size) : from }))
  const walk: Walk = { law, seed, dt: settings.dt, halvings: settings.halvings, ends: settings.ends === "absorbing" ? "absorbing" : "reflecting" }
  const burn = burnOf(settings, forward)
  const dates = datesOf(settings)
  const forecast = (start: Float64Array): PathTask => ({ kind: "forecast", of: { walk, start, ...dates } })
  return {
    problem, solution, plan, law, cells, binning: forward ? binningOf(n) : problem.states.map(() => 1), parts, forward, burn, variables, values: fieldOver(variables), shown: fieldOver(plan.of), walk, from, responses, fault,
    crisisIs: plan.crisis?.is ?? (regions.slack && slackText(problem.economy, regions.label)),
    tasks: [
      { kind: "occupation", of: { walk, cells, start: settings.ends === "absorbing" ? from : home, burn: Math.round(burn / settings.dt), periods: Math.round(settings.years / settings.dt) } },
      forecast(from), ...responses.map(({ to }) => forecast(to)),
    ],
  }
}

/** Cells of all states together where there is no forward equation. */
const BINS_ALONE = 10_000

/** A start is forgotten after some autocorrelation times of the slowest state. */
function burnOf({ burn, ends }: SimulationPlan["settings"], forward: Forward | undefined): number {
  if (ends === "absorbing") return 0
  if (burn !== "auto") return Number(burn)
  const slowest = Math.max(...(forward?.autocorrelationYears ?? [NaN]))
  return Number.isFinite(slowest) ? Math.min(MOST_BURN, Math.max(LEAST_BURN, Math.ceil(FORGOTTEN * slowest))) : UNKNOWN_BURN
}

const FORGOTTEN = 6
const LEAST_BURN = 50
const MOST_BURN = 5000
/** Where the forward equation says nothing. */
const UNKNOWN_BURN = 500

const meansOf = (parts: Parts, masses: Float64Array): number[] => {
  const weights = partMasses(parts, masses)
  return parts.points.map(points => points.reduce((sum, x, p) => sum + weights[p] * x, 0))
}

/** A point that nobody chose, in three or four digits of the width of the domain. */
function rounded(x: number, { from, to }: { from: number; to: number }): number {
  const step = power(10, 3 - Math.floor(Math.log10(to - from)))
  return Math.min(to, Math.max(from, Math.round(x * step) / step))
}

/** Looks of a fan chart: as many as are drawn well. */
function datesOf({ horizon, dt }: SimulationPlan["settings"]): { dates: number; every: number } {
  const periods = Math.round(horizon / dt), every = Math.max(1, Math.ceil(periods / MOST_DATES))
  return { dates: Math.floor(periods / every), every }
}

const MOST_DATES = 120

function indicator(problem: Problem, solution: Solution, { kernel }: Region): Float64Array {
  const [column] = outputsFor(kernel, solution.table.length)
  kernel.run(inputsOfTable(problem, solution), solution.table.length, [column])
  return column
}
