import { table } from "../../run/table.ts"
import type { Solution } from "../../solve/solution.ts"
import { figureOf } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import { numberText } from "../number.ts"
import { picture } from "../picture.ts"
import { symbol } from "../symbol.ts"
import { differenceAt, gapAt } from "./difference.ts"
import { heatPanel, sizesOf } from "./heat.ts"
import { mapPanel } from "./map.ts"
import { named, overText, titleOf, type Plane } from "./plane.ts"
import { switchKeys, switchSentence } from "./switches.ts"

/** A relative difference below this is the rounding of float64, and says nothing about the methods. */
const ROUNDING = 1e-14

/** A variable over both states; below it, for every other method, how far that is from the first. */
export function mapFigure(plane: Plane, variable: string, document: DrawingDocument): Figure | undefined {
  const { input: { solutions: [, ...others] }, reference, states: [first, second] } = plane
  const panel = mapPanel(plane, reference, variable)
  if (!panel) return undefined
  const { label, words } = titleOf(plane, variable), name = symbol(variable)
  const columns: Record<string, Float64Array> = Object.fromEntries([first, second, variable].map(column => [column, reference.table.columns[column]]))
  const below = others.flatMap(other => differencePanel(plane, other, variable, columns) ?? [])
  const panels = [{ ...panel, title: label }, ...below.map(({ panel }) => panel)].map((panel, i, { length }) => i === length - 1 ? panel : { ...panel, xLabel: undefined, height: panel.height - 24 })
  const title = named(words, name)
  const beyond = panel.scale && (panel.scale.beyond.above || panel.scale.beyond.below) ? " The colour of an end of the scale stands for all values beyond it." : ""
  const caption = `${title}${overText(words, `over ${symbol(first)} and ${symbol(second)}`)}${others.length ? `, by ${plain(reference.method)}` : ""}; darker is larger.${beyond}${switchSentence(plane)}`
    + below.map(({ caption }) => caption).join("")
  return figureOf(variable, title, caption, picture(panels, switchKeys(plane), document, `${title} over both states`), table(columns))
}

function differencePanel(plane: Plane, other: Solution, variable: string, columns: Record<string, Float64Array>) {
  const difference = differenceAt(plane, other, variable)?.map(value => value <= ROUNDING ? 0 : value), gap = difference && gapAt(plane, difference)
  if (!difference || !gap || gap.largest === 0) return undefined
  columns[`difference:${variable}:${other.method}`] = difference
  const who = plain(other.method), reference = plain(plane.reference.method), [first, second] = plane.states.map(symbol)
  return {
    panel: { ...heatPanel(plane, plane.reference, difference, sizesOf([...difference], 5)), height: 300, title: `|${who} \u2212 ${reference}|\u2009/\u2009max\u2009|${reference}| of ${symbol(variable)}` },
    caption: ` Below: the difference of ${who} relative to the largest value; at most ${numberText(gap.largest, 2)}, at ${first} = ${numberText(gap.at[0], 3)}, ${second} = ${numberText(gap.at[1], 3)}; ${numberText(gap.mean, 2)} on average${difference.includes(0) ? "; white where they agree up to rounding" : ""}.`,
  }
}
