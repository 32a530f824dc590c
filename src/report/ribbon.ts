import * as Plot from "@observablehq/plot"
import type { Axis } from "./axis.ts"

/** The area between two curves, cut at the ends of the axis. */
export function ribbon(x: Float64Array, low: Float64Array, high: Float64Array, { domain: [bottom, top] }: Axis, fill: string, opacity = 1): Plot.Markish {
  const within = (v: number) => Math.min(top, Math.max(bottom, v))
  const points = Array.from(x, (at, i): [number, number, number] => [at, within(low[i]), within(high[i])]).filter(point => point.every(Number.isFinite))
  return Plot.areaY(points, { x: "0", y1: "1", y2: "2", fill, ...(opacity < 1 ? { fillOpacity: opacity } : {}) })
}
