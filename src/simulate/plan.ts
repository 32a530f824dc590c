import type { Region } from "../model/measure.ts"
import type { Problem } from "../model/problem.ts"
import { Mistake, didYouMean } from "../run/mistake.ts"
import { numberText } from "../run/numberText.ts"
import { settingValues, type SettingValue, type Settings, type Values } from "../run/settings.ts"

/** How paths are simulated. */
export const SETTINGS = {
  years: { value: 1000, is: "years that each path counts", above: 0, most: 1e6 },
  paths: { value: 2000, is: "paths of the long run", least: 1, most: 1e7, whole: true },
  dt: { value: 1 / 12, is: "years between two looks at a path, and the longest step", above: 0, most: 10 },
  burn: { value: "auto", is: "years before a path counts, so that it forgets where it began; auto: six times the autocorrelation time of the slowest state" },
  halvings: { value: 4, is: "how many times a step is halved at most where the law of motion changes quickly", least: 0, most: 12, whole: true },
  ends: { value: "reflecting", is: "what happens at the ends of the domain", among: ["reflecting", "absorbing"] },
  horizon: { value: 30, is: "years of the fan charts and of the responses to shocks", above: 0, most: 1e5 },
  fanPaths: { value: 8000, is: "paths of each fan chart", least: 10, most: 1e5, whole: true },
} satisfies Settings

export interface SimulationOptions {
  /** By name, replacing the defaults of `SETTINGS`. */
  readonly settings?: Readonly<Record<string, SettingValue>>
  readonly seed?: number
  /** Where forecasts begin; states that are not named begin at their long-run mean. */
  readonly from?: Readonly<Record<string, number>>
  /** Variables of the fan charts beside the states. Default: prices and shares. */
  readonly of?: readonly string[]
  /** Shocks in standard deviations of a year. Default: each shock once, by -1. */
  readonly shocks?: Readonly<Record<string, number>>
  /** The crisis region in place of the one where the first complementarity line is slack on its first side. */
  readonly crisis?: Region
}

/** Options held against a problem, with defaults filled in. */
export interface SimulationPlan {
  readonly settings: Values<typeof SETTINGS>
  readonly seed: number
  readonly from: Readonly<Record<string, number>>
  readonly of: readonly string[]
  readonly shocks: readonly { readonly index: number; readonly size: number }[]
  readonly crisis: Region | undefined
}

/** @throws Mistake for settings, states, variables and shocks that do not exist or do not fit. */
export function simulationPlan(problem: Problem, options: SimulationOptions = {}): SimulationPlan {
  const settings = settingValues("simulate", SETTINGS, options.settings)
  for (const name of ["years", "horizon"] as const)
    if (settings[name] < settings.dt) throw new Mistake(`simulate: \`${name}\` is \`${settings[name]}\`; expected at least one step, ${numberText(settings.dt)} years (\`dt\`)`)
  if (settings.burn !== "auto" && !(Number(settings.burn) >= 0 && Number(settings.burn) <= 1e6 && settings.burn.trim() !== ""))
    throw new Mistake(`simulate: \`burn\` is \`${settings.burn}\`; expected \`auto\` or a number from 0 on (${SETTINGS.burn.is})`)
  const name = problem.economy.name
  const from = options.from ?? {}
  for (const [state, value] of Object.entries(from)) {
    const declared = problem.states.find(s => s.name === state), states = problem.states.map(s => s.name)
    if (!declared) throw new Mistake(`--from: \`${name}\` has no state \`${state}\`${didYouMean(state, states)} The states are ${states.join(", ")}.`)
    if (!(value >= declared.from && value <= declared.to)) throw new Mistake(`--from: ${state} = \`${value}\` is outside the domain; expected a number from ${numberText(declared.from)} to ${numberText(declared.to)}`)
  }
  const variables = variablesOf(problem)
  const of = [...new Set(options.of ?? problem.unknowns.filter(u => u.kind !== "value").map(u => u.name))]
  for (const variable of of)
    if (!variables.includes(variable)) throw new Mistake(`--of: \`${name}\` has no unknown or definition \`${variable}\`${didYouMean(variable, variables)} It has ${variables.join(", ")}.`)
  const shocks = Object.entries(options.shocks ?? Object.fromEntries(problem.shocks.map(shock => [shock, -1]))).map(([shock, size]) => {
    const index = problem.shocks.indexOf(shock)
    if (index < 0) throw new Mistake(`--shock: \`${name}\` has no shock \`${shock}\`${didYouMean(shock, problem.shocks)} The shocks are ${problem.shocks.join(", ")}.`)
    if (!(Math.abs(size) > 0 && Math.abs(size) <= 10)) throw new Mistake(`--shock: ${shock} = \`${size}\`; expected a number from -10 to 10 other than 0 (standard deviations of a year)`)
    return { index, size }
  })
  return { settings, seed: options.seed ?? 0, from, of, shocks, crisis: options.crisis }
}

/** Unknowns and definitions. */
export const variablesOf = (problem: Problem): string[] => [...problem.unknowns.map(u => u.name), ...problem.definitions]
