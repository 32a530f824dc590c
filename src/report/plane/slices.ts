import * as Plot from "@observablehq/plot"
import { table } from "../../run/table.ts"
import type { Solution } from "../../solve/solution.ts"
import { axisOf, isOn, logAxis, type Axis } from "../axis.ts"
import { figureOf, listed } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import { inkOf, SYMBOLS } from "../ink.ts"
import type { Figure } from "../input.ts"
import { plain } from "../markup.ts"
import { numberText } from "../number.ts"
import type { Curve, Panel } from "../panel.ts"
import { KEY_INK, picture, type Key } from "../picture.ts"
import { piecesOf } from "../pieces.ts"
import { symbol } from "../symbol.ts"
import { edgesAt, regionsOf } from "./layout.ts"
import { named, overText, sliceLevels, titleOf, type Plane } from "./plane.ts"

/** A variable along the first state with the second held: points region after region, the two sides of a switch apart. */
interface Slice {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly pieces: readonly (readonly [from: number, to: number])[]
  /** The switches inside the domain, with the values at both sides. */
  readonly ends: readonly { readonly at: number; readonly sides: readonly [number, number] }[]
}

/** As high as the map of the same variable, with and without its difference. */
const HEIGHT = 310, UPPER = 316, LOWER = 270
/** A relative difference below this is the rounding of float64, and says nothing about the methods. */
const ROUNDING = 1e-14
/** Points along a slice that set its axis. */
const EVEN = 60

/** A variable along the first state at the lowest, mean and highest second state, every method on the same axes; their difference below. */
export function sliceFigure(plane: Plane, variable: string, document: DrawingDocument): Figure | undefined {
  const { input: { solutions }, states: [first, second] } = plane, [reference, ...others] = solutions
  const levels = sliceLevels(plane)
  const slices = solutions.map(solution => levels.map(level => sliceOf(plane, solution, variable, level)))
  const drawn = slices.flatMap((own, method) => own.flatMap((slice, index): Curve[] => {
    if (!slice) return []
    const curve = { ...slice, ink: inkOf(index) }
    return [method > 0 ? { ...curve, symbol: SYMBOLS[(method - 1) % SYMBOLS.length] } : { ...curve, label: `${symbol(second)} = ${numberText(levels[index], 3)}` }]
  }))
  const values = drawn.flatMap(({ y }) => [...y]).filter(Number.isFinite)
  if (values.length === 0) return undefined
  const { label, words } = titleOf(plane, variable), name = symbol(variable)
  const lower = differencePanel(plane, variable, levels)
  const y = axisOfSlices(drawn, values)
  const upper: Panel = {
    x: plane.axes[0], y, height: lower ? UPPER : HEIGHT, curves: drawn, yLabel: label, ...lower ? {} : { xLabel: plane.labels[0] },
    levels: y.kind === "linear" && y.domain[0] < 0 && y.domain[1] > 0 ? [{ at: 0 }] : [],
    over: endMarks(slices[0], y),
  }
  const title = named(words, name) + overText(words, `along ${symbol(first)}`)
  const ends = slices[0].flatMap(slice => slice?.ends.map(({ at }) => numberText(at, 3)) ?? [])
  const hidden = values.filter(value => value < y.domain[0] || value > y.domain[1]).length
  const caption = `${title} at the lowest, mean and highest ${symbol(second)}.`
    + (others.length ? ` Lines: ${plain(reference.method)}; dots: ${listed(others.map(({ method }) => plain(method)))}.${lower ? " Below: the difference relative to the largest value of the slice." : ""}` : "")
    + (ends.length ? ` Diamonds: the switch, at ${symbol(first)} = ${listed(ends)}.` : "")
    + (hidden ? ` ${hidden} values of ${values.length}, up to ${numberText(values.reduce((a, b) => Math.abs(b) > Math.abs(a) ? b : a))}, lie outside the axis.` : "")
  const keys = others.length ? solutions.map(({ method }, i): Key => i === 0 ? { text: plain(method), ink: KEY_INK } : { text: plain(method), ink: KEY_INK, symbol: SYMBOLS[(i - 1) % SYMBOLS.length] }) : []
  return figureOf(`${variable}-slices`, title, caption, picture(lower ? [upper, lower] : [upper], keys, document, title), rowsOf(plane, levels, slices))
}

