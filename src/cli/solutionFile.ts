import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { OUTCOMES, type Outcome } from "../run/outcome.ts"
import type { Table } from "../run/table.ts"
import { Mistake } from "../run/mistake.ts"
import type { Solution } from "../solve/solution.ts"
import { jsonText } from "./jsonText.ts"
import { csvOfTable, tableOfCsv } from "./tableFile.ts"

/** A solution and the seconds of computing behind it. */
export interface StoredSolution {
  readonly solution: Solution
  readonly seconds: number
}

/**
 * The files of a solution, by their path in the run folder: numbers on the grid in `tables/`, all else in `solution.json`, which comes
 * last, so that where it is, the tables are. Equal solutions give equal files, but for `seconds`.
 */
export function solutionFiles({ solution, seconds }: StoredSolution): [path: string, content: string][] {
  const { table, samples, states, ...rest } = solution
  const grid = states.map(({ name, nodes }) => ({ name, points: nodes.length }))
  return [
    ["tables/solution.csv", csvOfTable(table)],
    ...(samples ? [["tables/samples.csv", csvOfTable(samples)] as [string, string]] : []),
    ["solution.json", jsonText({ ...rest, states: grid, seconds }, 2) + "\n"],
  ]
}

/** The solution of a run folder, undefined where the run has none yet. Throws a `Mistake` where its files do not fit. */
export function readSolution(folder: string): StoredSolution | undefined {
  const path = join(folder, "solution.json")
  if (!existsSync(path)) return undefined
  try {
    const { seconds, states: grid, ...rest } = SOLUTION.parse(JSON.parse(readFileSync(path, "utf8")))
    const table = tableOfCsv(readFileSync(join(folder, "tables/solution.csv"), "utf8"))
    const samplesPath = join(folder, "tables/samples.csv")
    const samples = existsSync(samplesPath) ? { samples: tableOfCsv(readFileSync(samplesPath, "utf8")) } : {}
    return { solution: { ...rest, states: nodesOf(table, grid), table, ...samples }, seconds }
  } catch (error) {
    throw new Mistake(`the solution in \`${folder}\` cannot be read: ${error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message}`)
  }
}

/** Whether a run has ended by itself. */
export function isFinished(stored: StoredSolution | undefined): stored is StoredSolution {
  return stored !== undefined && stored.solution.outcome !== OUTCOMES.interrupted
}

/** The grid of each state out of the product table, in which the last state runs fastest. */
function nodesOf(table: Table, grid: readonly { name: string; points: number }[]): Solution["states"] {
  let stride = grid.reduce((product, { points }) => product * points, 1)
  if (stride !== table.length) throw new Error(`its table has ${table.length} rows; expected ${stride}`)
  return grid.map(({ name, points }) => {
    stride /= points
    const column = table.columns[name]
    if (!column) throw new Error(`its table has no column \`${name}\``)
    return { name, nodes: Float64Array.from({ length: points }, (_, i) => column[i * stride]) }
  })
}

const number = z.number().nullable().transform(x => x ?? NaN)
const misfit = { label: z.string(), largest: number, mean: number, where: z.record(z.string(), number) }
const SOLUTION = z.object({
  economy: z.string(), method: z.string(), calibration: z.string(), seed: z.number(),
  parameters: z.record(z.string(), number), settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  outcome: z.enum(Object.values(OUTCOMES) as [Outcome, ...Outcome[]]), detail: z.string(), converged: z.boolean(), steps: z.number(),
  residual: number, tolerance: number, measure: z.string(),
  states: z.array(z.object({ name: z.string(), points: z.number() })),
  facts: z.record(z.string(), number),
  switches: z.array(z.object({ label: z.string(), state: z.string(), at: number, where: z.record(z.string(), number).optional() })),
  equations: z.array(z.object(misfit)), checks: z.array(z.object({ ...misfit, is: z.string() })),
  seconds: z.number(),
})
