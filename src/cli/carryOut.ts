import type { Computation, Request } from "../request.ts"
import { Mistake } from "../run/mistake.ts"
import { OUTCOMES } from "../run/outcome.ts"
import { newestCheckpoint, type Checkpoint } from "./checkpoint.ts"
import { drive } from "./drive.ts"
import { STOP_SIGNALS, type Host, type StopSignal } from "./host.ts"
import { progress } from "./progress.ts"
import { runRecord } from "./runRecord.ts"
import { isFinished, readSolution, type StoredSolution } from "./solutionFile.ts"
import { stopRequest } from "./stopRequest.ts"

/** One request with all that it takes to compute it. */
export interface Job {
  readonly request: Request
  readonly task: Computation
  /** The run folder, made before. */
  readonly folder: string | undefined
}

export interface CarriedOut extends StoredSolution {
  readonly signal: StopSignal | undefined
}

/** Computes a request, with progress, and with a record where there is a folder. `from` is a checkpoint to go on from. */
export async function carryOut({ request, task, folder }: Job, from: Checkpoint | undefined, host: Host, quiet: boolean): Promise<CarriedOut> {
  const shown = progress(request.method.name, host, quiet)
  const record = folder === undefined ? undefined : runRecord(folder, request.seed, from, host)
  const stop = stopRequest(host)
  try {
    const { result, seconds, steps } = await drive(task.procedure, { seed: request.seed, maxSteps: task.maxSteps, from, record, watch: shown.watch, stop, now: host.now })
    shown.clear()
    const solution = { ...result, seed: request.seed }
    record?.finish({ solution, seconds })
    const interrupted = result.outcome === OUTCOMES.interrupted
    if (interrupted) host.err.write(`interrupted after step ${steps}; ${folder === undefined ? "nothing is kept without --out" : `\`walras resume ${folder}\` goes on`}\n`)
    return { solution, seconds, signal: interrupted ? stop.signal : undefined }
  } finally {
    stop.release()
  }
}

/**
 * Where a request begins in a folder that may hold it already: an unfinished run is gone on with, a finished one is
 * made anew. Says which on stderr.
 */
export function startingPoint(folder: string | undefined, host: Host): Checkpoint | undefined {
  if (folder === undefined) return undefined
  if (isFinished(readSolution(folder))) {
    host.err.write(`\`${folder}\` holds this run, finished; it is made anew\n`)
    return undefined
  }
  const checkpoint = newestCheckpoint(folder, text => host.err.write(text + "\n"))
  if (checkpoint) host.err.write(`\`${folder}\` holds this run, unfinished; going on after step ${checkpoint.step}\n`)
  return checkpoint
}

/** 0 converged, 3 not, 130 and 143 interrupted. */
export function statusOf({ solution, signal }: { solution: { converged: boolean }; signal?: StopSignal }): number {
  return signal ? STOP_SIGNALS[signal] : solution.converged ? 0 : 3
}

/** A whole number from `--seed`. */
export function seedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) throw new Mistake(`--seed is \`${text}\`; expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`)
  return Number(text)
}
