import { Mistake } from "../run/mistake.ts"
import type { Training } from "../learn/training.ts"
import { computationOf, trainRequestOf, type TrainRequest } from "../trainRequest.ts"
import { seedOf } from "./carryOut.ts"
import type { Checkpoint } from "./checkpoint.ts"
import { STOP_SIGNALS, type Host } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { drawTrainings } from "./trainReport.ts"
import { makeRunFolder } from "./runFolder.ts"
import { runJob, startOf, type JobDone } from "./runJob.ts"
import { trainConfigText } from "./trainConfig.ts"
import { placeLines } from "./summary.ts"
import { isTrained, readTraining, trainingFiles, TRAINING_FILE } from "./trainingFile.ts"
import { trainLine } from "./trainProgress.ts"
import { trainLines, trainSummary } from "./trainSummary.ts"

export interface TrainFlags {
  readonly learner?: string
  readonly agents?: string
  readonly episodes?: string
  readonly set: readonly string[]
  readonly seed?: string
  readonly out?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** `walras train`: all that can be wrong is found before the training starts. */
export async function trainCommand(market: string, flags: TrainFlags, host: Host): Promise<number> {
  const { learner, set, out, json = false, quiet = false } = flags
  const request = trainRequestOf(market, { learner, set, agents: countOf("--agents", flags.agents), episodes: countOf("--episodes", flags.episodes), seed: seedOf(flags.seed) })
  if (out !== undefined) makeRunFolder(out, trainConfigText(request))
  const from = startOf(out, out !== undefined && isTrained(readTraining(out)), host)
  return tellTraining(request, await trainRequested(request, out, from, host, quiet), out, json, host)
}

/** Trains a request, with progress, and with a record where there is a folder. */
export function trainRequested(request: TrainRequest, folder: string | undefined, from: Checkpoint | undefined, host: Host, quiet: boolean): Promise<JobDone<Training>> {
  const { procedure, maxSteps } = computationOf(request)
  return runJob({
    title: request.learner.name, seed: request.seed, procedure, maxSteps, folder, resultFile: TRAINING_FILE, line: trainLine(maxSteps),
    files: (training, seconds) => trainingFiles({ training, seconds }),
  }, from, host, quiet)
}

/** Prints a training and draws its report in its folder; the exit status: 0 gate passed, 3 not, 130 and 143 interrupted. */
export async function tellTraining(request: TrainRequest, { result: training, seconds, signal }: JobDone<Training>, folder: string | undefined, json: boolean, host: Host): Promise<number> {
  host.out.write((json ? jsonText(trainSummary({ training, seconds }), 2) : trainLines({ training, seconds }).join("\n")) + "\n")
  if (folder !== undefined && !signal) {
    const report = await drawTrainings(folder, [{ folder, request, training, seconds }])
    if (!json) host.out.write(placeLines([["run folder", folder], ["report", report]]).join("\n") + "\n")
  }
  return signal ? STOP_SIGNALS[signal] : training.converged ? 0 : 3
}

function countOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) throw new Mistake(`${flag} is \`${text}\`; expected a whole number`)
  return Number(text)
}
