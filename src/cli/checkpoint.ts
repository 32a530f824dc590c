import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts"
import { VERSION } from "./version.ts"
import { writeAtomic } from "./writeAtomic.ts"

/** A state after a whole number of steps, and the seconds they took. */
export interface Checkpoint {
  readonly step: number
  readonly seconds: number
  readonly state: unknown
}

/** The one before is kept too, in case the newest cannot be read. */
const KEPT = 2

/** Writes `checkpoints/step-N.safetensors` in a run folder and removes all but the last ones. */
export function writeCheckpoint(folder: string, { step, seconds, state }: Checkpoint): void {
  writeAtomic(pathOf(folder, step), encodeSnapshot(state, { walras: VERSION, step: String(step), seconds: String(seconds) }))
  for (const old of checkpointSteps(folder).filter(other => other < step).slice(KEPT - 1)) rmSync(pathOf(folder, old), { force: true })
}

/** The newest checkpoint of a run folder that can be read; tells `note` about each that cannot. */
export function newestCheckpoint(folder: string, note: (text: string) => void): Checkpoint | undefined {
  for (const step of checkpointSteps(folder)) {
    try {
      return readCheckpoint(folder, step)
    } catch (error) {
      note(`checkpoint of step ${step} skipped: ${(error as Error).message}`)
    }
  }
  return undefined
}

function readCheckpoint(folder: string, step: number): Checkpoint {
  const { state, about } = decodeSnapshot(readFileSync(pathOf(folder, step)))
  if (about.walras !== VERSION) throw new Error(`it was written by walras ${about.walras}, this is ${VERSION}`)
  const seconds = Number(about.seconds)
  if (about.step !== String(step) || !Number.isFinite(seconds)) throw new Error("its step or its seconds are missing")
  return { step, seconds, state }
}

/** Newest first. */
function checkpointSteps(folder: string): number[] {
  const path = join(folder, "checkpoints")
  if (!existsSync(path)) return []
  const steps = readdirSync(path).map(name => /^step-(\d+)\.safetensors$/.exec(name)?.[1]).filter(step => step !== undefined)
  return steps.map(Number).sort((a, b) => b - a)
}

function pathOf(folder: string, step: number): string {
  return join(folder, "checkpoints", `step-${step}.safetensors`)
}
