import { type Table, table } from "../run/table.ts"
import type { Solution } from "../solve/solution.ts"
import { axisOf } from "./axis.ts"
import { figureOf } from "./caption.ts"
import type { DrawingDocument } from "./drawingDocument.ts"
import type { Figure } from "./input.ts"
import { italic, plain } from "./markup.ts"
import { numberText } from "./number.ts"
import { picture, type Key } from "./picture.ts"
import { switchSentence, switchRules, type Setting } from "./setting.ts"
import { symbol } from "./symbol.ts"

/** More points than this are thinned evenly. */
const MOST = 2500
const GREY = "#8a8a8a", ACTIVE = "#b03a00", KNOWN = "#0067a5"

/** Where a method last trained: points of state and time, those of the active region apart, over the band they were drawn from. */
export function sampleFigures(setting: Setting, document: DrawingDocument): Figure[] {
  return setting.input.solutions.flatMap(solution => {
    const samples = solution.samples && lastStep(solution.samples)
    if (!samples || samples.length === 0 || !samples.columns[setting.state] || !samples.columns.t) return []
    return [sampleFigure(setting, solution, samples, document)]
  })
}

/** The points of the last outer step, of which each names its own. */
export function lastStep({ columns: { outer, ...columns }, length }: Table): Table {
  const last = outer?.reduce((most, step) => step > most ? step : most, -Infinity)
  const rows = Array.from({ length }, (_, i) => i).filter(i => outer === undefined || outer[i] === last)
  return table(Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, Float64Array.from(rows, i => column[i])])))
}

function sampleFigure(setting: Setting, solution: Solution, samples: Table, document: DrawingDocument): Figure {
  const every = Math.ceil(samples.length / MOST)
  const rows = Array.from({ length: samples.length }, (_, i) => i).filter(i => i % every === 0)
  const kept = table(Object.fromEntries(Object.entries(samples.columns).map(([name, column]) => [name, Float64Array.from(rows, i => column[i])])))
  const { [setting.state]: z, t, active, terminal } = kept.columns
  const points = (wanted: (i: number) => boolean) => rows.flatMap((_, i): [number, number][] => wanted(i) && Number.isFinite(z[i]) && Number.isFinite(t[i]) ? [[z[i], t[i]]] : [])
  const isActive = (i: number) => active !== undefined && active[i] > 0
  const isKnown = (i: number) => terminal !== undefined && terminal[i] > 0
  const clouds = [
    { word: "uniform", points: points(i => !isActive(i) && !isKnown(i)), colour: GREY, symbol: "hollow" },
    { word: "active", points: points(i => isActive(i) && !isKnown(i)), colour: ACTIVE, symbol: "filled" },
    { word: "end of the step", points: points(isKnown), colour: KNOWN, symbol: "cross" },
  ] as const
  const drawn = clouds.filter(({ points }) => points.length > 0)
  const band = bandOf(setting.input.rows[solution.method], drawn.find(({ word }) => word === "active")?.points.map(([z]) => z))
  const keys = drawn.map(({ word, colour, symbol }): Key => ({ text: word, ink: { colour, dash: "" }, symbol: symbol === "cross" ? "times" : symbol }))
  const method = plain(solution.method), title = `Training points of ${method}`
  const times = t.filter(Number.isFinite)
  const caption = `${title} in the last outer step, over ${symbol(setting.state)} and time within the step: ${drawn.map(({ word, points }) => `${points.length} ${word}`).join(", ")}`
    + `${every > 1 ? ` (each ${every}th point)` : ""}.` + (band ? ` Shaded: the active region, from ${numberText(band[0], 3)} to ${numberText(band[1], 3)}.` : "") + switchSentence(setting)
  const svg = picture([{
    x: axisOf([...setting.nodes], { tight: true }), y: axisOf([...times], { zero: true }), height: 300, curves: [], clouds: drawn,
    bands: band ? [band] : [], switches: switchRules(setting), xLabel: setting.stateLabel, yLabel: `${italic("t")}\u2002time within the step`,
  }], keys, document, title)
  return figureOf(`sample-${solution.method}`, title, caption, svg, kept)
}

/** The active region of the last row that names one; else the extent of the active points. */
function bandOf(rows: Table | undefined, points: readonly number[] | undefined): [number, number] | undefined {
  const { active_from: from, active_to: to } = rows?.columns ?? {}
  for (let i = (rows?.length ?? 0) - 1; from && to && i >= 0; i--) if (to[i] > from[i]) return [from[i], to[i]]
  return points && points.length > 1 ? [points.reduce((a, b) => Math.min(a, b)), points.reduce((a, b) => Math.max(a, b))] : undefined
}
