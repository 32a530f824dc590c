import * as Plot from "@observablehq/plot"
import { isOn, positionOn, type Axis } from "./axis.ts"
import type { DrawingDocument, DrawnNode } from "./drawingDocument.ts"
import { FAINT, SHADE, TEXT, type Ink, type Symbol } from "./ink.ts"
import type { Pieces } from "./pieces.ts"
import type { Shades } from "./shades.ts"

export interface Curve {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly pieces: Pieces
  readonly ink: Ink
  /** Drawn as sparse dots instead of a line. */
  readonly symbol?: Symbol
  /** Markup set at the right end. */
  readonly label?: string
}

export interface Cloud {
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly colour: string
  readonly symbol: "hollow" | "filled" | "cross"
}

/** One set of axes. Text outside the frame (labels, legend) is set by `picture`. */
export interface Panel {
  readonly x: Axis
  readonly y: Axis
  readonly height: number
  /** Markup; the x label is left out where the panel below has it. */
  readonly xLabel?: string
  readonly yLabel: string
  /** Markup above the labels, where colours and not an axis stand for the variable. */
  readonly title?: string
  /** The scale of the colours, set to the right of the frame. */
  readonly scale?: Shades
  readonly curves: readonly Curve[]
  readonly clouds?: readonly Cloud[]
  readonly bands?: readonly (readonly [from: number, to: number])[]
  /** Marks of Plot under the curves: areas, contours, arrows. */
  readonly marks?: readonly Plot.Markish[]
  /** The same over the curves. */
  readonly over?: readonly Plot.Markish[]
  /** Vertical dotted lines, with the markup above them. */
  readonly switches?: readonly { readonly at: number; readonly label?: string }[]
  /** Horizontal lines: zero, a tolerance, what theory says. */
  readonly levels?: readonly Level[]
  readonly spots?: readonly { readonly x: number; readonly y: number; readonly label: string }[]
}

/** A horizontal line, faint where it has no ink of its own, and its name above it; below where there is no room. */
export interface Level { readonly at: number; readonly label?: string; readonly ink?: Ink }

export interface Frame { readonly width: number; readonly top: number; readonly right: number; readonly bottom: number; readonly left: number }

/** A line above this part of an axis has no room for its name above. */
const TOP_PART = 0.9

/** Axes and marks of a panel, drawn by Plot. */
export function drawnPanel(panel: Panel, frame: Frame, document: DrawingDocument): DrawnNode {
  const scale = (axis: Axis) => ({ type: axis.kind, domain: [...axis.domain], label: null }) as const
  const options = {
    document: document as never,
    width: frame.width, height: panel.height,
    marginTop: frame.top, marginRight: frame.right, marginBottom: frame.bottom, marginLeft: frame.left,
    x: scale(panel.x), y: scale(panel.y),
    marks: [
      (panel.bands ?? []).map(([from, to]) => Plot.rectX([[Math.max(from, panel.x.domain[0]), Math.min(to, panel.x.domain[1])]], { x1: "0", x2: "1", fill: SHADE })),
      (panel.levels ?? []).filter(({ at }) => isOn(panel.y, at)).map(({ at, ink }) =>
        Plot.ruleY([at], ink ? { stroke: ink.colour, strokeWidth: 1.2, ...(ink.dash ? { strokeDasharray: ink.dash } : {}) } : { stroke: FAINT, strokeWidth: 0.8 })),
      Plot.ruleX((panel.switches ?? []).map(({ at }) => at).filter(at => isOn(panel.x, at)), { stroke: "#555555", strokeDasharray: "1.2 2.4", strokeWidth: 1 }),
      panel.marks ?? [],
      (panel.clouds ?? []).map(cloudMark),
      panel.curves.map(curve => curve.symbol ? dotMark(curve, panel) : lineMark(curve, panel)),
      panel.over ?? [],
      Plot.dot(panel.spots ?? [], { x: "x", y: "y", r: 3.6, fill: TEXT, stroke: "white", strokeWidth: 1 }),
      Plot.text(panel.spots ?? [], { x: "x", y: "y", text: "label", dx: 7, dy: -10, textAnchor: "start", fill: TEXT, stroke: "white", strokeWidth: 4, fontSize: 12 }),
      (panel.levels ?? []).filter(({ at, label }) => label && isOn(panel.y, at)).map(level =>
        Plot.text([level], { y: "at", frameAnchor: "left", text: "label", dx: 6, dy: positionOn(panel.y, level.at) > TOP_PART ? 9 : -8, fill: "#555555", stroke: "white", strokeWidth: 4, fontSize: 11.5 })),
      Plot.frame({ anchor: "bottom", stroke: TEXT }), Plot.frame({ anchor: "left", stroke: TEXT }),
      Plot.axisX(panel.x.ticks, { label: null, tickFormat: panel.x.text, tickSize: 5, color: TEXT, fontSize: 12 }),
      Plot.axisY(panel.y.ticks, { label: null, tickFormat: panel.y.text, tickSize: 5, color: TEXT, fontSize: 12 }),
    ],
  }
  return Plot.plot(options as Plot.PlotOptions) as unknown as DrawnNode
}

function lineMark({ x, y, pieces, ink }: Curve, panel: Panel): Plot.Markish[] {
  return pieces.map(([from, to]) => {
    const points: [number, number][] = []
    for (let i = from; i < to; i++) points.push([x[i], isOn(panel.y, y[i]) && isOn(panel.x, x[i]) ? y[i] : NaN])
    // A line through one point would not be seen.
    if (points.length === 1) return Plot.dot(points, { r: 1.8, fill: ink.colour })
    const style = { stroke: ink.colour, strokeWidth: 1.6, strokeLinecap: "butt" } as const
    return Plot.line(points, ink.dash ? { ...style, strokeDasharray: ink.dash } : style)
  })
}

/** About this many dots over the width; the ends of each piece always have one, so that a peak at a switch is seen. */
const DOTS = 26

function dotMark({ x, y, pieces, ink, symbol }: Curve, panel: Panel): Plot.Markish {
  const points: [number, number][] = []
  for (const [from, to] of pieces) {
    let last = -Infinity
    for (let i = from; i < to; i++) {
      const place = positionOn(panel.x, x[i])
      if (!isOn(panel.y, y[i]) || !isOn(panel.x, x[i])) continue
      if (place - last < 1 / DOTS - 1e-9 && !(i === to - 1 && place - last > 0.3 / DOTS)) continue
      points.push([x[i], y[i]])
      last = place
    }
  }
  return Plot.dot(points, { symbol: symbol ?? "circle", r: symbol === "circle" ? 2.7 : 3, stroke: ink.colour, strokeWidth: 1.1, fill: symbol === "plus" ? "none" : "white" })
}

function cloudMark({ points, colour, symbol }: Cloud): Plot.Markish {
  const style = symbol === "hollow" ? { r: 1.7, fill: "white", stroke: colour, strokeWidth: 0.8 }
    : symbol === "filled" ? { r: 1.7, fill: colour } : { symbol: "times" as const, r: 2, stroke: colour, strokeWidth: 0.8 }
  return Plot.dot(points.map(([x, y]): [number, number] => [x, y]), style)
}
