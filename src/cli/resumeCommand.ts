import { existsSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { computation } from "../request.ts"
import { Mistake } from "../run/mistake.ts"
import { carryOut, statusOf } from "./carryOut.ts"
import { newestCheckpoint } from "./checkpoint.ts"
import type { Host } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { drawRun } from "./reportFiles.ts"
import { requestOfFolder } from "./runConfig.ts"
import { isRunFolder } from "./runFolder.ts"
import { isFinished, readSolution } from "./solutionFile.ts"
import { runStudy } from "./studyCommand.ts"
import { isStudy, studyRequestOfFolder } from "./studyFiles.ts"
import { placeLines, summaryLines, summaryOf } from "./summary.ts"
import { taskCrew } from "./taskCrew.ts"
import { threadsOf } from "./threads.ts"
import { tellTraining, trainRequested } from "./trainCommand.ts"
import { isTraining, trainRequestOfFolder } from "./trainConfig.ts"
import { isTrained, readTraining } from "./trainingFile.ts"

const NO_QUERY = { at: {}, of: [] }

/** `walras resume`: goes on from the newest checkpoint, or from the configuration where there is none; a finished run is only told. */
export async function resumeCommand(folder: string, { json = false, quiet = false, ...flags }: { json?: boolean; quiet?: boolean; threads?: string }, host: Host): Promise<number> {
  const threads = threadsOf(flags.threads, availableParallelism())
  if (!isRunFolder(folder)) throw new Mistake(`\`${folder}\` is no run folder: it has no config.toml; expected the folder that was named after --out`)
  if (isStudy(folder)) return runStudy(studyRequestOfFolder(folder), folder, threads, host, { json, quiet })
  const note = (text: string) => { host.err.write(text + "\n") }
  if (isTraining(folder)) return resumeTraining(folder, { json, quiet }, host, note)
  const request = requestOfFolder(folder)
  const stored = readSolution(folder)
  let done
  if (isFinished(stored)) {
    note(`\`${folder}\` is finished; nothing is left to do`)
    done = { ...stored, signal: undefined }
  } else {
    const crew = taskCrew(threads), task = computation(request, crew)
    const from = newestCheckpoint(folder, note)
    note(from ? `going on after step ${from.step}` : "there is no checkpoint; starting at the beginning")
    done = await carryOut({ request, task, folder }, from, host, quiet).finally(crew.close)
  }
  host.out.write((json ? jsonText(summaryOf(done, NO_QUERY), 2) : summaryLines(request.economy, done, NO_QUERY).join("\n")) + "\n")

  const page = join(folder, "report.html")
  if (!done.signal && !(isFinished(stored) && existsSync(page))) await drawRun(folder, { economy: request.economy, ...done })
  if (!json && !done.signal) host.out.write(placeLines([["run folder", folder], ["report", page]]).join("\n") + "\n")
  return statusOf(done)
}

async function resumeTraining(folder: string, { json, quiet }: { json: boolean; quiet: boolean }, host: Host, note: (text: string) => void): Promise<number> {
  const request = trainRequestOfFolder(folder), stored = readTraining(folder)
  if (isTrained(stored)) {
    note(`\`${folder}\` is finished; nothing is left to do`)
    return tellTraining(request, { result: stored.training, seconds: stored.seconds, signal: undefined }, existsSync(join(folder, "report.html")) ? undefined : folder, json, host)
  }
  const from = newestCheckpoint(folder, note)
  note(from ? `going on after step ${from.step}` : "there is no checkpoint; starting at the beginning")
  return tellTraining(request, await trainRequested(request, folder, from, host, quiet), folder, json, host)
}
