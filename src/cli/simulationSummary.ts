import type { Economy } from "../model/economy.ts"
import type { Simulation } from "../simulate/simulation.ts"
import { durationText } from "./progress.ts"
import type { StoredSimulation } from "./simulationFile.ts"
import { placeText } from "./summary.ts"
import { shortNumber, textTable, wrapped } from "./textTable.ts"

/** What `--json` prints of a simulation. */
export function simulationSummary({ simulation, seconds }: StoredSimulation) {
  const { economy, calibration, method, seed, settings, outcome, detail, converged, parameters, from, states, density, totalVariation, autocorrelationYears, crisis, absorption, moments, responses, notes } = simulation
  const { years, paths, burn, dt, ends } = settings
  return {
    economy, calibration, method, seed, years, paths, burn, dt, ends, outcome, detail, converged, seconds, parameters, from,
    density: {
      states: Object.fromEntries(states.map(({ name, edges }) => [name, edges.slice(1).map((high, i) => (edges[i] + high) / 2)])),
      edges: Object.fromEntries(states.map(({ name, edges }) => [name, edges])),
      simulated: density.columns.simulated, kolmogorov: density.columns.kolmogorov ?? null, total_variation: totalVariation,
    },
    autocorrelation_years: autocorrelationYears,
    crisis: crisis ? {
      is: crisis.is, probability_simulated: crisis.probabilitySimulated, standard_error: crisis.standardError, probability_density: crisis.probabilityDensity,
      mean_duration_years: crisis.meanDurationYears, per_century: crisis.perCentury,
      mean_duration_years_density: crisis.meanDurationYearsDensity, per_century_density: crisis.perCenturyDensity, years_until: crisis.yearsUntil,
    } : null,
    ...(absorption ? { absorption: { share: absorption.share, mean_years: absorption.meanYears } } : {}),
    moments, responses: responses.map(({ fan: _, ...response }) => response), notes,
  }
}

/** What a person reads of a simulation, as lines. */
export function simulationLines(economy: Economy, { simulation, seconds }: StoredSimulation): string[] {
  const { method, calibration, seed, settings: { years, paths, burn, dt, ends }, outcome, detail, converged, totalVariation, crisis, absorption, autocorrelationYears, notes } = simulation
  const indented = (lines: readonly string[]): string[] => lines.map(line => "  " + line)
  const persistence = Object.entries(autocorrelationYears).filter(([, x]) => Number.isFinite(x)).map(([name, x]) => `${name} ${shortNumber(x)} years`)
  return [
    `${economy.name} simulated, solved by ${method}, calibration ${calibration}, seed ${seed}`,
    ...wrapped(`${paths} paths of ${shortNumber(Number(years), 6)} years after ${shortNumber(Number(burn), 6)}, looked at every ${shortNumber(Number(dt))} years, ${ends} ends; ${durationText(seconds)}`, "  "),
    ...(converged ? [] : wrapped(detail === "" ? outcome : `${outcome}: ${detail}`, "  ")),
    ...(Number.isFinite(totalVariation) ? wrapped(`stationary density by the forward equation and by simulation: total variation distance ${shortNumber(totalVariation)}`, "  ") : []),
    ...(persistence.length > 0 ? wrapped(`correlated with itself over: ${persistence.join(", ")}`, "  ") : []),
    ...(absorption ? wrapped(`${shortNumber(100 * absorption.share)}% of the paths were absorbed${Number.isFinite(absorption.meanYears) ? `, after ${shortNumber(absorption.meanYears)} years in the mean` : ""}`, "  ") : []),
    ...(crisis ? ["", `  crisis: ${crisis.is}`, ...indented(textTable(["", "simulation", "density"], [
      ["probability", crisis.probabilitySimulated, crisis.probabilityDensity], ["  standard error", crisis.standardError, NaN],
      ["times a century", crisis.perCentury, crisis.perCenturyDensity], ["mean length, years", crisis.meanDurationYears, crisis.meanDurationYearsDensity],
      [`years until, from ${placeText(simulation.from)}`, NaN, crisis.yearsUntil],
    ], 4))] : []),
    "", ...indented(momentLines(economy, simulation)),
    ...(notes.length > 0 ? ["", ...notes.flatMap(note => wrapped(note, "    ").map((line, i) => (i === 0 ? "  - " + line.slice(4) : line)))] : []),
  ]
}

/** Means and standard deviations of states, unknowns and the definitions that the economy has words for. */
function momentLines({ declaration: { states, unknowns, words = {} } }: Economy, { moments, crisis }: Simulation): string[] {
  const told = [states, unknowns, words].flatMap(Object.keys).filter(name => Object.hasOwn(moments, name))
  const header = ["", "mean", "sd", ...(crisis ? ["in crisis", "out of it"] : []), "simulated mean", "sd"]
  return textTable(header, told.map(name => {
    const { mean, sd, crisis: inside, normal, simulated } = moments[name]
    return [name, mean, sd, ...(crisis ? [inside?.mean ?? NaN, normal?.mean ?? NaN] : []), simulated.mean, simulated.sd]
  }), 4)
}
