import * as Plot from "@observablehq/plot"
import { table, type Table } from "../../run/table.ts"
import type { Solution } from "../../solve/solution.ts"
import { figureOf, listed } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import { KEY_INK, picture, type Key } from "../picture.ts"
import type { Cloud, Panel } from "../panel.ts"
import { symbol } from "../symbol.ts"
import type { Plane } from "./plane.ts"
import { surfaceFigure } from "./surface.ts"
import { switchesOf, switchMarks } from "./switches.ts"

/** More points than this are thinned evenly. */
const MOST = 2500
const GREY = "#8a8a8a", FIRST = "#0067a5", ACTIVE = "#c0281c"
const TOPIC = "Active learning"

/**
 * Active learning in four pictures, as in the lectures: the grid of the static block, the price on it with its kink along the
 * switch, the training points with those about the switch apart, and where these were in the first step and in the last.
 */
export function activeFigures(plane: Plane, document: DrawingDocument): (Figure | undefined)[] {
  return plane.input.solutions.flatMap(solution => {
    const { samples } = solution, [first, second] = plane.states
    if (!samples || samples.length === 0 || !samples.columns[first] || !samples.columns[second]) return []
    const own = { ...plane, switches: switchesOf(plane.layout(solution), plane.switches[0]?.symbol ?? "") }
    const price = Object.entries(plane.economy.declaration.unknowns).find(([, { kind }]) => kind === "price")?.[0]
    return [
      gridFigure(own, solution, document), ...price === undefined ? [] : [surfaceFigure(own, solution, price, `active-surface-${solution.method}`)],
      sampleFigure(own, solution, samples, document), ...bandFigure(own, solution, samples, document),
    ]
  })
}

function gridFigure(plane: Plane, solution: Solution, document: DrawingDocument): Figure {
  const [first, second] = plane.states, { [first]: x, [second]: y } = solution.table.columns
  const sizes = solution.states.map(({ nodes }) => nodes.length).join(" \u00D7 ")
  const title = `${TOPIC} of ${plain(solution.method)}: grid of the static block`
  const caption = `${title}, ${sizes} nodes: at each, prices and shares are solved exactly.${curveSentence(plane)}`
  const [{ nodes: xs }, { nodes: ys }] = solution.states, gap = [NaN, NaN]
  const lines = [...Array.from(xs, at => [[at, ys[0]], [at, ys[ys.length - 1]], gap]), ...Array.from(ys, at => [[xs[0], at], [xs[xs.length - 1], at], gap])].flat()
  const svg = picture([{ ...frame(plane, "grid of the static block"), marks: [Plot.line(lines as [number, number][], { stroke: "#55779c", strokeWidth: 0.45 })], over: switchMarks(plane) }], curveKeys(plane), document, title)
  return figureOf(`active-grid-${solution.method}`, title, caption, svg, table({ [first]: x, [second]: y }))
}

/** The last step's points: uniform ones, and those of the band. */
function sampleFigure(plane: Plane, { method }: Solution, samples: Table, document: DrawingDocument): Figure {
  const clouds = [
    { word: "uniform", points: pointsOf(plane, samples, true, false), colour: GREY, symbol: "hollow" },
    { word: "about the switch", points: pointsOf(plane, samples, true, true), colour: ACTIVE, symbol: "filled" },
  ] as const
  const drawn = clouds.filter(({ points }) => points.length > 0).map(cloud => ({ ...cloud, points: thinned(cloud.points) }))
  const title = `${TOPIC} of ${plain(method)}: training points of the last step`
  const caption = `${title}: ${listed(clouds.filter(({ points }) => points.length > 0).map(({ word, points }) => `${points.length} ${word}`))}.${curveSentence(plane)}`
  const keys = [...drawn.map(({ word, colour, symbol }): Key => ({ text: word, ink: { colour, dash: "" }, symbol })), ...curveKeys(plane)]
  return figureOf(`active-sample-${method}`, title, caption, picture([{ ...frame(plane, "training points"), clouds: drawn, over: switchMarks(plane) }], keys, document, title), samples)
}

/** How the band moved; nothing where there is one step alone, or no band. */
function bandFigure(plane: Plane, { method }: Solution, samples: Table, document: DrawingDocument): Figure[] {
  const { outer } = samples.columns
  if (!outer) return []
  const last = outer[outer.length - 1], [before, after] = [false, true].map(isLast => pointsOf(plane, samples, isLast, true))
  if (outer[0] === last || before.length === 0 || after.length === 0) return []
  const clouds: Cloud[] = [{ points: thinned(before), colour: FIRST, symbol: "hollow" }, { points: thinned(after), colour: ACTIVE, symbol: "filled" }]
  const words = [`step ${outer[0]}`, `step ${last}`]
  const title = `${TOPIC} of ${plain(method)}: the band about the switch, first and last`
  const caption = `${title}: its training points in outer step ${outer[0]} and in step ${last}; it is found again in every step.${curveSentence(plane)}`
  const keys = [...clouds.map(({ colour, symbol }, i): Key => ({ text: words[i], ink: { colour, dash: "" }, symbol: symbol === "filled" ? "filled" : "hollow" })), ...curveKeys(plane)]
  return [figureOf(`active-band-${method}`, title, caption, picture([{ ...frame(plane, "band about the switch"), clouds, over: switchMarks(plane) }], keys, document, title), samples)]
}

/** Points of the last outer step or of the first, of the band or not. */
function pointsOf({ states: [first, second] }: Plane, { columns, length }: Table, isLast: boolean, isActive: boolean): [number, number][] {
  const { [first]: x, [second]: y, active, outer } = columns, step = outer && outer[isLast ? length - 1 : 0]
  return Array.from({ length }, (_, k) => k).filter(k => (step === undefined || outer[k] === step) && (active !== undefined && active[k] > 0) === isActive).map(k => [x[k], y[k]])
}

const thinned = <T>(points: readonly T[]) => points.filter((_, k) => k % Math.ceil(points.length / MOST) === 0)

const frame = ({ axes: [x, y], labels: [xLabel, yLabel] }: Plane, title: string): Panel => ({ x, y, height: 310, curves: [], xLabel, yLabel, title })

/** By its symbol alone: the curve is that of the method, not of the reference. */
const curveKeys = ({ switches }: Plane): Key[] => switches.slice(0, 1).map(({ symbol }) => ({ text: symbol, ink: { ...KEY_INK, colour: "#000000" } }))

const curveSentence = ({ switches, states }: Plane) => switches.length === 0 ? "" : ` Line: ${listed(switches.map(({ symbol: name, label }) => `${name}, where \u201C${label}\u201D changes side`))}, over ${states.map(symbol).join(" and ")}.`
