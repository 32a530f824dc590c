import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { stringify } from "smol-toml"
import { z } from "zod"
import { Mistake } from "../run/mistake.ts"
import type { Conclusion, Done, Study } from "../study/study.ts"
import { studyNamed } from "../study/index.ts"
import { studyMarkdown, studyPage, type ReadingTable, type StudyInput } from "../report/study.ts"
import { readText, tomlOf } from "./economySource.ts"
import { jsonText } from "./jsonText.ts"
import { readManifest } from "./manifest.ts"
import { writeReport } from "./drawn.ts"
import { writeAtomic } from "./writeAtomic.ts"

/** One run of a study as data. */
export interface StudyRequest {
  readonly study: Study
  readonly quick: boolean
}

export const STUDY_FILE = "study.json"
const CONFIG = z.strictObject({ study: z.string(), quick: z.boolean() })

/** Everything needed to run a study again, as the text of `config.toml`. */
export const studyConfigText = ({ study, quick }: StudyRequest): string =>
  "# Everything needed to run this study again. `walras resume` and `walras report` read it.\n" + stringify({ study: study.name, quick })

/** Whether a run folder holds a study. */
export function isStudy(folder: string): boolean {
  const path = join(folder, "config.toml")
  return Object.hasOwn(tomlOf(readText(path), path), "study")
}

/** The request of the run folder of a study. Throws a `Mistake` where its `config.toml` does not describe one. */
export function studyRequestOfFolder(folder: string): StudyRequest {
  const path = join(folder, "config.toml")
  const config = CONFIG.safeParse(tomlOf(readText(path), path))
  if (!config.success) throw new Mistake(`\`${path}\` does not describe a study:\n${z.prettifyError(config.error)}`)
  return { study: studyNamed(config.data.study), quick: config.data.quick }
}

/** The line of `rows.jsonl` for a cell that is done. */
export const doneText = ({ key, cell, seconds, finding }: Done): string => jsonText({ key, cell, seconds, finding }) + "\n"

/** JSON has no NaN: it is written as null, and comes back. */
export const findingOf = (text: string): Done["finding"] => JSON.parse(text, (_, value: unknown) => value ?? NaN) as Done["finding"]

/** The cells that a folder holds already, in the order of the study. Lines of cells that the study no longer has, or no longer so, or that a killed writer left unfinished, are none. */
export function readDone({ study, quick }: StudyRequest, folder: string): Done[] {
  const path = join(folder, "rows.jsonl")
  if (!existsSync(path)) return []
  const lines = readFileSync(path, "utf8").split("\n")
  lines.pop()
  const found = new Map(lines.map(line => findingOf(line) as unknown as Done).map(done => [done.key, done]))
  return Object.entries(study.cells(quick)).flatMap(([key, cell]) => {
    const done = found.get(key)
    return done && jsonText(done.cell) === jsonText(cell) ? [done] : []
  })
}

/** What `--json` prints of a study. */
export function studySummary({ study, quick }: StudyRequest, done: readonly Done[], { findings, facts, tables }: Conclusion, outcome: string, seconds: number) {
  return {
    study: study.name, quick, outcome, seconds, cells: done.length, of: Object.keys(study.cells(quick)).length, findings, facts,
    tables: Object.fromEntries(tables.map(({ name, head, rows }) => [name, rows.map(row => Object.fromEntries(head.map((column, i) => [column, row[i]])))])),
  }
}

/** Writes what is left of a study that is in a folder into `place`: tables, figures, the page, the same as Markdown. The path of the page. */
export async function writeStudy(place: string, folder: string, { study: { name, is, question, cells }, quick }: StudyRequest, done: readonly Done[], conclusion: Conclusion): Promise<string> {
  const { cpu, cores, platform, node, walras } = readManifest(folder)
  const all = Object.keys(cells(quick)).length, count = done.length === all ? `${all} cells` : `${done.length} of ${all} cells, the others not computed`
  const cpuSeconds = Math.round(done.reduce((sum, { seconds }) => sum + seconds, 0))
  const input: StudyInput = {
    name, is, question, findings: conclusion.findings, tables: conclusion.tables,
    command: `walras study ${name}${quick ? " --quick" : ""}`,
    made: `Made by walras ${walras} on ${cpu}, ${cores} cores, ${platform}, Node ${node}: ${count}, ${cpuSeconds} seconds of one thread.`,
  }
  for (const table of conclusion.tables) writeAtomic(join(place, "tables", `${table.name}.csv`), csvOf(table))
  return writeReport(place, document => conclusion.figures(document), { "report.html": drawn => studyPage(input, drawn), "study.md": drawn => studyMarkdown(input, drawn) })
}

function csvOf({ head, rows }: ReadingTable): string {
  const cell = (value: string | number): string => typeof value === "number" || !/[",\n]/.test(value) ? String(value) : `"${value.replaceAll('"', '""')}"`
  return [head, ...rows].map(row => row.map(cell).join(",")).join("\n") + "\n"
}