/** An axis for values spread evenly along the slices, where all values would need one four times as long: a pole at an end does not flatten the rest. */
function axisOfSlices(curves: readonly Curve[], values: readonly number[]): Axis {
  const even = curves.flatMap(({ x, y, pieces }) => pieces.flatMap(([from, to]) => Array.from({ length: EVEN }, (_, k) => {
    const at = x[0] + (x[x.length - 1] - x[0]) * (k + 0.5) / EVEN, next = x.findIndex((place, i) => i > from && i < to && place >= at)
    return next < 0 || at < x[from] ? NaN : y[next - 1] + (y[next] - y[next - 1]) * (at - x[next - 1]) / (x[next] - x[next - 1])
  }))).filter(Number.isFinite)
  const all = axisOf(values), some = axisOf(even), length = ({ domain: [low, high] }: Axis) => high - low
  const size = values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b))
  return even.length > 1 && (some.kind !== all.kind || size > 4 * length(some)) ? some : all
}

function sliceOf(plane: Plane, solution: Solution, variable: string, level: number): Slice | undefined {
  const field = plane.field(solution, variable)
  if (!field) return undefined
  const layout = plane.layout(solution), edges = edgesAt(layout, level), { xs } = layout
  const x: number[] = [], y: number[] = [], pieces: [number, number][] = [], ends: { at: number; sides: [number, number] }[] = []
  for (let region = 0; region < regionsOf(layout); region++) {
    const [low, high] = [edges[region], edges[region + 1]]
    // A region that this row has not got.
    if (high - low < 1e-9 * (xs[xs.length - 1] - xs[0])) continue
    const places = [low, ...xs.filter(at => at > low && at < high), high], start = x.length
    const values = places.map(at => field.within(region, (at - low) / (high - low), level))
    if (start > 0) ends.push({ at: low, sides: [y[start - 1], values[0]] })
    x.push(...places)
    y.push(...values)
    pieces.push(...piecesOf(places, values, []).map(([from, to]): [number, number] => [start + from, start + to]))
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y), pieces, ends }
}

/** Diamonds where slices meet a switch: one at a kink, two at a jump. */
function endMarks(slices: readonly (Slice | undefined)[], axis: Axis): Plot.Markish[] {
  return slices.map((slice, index) => {
    const spots = (slice?.ends ?? []).flatMap(({ at, sides }) => sides.filter(value => Number.isFinite(value) && isOn(axis, value)).map((value): [number, number] => [at, value]))
    return Plot.dot(spots, { symbol: "diamond", r: 3.4, fill: inkOf(index).colour, stroke: "white", strokeWidth: 0.9 })
  })
}

function differencePanel(plane: Plane, variable: string, levels: readonly number[]): Panel | undefined {
  const { input: { solutions: [reference, ...others] } } = plane
  const curves = others.flatMap((other, method) => levels.flatMap((level, index): Curve[] => {
    const own = sliceOf(plane, reference, variable, level), field = plane.field(other, variable)
    if (!own || !field) return []
    const size = own.y.reduce((most, value) => Math.abs(value) > most ? Math.abs(value) : most, 0) || 1
    // At the nodes: at a switch of its own each method has two values.
    const at = Array.from(own.x.keys()).filter(i => !own.ends.some(end => end.at === own.x[i]))
    const x = Float64Array.from(at, i => own.x[i]), y = Float64Array.from(at, i => Math.abs(field.at(own.x[i], level) - own.y[i]) / size).map(value => value > ROUNDING ? value : NaN)
    const pieces = piecesOf(x, y, [])
    const curve = { x, y, pieces, ink: inkOf(index) }
    return pieces.length === 0 ? [] : [others.length > 1 ? { ...curve, symbol: SYMBOLS[method % SYMBOLS.length] } : curve]
  }))
  const values = curves.flatMap(({ y }) => [...y]).filter(Number.isFinite)
  if (values.length === 0) return undefined
  const who = others.length === 1 ? plain(others[0].method) : "other"
  return {
    // Dips are where the difference changes sign: they do not set the axis.
    x: plane.axes[0], y: logAxis(values.toSorted((a, b) => a - b).slice(Math.floor(0.04 * values.length)), 6), height: LOWER, curves, xLabel: plane.labels[0],
    yLabel: `|${who} \u2212 ${plain(reference.method)}|\u2009/\u2009max\u2009|${plain(reference.method)}|`,
  }
}

/** Slices one below the other: their points differ. */
function rowsOf({ input: { solutions }, states: [first, second] }: Plane, levels: readonly number[], slices: readonly (readonly (Slice | undefined)[])[]) {
  const rows = slices.flatMap((own, method) => own.flatMap((slice, index) => slice ? Array.from(slice.x, (x, i) => [method + 1, levels[index], x, slice.y[i]]) : []))
  const column = (k: number) => Float64Array.from(rows, row => row[k])
  return table({ ...solutions.length > 1 ? { method: column(0) } : {}, [second]: column(1), [first]: column(2), value: column(3) })
}
