import { catalogue } from "../src/economies/index.ts"
import { problem } from "../src/model/compileProblem.ts"
import { solve } from "../src/request.ts"
import { simulate } from "../src/simulate/simulate.ts"
import type { Simulation } from "../src/simulate/simulation.ts"
import { benchmark, elastic } from "../test/solve/models.ts"
import { atMost, part, type Line } from "./line.ts"
import type { Economy } from "../src/model/economy.ts"

/** The long run by paths against the long run by the forward equation. */
export function* simulated(seeds: readonly number[]): Generator<Line> {
  for (const seed of seeds) yield* bothWays(benchmark, "course", seed)
  for (const calibration of ["active-learning", "recursive", "readme", "paper"]) yield* bothWays(benchmark, calibration, 0, 4000)
  // Crises that come once in 10,000 years: what paths can say of them is their standard error.
  yield* rare(benchmark, "thesis")
  yield* rare(elastic, "handbook")
  yield* bothWays(catalogue["gopalakrishna-2021"], "paper", 0)
  yield* distance(followed(catalogue["gopalakrishna-2021"], "course", 0), "gopalakrishna-2021 course, seed 0")
  yield* distance(followed(catalogue["di-tella-2017"], undefined, 0), "di-tella-2017, seed 0")
}

function followed(economy: Economy, calibration: string | undefined, seed: number, paths = 2000): Simulation {
  const solution = solve(economy, { calibration })
  return simulate(problem(economy, solution), solution, { seed, settings: { paths, fanPaths: 10, horizon: 1 } })
}

function* bothWays(economy: Economy, calibration: string, seed: number, paths?: number): Generator<Line> {
  const s = followed(economy, calibration, seed, paths), who = `simulate ${economy.name} ${calibration}, seed ${seed}`
  yield* distance(s, who)
  yield part(`${who}: probability of crisis, by paths against by density`, s.crisis!.probabilitySimulated, s.crisis!.probabilityDensity, 0.05)
  yield part(`${who}: crises a century, looked at monthly, by paths against by density`, s.crisis!.perCentury, s.crisis!.perCenturyDensity, 0.05)
}

function* rare(economy: Economy, calibration: string): Generator<Line> {
  const s = followed(economy, calibration, 0, 4000), who = `simulate ${economy.name} ${calibration}, seed 0`
  const { probabilitySimulated, probabilityDensity, standardError } = s.crisis!
  yield* distance(s, who)
  yield atMost(`${who}: probability of crisis (${probabilityDensity.toPrecision(2)}), difference in standard errors`, Math.abs(probabilitySimulated - probabilityDensity) / standardError, 3)
}

function* distance(s: Simulation, who: string): Generator<Line> {
  yield atMost(`${who}: total variation distance of the two densities`, s.totalVariation, 0.03)
}
