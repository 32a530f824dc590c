import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Mistake } from "../run/mistake.ts"
import { COMPARISON_FILE } from "./compareCommand.ts"
import type { Host } from "./host.ts"
import { drawComparison, drawRun, type Drawn } from "./reportFiles.ts"
import { requestOfFolder } from "./runConfig.ts"
import { isRunFolder, makeFolders } from "./runFolder.ts"
import { readSolution } from "./solutionFile.ts"
import { isStudy, readDone, studyRequestOfFolder, writeStudy } from "./studyFiles.ts"
import { isTraining } from "./trainConfig.ts"
import { drawTrainings, trainedIn } from "./trainReport.ts"

/** `walras report`: the page and the figures again, from the folders alone. Several folders make one page, in the first of them. */
export async function reportCommand(folders: readonly string[], { out }: { out?: string }, host: Host): Promise<number> {
  const place = out ?? (folders.length === 1 ? folders[0] : join(folders[0], "comparison"))
  const page = folders.some(folder => isRunFolder(folder) && isStudy(folder)) ? await studyAgain(folders, place) : folders.some(folder => isRunFolder(folder) && isTraining(folder)) ? await trainingsPage(folders, place) : await solutionsPage(folders, place)
  host.out.write(page + "\n")
  return 0
}

async function solutionsPage(folders: readonly string[], place: string): Promise<string> {
  const runs = folders.flatMap(runFoldersOf).map(drawnOf)
  if (runs.length > 1) refuseMixture(runs)
  makeFolders(place, ["figures"])
  return runs.length === 1 ? drawRun(place, runs[0]) : drawComparison(place, runs)
}

async function studyAgain(folders: readonly string[], place: string): Promise<string> {
  const [folder] = folders
  if (folders.length > 1) throw new Mistake(`${folders.length} folders are given, and one of them holds a study; expected one study alone`)
  const request = studyRequestOfFolder(folder), done = readDone(request, folder)
  if (done.length === 0) throw new Mistake(`the study in \`${folder}\` has no finished cell yet; \`walras resume ${folder}\` goes on with it`)
  makeFolders(place, ["figures", "tables"])
  return writeStudy(place, folder, request, done, request.study.conclude(done, request.quick))
}

async function trainingsPage(folders: readonly string[], place: string): Promise<string> {
  const other = folders.find(folder => !isRunFolder(folder) || !isTraining(folder))
  if (other !== undefined) throw new Mistake(`\`${other}\` holds no training, and others do; expected runs of one kind`)
  const runs = folders.map(trainedIn)
  makeFolders(place, ["figures"])
  return drawTrainings(place, runs)
}

/** A folder of a comparison stands for the runs inside. */
function runFoldersOf(folder: string): string[] {
  if (isRunFolder(folder)) return [folder]
  const path = join(folder, COMPARISON_FILE)
  if (!existsSync(path)) throw new Mistake(`\`${folder}\` is no run folder: it has no config.toml; expected the folder that was named after --out`)
  const { methods } = JSON.parse(readFileSync(path, "utf8")) as { methods: string[] }
  return methods.map(method => join(folder, method))
}

function drawnOf(folder: string): Drawn {
  const { economy } = requestOfFolder(folder)
  const stored = readSolution(folder)
  if (!stored) throw new Mistake(`the run in \`${folder}\` has no solution yet; \`walras resume ${folder}\` goes on with it`)
  return { folder, economy, ...stored }
}

/** One page holds one problem: the same economy at the same parameters, by different methods. */
function refuseMixture(runs: readonly Drawn[]): void {
  const [first, ...others] = runs
  for (const { folder, solution } of others) {
    if (solution.economy !== first.solution.economy)
      throw new Mistake(`\`${folder}\` holds ${solution.economy}, \`${first.folder}\` holds ${first.solution.economy}; expected runs of one economy`)
    const name = Object.keys(solution.parameters).find(name => solution.parameters[name] !== first.solution.parameters[name])
    if (name !== undefined)
      throw new Mistake(`\`${name}\` is ${solution.parameters[name]} in \`${folder}\` and ${first.solution.parameters[name]} in \`${first.folder}\`; expected runs at the same parameters`)
  }
  const twice = runs.find((run, i) => runs.findIndex(other => other.solution.method === run.solution.method) < i)
  if (twice) throw new Mistake(`\`${twice.folder}\` holds a second run by ${twice.solution.method}; expected runs by different methods`)
}
