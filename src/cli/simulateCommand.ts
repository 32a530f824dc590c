import { isDiscrete } from "../model/discrete/economy.ts"
import { existsSync, readFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join, resolve } from "node:path"
import { problem as compileProblem } from "../model/compileProblem.ts"
import { regionOf, type Region } from "../model/measure.ts"
import { computation, requestOf, type Request } from "../request.ts"
import { Mistake } from "../run/mistake.ts"
import { OUTCOMES } from "../run/outcome.ts"
import type { SettingValue } from "../run/settings.ts"
import { simulationPlan, type SimulationOptions } from "../simulate/plan.ts"
import { prepare, type Preparation } from "../simulate/preparation.ts"
import { pathsOf, simulation, simulationSteps } from "../simulate/simulate.ts"
import { carryOut, seedOf, startingPoint, statusOf } from "./carryOut.ts"
import { drive } from "./drive.ts"
import { economySource, readText } from "./economySource.ts"
import type { Host, StopSignal } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { MANIFEST_FILE } from "./manifest.ts"
import { startPathCrew } from "./pathCrew.ts"
import { progress } from "./progress.ts"
import { decimalOf, listOf } from "./query.ts"
import { drawRun } from "./reportFiles.ts"
import { ECONOMY_FILE, requestOfFolder } from "./runConfig.ts"
import { configText } from "./runConfig.ts"
import { isRunFolder, makeRunFolder } from "./runFolder.ts"
import { simulationFiles, type StoredSimulation } from "./simulationFile.ts"
import { simulationLines, simulationSummary } from "./simulationSummary.ts"
import { isFinished, readSolution, solutionFiles, type StoredSolution } from "./solutionFile.ts"
import { stopRequest } from "./stopRequest.ts"
import { placeLines, summaryLines, summaryOf } from "./summary.ts"
import { taskCrew } from "./taskCrew.ts"
import { threadsOf } from "./threads.ts"
import { writeAtomic } from "./writeAtomic.ts"

