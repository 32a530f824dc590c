import * as Plot from "@observablehq/plot"
import { axisOf, type Axis } from "../axis.ts"
import { figureOf, listed } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import { inkOf } from "../ink.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import type { Curve, Panel } from "../panel.ts"
import { picture } from "../picture.ts"
import { symbol } from "../symbol.ts"
import type { Followed } from "./setting.ts"

/** Two states: where they are in the long run, and where their drifts lead. Nothing for another number. */
export function planeFigures(followed: Followed, document: DrawingDocument): Figure[] {
  return followed.states.length === 2 ? [densityPlane(followed, document), phaseDiagram(followed, document)] : []
}

/** Parts of the time that the darker regions hold, from the widest to the narrowest. */
const LEVELS = [{ part: 0.99, fill: "#eef2f6" }, { part: 0.95, fill: "#d3deea" }, { part: 0.75, fill: "#a9c0d8" }, { part: 0.5, fill: "#7299c0" }] as const

function densityPlane(followed: Followed, document: DrawingDocument): Figure {
  const { simulation: { density, crisis } } = followed
  const [x, y] = homeAxes(followed)
  const main = density.columns.kolmogorov ?? density.columns.simulated, masses = density.columns["mass:kolmogorov"] ?? density.columns["mass:simulated"]
  const fills = LEVELS.map(({ part, fill }) => contour(followed, [x, y], main, levelOf(main, masses, part), { fill, stroke: "none" }))
  const simulated = density.columns.kolmogorov ? LEVELS.map(({ part }) => contour(followed, [x, y], density.columns.simulated, levelOf(density.columns.simulated, density.columns["mass:simulated"], part), { stroke: inkOf(2).colour, strokeWidth: 0.9, strokeDasharray: "1.6 2.2" })) : []
  const names = followed.states.map(symbol)
  const title = `Stationary density of ${listed(names)}`
  const caption = `${title}: the smallest regions that hold ${listed(LEVELS.map(({ part }) => `${100 * part}%`).toReversed())} of the time`
    + (simulated.length > 0 ? ", by the Kolmogorov forward equation (shaded) and by simulation (dotted)." : ", by simulation.")
    + breakSentence(followed) + (crisis && followed.simulation.breaks.length > 0 ? ` In crisis (${plain(crisis.is)}) ${density.columns.crisis[0] > 0.5 ? "left" : "right"} of it.` : "")
  const panel: Panel = { x, y, height: 330, xLabel: followed.label(followed.states[0]), yLabel: followed.label(followed.states[1]), curves: breakCurves(followed), marks: [...fills, ...simulated] }
  const keys = simulated.length > 0 ? [{ text: "simulation", ink: { colour: inkOf(2).colour, dash: "1.6 2.2" } }] : []
  return figureOf("density", title, caption, picture([panel], keys, document, title), density)
}

function phaseDiagram(followed: Followed, document: DrawingDocument): Figure {
  const { simulation: { motion, density }, states: [first, second] } = followed
  const [x, y] = axesOf(followed)
  const masses = density.columns["mass:kolmogorov"] ?? density.columns["mass:simulated"], main = density.columns.kolmogorov ?? density.columns.simulated
  const home = contour(followed, [x, y], main, levelOf(main, masses, 0.95), { fill: LEVELS[0].fill, stroke: "none" })
  const { [first]: px, [second]: py, [`drift:${first}`]: dx, [`drift:${second}`]: dy } = motion.columns
  // Directions and lengths as the eye sees them: in parts of the axes.
  const width = x.domain[1] - x.domain[0], height = y.domain[1] - y.domain[0]
  const u = dx.map(d => d / width * ASPECT), v = dy.map(d => d / height)
  const fastest = u.reduce((most, a, i) => Math.max(most, Math.hypot(a, v[i])), 1e-300)
  const arrows = Array.from(px, (at, i) => ({ x: at, y: py[i], length: 3 + 9 * Math.sqrt(Math.hypot(u[i], v[i]) / fastest), rotate: Math.atan2(u[i], v[i]) * 180 / Math.PI }))
    .filter(({ rotate }) => Number.isFinite(rotate))
  const title = `Phase diagram of ${listed([first, second].map(symbol))}`
  const caption = `${title}: where the drifts lead; longer arrows are faster. Shaded: the region that holds 95% of the time.${breakSentence(followed)}`
  const panel: Panel = {
    x, y, height: 330, xLabel: followed.label(first), yLabel: followed.label(second), curves: breakCurves(followed),
    marks: [home, Plot.vector(arrows, { x: "x", y: "y", length: "length", rotate: "rotate", anchor: "middle", stroke: "#444444", strokeWidth: 0.9 })],
  }
  return figureOf("phase", title, caption, picture([panel], [], document, title), motion)
}

