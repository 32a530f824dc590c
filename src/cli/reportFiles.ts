import { problem } from "../model/compileProblem.ts"
import { isDiscrete } from "../model/discrete/economy.ts"
import type { AnyEconomy } from "../model/economy.ts"
import type { ReportInput } from "../report/input.ts"
import { methodsFor } from "../request.ts"
import { tableOfRows } from "../run/table.ts"
import { stationaryDensity } from "../simulate/density.ts"
import { writeReport } from "./drawn.ts"
import { readManifest } from "./manifest.ts"
import { readRows } from "./runRecord.ts"
import { readSimulation } from "./simulationFile.ts"
import type { StoredSolution } from "./solutionFile.ts"

/** A finished run and where it lies. */
export interface Drawn extends StoredSolution {
  readonly folder: string
  readonly economy: AnyEconomy
}

/** Draws a run into `place`: `report.html`, `figures/*.svg` and `*.png`. The path of the page. */
export function drawRun(place: string, run: Omit<Drawn, "folder"> & { folder?: string }): Promise<string> {
  return draw(place, [{ folder: place, ...run }])
}

/** The same for several runs of one economy, held against the first. */
export function drawComparison(place: string, runs: readonly Drawn[]): Promise<string> {
  return draw(place, runs as readonly [Drawn, ...Drawn[]])
}

/** What draws is large and is loaded only here. */
async function draw(place: string, runs: readonly Drawn[]): Promise<string> {
  const { figures } = await import("../report/figures.ts")
  const { page } = await import("../report/page.ts")
  const input = reportInput(runs)
  return writeReport(place, document => figures(input, document), { "report.html": drawn => page(input, drawn) })
}

/** Where a run was made, in words. */
export function machineOf({ cpu, cores, platform, node }: ReturnType<typeof readManifest>): string {
  return `${cpu}, ${cores} cores, ${platform}, Node ${node}`
}

function reportInput(runs: readonly Drawn[]): ReportInput {
  const byMethod = <T>(of: (run: Drawn) => T) => Object.fromEntries(runs.map(run => [run.solution.method, of(run)]))
  const manifest = readManifest(runs[0].folder), { walras, command } = manifest
  const stored = runs.length === 1 ? readSimulation(runs[0].folder) : undefined
  return {
    economy: runs[0].economy, simulation: stored?.simulation,
    solutions: runs.map(run => run.solution) as [Drawn["solution"], ...Drawn["solution"][]],
    rows: byMethod(run => tableOfRows(readRows(run.folder))),
    density: byMethod(({ economy, solution }) => (isDiscrete(economy) || solution.states.length > 1 ? undefined : stationaryDensity(problem(economy, solution), solution))),
    methods: byMethod(run => methodsFor(runs[0].economy)[run.solution.method]),
    made: { version: walras, seconds: byMethod(run => run.seconds), machine: machineOf(manifest), command: [...new Set([command, stored?.command ?? command])].join("\n") },
  }
}
