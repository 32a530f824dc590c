import { readdirSync, statSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import type { AnyEconomy } from "../model/economy.ts"
import { computation, defaultVariables, requestOf } from "../request.ts"
import { Mistake } from "../run/mistake.ts"
import { agreements, differences, type Agreement, type Difference } from "../solve/compare.ts"
import { carryOut, seedOf, startingPoint, statusOf, type CarriedOut } from "./carryOut.ts"
import { economySource } from "./economySource.ts"
import { allowFastMath } from "./fastMath.ts"
import type { Host } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { listOf, queryOf, type Query } from "./query.ts"
import { drawComparison } from "./reportFiles.ts"
import { configText } from "./runConfig.ts"
import { makeFolders, makeRunFolder, onDisk } from "./runFolder.ts"
import type { ComputeOptions } from "./solveCommand.ts"
import { placeLines, placeText, summariesLines, summaryOf } from "./summary.ts"
import { taskCrew } from "./taskCrew.ts"
import { shortNumber, textTable, wrappedPairs } from "./textTable.ts"
import { threadsOf } from "./threads.ts"
import { writeAtomic } from "./writeAtomic.ts"

/** The file that marks the folder of a comparison, beside one run folder for each method. */
export const COMPARISON_FILE = "comparison.json"

/** `walras compare`: solves by each method in turn and holds the later ones against the first. */
export async function compareCommand(nameOrFile: string, options: ComputeOptions & { methods: string }, host: Host): Promise<number> {
  const { calibration, set, out, fastMath = false, json = false, quiet = false } = options
  const threads = threadsOf(options.threads, availableParallelism())
  const { economy, text } = economySource(nameOrFile)
  const methods = methodsOf(options.methods)
  const seed = seedOf(options.seed)
  if (fastMath) allowFastMath()
  const requests = methods.map(method => requestOf(economy, { method, calibration, set, seed, beside: methods, fastMath }))
  const crew = taskCrew(threads), tasks = requests.map(request => computation(request, crew))
  const query = queryOf(tasks[0].problem, options.at, options.of)
  if (out !== undefined) {
    onDisk(out, () => { refuseStrange(out, methods) })
    makeFolders(out, ["figures"])
    requests.forEach((request, i) => makeRunFolder(join(out, methods[i]), configText(request, text !== undefined), text))
  }

  const done: CarriedOut[] = []
  try {
    for (const [i, request] of requests.entries()) {
      const folder = out === undefined ? undefined : join(out, methods[i])
      done.push(await carryOut({ request, task: tasks[i], folder }, startingPoint(folder, host), host, quiet))
      if (done[i].signal) return statusOf(done[i])
    }
  } finally {
    await crew.close()
  }
  const found = differencesOf(done, query)
  const agreed = done.slice(1).flatMap(({ solution }) => agreements(done[0].solution, solution))
  const { calibration: chosen, seed: sown } = requests[0]
  const summary = { economy: economy.name, calibration: chosen, seed: sown, methods: done.map(one => summaryOf(one, query)), differences: found, ...(agreed.length > 0 ? { agreements: agreed } : {}) }
  host.out.write((json ? jsonText(summary, 2) : comparisonLines(economy, done, found, agreed, query).join("\n")) + "\n")

  if (out !== undefined) {
    writeAtomic(join(out, COMPARISON_FILE), jsonText({ methods }, 2) + "\n")
    const report = await drawComparison(out, methods.map((method, i) => ({ folder: join(out, method), economy, ...done[i] })))
    if (!json) host.out.write(placeLines([["run folders", methods.map(method => join(out, method)).join(", ")], ["report", report]]).join("\n") + "\n")
  }
  return Math.max(...done.map(statusOf))
}

function methodsOf(text: string): string[] {
  const methods = listOf(text)
  if (methods.length < 2 || new Set(methods).size < methods.length)
    throw new Mistake(`--methods is \`${text}\`; expected at least two different methods with commas between, as in \`--methods fd,aliens\``)
  return methods
}

function differencesOf(done: readonly CarriedOut[], { of }: Query): Difference[] {
  const [first, ...others] = done.map(({ solution }) => solution)
  return others.flatMap(other => differences(first, other, of.length > 0 ? of : defaultVariables(first)))
}

function comparisonLines(economy: AnyEconomy, done: readonly CarriedOut[], found: readonly Difference[], agreed: readonly Agreement[], query: Query): string[] {
  const percent = (x: number) => (Number.isNaN(x) ? "-" : `${shortNumber(100 * x)}%`)
  return [
    ...summariesLines(economy, done, query),
    "", "relative difference",
    ...textTable(["variable", "of", "largest", "mean", "largest at"],
      found.map(({ variable, methods: [first, second], largest, mean, at }) => [variable, `${second} to ${first}`, percent(largest), percent(mean), placeText(at)]))
      .map(line => "  " + line),
    ...(agreed.length === 0 ? [] : ["", "difference over the sum of both bounds on the errors",
      ...textTable(["variable", "of", "largest", "", "largest at"], agreed.map(({ variable, methods: [first, second], largest, within, at }) =>
        [variable, `${second} to ${first}`, shortNumber(largest), within ? "within" : "OUTSIDE", placeText(at)])).map(line => "  " + line),
      "", "what was held against the tolerance", ...wrappedPairs(done.map(({ solution: { method, measure } }) => [method, measure] as const), "  ")]),
  ]
}

/** A comparison lives in a folder of its own: new, empty, or one that held the same methods before. */
function refuseStrange(out: string, methods: readonly string[]): void {
  if (!statSync(out, { throwIfNoEntry: false })?.isDirectory()) return
  const ours = new Set([...methods, COMPARISON_FILE, "figures", "report.html"])
  const strange = readdirSync(out).find(name => !ours.has(name) && !name.endsWith(".tmp"))
  if (strange !== undefined) throw new Mistake(`the folder \`${out}\` holds something else (\`${strange}\`); expected a new or empty folder after --out`)
}
