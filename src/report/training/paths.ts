import * as Plot from "@observablehq/plot"
import { table, type Table } from "../../run/table.ts"
import { countAxis, linearAxis, type Axis } from "../axis.ts"
import { figureOf } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import { INKS } from "../ink.ts"
import type { Figure } from "../input.ts"
import { italic, subscript } from "../markup.ts"
import { numberText } from "../number.ts"
import type { Panel } from "../panel.ts"
import { picture, type Key } from "../picture.ts"
import type { Priced, Theory } from "./input.ts"
import { farSentence, theoryKeys, theoryLines, THEORY_INK, withinReach } from "./theory.ts"

/** One variable of the paths: how its picture is called, and what stands on the axis. */
interface Variable {
  readonly name: string
  readonly column: string
  readonly title: string
  readonly axis: string
  /** Which of theory's prices it is held against. */
  readonly priced?: Priced
  /** Divided by this column. */
  readonly by?: string
  /** Drawn as dots: prices and bonds are chosen anew each step, and lines between them would fill the picture. */
  readonly dotted: boolean
}

const VARIABLES: readonly Variable[] = [
  { name: "paths-price", column: "price", title: "Prices posted for a share", axis: "price of a share", priced: "price", dotted: true },
  { name: "paths-shares", column: "shares", by: "shares_start", title: "Shares held, in those at the start of the episode", axis: `shares, ${italic("s")}${subscript(italic("t"))} / ${italic("s")}${subscript("0")}`, dotted: false },
  { name: "paths-bond_price", column: "bond_price", title: "Prices posted for a bond", axis: "price of a bond", priced: "bond", dotted: true },
  { name: "paths-bonds", column: "bonds", title: "Bonds held", axis: "bonds held", dotted: true },
]

/**
 * Prices and holdings of tracked agents in greedy episodes along the training, a panel an episode: the dissertation's Figures 8 to 11; a variable that is not there is left out. `paths` has
 * columns episode, agent, step, price, shares, shares_start, bond_price, bonds, theory_price, theory_bond_price. `prefix` goes before the names.
 */
export function pathFigures(paths: Table, about: Theory, document: DrawingDocument, prefix = ""): Figure[] {
  const isThere = ({ column, by }: Variable): boolean => Object.hasOwn(paths.columns, column) && (by === undefined || Object.hasOwn(paths.columns, by))
  return paths.length === 0 ? [] : VARIABLES.filter(isThere).map(variable => pathFigure(paths, variable, about, document, prefix))
}

const HEIGHT = 112
/** What a legend takes of the height of a panel. */
const LEGEND = 18
/** Dots of an agent in a panel, about: more would run into each other. */
const DOTS = 120
/** An agent a colour. */
const COLOURS = [...INKS.map(({ colour }) => colour), "#b5446e", "#4f7f1f", "#3f3f9f"]

function pathFigure(paths: Table, { name, column, title, axis, priced, by, dotted }: Variable, about: Theory, document: DrawingDocument, prefix: string): Figure {
  const { episode, agent, step } = paths.columns, raw = paths.columns[column]
  const y = by === undefined ? raw : raw.map((value, i) => value / paths.columns[by][i])
  const episodes = [...new Set(episode)], agents = [...new Set(agent)]
  const lines = priced ? theoryLines(priced, about) : [], near = withinReach(lines, [...y])
  const theory = priced ? paths.columns[`theory_${column}`] : undefined
  // Theory's price follows the dividend where marginal utility does.
  const moves = theory?.some(value => Math.abs(value / theory[0] - 1) > 1e-6) ?? false
  const yAxis = lowAxis([...y, ...(moves ? [] : near.map(({ at }) => at))]), xAxis = countAxis(step)
  const rowsOf = (e: number): number[][] => agents.map(a => Array.from(step.keys()).filter(i => episode[i] === e && agent[i] === a))
  const keys: Key[] = moves ? [{ text: "theory, by the dividend", ink: THEORY_INK, symbol: "filled" }] : theoryKeys(near)
  const panels = episodes.map((e, index): Panel => {
    const last = index === episodes.length - 1, own = rowsOf(e)
    const marks = own.map((rows, k) => dotted ? dots(rows, step, y, yAxis, COLOURS[k % COLOURS.length]) : line(rows, step, y, COLOURS[k % COLOURS.length]))
    return {
      x: xAxis, y: yAxis, height: HEIGHT + (last ? 24 : 0) + (index === 0 && keys.length > 0 ? LEGEND : 0), curves: [], marks, yLabel: `episode ${numberText(e, 9)}${index === 0 ? `: ${axis}` : ""}`,
      levels: moves ? [] : near.map(({ at, ink }) => ({ at, ink })),
      ...(theory && moves ? { over: [dots(own[0] ?? [], step, theory, yAxis, THEORY_INK.colour)] } : {}),
      ...(last ? { xLabel: "step of the episode" } : {}),
    }
  })
  const caption = `${title}: ${agents.length} tracked agents in one greedy episode (nobody explores) after so many episodes of training, an agent a colour.`
    + (moves ? " Red: theory's price by the dividend of the period, as far as it lies in the picture." : farSentence(lines, near))
  return figureOf(prefix + name, title, caption, picture(panels, keys, document, title), table({ episode, agent, step, [column]: y, ...(theory ? { theory } : {}) }))
}

/** From the least to the largest with some room, and ticks that a low panel has room for. */
function lowAxis(values: readonly number[]): Axis {
  const finite = values.filter(Number.isFinite), low = finite.reduce((a, b) => Math.min(a, b), Infinity), high = finite.reduce((a, b) => Math.max(a, b), -Infinity)
  const room = high > low ? 0.07 * (high - low) : 0.1 * Math.abs(high) || 1
  return linearAxis(low - room, high + room, 3)
}

/** Each so-many-th step as a dot. Odd strides meet both incomes where they alternate. */
function dots(rows: readonly number[], x: Float64Array, y: Float64Array, { domain: [low, high] }: Axis, colour: string): Plot.Markish {
  const every = rows.length <= DOTS ? 1 : Math.ceil(rows.length / DOTS) | 1
  // A point between two gaps, with a round cap: one path for all dots of an agent.
  const points = rows.filter((_, k) => k % every === 0).filter(i => y[i] >= low && y[i] <= high).flatMap((i): [number, number][] => [[x[i], y[i]], [NaN, NaN]])
  return Plot.line(points, { stroke: colour, strokeWidth: 2, strokeLinecap: "round", strokeOpacity: 0.8 })
}

/** A line without the points that lie on a level stretch. */
function line(rows: readonly number[], x: Float64Array, y: Float64Array, colour: string): Plot.Markish {
  const points = rows.filter((i, k) => k === 0 || k === rows.length - 1 || y[i] !== y[rows[k - 1]] || y[i] !== y[rows[k + 1]]).map((i): [number, number] => [x[i], y[i]])
  return Plot.line(points, { stroke: colour, strokeWidth: 0.9 })
}
