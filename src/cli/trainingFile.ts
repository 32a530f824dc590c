import { existsSync, readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import type { Training } from "../learn/training.ts"
import { Mistake } from "../run/mistake.ts"
import { OUTCOMES, type Outcome } from "../run/outcome.ts"
import { jsonText } from "./jsonText.ts"
import { csvOfTable, tableOfCsv } from "./tableFile.ts"

/** A training and the seconds of computing behind it. */
export interface StoredTraining {
  readonly training: Training
  readonly seconds: number
}

export const TRAINING_FILE = "training.json"

/** The files of a training, by their path in the run folder: its tables, then all else. Equal trainings give equal files, but for `seconds`. */
export function trainingFiles({ training, seconds }: StoredTraining): [path: string, content: string][] {
  const { tables, ...rest } = training
  return [
    ...Object.entries(tables).map(([name, table]): [string, string] => [`tables/${name}.csv`, csvOfTable(table)]),
    [TRAINING_FILE, jsonText({ ...rest, seconds }, 2) + "\n"],
  ]
}

/** The training of a run folder, undefined where the run has none yet. Throws a `Mistake` where its files do not fit. */
export function readTraining(folder: string): StoredTraining | undefined {
  const path = join(folder, TRAINING_FILE)
  if (!existsSync(path)) return undefined
  try {
    const { seconds, ...rest } = TRAINING.parse(JSON.parse(readFileSync(path, "utf8")))
    const names = readdirSync(join(folder, "tables")).flatMap(file => /^(.+)\.csv$/.exec(file)?.[1] ?? [])
    const tables = Object.fromEntries(names.map(name => [name, tableOfCsv(readFileSync(join(folder, "tables", `${name}.csv`), "utf8"))]))
    return { training: { ...rest, tables }, seconds }
  } catch (error) {
    throw new Mistake(`the training in \`${folder}\` cannot be read: ${error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message}`)
  }
}

/** Whether a training has ended by itself. */
export function isTrained(stored: StoredTraining | undefined): stored is StoredTraining {
  return stored !== undefined && stored.training.outcome !== OUTCOMES.interrupted
}

const number = z.number().nullable().transform(x => x ?? NaN)
const values = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
const prices = z.object({ price: number, bond: number })
const TRAINING = z.object({
  market: z.string(), learner: z.string(), seed: z.number(), agents: z.number(), episodes: z.number(), rules: values, settings: values,
  outcome: z.enum(Object.values(OUTCOMES) as [Outcome, ...Outcome[]]), detail: z.string(), converged: z.boolean(), agentSteps: z.number(),
  metrics: z.object({ price_error: number, price_iqr: number, bond_error: number, euler_gap: number, trade_rate: number, best_response_gain: number }),
  theory: prices, learned: prices, printed: prices.optional(), seconds: z.number(),
})