/** The flags of `walras simulate`. */
export interface SimulateOptions {
  readonly method?: string
  readonly calibration?: string
  readonly set: readonly string[]
  readonly years?: string
  readonly paths?: string
  readonly dt?: string
  readonly burn?: string
  readonly ends?: string
  readonly horizon?: string
  readonly seed?: string
  readonly from: readonly string[]
  readonly of?: string
  readonly shock: readonly string[]
  readonly crisis?: string
  readonly threads?: string
  readonly out?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** `walras simulate`: solves, or takes the solution of a run folder, and follows paths of it. All that can be wrong is found before. */
export async function simulateCommand(source: string, options: SimulateOptions, host: Host): Promise<number> {
  const { out, json = false, quiet = false } = options
  const threads = threadsOf(options.threads, availableParallelism()), seed = seedOf(options.seed)
  const { request, text, stored } = isRunFolder(source) ? fromFolder(source, options) : fromSource(source, options, seed)
  const { economy } = request
  if (isDiscrete(economy)) throw new Mistake(`\`${economy.name}\` is in discrete time; \`walras simulate\` follows paths of economies in continuous time, as in \`walras simulate brunnermeier-sannikov-2016\``)
  const problem = compileProblem(economy, request)
  const plan = simulationPlan(problem, optionsOf(options, seed, text => regionOf(economy, problem, text, "--crisis")))
  if (out !== undefined) makeRunFolder(out, configText(request, text !== undefined), text)
  if (out !== undefined && stored) copyRun(source, out, stored)

  const crew = taskCrew(threads)
  const solved = stored ?? finishedIn(out) ?? await carryOut({ request, task: computation(request, crew), folder: out }, startingPoint(out, host), host, quiet).finally(crew.close)
  if (!solved.solution.converged) {
    host.out.write((json ? jsonText({ ...summaryOf(solved, NO_QUERY), density: null, crisis: null, moments: null }, 2) : summaryLines(economy, solved, NO_QUERY).join("\n")) + "\n")
    return statusOf(solved)
  }
  const done = await follow(prepare(problem, solved.solution, plan), threads, host, quiet)
  if (out !== undefined && !done.signal) for (const [path, content] of simulationFiles(done)) writeAtomic(join(out, path), content)
  host.out.write((json ? jsonText(simulationSummary(done), 2) : simulationLines(economy, done).join("\n")) + "\n")
  if (out !== undefined && !done.signal) {
    const report = await drawRun(out, { economy, ...solved })
    if (!json) host.out.write(placeLines([["run folder", out], ["report", report]]).join("\n") + "\n")
  }
  return statusOf({ solution: done.simulation, signal: done.signal })
}

const NO_QUERY = { at: {}, of: [] }

interface Source { readonly request: Request; readonly text: string | undefined; readonly stored?: StoredSolution }

function fromSource(nameOrFile: string, { method, calibration, set }: SimulateOptions, seed: number | undefined): Source {
  const { economy, text } = economySource(nameOrFile)
  const request = requestOf(economy, { method, calibration, set, seed })
  // Refusals of the method come before flags of the simulation are read.
  computation(request)
  return { request, text }
}

/** A finished run as it is: what its folder says cannot be said again. */
function fromFolder(folder: string, { method, calibration, set }: SimulateOptions): Source {
  const flag = method !== undefined ? "--method" : calibration !== undefined ? "--calibration" : set.length > 0 ? "--set" : undefined
  if (flag !== undefined) throw new Mistake(`\`${folder}\` is a run folder, whose config.toml says how it was solved; expected no ${flag} (name the economy to solve it in another way)`)
  const request = requestOfFolder(folder), stored = readSolution(folder)
  if (!isFinished(stored)) throw new Mistake(`the run in \`${folder}\` is not finished; \`walras resume ${folder}\` goes on with it`)
  const own = join(folder, ECONOMY_FILE)
  return { request, text: existsSync(own) ? readText(own) : undefined, stored }
}

/** Makes another folder hold the same run. */
function copyRun(from: string, to: string, stored: StoredSolution): void {
  if (resolve(from) === resolve(to)) return
  for (const name of [MANIFEST_FILE, "rows.jsonl"]) if (existsSync(join(from, name))) writeAtomic(join(to, name), readFileSync(join(from, name)))
  for (const [path, content] of solutionFiles(stored)) writeAtomic(join(to, path), content)
}

/** The solution that a folder holds already, so that only the paths are followed anew. */
function finishedIn(folder: string | undefined): StoredSolution | undefined {
  const stored = folder === undefined ? undefined : readSolution(folder)
  return isFinished(stored) ? stored : undefined
}

async function follow(preparation: Preparation, threads: number, host: Host, quiet: boolean): Promise<StoredSimulation & { readonly signal: StopSignal | undefined }> {
  const { tasks, plan: { seed } } = preparation
  const crew = threads > 1 ? await startPathCrew(tasks, tasks.map((_, task) => pathsOf(preparation, task).round), threads) : undefined
  const shown = progress("simulate", host, quiet), stop = stopRequest(host)
  try {
    const { result, seconds } = await drive(simulation(preparation, crew), { seed, maxSteps: simulationSteps(preparation), watch: shown.watch, stop, now: host.now })
    shown.clear()
    if (stop.signal) host.err.write("interrupted; what follows is of the paths that were done, and nothing is kept\n")
    return { simulation: result, seconds, command: host.command, signal: result.outcome === OUTCOMES.interrupted ? stop.signal : undefined }
  } finally {
    stop.release()
    await crew?.close()
  }
}

function optionsOf(options: SimulateOptions, seed: number | undefined, region: (text: string) => Region): SimulationOptions {
  const settings: Record<string, SettingValue> = {}
  for (const name of ["years", "paths", "dt", "burn", "ends", "horizon"] as const) if (options[name] !== undefined) settings[name] = options[name]
  return {
    settings, seed,
    from: namedNumbers("--from", options.from, "z=0.1"),
    ...(options.of === undefined ? {} : { of: listOf(options.of) }),
    ...(options.shock.length === 0 ? {} : { shocks: namedNumbers("--shock", options.shock, "Z=-1") }),
    ...(options.crisis === undefined ? {} : { crisis: region(options.crisis) }),
  }
}

/** `z=0.1` and `z=0.1,a=0.15`, given once or more often. */
function namedNumbers(flag: string, texts: readonly string[], example: string): Record<string, number> {
  return Object.fromEntries(texts.flatMap(text => text.split(",")).map(text => {
    const [name, value, ...more] = text.split("=").map(part => part.trim())
    const number = decimalOf(value ?? "")
    if (more.length > 0 || name === "" || !Number.isFinite(number)) throw new Mistake(`${flag} got \`${text.trim()}\`; expected name=number, as in \`${flag} ${example}\``)
    return [name, number]
  }))
}
