import * as Plot from "@observablehq/plot"
import type { Solution } from "../../solve/solution.ts"
import { TEXT } from "../ink.ts"
import type { Panel } from "../panel.ts"
import { lowered, shadesOf } from "../shades.ts"
import { labelMark } from "./contourLabels.ts"
import { levelLines, outline, type IndexGrid } from "./contours.ts"
import { evenly, inPlane, meshesOf } from "./mesh.ts"
import type { Plane } from "./plane.ts"
import { joined, switchMarks } from "./switches.ts"

/** A variable over the plane: filled contours with their lines, labels and scale, and the switches over them. */
export function mapPanel(plane: Plane, solution: Solution, column: string): Panel | undefined {
  const field = plane.field(solution, column)
  if (!field) return undefined
  const meshes = meshesOf(plane.layout(solution), field)
  if (!meshes.some(({ values }) => values.some(Number.isFinite))) return undefined
  const shades = shadesOf(evenly(plane, field), meshes.flatMap(({ values }) => [...values]))
  const isLog = shades.axis.kind === "log", [low] = shades.axis.domain
  const scaled = (value: number) => isLog ? Math.log(Math.max(value, low * 1e-3)) : value
  const levels = [-Infinity, ...shades.levels.map(level => scaled(lowered(shades, level)))]
  const found = meshes.flatMap(mesh => {
    const m = mesh.y.length, grid: IndexGrid = { n: mesh.s.length, m, at: (i, j) => scaled(mesh.values[i * m + j]) }
    return levels.map((level, band) => {
      const rings = outline(grid, level), place = inPlane(mesh)
      return { band, rings: rings.map(({ points }) => points.map(place)), lines: band === 0 ? [] : levelLines(grid, rings).map(line => line.map(place)) }
    })
  })
  const [x, y] = plane.axes
  const lines = found.flatMap(({ band, lines }) => lines.map(points => ({ band, points })))
  const isZero = (band: number) => shades.levels[band - 1] === 0
  const drawn = (wanted: boolean) => joined(lines.filter(({ band }) => isZero(band) === wanted).map(({ points }) => points))
  return {
    x, y, height: 310, curves: [], yLabel: plane.labels[1], xLabel: plane.labels[0], scale: shades,
    marks: [
      ...found.map(({ band, rings }) => Plot.line(joined(rings), { fill: shades.colours[band], stroke: band === 0 ? shades.colours[0] : "none", strokeWidth: 0.6, curve: "linear" })),
      Plot.line(drawn(false), { stroke: TEXT, strokeWidth: 0.55, strokeOpacity: 0.75 }),
      Plot.line(drawn(true), { stroke: TEXT, strokeWidth: 1.3 }),
      ...switchMarks(plane),
      labelMark(plane, lines.map(({ band, points }) => ({ points, text: shades.axis.text(shades.levels[band - 1]) }))),
    ],
  }
}
