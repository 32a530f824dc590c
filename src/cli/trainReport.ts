import { GATE } from "../learn/metrics.ts"
import { TRAINING } from "../learn/train.ts"
import type { TrainingInput } from "../report/training/input.ts"
import { Mistake } from "../run/mistake.ts"
import { tableOfRows } from "../run/table.ts"
import type { TrainRequest } from "../trainRequest.ts"
import { readManifest } from "./manifest.ts"
import { writeReport } from "./drawn.ts"
import { machineOf } from "./reportFiles.ts"
import { readRows } from "./runRecord.ts"
import { trainRequestOfFolder } from "./trainConfig.ts"
import { readTraining, type StoredTraining } from "./trainingFile.ts"

/** A finished training and where it lies. */
export interface DrawnTraining extends StoredTraining {
  readonly folder: string
  readonly request: TrainRequest
}

/** The training of a run folder. Throws a `Mistake` where it has none yet. */
export function trainedIn(folder: string): DrawnTraining {
  const request = trainRequestOfFolder(folder), stored = readTraining(folder)
  if (stored) return { folder, request, ...stored }
  throw new Mistake(`the run in \`${folder}\` has no training yet; \`walras resume ${folder}\` goes on with it`)
}

/** Draws trainings in one market into `place`: `report.html`, `figures/*.svg` and `*.png`. The path of the page. What draws is large and is loaded only here. */
export async function drawTrainings(place: string, runs: readonly DrawnTraining[]): Promise<string> {
  const { trainingFigures } = await import("../report/training/figures.ts")
  const { trainingPage } = await import("../report/training/page.ts")
  const input = inputOf(runs)
  return writeReport(place, document => trainingFigures(input, document), { "report.html": drawn => trainingPage(input, drawn) })
}

function inputOf(runs: readonly DrawnTraining[]): TrainingInput {
  const [{ folder, request: { market } }] = runs, manifest = readManifest(folder)
  const other = runs.find(run => run.request.market.name !== market.name)
  if (other) throw new Mistake(`\`${other.folder}\` holds a training in ${other.request.market.name}, \`${folder}\` one in ${market.name}; expected trainings in one market`)
  const { name, is, source, notes, settings } = market
  return {
    market: { name, is, source, notes, settings }, gate: GATE,
    learners: Object.fromEntries(runs.map(({ request: { learner } }) => [learner.name, { is: learner.is, settings: { ...TRAINING, ...learner.settings } }])),
    trainings: runs.map(({ folder: own, training, seconds }) => ({ training, seconds, rows: tableOfRows(readRows(own)) })) as unknown as TrainingInput["trainings"],
    made: { version: manifest.walras, machine: machineOf(manifest), command: [...new Set(runs.map(run => readManifest(run.folder).command))].join("\n") },
  }
}
