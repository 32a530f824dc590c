import { isDiscrete } from "../../model/discrete/economy.ts"
import { table } from "../../run/table.ts"
import type { Response } from "../../simulate/simulation.ts"
import { axisOf, sparse } from "../axis.ts"
import { figureOf } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import { inkOf, type Ink } from "../ink.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import { numberText } from "../number.ts"
import type { Curve, Panel } from "../panel.ts"
import { picture } from "../picture.ts"
import { symbol } from "../symbol.ts"
import { CRISIS } from "./fan.ts"
import { variablesOfFan, type Followed } from "./setting.ts"

/** What a shock changes: the same paths with it, less those without it, in the mean and in the median. */
export function responseFigures(followed: Followed, document: DrawingDocument): Figure[] {
  return followed.simulation.responses.flatMap(response => responseFigure(followed, response, document) ?? [])
}

function responseFigure(followed: Followed, { shock, size, to, fan }: Response, document: DrawingDocument): Figure | undefined {
  const { simulation: { fan: without, from, crisis }, input: { economy } } = followed
  const { year } = fan.columns, x = axisOf([...year], { tight: true })
  const columns: Record<string, Float64Array> = { year }
  const curve = (key: string, ink: Ink): Curve => {
    const y = fan.columns[key].map((v, i) => v - without.columns[key][i])
    columns[key] = y
    return { x: year, y, pieces: [[0, year.length]], ink }
  }
  const panelOf = (curves: readonly Curve[], yLabel: string): Panel => ({ x, y: sparse(axisOf(curves.flatMap(c => [...c.y]))), height: 150, yLabel, curves, levels: [{ at: 0 }] })
  const panels = variablesOfFan(fan.columns).slice(0, MOST).map(name => panelOf([curve(`${name}:50`, inkOf(0)), curve(`${name}:mean`, inkOf(1))], `change of ${followed.label(name)}`))
  if (crisis) panels.push(panelOf([curve("crisis:mean", CRISIS)], "change of the probability of crisis"))
  if (panels.every(({ curves }) => curves.every(({ y }) => !y.some(Number.isFinite)))) return undefined
  const stacked = panels.map((panel, i) => i === panels.length - 1 ? { ...panel, height: 174, xLabel: "years" } : panel)
  const point = (place: Readonly<Record<string, number>>) => Object.entries(place).map(([state, at]) => `${symbol(state)} = ${numberText(at, 3)}`).join(", ")
  const words = isDiscrete(economy) ? undefined : economy.declaration.shocks?.[shock]?.is
  const title = `Response to a shock of ${numberText(size)} standard deviation${Math.abs(size) === 1 ? "" : "s"} of a year in ${symbol(shock)}${words ? ` (${plain(words)})` : ""}`
  const caption = `${title}, which carries the state from ${point(from)} to ${point(to)}: paths with it less the same paths without it, median (line) and mean (dashed).`
  return figureOf(`response-${shock}${size > 0 ? "plus" : "minus"}${Math.abs(size)}`, title, caption, picture(stacked, [{ text: "median", ink: inkOf(0) }, { text: "mean", ink: inkOf(1) }], document, title), table(columns))
}

/** Panels that fit on a page. */
const MOST = 5
