import * as Plot from "@observablehq/plot"
import { table, type Table } from "../../run/table.ts"
import { axisOf, linearAxis } from "../axis.ts"
import { figureOf } from "../caption.ts"
import type { DrawingDocument } from "../drawingDocument.ts"
import type { Figure } from "../input.ts"
import { numberText } from "../number.ts"
import { picture, type Key } from "../picture.ts"
import type { Priced, Theory } from "./input.ts"
import { farSentence, theoryKeys, theoryLines, withinReach } from "./theory.ts"

/**
 * What agents post, hold and own in the middle of the last greedy episode, as shares of agents: of several trainings all agents together. `agents` has
 * columns shares, bonds, price, bond_price, income (1 high, -1 low).
 */
export function distributionFigures(agents: readonly Table[], about: Theory, document: DrawingDocument, { incomes = false, prefix = "" }: DistributionOptions = {}): Figure[] {
  const pool = (column: string): Float64Array => Float64Array.from(agents.flatMap(({ columns }) => Array.from(columns[column])))
  const income = pool("income")
  // A share counts at the median price of its own training.
  const wealth = Float64Array.from(agents.flatMap(({ columns: { shares, bonds, price } }) => {
    const p = median(price)
    return Array.from(shares, (s, i) => s * p + bonds[i])
  }))
  return [
    one({ name: "prices", title: "Prices posted for a share", axis: "price of a share", values: pool("price"), priced: "price" }),
    one({ name: "bond_prices", title: "Prices posted for a bond", axis: "price of a bond", values: pool("bond_price"), priced: "bond" }),
    one({ name: "shares", title: "Shares held", axis: "shares", values: pool("shares") }),
    one({ name: "bonds", title: "Bonds held", axis: "bonds", values: pool("bonds") }),
    one({ name: "wealth", title: "Wealth: bonds, and shares at the median price posted", axis: "wealth, in goods", values: wealth }),
  ]

  function one({ name, title, axis, values, priced }: { name: string; title: string; axis: string; values: Float64Array; priced?: Priced }): Figure {
    const { edges, counts } = histogram(values, priced && incomes ? income : income.map(() => 1))
    const lines = priced ? theoryLines(priced, about) : [], near = withinReach(lines, [...values])
    const x = axisOf([edges[0], edges[edges.length - 1], ...near.map(({ at }) => at)])
    const parts = counts.high.map((_, b) => 100 * (counts.high[b] + counts.low[b]) / values.length)
    const highest = parts.reduce((a, b) => Math.max(a, b), 0), y = linearAxis(0, 1.06 * highest)
    const split = counts.low.some(count => count > 0) && counts.high.some(count => count > 0)
    const wide = Math.min(0.9 * (edges[1] - edges[0]), (x.domain[1] - x.domain[0]) / 24)
    const middle = (b: number): number => (edges[b] + edges[b + 1]) / 2
    const bars = Array.from(parts, (part, b) => ({ x1: middle(b) - wide / 2, x2: middle(b) + wide / 2, low: 100 * counts.low[b] / values.length, all: part })).filter(({ all }) => all > 0)
    const marks = [
      Plot.rect(bars.filter(({ low }) => low > 0), { x1: "x1", x2: "x2", y1: () => 0, y2: "low", fill: LOW}),
      Plot.rect(bars.filter(({ low, all }) => all > low), { x1: "x1", x2: "x2", y1: "low", y2: "all", fill: split ? HIGH : PLAIN }),
    ]
    const over = near.map(({ at, ink }) => Plot.ruleX([at], { stroke: ink.colour, strokeWidth: 1.4, ...(ink.dash ? { strokeDasharray: ink.dash } : {}) }))
    const keys: Key[] = [...split ? [{ text: "low income", ink: { colour: LOW, dash: "" } }, { text: "high income", ink: { colour: HIGH, dash: "" } }] : [], ...theoryKeys(near, false)]
    const caption = `${title} by ${values.length} agents${agents.length > 1 ? ` of ${agents.length} trainings` : ""} in the middle of the last greedy episode; median ${numberText(median(values))}, the middle half from ${numberText(quantileOf(values, 0.25))} to ${numberText(quantileOf(values, 0.75))}.`
      + (near.length > 0 ? ` Lines: ${near.map(({ label }) => label).join(", ")}.` : "") + farSentence(lines, near)
    const svg = picture([{ x, y, height: 270, curves: [], marks, xLabel: axis, yLabel: "agents, %", over }], keys, document, title)
    return figureOf(`${prefix}distribution-${name}`, title, caption, svg, table({ from: edges.slice(0, -1), to: edges.slice(1), percent: parts, ...(split ? { low_income: counts.low, high_income: counts.high } : {}) }))
  }
}

export interface DistributionOptions {
  /** Whether incomes alternate, so that agents are of two kinds. */
  readonly incomes?: boolean
  readonly prefix?: string
}

const LOW = "#9db8d2", HIGH = "#2f5f8f", PLAIN = "#6f8fae"
/** Bars at most; and values different enough to have a bar each. */
const BARS = 40

/** Bars about each value where they are few, as on a grid of prices; else even ones from end to end. */
function histogram(values: Float64Array, income: Float64Array): { edges: Float64Array; counts: { high: Float64Array; low: Float64Array } } {
  const distinct = [...new Set(values)].sort((a, b) => a - b), low = distinct[0], high = distinct[distinct.length - 1]
  const gaps = distinct.slice(1).map((value, i) => value - distinct[i]).filter(gap => gap > 1e-9 * Math.abs(high))
  const least = gaps.reduce((a, b) => Math.min(a, b), Infinity)
  const gap = high - low < 1e-9 * Math.max(Math.abs(high), 1e-9) ? Math.max(0.02 * Math.abs(high), 1e-3) : (high - low) / least < BARS ? least : (high - low) / BARS
  const count = Math.max(1, Math.round((high - low) / gap) + 1), from = low - gap / 2
  const edges = Float64Array.from({ length: count + 1 }, (_, b) => from + b * gap)
  const counts = { high: new Float64Array(count), low: new Float64Array(count) }
  values.forEach((value, i) => { counts[income[i] < 0 ? "low" : "high"][Math.min(count - 1, Math.floor((value - from) / gap))]++ })
  return { edges, counts }
}

function quantileOf(values: Float64Array, p: number): number {
  const sorted = values.slice().sort()
  return sorted[Math.round(p * (sorted.length - 1))]
}

const median = (values: Float64Array): number => quantileOf(values, 0.5)
