import { availableParallelism } from "node:os"
import { computation, requestOf } from "../request.ts"
import { carryOut, seedOf, startingPoint, statusOf } from "./carryOut.ts"
import { economySource } from "./economySource.ts"
import { allowFastMath } from "./fastMath.ts"
import type { Host } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { queryOf } from "./query.ts"
import { drawRun } from "./reportFiles.ts"
import { configText } from "./runConfig.ts"
import { makeRunFolder } from "./runFolder.ts"
import { placeLines, summaryLines, summaryOf } from "./summary.ts"
import { taskCrew } from "./taskCrew.ts"
import { threadsOf } from "./threads.ts"

/** The flags of everything that computes. */
export interface ComputeOptions {
  readonly calibration?: string
  readonly set: readonly string[]
  readonly seed?: string
  readonly at: readonly string[]
  readonly of?: string
  readonly threads?: string
  readonly out?: string
  readonly fastMath?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

/** `walras solve`: all that can be wrong is found before the computing starts. */
export async function solveCommand(nameOrFile: string, options: ComputeOptions & { method?: string }, host: Host): Promise<number> {
  const { method, calibration, set, out, fastMath = false, json = false, quiet = false } = options
  const threads = threadsOf(options.threads, availableParallelism())
  const { economy, text } = economySource(nameOrFile)
  if (fastMath) allowFastMath()
  const request = requestOf(economy, { method, calibration, set, seed: seedOf(options.seed), fastMath })
  const crew = taskCrew(threads), task = computation(request, crew)
  const query = queryOf(task.problem, options.at, options.of)
  if (out !== undefined) makeRunFolder(out, configText(request, text !== undefined), text)

  const done = await carryOut({ request, task, folder: out }, startingPoint(out, host), host, quiet).finally(crew.close)
  if (json) host.out.write(jsonText(summaryOf(done, query), 2) + "\n")
  else host.out.write(summaryLines(economy, done, query).join("\n") + "\n")

  if (out !== undefined && !done.signal) {
    const report = await drawRun(out, { economy, ...done })
    if (!json) host.out.write(placeLines([["run folder", out], ["report", report]]).join("\n") + "\n")
  }
  return statusOf(done)
}
