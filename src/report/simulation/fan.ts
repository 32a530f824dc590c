import { table, type Table } from "../../run/table.ts"
import { axisOf, sparse, type Axis } from "../axis.ts"
import { capitalised, figureOf } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import { inkOf, type Ink } from "../ink.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import { numberText } from "../number.ts"
import type { Curve, Panel } from "../panel.ts"
import { picture } from "../picture.ts"
import { ribbon } from "../ribbon.ts"
import { symbol } from "../symbol.ts"
import { variablesOfFan, type Followed } from "./setting.ts"

/** Where each variable may be, year by year, from where the forecast begins; the probability of crisis below that of the first state. */
export function fanFigures(followed: Followed, document: DrawingDocument): Figure[] {
  const { simulation: { fan } } = followed
  return variablesOfFan(fan.columns).flatMap((name, i) => fanFigure(followed, name, i === 0, document) ?? [])
}

const BANDS = [["5", "95", "#e3e9ef"], ["25", "75", "#bccbdb"]] as const

function fanFigure(followed: Followed, name: string, withCrisis: boolean, document: DrawingDocument): Figure | undefined {
  const { simulation: { fan, from, crisis, settings, breaks, states } } = followed
  const { year } = fan.columns, column = (part: string) => fan.columns[`${name}:${part}`]
  const values = ["5", "95", "mean"].flatMap(part => [...column(part)]).filter(Number.isFinite)
  if (values.length === 0) return undefined
  const y = axisOf(values), x = axisOf([...year], { tight: true })
  const line = (part: string, ink: number): Curve => ({ x: year, y: column(part), pieces: [[0, year.length]], ink: inkOf(ink) })
  const isState = states.length === 1 && states[0].name === name
  const upper: Panel = {
    x, y, height: 270, yLabel: followed.label(name), curves: [line("50", 0), line("mean", 1)],
    marks: BANDS.map(([low, high, fill]) => ribbon(year, column(low), column(high), y, fill)),
    levels: isState ? [...breaks.columns[name]].map(at => ({ at, label: `${symbol(name)}* = ${numberText(at)}` })) : [],
  }
  const lower = withCrisis && crisis ? crisisPanel(fan, x) : undefined
  const panels = lower ? [{ ...upper, height: 246 }, { ...lower, xLabel: "years" }] : [{ ...upper, xLabel: "years" }]
  const start = Object.entries(from).map(([state, at]) => `${symbol(state)} = ${numberText(at, 3)}`).join(", ")
  const title = `Fan chart of ${symbol(name)} from ${start}`
  const caption = `${title}: median (line), mean (dashed), and the ranges that hold half and nine tenths of ${settings.fanPaths} paths.`
    + (lower && crisis ? ` Below: the part of them in crisis (${plain(crisis.is)}).` : "")
  const names = [name, ...(lower ? ["crisis"] : [])]
  const kept = Object.fromEntries(Object.entries(fan.columns).filter(([key]) => key === "year" || names.includes(key.split(":")[0])))
  const keys = [{ text: "median", ink: inkOf(0) }, { text: "mean", ink: inkOf(1) }]
  return figureOf(`fan-${name}`, capitalised(title), caption, picture(panels, keys, document, title), table(kept))
}

export function crisisPanel(fan: Table, x: Axis): Panel {
  const { year, "crisis:mean": y } = fan.columns
  return { x, y: sparse(axisOf([...y], { zero: true })), height: 150, yLabel: "probability of crisis", curves: [{ x: year, y, pieces: [[0, year.length]], ink: CRISIS }] }
}

/** A line of its own: it is jagged, so that dashes would not be seen. */
export const CRISIS: Ink = { ...inkOf(2), dash: "" }
