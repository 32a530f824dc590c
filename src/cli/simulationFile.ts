import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { Mistake } from "../run/mistake.ts"
import { OUTCOMES, type Outcome } from "../run/outcome.ts"
import type { Simulation } from "../simulate/simulation.ts"
import { jsonText } from "./jsonText.ts"
import { csvOfTable, tableOfCsv } from "./tableFile.ts"

/** A simulation, the seconds of computing behind it, and the command that made it. */
export interface StoredSimulation {
  readonly simulation: Simulation
  readonly seconds: number
  readonly command: string
}

const FILE = "simulation.json"
const TABLES = ["density", "path", "fan", "motion", "breaks"] as const
const tablePath = (name: string): string => `tables/simulation-${name}.csv`
const responseName = ({ shock, size }: { shock: string; size: number }): string => `response-${shock}${size > 0 ? "+" : ""}${size}`

/** The files of a simulation, by their path in the run folder; `simulation.json` comes last, so that where it is, the tables are. */
export function simulationFiles({ simulation, seconds, command }: StoredSimulation): [path: string, content: string][] {
  const { density, marginals, path, fan, motion, breaks, responses, ...rest } = simulation
  const tables = { density, path, fan, motion, breaks }
  return [
    ...TABLES.map((name): [string, string] => [tablePath(name), csvOfTable(tables[name])]),
    ...marginals.map((marginal, s): [string, string] => [tablePath(`marginal-${rest.states[s].name}`), csvOfTable(marginal)]),
    ...responses.map((response): [string, string] => [tablePath(responseName(response)), csvOfTable(response.fan)]),
    [FILE, jsonText({ ...rest, responses: responses.map(({ fan: _, ...response }) => response), seconds, command }, 2) + "\n"],
  ]
}

/** The simulation of a run folder, undefined where it has none. Throws a `Mistake` where its files do not fit. */
export function readSimulation(folder: string): StoredSimulation | undefined {
  if (!existsSync(join(folder, FILE))) return undefined
  try {
    const { seconds, command, responses, ...rest } = SIMULATION.parse(JSON.parse(readFileSync(join(folder, FILE), "utf8")))
    const read = (name: string) => tableOfCsv(readFileSync(join(folder, tablePath(name)), "utf8"))
    const [density, path, fan, motion, breaks] = TABLES.map(read)
    const marginals = rest.states.length < 2 ? [] : rest.states.map(({ name }) => read(`marginal-${name}`))
    return { simulation: { ...rest, density, marginals, path, fan, motion, breaks, responses: responses.map(response => ({ ...response, fan: read(responseName(response)) })) }, seconds, command }
  } catch (error) {
    throw new Mistake(`the simulation in \`${folder}\` cannot be read: ${error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message}`)
  }
}

const number = z.number().nullable().transform(x => x ?? NaN)
const numbers = z.record(z.string(), number)
const moments = z.object({ mean: number, sd: number })
const conditional = moments.extend({ crisis: moments.optional(), normal: moments.optional() })
const SIMULATION = z.object({
  economy: z.string(), method: z.string(), calibration: z.string(), seed: z.number(), parameters: numbers,
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  outcome: z.enum(Object.values(OUTCOMES) as [Outcome, ...Outcome[]]), detail: z.string(), converged: z.boolean(),
  states: z.array(z.object({ name: z.string(), edges: z.array(z.number()) })), from: numbers,
  totalVariation: number, autocorrelationYears: numbers,
  crisis: z.object({
    is: z.string(), probabilitySimulated: number, standardError: number, probabilityDensity: number, perCentury: number, meanDurationYears: number,
    perCenturyDensity: number, meanDurationYearsDensity: number, yearsUntil: number,
  }).optional(),
  absorption: z.object({ share: number, meanYears: number }).optional(),
  moments: z.record(z.string(), conditional.extend({ simulated: conditional })),
  notes: z.array(z.string()),
  responses: z.array(z.object({ shock: z.string(), size: z.number(), to: numbers })),
  seconds: z.number(), command: z.string(),
})
