import { quantile } from "../math/select.ts"
import { table } from "../run/table.ts"
import { axisOf, linearAxis, logAxis, type Axis } from "./axis.ts"
import { figureOf } from "./caption.ts"
import type { DrawingDocument } from "./drawingDocument.ts"
import { inkOf } from "./ink.ts"
import type { Figure } from "./input.ts"
import type { Curve, Panel } from "./panel.ts"
import { picture } from "./picture.ts"
import { piecesOf } from "./pieces.ts"
import { ribbon } from "./ribbon.ts"

/** One line of many runs, of several seeds say: their values at common points. */
export interface Series {
  /** Names the line in its legend and its columns. */
  readonly label: string
  readonly x: Float64Array
  /** One array a run, as long as `x`; what is not finite is left out of the quantiles. */
  readonly runs: readonly Float64Array[]
}

/** Quartiles over runs, point by point; NaN where no run has a value. */
export function quartilesOver({ x, runs }: Series): { readonly lower: Float64Array; readonly median: Float64Array; readonly upper: Float64Array } {
  const column = new Float64Array(runs.length)
  const at = (p: number) => Float64Array.from(x, (_, i) => {
    let count = 0
    for (const run of runs) if (Number.isFinite(run[i])) column[count++] = run[i]
    return quantile(column, p, count)
  })
  return { lower: at(0.25), median: at(0.5), upper: at(0.75) }
}

export interface BandOptions {
  readonly series: readonly Series[]
  /** An axis of one's own, or its kind. Default: linear, from end to end. */
  readonly x?: Axis | "linear" | "log"
  /** Default: what holds all medians and quartiles, and the levels. */
  readonly y?: Axis | "linear" | "log"
  readonly xLabel?: string
  readonly yLabel: string
  readonly levels?: Panel["levels"]
  readonly height?: number
  readonly title?: string
  /** The ink of the first line; the next ones follow. Default 0. */
  readonly firstInk?: number
}

/** The median over runs as a line, half of the runs within the area about it, a colour each series. */
export function bandPanel({ series, x = "linear", y = "linear", xLabel, yLabel, levels = [], height = 240, title, firstInk = 0 }: BandOptions): Panel {
  const drawn = series.map((one, i) => ({ ...one, ...quartilesOver(one), ink: inkOf(i + firstInk) }))
  const xs = series.flatMap(({ x }) => [...x]), ys = [...drawn.flatMap(({ lower, median, upper }) => [...lower, ...median, ...upper]), ...levels.map(({ at }) => at)]
  const across = axisIn(x, xs, true), up = axisIn(y, ys, false)
  const curves = drawn.map(({ x, median, ink }): Curve => {
    // On a log axis what is not positive has no place.
    const y = up.kind === "log" ? median.map(value => (value > 0 ? value : NaN)) : median
    return { x, y, pieces: piecesOf(x, y, []), ink }
  })
  return {
    x: across, y: up, height, curves, yLabel, levels, ...xLabel === undefined ? {} : { xLabel }, ...title === undefined ? {} : { title },
    marks: drawn.filter(({ runs }) => runs.length > 1).map(({ x, lower, upper, ink }) => ribbon(x, lower, upper, up, ink.colour, 0.16)),
  }
}

/** The figure of panels of bands, with the medians and quartiles of all series as its table. */
export function bandFigure(name: string, title: string, caption: string, panels: readonly BandOptions[], document: DrawingDocument): Figure {
  const last = panels.length - 1
  const stacked = panels.map((options, i) => bandPanel(i === last || options.xLabel !== undefined ? options : { ...options, height: (options.height ?? 240) - 24 }))
  const several = Math.max(...panels.map(({ series }) => series.length)) > 1
  const labels = [...new Map(panels.flatMap(({ series, firstInk = 0 }) => series.map(({ label }, i) => [label, inkOf(i + firstInk)] as const)))]
  const keys = several ? labels.map(([text, ink]) => ({ text, ink })) : []
  return figureOf(name, title, caption, picture(stacked, keys, document, title), bandTable(panels))
}

/** Columns `part x`, `part 25`, `part 50`, `part 75` of each series of each panel, filled up with NaN to the longest. */
function bandTable(panels: readonly BandOptions[]) {
  const all = panels.flatMap(({ series, yLabel, title }) => series.map(one => ({ ...one, part: panels.length > 1 ? `${title ?? yLabel}: ${one.label}` : one.label })))
  const rows = Math.max(0, ...all.map(({ x }) => x.length))
  const filled = (values: Float64Array) => { const full = new Float64Array(rows).fill(NaN); full.set(values); return full }
  return table(Object.fromEntries(all.flatMap(one => {
    const { lower, median, upper } = quartilesOver(one)
    return [[`${one.part} x`, filled(one.x)], [`${one.part} 25`, filled(lower)], [`${one.part} 50`, filled(median)], [`${one.part} 75`, filled(upper)]]
  })))
}

function axisIn(given: Axis | "linear" | "log", values: readonly number[], tight: boolean): Axis {
  if (typeof given !== "string") return given
  if (given === "linear") { const axis = axisOf(values, { tight }); return axis.kind === "log" ? linearAxis(0, Math.max(...values.filter(Number.isFinite))) : axis }
  const positive = values.filter(value => value > 0 && Number.isFinite(value))
  const axis = logAxis(values)
  if (!tight || positive.length === 0) return axis
  // From end to end: half a decade of nothing says nothing.
  const low = Math.min(...positive), high = Math.max(...positive), ends = low < high ? [low, high] as const : axis.domain
  const inside = axis.ticks.filter(tick => tick >= ends[0] * (1 - 1e-9) && tick <= ends[1] * (1 + 1e-9))
  return inside.length >= 2 ? { ...axis, domain: ends, ticks: inside } : axis
}
