import * as Plot from "@observablehq/plot"
import { listed } from "../caption.ts"
import { plain } from "../markup.ts"
import { numberText } from "../number.ts"
import { KEY_INK, type Key } from "../picture.ts"
import type { Point } from "./contours.ts"
import { overRows, type Layout } from "./layout.ts"

/** A switch of the reference. */
export interface Switch {
  readonly label: string
  /** Markup: `z*(a)`. */
  readonly symbol: string
  /** The stretches of rows over which it runs inside the domain, at points close enough to be joined. */
  readonly lines: readonly { readonly x: Float64Array; readonly y: Float64Array }[]
}

/** Points of a switch curve between two rows. */
const BETWEEN = 4

export function switchesOf(layout: Layout, name: string): Switch[] {
  const { curves, ys } = layout
  return curves.map(({ label, rows }, i) => {
    const lines: { x: number[]; y: number[] }[] = []
    rows.forEach((at, j) => {
      if (!Number.isFinite(at)) return
      const isNew = j === 0 || !Number.isFinite(rows[j - 1])
      if (isNew) lines.push({ x: [], y: [] })
      const line = lines[lines.length - 1]
      // A stretch that ends inside the plane is joined straight: the cubic would need rows beyond its end.
      const whole = rows.every(Number.isFinite)
      if (!isNew && whole) for (let k = 1; k < BETWEEN; k++) {
        const y = ys[j - 1] + (ys[j] - ys[j - 1]) * k / BETWEEN
        line.x.push(overRows(layout, y, row => rows[row]))
        line.y.push(y)
      }
      line.x.push(at)
      line.y.push(ys[j])
    })
    return { label: plain(label), symbol: curves.length > 1 ? `${name}, ${i + 1}` : name, lines: lines.map(({ x, y }) => ({ x: Float64Array.from(x), y: Float64Array.from(y) })) }
  })
}

/** ` Line: z*(a), where "capital market" changes side; from 0.232 to 0.244.` */
export function switchSentence({ switches }: HasSwitches): string {
  if (switches.length === 0) return ""
  return ` Line: ${listed(switches.map(({ label, symbol, lines }) => {
    const places = lines.flatMap(({ x }) => [...x]), [low, high] = [Math.min(...places), Math.max(...places)]
    return `${symbol}, where \u201C${label}\u201D changes side, from ${numberText(low, 3)} to ${numberText(high, 3)}`
  }))}.`
}

interface HasSwitches { readonly switches: readonly Switch[] }

/** The switches: black on white, to be seen on every shade. */
export function switchMarks({ switches }: HasSwitches): Plot.Markish[] {
  const all = joined(switches.flatMap(({ lines }) => lines.map(({ x, y }) => Array.from(x, (at, i): Point => [at, y[i]]))))
  return [Plot.line(all, { stroke: "white", strokeWidth: 3.6 }), Plot.line(all, { stroke: "black", strokeWidth: 1.7 })]
}

/** The key of the switches. */
export const switchKeys = ({ switches }: HasSwitches): Key[] => switches.slice(0, 1).map(({ symbol }) => ({ text: symbol, ink: { ...KEY_INK, colour: "#000000" } }))

/** Lines one after the other, with gaps between. */
export const joined = (lines: readonly (readonly Point[])[]): Point[] => lines.flatMap(line => [...line, [NaN, NaN] as const])
