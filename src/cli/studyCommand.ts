import { appendFileSync, existsSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { OUTCOMES } from "../run/outcome.ts"
import { studyNamed } from "../study/index.ts"
import type { Conclusion, Done } from "../study/study.ts"
import { STOP_SIGNALS, type Host, type StopSignal } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { finishedManifest, MANIFEST_FILE, manifestText, newManifest, readManifest, resumedManifest } from "./manifest.ts"
import { durationText } from "./progress.ts"
import { makeRunFolder } from "./runFolder.ts"
import { stopRequest } from "./stopRequest.ts"
import { computeCells } from "./studyCrew.ts"
import { findingOf, doneText, readDone, STUDY_FILE, studyConfigText, studySummary, writeStudy, type StudyRequest } from "./studyFiles.ts"
import { placeLines } from "./summary.ts"
import { shortNumber, textTable, wrapped } from "./textTable.ts"
import { threadsOf } from "./threads.ts"
import { writeAtomic } from "./writeAtomic.ts"

export interface StudyFlags {
  readonly quick?: boolean
  readonly threads?: string
  readonly out?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** `walras study`: computes the cells that its folder does not hold yet, on all cores, and says what all of them together say. */
export async function studyCommand(name: string, { quick = false, threads, out, json = false, quiet = false }: StudyFlags, host: Host): Promise<number> {
  const request = { study: studyNamed(name), quick }
  const crew = threadsOf(threads, availableParallelism())
  const folder = out ?? join("runs", quick ? `${name}-quick` : name)
  makeRunFolder(folder, studyConfigText(request))
  return runStudy(request, folder, crew, host, { json, quiet })
}

/** Goes on with a study in its folder, made before, to its end; the exit status. */
export async function runStudy(request: StudyRequest, folder: string, threads: number, host: Host, { json, quiet }: { json: boolean; quiet: boolean }): Promise<number> {
  const begun = host.now(), rows = join(folder, "rows.jsonl")
  const before = readDone(request, folder)
  // Lines that do not count any more go; the others stay as they are.
  writeAtomic(rows, before.map(doneText).join(""))
  const manifest = existsSync(join(folder, MANIFEST_FILE)) ? resumedManifest(readManifest(folder), host) : newManifest(0, host)
  writeAtomic(join(folder, MANIFEST_FILE), manifestText(manifest))
  const signal = await computeRest(request, before, rows, threads, host, quiet)
  const done = readDone(request, folder)
  if (done.length === 0) return signal ? STOP_SIGNALS[signal] : 0
  const conclusion = request.study.conclude(done, request.quick)
  const seconds = Math.round(host.now() - begun) / 1000
  const summary = studySummary(request, done, conclusion, signal ? OUTCOMES.interrupted : "done", seconds)
  writeAtomic(join(folder, STUDY_FILE), jsonText(summary, 2) + "\n")
  const page = await writeStudy(folder, folder, request, done, conclusion)
  if (!signal) writeAtomic(join(folder, MANIFEST_FILE), manifestText(finishedManifest(manifest, host)))
  host.out.write((json ? jsonText(summary, 2) : [...studyLines(request, conclusion, done), ...placeLines([["run folder", folder], ["report", page]])].join("\n")) + "\n")
  return signal ? STOP_SIGNALS[signal] : 0
}

async function computeRest({ study, quick }: StudyRequest, before: readonly Done[], rows: string, threads: number, host: Host, quiet: boolean): Promise<StopSignal | undefined> {
  const cells = study.cells(quick), all = Object.keys(cells), had = new Set(before.map(({ key }) => key))
  const keys = all.filter(key => !had.has(key))
  if (keys.length === 0) {
    host.err.write(`all ${all.length} cells are there; nothing is left to compute\n`)
    return undefined
  }
  if (had.size > 0) host.err.write(`${had.size} of ${all.length} cells are there; going on with the others\n`)
  const shown = cellProgress(study.name, all.length, had.size, host, quiet), stop = stopRequest(host)
  try {
    await computeCells({ study: study.name, quick }, keys, threads, answer => {
      appendFileSync(rows, doneText({ key: answer.key, cell: cells[answer.key], seconds: answer.seconds, finding: findingOf(answer.finding) }))
      shown.tick(answer.key)
    }, () => stop.signal !== undefined)
  } finally {
    shown.clear()
    stop.release()
  }
  if (stop.signal) host.err.write("interrupted; the same command goes on with the cells that are left\n")
  return stop.signal
}

/** What a person reads of a study, as lines. */
function studyLines({ study, quick }: StudyRequest, { findings, tables }: Conclusion, done: readonly Done[]): string[] {
  const seconds = done.reduce((sum, one) => sum + one.seconds, 0)
  return [
    `${study.name}${quick ? " (quick)" : ""}: ${done.length} cells, ${durationText(seconds)} of one thread`, ...wrapped(study.question, "  "), "",
    ...tables.flatMap(({ title, head, rows }) => [title, ...textTable(head, rows.map(row => row.map(cell => typeof cell === "number" ? shortNumber(cell, 3) : cell))).map(line => "  " + line), ""]),
    ...findings.flatMap(text => wrapped(text, "    ").map((line, i) => (i === 0 ? "  * " + line.trimStart() : line))),
  ]
}

/** A line for each cell that is done, rewritten in place on a terminal, with the time that is left. */
function cellProgress(name: string, of: number, had: number, host: Host, quiet: boolean): { tick(key: string): void; clear(): void } {
  const live = host.err.isTTY === true, begun = host.now()
  let done = had
  const show = (text: string): void => { if (!quiet) host.err.write(live ? `\r\x1b[2K${text.slice(0, (host.err.columns ?? 80) - 1)}` : text + "\n") }
  show(`${name}: ${done} of ${of} cells`)
  return {
    tick(key) {
      done++
      const left = ((host.now() - begun) / 1000 / (done - had)) * (of - done)
      show(`${name}: ${done} of ${of} cells${done < of ? `, about ${durationText(left)} left` : ""}; last ${key}`)
    },
    clear() { if (live && !quiet) host.err.write("\r\x1b[2K") },
  }
}
