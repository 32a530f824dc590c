import { countsLength, occupy, type Occupation } from "./occupation.ts"
import { follow, pathLength, type Forecast } from "./forecast.ts"

/** Work on paths that may be divided among threads: every path has random numbers of its own. Plain data. */
export type PathTask = { readonly kind: "occupation"; readonly of: Occupation } | { readonly kind: "forecast"; readonly of: Forecast }

/** Does tasks, alone or with others. */
export interface PathRunner {
  /** Does paths `first` to `end`-1 of a task: adds to `out` (an occupation) or writes to it (a forecast, from its begin). */
  run(task: number, first: number, end: number, out: Float64Array): void
}

/** How many numbers a task writes for so many paths. */
export const outputLength = (task: PathTask, paths: number): number => (task.kind === "occupation" ? countsLength(task.of.cells) : paths * pathLength(task.of))

/** Some paths of a task, into an array of zeros as long as `outputLength` says. */
export function doTask(task: PathTask, first: number, end: number, out: Float64Array): void {
  if (task.kind === "occupation") occupy(task.of, first, end, out)
  else follow(task.of, first, end, out)
}

/** The runner without threads. */
export const alone = (tasks: readonly PathTask[]): PathRunner => ({ run: (task, first, end, out) => doTask(tasks[task], first, end, out) })
