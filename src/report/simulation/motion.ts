import { axisOf } from "../axis.ts"
import { figureOf, listed } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import { inkOf } from "../ink.ts"
import type { Figure } from "../input.ts"
import { numberText } from "../number.ts"
import type { Panel } from "../panel.ts"
import { picture } from "../picture.ts"
import { stableRoots, type Pieces } from "../pieces.ts"
import { symbol } from "../symbol.ts"
import { crisisBands } from "./longRun.ts"
import type { Followed } from "./setting.ts"

/** Drift and volatility of the one state, each side of a switch for itself. */
export function motionFigures(followed: Followed, document: DrawingDocument): Figure[] {
  const { simulation: { motion, states, breaks, crisis } } = followed
  if (states.length !== 1 || motion.length === 0) return []
  const [{ name }] = states
  const { [name]: x, region } = motion.columns
  const pieces: [number, number][] = []
  region.forEach((r, i) => {
    if (i === 0 || r !== region[i - 1]) pieces.push([i, i + 1])
    else pieces[pieces.length - 1][1] = i + 1
  })
  const axis = axisOf([...x], { tight: true }), bands = crisis ? crisisBands(followed) : []
  const panel = (column: string, yLabel: string, ink: number, own: Partial<Panel>): Panel => {
    const y = motion.columns[column]
    return { x: axis, y: axisOf([...y]), height: 190, bands, curves: [{ x, y, pieces: pieces as Pieces, ink: inkOf(ink) }], yLabel, switches: [...breaks.columns[name]].map(at => ({ at })), levels: [{ at: 0 }], ...own }
  }
  const roots = stableRoots(x, motion.columns[`drift:${name}`])
  const drift = panel(`drift:${name}`, `drift of ${symbol(name)}, a year`, 0, { spots: roots.map(at => ({ x: at, y: 0, label: `${symbol(name)} = ${numberText(at)}` })) })
  const volatility = panel(`volatility:${name}`, `volatility of ${symbol(name)}, per square root of a year`, 1, { height: 214, xLabel: followed.label(name) })
  const title = `Law of motion of ${symbol(name)}`
  const caption = `${title}: its drift, and its volatility.`
    + (roots.length > 0 ? ` Dot: the drift leads to ${listed(roots.map(at => `${symbol(name)} = ${numberText(at)}`))} from both sides.` : "")
    + (crisis && bands.length > 0 ? " Shaded: the crisis region." : "")
  return [figureOf("motion", title, caption, picture([drift, volatility], [], document, title), motion)]
}
