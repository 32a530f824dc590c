import type { Computation, Request } from "../request.ts"
import { Mistake } from "../run/mistake.ts"
import type { Checkpoint } from "./checkpoint.ts"
import { STOP_SIGNALS, type Host, type StopSignal } from "./host.ts"
import { runJob, startOf } from "./runJob.ts"
import { isFinished, readSolution, solutionFiles, type StoredSolution } from "./solutionFile.ts"

/** One request to solve with all that it takes to compute it. */
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
  const { seed } = request
  const { result, seconds, signal } = await runJob({
    title: request.method.name, seed, procedure: task.procedure, maxSteps: task.maxSteps, folder, resultFile: "solution.json",
    files: (found, seconds) => solutionFiles({ solution: { ...found, seed }, seconds }),
  }, from, host, quiet)
  return { solution: { ...result, seed }, seconds, signal }
}

/** Where a request to solve begins in a folder that may hold it already. */
export function startingPoint(folder: string | undefined, host: Host): Checkpoint | undefined {
  return startOf(folder, folder !== undefined && isFinished(readSolution(folder)), host)
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
