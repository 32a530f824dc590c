import { numberHtml, pointHtml, sectionHtml, symbolHtml, tableHtml } from "../html.ts"
import type { ReportInput } from "../input.ts"
import { escaped } from "../markup.ts"
import { drawnVariables, wordsOf } from "../variables.ts"
import { extentText } from "./setting.ts"

/** The numbers of a simulation: how often there is a crisis, moments, what a reader must know. */
export function simulationSection(input: ReportInput): string {
  const { simulation } = input
  if (!simulation) return ""
  const { totalVariation, autocorrelationYears, absorption, notes, settings } = simulation
  const persistence = Object.entries(autocorrelationYears).filter(([, years]) => Number.isFinite(years)).map(([name, years]) => `${symbolHtml(name)} over ${numberHtml(years, 3)} years`)
  const sentences = [
    `${escaped(extentText(simulation))} after ${numberHtml(Number(settings.burn), 6)} years that do not count, with ${escaped(String(settings.ends))} ends; seed ${simulation.seed}.`,
    Number.isFinite(totalVariation) ? `The stationary density by the forward equation and that of the paths are ${numberHtml(totalVariation, 2)} apart (total variation).` : "",
    persistence.length > 0 ? `Correlated with itself: ${persistence.join(", ")}.` : "",
    absorption ? `${numberHtml(100 * absorption.share, 3)}% of the paths were absorbed${Number.isFinite(absorption.meanYears) ? `, after ${numberHtml(absorption.meanYears, 3)} years in the mean` : ""}.` : "",
  ].filter(Boolean)
  return sectionHtml("Simulation", `<p>${sentences.join(" ")}</p>${crisisTable(input)}${sectionHtml("Moments", momentsTable(input), 3)}`
    + (notes.length > 0 ? `<ul class="small">${notes.map(note => `<li>${escaped(note)}</li>`).join("")}</ul>` : ""))
}

function crisisTable({ simulation }: ReportInput): string {
  const crisis = simulation?.crisis
  if (!simulation || !crisis) return ""
  const rows = [
    ["probability", `${numberHtml(crisis.probabilitySimulated, 3)} \u00B1 ${numberHtml(crisis.standardError, 2)}`, numberHtml(crisis.probabilityDensity, 3)],
    ["times a century", numberHtml(crisis.perCentury, 3), numberHtml(crisis.perCenturyDensity, 3)],
    ["mean length, in years", numberHtml(crisis.meanDurationYears, 3), numberHtml(crisis.meanDurationYearsDensity, 3)],
    [`years until the next, from ${pointHtml(simulation.from)}`, "\u2013", numberHtml(crisis.yearsUntil, 3)],
  ]
  return sectionHtml(`Crises: ${crisis.is}`, tableHtml(["", "simulation", "forward equation"], rows, [1, 2])
    + `<p class="small">Times and lengths are those of looks ${numberHtml(Number(simulation.settings.dt), 3)} years apart: a diffusion that is looked at more often crosses a line more often.</p>`, 3)
}

/** What is smaller than this part of the spread of a variable is rounding. */
const ROUNDING = 1e-6

function momentsTable(input: ReportInput): string {
  const { simulation, economy, solutions: [solution] } = input
  if (!simulation) return ""
  const names = [...simulation.states.map(({ name }) => name), ...drawnVariables(economy, solution)].filter(name => Object.hasOwn(simulation.moments, name))
  const { crisis } = simulation
  const rows = names.map(name => {
    const { mean, sd, crisis: inside, normal, simulated } = simulation.moments[name]
    const number = (value: number | undefined, digits?: number) => numberHtml(Math.abs(value ?? NaN) < ROUNDING * Math.max(sd, ROUNDING * Math.abs(mean)) ? 0 : value ?? NaN, digits)
    return [symbolHtml(name), escaped(wordsOf(economy, name).split(/[:;]|\s\(/)[0].trim()), number(mean), number(sd, 3),
      ...crisis ? [number(inside?.mean), number(inside?.sd, 3), number(normal?.mean), number(normal?.sd, 3)] : [], number(simulated.mean), number(simulated.sd, 3)]
  })
  const head = ["", "", "mean", "s.d.", ...crisis ? ["in crisis", "s.d.", "out of it", "s.d."] : [], "simulated", "s.d."]
  return tableHtml(head, rows, head.map((_, i) => i).slice(2))
}
