import { closeSync, existsSync, fsyncSync, openSync, readFileSync, readdirSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import type { Row } from "../run/run.ts"
import { writeCheckpoint, type Checkpoint } from "./checkpoint.ts"
import type { Host } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { MANIFEST_FILE, finishedManifest, manifestText, newManifest, readManifest, resumedManifest } from "./manifest.ts"
import { removeLeftovers, writeAtomic } from "./writeAtomic.ts"
import { PARTS } from "./runFolder.ts"

/** What a run leaves behind while it goes on. All files are replaced whole; `rows.jsonl` alone grows. */
export interface RunRecord {
  row(step: number, row: Row): void
  checkpoint(checkpoint: Checkpoint): void
  /** Writes the files of the result, by their path in the folder; `complete` unless the run was interrupted. */
  finish(files: readonly (readonly [path: string, content: string])[], complete: boolean): void
}

/**
 * Starts the record of a run in its folder, or goes on with it after a checkpoint: rows of later steps are dropped. `result` is the file
 * that marks a result.
 */
export function runRecord(folder: string, seed: number, from: Checkpoint | undefined, host: Host, result = "solution.json"): RunRecord {
  for (const part of ["", ...PARTS]) removeLeftovers(join(folder, part))
  rmSync(join(folder, result), { force: true })
  if (!from) for (const name of readdirSync(join(folder, "checkpoints"))) rmSync(join(folder, "checkpoints", name))

  const rowsPath = join(folder, "rows.jsonl")
  const kept = from ? readRows(folder).filter(row => (row.step as number) <= from.step) : []
  writeAtomic(rowsPath, kept.map(row => jsonText(row) + "\n").join(""))

  const manifestPath = join(folder, MANIFEST_FILE)
  const manifest = from && existsSync(manifestPath) ? resumedManifest(readManifest(folder), host) : newManifest(seed, host)
  writeAtomic(manifestPath, manifestText(manifest))

  const rows = openSync(rowsPath, "a")
  return {
    row: (step, row) => { writeSync(rows, jsonText({ step, ...row }) + "\n") },
    checkpoint(checkpoint) {
      fsyncSync(rows)
      writeCheckpoint(folder, checkpoint)
    },
    finish(files, complete) {
      closeSync(rows)
      if (complete) writeAtomic(manifestPath, manifestText(finishedManifest(manifest, host)))
      for (const [path, content] of files) writeAtomic(join(folder, path), content)
    },
  }
}

/** The rows of a run folder. A last line that a killed writer left unfinished is no row. */
export function readRows(folder: string): Record<string, unknown>[] {
  const path = join(folder, "rows.jsonl")
  if (!existsSync(path)) return []
  const lines = readFileSync(path, "utf8").split("\n")
  lines.pop()
  return lines.map(line => JSON.parse(line) as Record<string, unknown>)
}
