import * as Plot from "@observablehq/plot"
import { quantile } from "../math/select.ts"
import { table } from "../run/table.ts"
import { linearAxis, logAxis, type Axis } from "./axis.ts"
import { figureOf } from "./caption.ts"
import type { DrawingDocument } from "./drawingDocument.ts"
import { inkOf, TEXT } from "./ink.ts"
import type { Figure } from "./input.ts"
import { picture } from "./picture.ts"

/** Numbers of one kind, of several seeds say, side by side with those of others. */
export interface DotRow {
  readonly label: string
  readonly values: readonly number[]
  /** Rows of one group have one colour. Default 0. */
  readonly group?: number
}

export interface DotOptions {
  readonly rows: readonly DotRow[]
  readonly xLabel: string
  /** Positive values on a log axis (default), or a linear one. */
  readonly x?: "log" | "linear"
  /** A bound, as a dotted line across. */
  readonly gate?: { readonly at: number; readonly label: string }
}

/** A row of height for a kind. */
const ROW = 26

/** A dot plot: a row a kind, a hollow dot a value, a bar at their median. */
export function dotFigure(name: string, title: string, caption: string, { rows, xLabel, x = "log", gate }: DotOptions, document: DrawingDocument): Figure {
  const values = [...rows.flatMap(({ values }) => [...values]), ...gate ? [gate.at] : []].filter(value => Number.isFinite(value) && (x === "linear" || value > 0))
  const across = x === "log" ? logAxis(values, 6) : linearAxis(...ends(values))
  const labels = rows.map(({ label }) => label)
  const down: Axis = { kind: "linear", domain: [rows.length - 0.5, -0.5], ticks: rows.map((_, i) => i), text: i => labels[i], factor: "" }
  // What is smaller than the axis, zero included, lies on its end.
  const within = (value: number): number => Math.max(across.domain[0], Math.min(across.domain[1], value))
  const lift = (k: number, count: number): number => (count < 2 ? 0 : 0.56 * (k / (count - 1) - 0.5))
  const marks = rows.flatMap(({ values, group = 0 }, i): Plot.Markish[] => {
    const finite = values.filter(Number.isFinite), middle = quantile(Float64Array.from(finite), 0.5), { colour } = inkOf(group)
    return [
      Plot.ruleX(finite.length > 0 ? [[within(middle), i - 0.36, i + 0.36]] : [], { x: "0", y1: "1", y2: "2", stroke: colour, strokeWidth: 2.5, strokeOpacity: 0.45 }),
      Plot.dot(values.flatMap((value, k): [number, number][] => Number.isFinite(value) ? [[within(value), i + lift(k, values.length)]] : []), { r: 2.6, stroke: colour, strokeWidth: 1.1, fill: "white" }),
    ]
  })
  const svg = picture([{
    x: across, y: down, height: 74 + ROW * rows.length, yLabel: "", xLabel, curves: [], marks: [Plot.ruleY(rows.slice(1).map((_, i) => i + 0.5), { stroke: TEXT, strokeOpacity: 0.1 })], over: marks,
    switches: gate ? [gate] : [],
  }], [], document, title)
  const most = Math.max(0, ...rows.map(({ values }) => values.length))
  return figureOf(name, title, caption, svg, table(Object.fromEntries(rows.map(({ label, values }) => [label, Float64Array.from({ length: most }, (_, k) => values[k] ?? NaN)]))))
}

function ends(values: readonly number[]): [number, number] {
  const low = Math.min(0, ...values), high = Math.max(low + 1e-12, ...values)
  return [low, high + 0.04 * (high - low)]
}
