import { table } from "../../run/table.ts"
import { axisOf } from "../axis.ts"
import { figureOf } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import { inkOf } from "../ink.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import { numberText } from "../number.ts"
import type { Curve } from "../panel.ts"
import { picture } from "../picture.ts"
import type { Pieces } from "../pieces.ts"
import { symbol } from "../symbol.ts"
import { extentText, type Followed } from "./setting.ts"

/** The density of each state (the marginal one, with several), by the forward equation and by simulation. */
export function longRunFigures(followed: Followed, document: DrawingDocument): Figure[] {
  return followed.states.flatMap((_, s) => densityFigure(followed, s, document) ?? [])
}

function densityFigure(followed: Followed, s: number, document: DrawingDocument): Figure | undefined {
  const { simulation, states } = followed
  const { edges, name } = simulation.states[s], several = states.length > 1
  const { columns } = several ? simulation.marginals[s] : simulation.density
  const x = columns[name], switches = several ? [] : [...simulation.breaks.columns[name]]
  // The bin that a switch cuts holds a mean of both sides: it is not drawn.
  const cut = (b: number) => switches.some(at => at > edges[b] && at < edges[b + 1]), joined = (b: number) => !switches.includes(edges[b])
  const curves = ([["kolmogorov", undefined], ["simulated", "circle"]] as const).flatMap(([which, dots], i): Curve[] => {
    const y = columns[which]
    if (!y?.some(Number.isFinite)) return []
    const curve = { x, y, pieces: pieces(y, cut, joined), ink: inkOf(i) }
    return [dots ? { ...curve, symbol: dots } : curve]
  })
  if (curves.length === 0) return undefined
  const y = axisOf(curves.flatMap(curve => [...curve.y]), { zero: true }), axis = axisOf([edges[0], edges[edges.length - 1]], { tight: true })
  const { crisis, totalVariation } = simulation
  const shares = !several && crisis ? crisisBands(followed) : []
  const title = `${several ? "Marginal stationary" : "Stationary"} density of ${symbol(name)}`
  const both = curves.length === 2
  const caption = `${title}${both ? ": by the Kolmogorov forward equation (line) and by simulation (dots)" : " by simulation"}, ${extentText(simulation)}.`
    + (both && !several ? ` Total variation distance ${numberText(totalVariation, 2)}.` : "")
    + (shares.length > 0 && crisis ? ` Shaded: the crisis region, ${plain(crisis.is)}; its probability is ${both ? `${numberText(crisis.probabilityDensity, 3)} and ${numberText(crisis.probabilitySimulated, 3)}` : numberText(crisis.probabilitySimulated, 3)}.` : "")
  const keys = both ? [{ text: "forward equation", ink: inkOf(0) }, { text: "simulation", ink: inkOf(1), symbol: "circle" as const }] : []
  const svg = picture([{
    x: axis, y, height: 300, curves, xLabel: followed.label(name), yLabel: "density", bands: shares,
    switches: switches.map(at => ({ at })),
  }], keys, document, title)
  const drawn = Object.fromEntries(Object.entries(columns).filter(([key]) => [name, "kolmogorov", "simulated"].includes(key)))
  return figureOf(several ? `density-${name}` : "density", title, caption, svg, table(drawn))
}

/** Stretches of bins without those that are left out, each bin joined to the one before it or not. */
function pieces(y: Float64Array, isLeftOut: (bin: number) => boolean, isJoined: (bin: number) => boolean): Pieces {
  const found: [number, number][] = []
  y.forEach((_, b) => {
    if (isLeftOut(b)) return
    const last = found.at(-1)
    if (last && last[1] === b && isJoined(b)) last[1] = b + 1
    else found.push([b, b + 1])
  })
  return found
}

/** The stretches of the one state that lie in the crisis region; their ends at switches where they have them. */
export function crisisBands({ simulation: { density, states: [{ name, edges }], breaks } }: Followed): [number, number][] {
  const { crisis } = density.columns
  const bands: [number, number][] = []
  crisis.forEach((share, b) => {
    if (!(share > 0)) return
    const last = bands.at(-1)
    const cut = breaks.columns[name].find(at => at > edges[b] && at < edges[b + 1])
    const [from, to] = share > 0.999 || cut === undefined ? [edges[b], edges[b + 1]] : crisis[b + 1] > 0.5 ? [cut, edges[b + 1]] : [edges[b], cut]
    if (share < 0.5 && cut === undefined) return
    if (last && Math.abs(last[1] - from) < 1e-12) last[1] = to
    else bands.push([from, to])
  })
  return bands
}
