import type { Simulation } from "../../simulate/simulation.ts"
import type { ReportInput } from "../input.ts"
import { plain } from "../markup.ts"
import { symbol } from "../symbol.ts"
import { wordsOf } from "../variables.ts"

/** What all pictures of a simulation share. */
export interface Followed {
  readonly input: ReportInput
  readonly simulation: Simulation
  readonly states: readonly string[]
  /** Symbol and words of a variable. */
  label(name: string): string
}

export function followedOf(input: ReportInput): Followed | undefined {
  const { simulation } = input
  if (!simulation) return undefined
  return {
    input, simulation, states: simulation.states.map(({ name }) => name),
    label: name => {
      const words = wordsOf(input.economy, name).split(/[:;]|\s\(/)[0].trim()
      return symbol(name) + (words && `\u2002${plain(words)}`)
    },
  }
}

/** `2000 paths of 1000 years`. */
export function extentText({ settings: { paths, years, dt } }: Simulation): string {
  return `${paths} paths of ${years} years, looked at ${Math.abs(Number(dt) - 1 / 12) < 1e-9 ? "monthly" : `every ${Number(Number(dt).toPrecision(3))} years`}`
}

/** The variables of a fan chart: the states first. */
export const variablesOfFan = (columns: Readonly<Record<string, Float64Array>>): string[] => Object.keys(columns).flatMap(name => (name.endsWith(":mean") && name !== "crisis:mean" ? [name.slice(0, -":mean".length)] : []))
