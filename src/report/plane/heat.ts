import * as Plot from "@observablehq/plot"
import type { Solution } from "../../solve/solution.ts"
import type { Panel } from "../panel.ts"
import { bandOf, logShades, type Shades } from "../shades.ts"
import type { Plane } from "./plane.ts"
import { switchMarks } from "./switches.ts"

/** Numbers at the nodes, each as it is, on a log scale: the cell about a node has its colour. White where there is none. */
export function heatPanel(plane: Plane, { states: [first, second] }: Solution, values: Float64Array, shades: Shades): Panel {
  const xs = bounds(first.nodes), ys = bounds(second.nodes), rows = second.nodes.length
  const cells = new Map<number, [number, number, number, number][]>()
  const bandAt = (i: number, j: number) => values[i * rows + j] > 0 ? bandOf(shades, values[i * rows + j]) : -1
  // Neighbours of one colour are one box.
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < first.nodes.length;) {
      const band = bandAt(i, j)
      let to = i + 1
      while (to < first.nodes.length && bandAt(to, j) === band) to++
      if (band >= 0) cells.set(band, [...cells.get(band) ?? [], [xs[i], xs[to], ys[j], ys[j + 1]]])
      i = to
    }
  const boxes = [...cells].sort(([a], [b]) => a - b).map(([band, corners]) =>
    Plot.line(corners.flatMap(([x0, x1, y0, y1]): [number, number][] => [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0], [NaN, NaN]]), { fill: shades.colours[band], stroke: shades.colours[band], strokeWidth: 0.3 }))
  return { x: plane.axes[0], y: plane.axes[1], height: 310, curves: [], yLabel: plane.labels[1], xLabel: plane.labels[0], scale: shades, marks: [...boxes, ...switchMarks(plane)] }
}

/** Halfway between the nodes, and the ends. */
function bounds(nodes: Float64Array): number[] {
  return [nodes[0], ...Array.from(nodes.subarray(1), (node, i) => (nodes[i] + node) / 2), nodes[nodes.length - 1]]
}

/** Decades about the sizes of numbers, the largest `most` of them; zeros and the smallest do not set it. */
export function sizesOf(values: readonly number[], most = 8): Shades {
  const sizes = values.filter(value => value > 0 && Number.isFinite(value)).sort((a, b) => a - b)
  return logShades(sizes.slice(Math.floor(0.02 * sizes.length)), most)
}