/** Width over height of the frame. */
const ASPECT = 1.65

const axesOf = ({ simulation: { states } }: Followed): Axis[] => states.map(({ edges }) => axisOf([edges[0], edges[edges.length - 1]], { tight: true }))

/** Axes over the bins that hold all but a trace of the mass, with some room. */
function homeAxes({ simulation: { states, density } }: Followed): Axis[] {
  const masses = density.columns["mass:kolmogorov"] ?? density.columns["mass:simulated"], rows = states[1].edges.length - 1
  return states.map(({ edges }, s) => {
    const marginal = new Float64Array(edges.length - 1)
    masses.forEach((mass, bin) => { marginal[s === 0 ? Math.floor(bin / rows) : bin % rows] += mass })
    const low = marginal.findIndex(mass => mass > TRACE), high = marginal.findLastIndex(mass => mass > TRACE)
    const room = 0.1 * (edges[high + 1] - edges[low])
    return axisOf([Math.max(edges[0], edges[low] - room), Math.min(edges[edges.length - 1], edges[high + 1] + room)], { tight: true })
  })
}

const TRACE = 1e-4

/** The curves along which a complementarity line changes side. */
function breakCurves({ simulation: { breaks }, states: [first, second] }: Followed): Curve[] {
  const { [first]: x, [second]: y, break: number } = breaks.columns
  return [...new Set(number)].map((b, i) => {
    const rows = Array.from(number.keys()).filter(row => number[row] === b)
    return { x: Float64Array.from(rows, row => x[row]), y: Float64Array.from(rows, row => y[row]), pieces: [[0, rows.length]], ink: { colour: inkOf(i).colour, dash: "" } }
  })
}

const breakSentence = ({ simulation: { breaks } }: Followed) => breaks.length > 0 ? " Line: where a complementarity line changes side." : ""

/** The density above which bins hold a part of the mass. */
function levelOf(density: Float64Array, masses: Float64Array, part: number): number {
  const order = Array.from(density.keys()).sort((a, b) => density[b] - density[a])
  let held = 0
  for (const bin of order) {
    held += masses[bin]
    if (held >= part) return density[bin]
  }
  return 0
}

/** The region where a column over the bins is above a level, drawn from an even grid of points of the axes. */
function contour({ simulation: { states } }: Followed, axes: readonly Axis[], values: Float64Array, level: number, style: Plot.ContourOptions): Plot.Markish {
  const [across, up] = states.map(({ edges }, s) => even(edges, axes[s]))
  const rows = states[1].edges.length - 1
  const at = (i: number, j: number) => values[i * rows + j]
  const grid = Array.from({ length: POINTS * POINTS }, (_, p) => {
    const a = across[p % POINTS], b = up[Math.floor(p / POINTS)]
    return (1 - a.t) * ((1 - b.t) * at(a.i, b.i) + b.t * at(a.i, b.i + 1)) + a.t * ((1 - b.t) * at(a.i + 1, b.i) + b.t * at(a.i + 1, b.i + 1))
  })
  const [[x1, x2], [y1, y2]] = axes.map(({ domain }) => domain)
  return Plot.contour(grid, { width: POINTS, height: POINTS, x1, x2, y1, y2, thresholds: [level], ...style })
}

const POINTS = 120

/** For even points of an axis: the middles of bins beside them, and how far they are from the lower one. */
function even(edges: readonly number[], { domain: [from, to] }: Axis): { i: number; t: number }[] {
  const middles = edges.slice(1).map((high, i) => (edges[i] + high) / 2)
  return Array.from({ length: POINTS }, (_, p) => {
    const x = from + (to - from) * (p + 0.5) / POINTS
    let i = 0
    while (i + 2 < middles.length && middles[i + 1] <= x) i++
    return { i, t: Math.min(1, Math.max(0, (x - middles[i]) / (middles[i + 1] - middles[i]))) }
  })
}
