import { axisOf } from "../axis.ts"
import { figureOf } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import { inkOf } from "../ink.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import { numberText } from "../number.ts"
import type { Panel } from "../panel.ts"
import { picture } from "../picture.ts"
import { symbol } from "../symbol.ts"
import type { Followed } from "./setting.ts"

/** The first path of the long run, its crises shaded. */
export function pathFigures(followed: Followed, document: DrawingDocument): Figure[] {
  const { simulation: { path, states, crisis, breaks } } = followed
  if (path.length < 2) return []
  const { year } = path.columns, x = axisOf([...year], { tight: true })
  const bands: [number, number][] = []
  path.columns.crisis.forEach((is, i) => {
    if (!is) return
    const to = year[Math.min(i + 1, year.length - 1)], last = bands.at(-1)
    if (last && last[1] >= year[i]) last[1] = to
    else bands.push([year[i], to])
  })
  const panels = states.map(({ name }, s): Panel => ({
    x, y: axisOf([...path.columns[name]]), height: s === states.length - 1 ? 214 : 190, bands, yLabel: followed.label(name),
    curves: [{ x: year, y: path.columns[name], pieces: [[0, year.length]], ink: inkOf(0) }],
    levels: states.length === 1 ? [...breaks.columns[name]].map(at => ({ at, label: `${symbol(name)}* = ${numberText(at)}` })) : [],
    ...(s === states.length - 1 ? { xLabel: "years" } : {}),
  }))
  const title = "A path"
  const caption = `The first of the paths, ${Math.round(year[year.length - 1])} years of it.${crisis ? ` Shaded: crises (${plain(crisis.is)}), ${bands.length === 0 ? "of which it has none" : `${bands.length} of them`}.` : ""}`
  return [figureOf("path", title, caption, picture(panels, [], document, title), path)]
}
