import type { Outcome } from "../run/outcome.ts"
import { OUTCOMES } from "../run/outcome.ts"
import type { Procedure, Row } from "../run/run.ts"
import { newestCheckpoint, type Checkpoint } from "./checkpoint.ts"
import { drive } from "./drive.ts"
import type { Host, StopSignal } from "./host.ts"
import { progress, type Line } from "./progress.ts"
import { runRecord } from "./runRecord.ts"
import { stopRequest } from "./stopRequest.ts"

/** A computation with all that it takes to carry it out and to keep what it finds. */
export interface Job<Result> {
  /** What the progress line begins with. */
  readonly title: string
  readonly seed: number
  readonly procedure: Procedure<unknown, Result>
  readonly maxSteps: number
  /** The run folder, made before. */
  readonly folder: string | undefined
  /** The file that marks a result in the folder, and all files of one. */
  readonly resultFile: string
  files(result: Result, seconds: number): readonly (readonly [path: string, content: string])[]
  /** How the progress line reads. */
  readonly line?: Line
}

export interface JobDone<Result> {
  readonly result: Result
  readonly seconds: number
  readonly signal: StopSignal | undefined
}

/** Carries a job out, with progress, and with a record where there is a folder. `from` is a checkpoint to go on from. */
export async function runJob<Result extends { readonly outcome: Outcome }>(job: Job<Result>, from: Checkpoint | undefined, host: Host, quiet: boolean): Promise<JobDone<Result>> {
  const { title, seed, procedure, maxSteps, folder, resultFile } = job
  const shown = progress(title, host, quiet, job.line)
  const record = folder === undefined ? undefined : runRecord(folder, seed, from, host, resultFile)
  const stop = stopRequest(host)
  try {
    const watch = (step: number, row: Row): void => { shown.watch(step, row) }
    const { result, seconds, steps } = await drive(procedure, { seed, maxSteps, from, record, watch, stop, now: host.now })
    shown.clear()
    const interrupted = result.outcome === OUTCOMES.interrupted
    record?.finish(job.files(result, seconds), !interrupted)
    if (interrupted) host.err.write(`interrupted after step ${steps}; ${folder === undefined ? "nothing is kept without --out" : `\`walras resume ${folder}\` goes on`}\n`)
    return { result, seconds, signal: interrupted ? stop.signal : undefined }
  } finally {
    stop.release()
  }
}

/**
 * Where a run begins in a folder that may hold it already: an unfinished one is gone on with, a finished one is made anew. Says which on
 * stderr.
 */
export function startOf(folder: string | undefined, finished: boolean, host: Host): Checkpoint | undefined {
  if (folder === undefined) return undefined
  if (finished) {
    host.err.write(`\`${folder}\` holds this run, finished; it is made anew\n`)
    return undefined
  }
  const checkpoint = newestCheckpoint(folder, text => host.err.write(text + "\n"))
  if (checkpoint) host.err.write(`\`${folder}\` holds this run, unfinished; going on after step ${checkpoint.step}\n`)
  return checkpoint
}
