import * as Plot from "@observablehq/plot"
import { positionOn } from "../axis.ts"
import { TEXT } from "../ink.ts"
import type { Point } from "./contours.ts"
import type { Plane } from "./plane.ts"

/** About the size of the frame in pixels. */
const WIDTH = 380, HEIGHT = 240

/** Numbers on the contour lines: one for each level, where its longest line has room and no other number is near. */
export function labelMark({ axes: [x, y], switches }: Plane, lines: readonly { readonly points: readonly Point[]; readonly text: string }[]): Plot.Markish {
  const pixel = ([a, b]: Point): Point => [WIDTH * positionOn(x, a), HEIGHT * (1 - positionOn(y, b))]
  const taken: Point[] = switches.flatMap(({ lines }) => lines.flatMap(line => Array.from(line.x, (at, i) => pixel([at, line.y[i]]))))
  const labels: { x: number; y: number; text: string }[] = []
  const told = new Set<string>()
  const byLength = lines.map(({ points, text }) => ({ points, text, at: points.map(pixel) })).map(line => ({ ...line, length: lengthOf(line.at) })).sort((a, b) => b.length - a.length)
  for (const { points, text, at, length } of byLength) {
    if (text === "" || told.has(text) || length < 45) continue
    const clear = at.map(([a, b]) => a > 22 && a < WIDTH - 22 && b > 10 && b < HEIGHT - 10 ? taken.reduce((least, [c, d]) => Math.min(least, Math.hypot((a - c) / 1.6, b - d)), Infinity) : -1)
    // Not farther from the middle of the line than it must be.
    const best = clear.reduce((best, room, k) => score(room, k, at.length) > score(clear[best], best, at.length) ? k : best, 0)
    if (clear[best] < 17) continue
    labels.push({ x: points[best][0], y: points[best][1], text })
    taken.push(at[best])
    told.add(text)
  }
  return Plot.text(labels, { x: "x", y: "y", text: "text", fill: TEXT, stroke: "white", strokeOpacity: 0.85, strokeWidth: 3, fontSize: 10.5 })
}

const score = (room: number, k: number, n: number) => Math.min(room, 40) - 12 * Math.abs(k / n - 0.5)

const lengthOf = (points: readonly Point[]) => points.reduce((sum, [a, b], k) => k === 0 ? 0 : sum + Math.hypot(a - points[k - 1][0], b - points[k - 1][1]), 0)
