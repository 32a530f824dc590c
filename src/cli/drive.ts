import { OUTCOMES } from "../run/outcome.ts"
import { run, type Procedure, type Row } from "../run/run.ts"
import type { Checkpoint } from "./checkpoint.ts"
import type { RunRecord } from "./runRecord.ts"
import type { StopRequest } from "./stopRequest.ts"

export interface DriveOptions {
  readonly seed: number
  readonly maxSteps: number
  readonly from?: Checkpoint
  readonly record?: Pick<RunRecord, "row" | "checkpoint">
  readonly watch: (step: number, row: Row) => void
  readonly stop: Pick<StopRequest, "signal">
  /** Milliseconds. */
  readonly now: () => number
}

export interface Driven<Result> {
  readonly result: Result
  /** Seconds of computing, those before the checkpoint included. */
  readonly seconds: number
  readonly steps: number
}

/** Milliseconds between checkpoints: losing a second hurts nobody, and writing a state more often would slow small steps. */
const CHECKPOINT_EVERY = 1000
/** A large state is written less often: at most this part of the time goes into it. */
const CHECKPOINT_SHARE = 0.05

/**
 * Runs a procedure to its end or to a request to stop: rows to the watcher and the record, states to the record. Only a state from
 * which a step can follow is kept, so that going on from it gives what the run would have given.
 */
export async function drive<State, Result>(procedure: Procedure<State, Result>, options: DriveOptions): Promise<Driven<Result>> {
  const { seed, maxSteps, from, record, watch, stop, now } = options
  const begun = now()
  const seconds = () => Math.round((from?.seconds ?? 0) * 1000 + now() - begun) / 1000
  const steps = run(procedure, { seed, maxSteps, ...(from && { from: { state: from.state as State, steps: from.step } }) })
  let step = from?.step ?? 0
  let saved = begun, every = CHECKPOINT_EVERY
  for (;;) {
    const next = steps.next()
    if (next.done) return { result: next.value, seconds: seconds(), steps: step }
    const { row, state } = next.value
    step = next.value.step
    record?.row(step, row)
    watch(step, row)
    await breath()
    if (endsRun(row)) continue
    const at = now()
    if (stop.signal || at - saved >= every) {
      record?.checkpoint({ step, seconds: seconds(), state })
      saved = now()
      every = Math.max(CHECKPOINT_EVERY, (saved - at) / CHECKPOINT_SHARE)
    }
    if (stop.signal) return { result: procedure.finish(state, { outcome: OUTCOMES.interrupted, steps: step, detail: "" }), seconds: seconds(), steps: step }
  }
}

/** Mirrors `run`: after such a row no step follows. */
function endsRun(row: Row): boolean {
  return Boolean(row.done || row.failed) || Object.values(row).some(value => typeof value === "number" && !Number.isFinite(value))
}

/** Lets signals and output through; a step itself does not give way. */
function breath(): Promise<void> {
  return new Promise(resolve => { setImmediate(resolve) })
}
