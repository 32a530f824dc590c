import { table } from "../../run/table.ts"
import type { Solution } from "../../solve/solution.ts"
import { axisOf, positionOn, type Axis } from "../axis.ts"
import { figureOf } from "../caption.ts"
import { TEXT } from "../ink.ts"
import type { Figure } from "../input.ts"
import { plain, svgOf } from "../markup.ts"
import { standing } from "../picture.ts"
import { shadeAt } from "../shades.ts"
import { symbol } from "../symbol.ts"
import { evenly, meshesOf, type Mesh } from "./mesh.ts"
import { named, overText, titleOf, type Plane } from "./plane.ts"
import { viewOf, type Pixel, type View } from "./view.ts"

const WIDTH = 500, HEIGHT = 400
/** Quadrilaterals across and up, about so many. */
const ACROSS = 44, UP = 22

const r = (value: number) => String(Math.round(value * 10) / 10)
const path = (points: readonly Pixel[]) => `M${points.map(([x, y]) => `${r(x)},${r(y)}`).join("L")}`

/** A variable as a surface over both states, in axonometric projection; the switches as lines on it. A jump is a wall. */
export function surfaceFigure(plane: Plane, solution: Solution, variable: string, name: string): Figure | undefined {
  const field = plane.field(solution, variable)
  if (!field) return undefined
  const meshes = meshesOf(plane.layout(solution), field).map(thinned)
  const values = meshes.flatMap(mesh => [...mesh.values]).filter(Number.isFinite)
  if (values.length === 0) return undefined
  const axis = axisOf(values), { label, words } = titleOf(plane, variable), [first, second] = plane.states.map(symbol)
  const title = named(words, symbol(variable))
  const text = (x: number, y: number, markup: string, more = "") => `<text x="${r(x)}" y="${r(y)}" text-anchor="start"${more}>${svgOf(markup)}</text>`
  const view = viewOf(plane, evenly(plane, field))
  const body = text(8, 15, label + (axis.factor && `\u2002(${axis.factor})`)) + box(view, axis) + skin(plane, view, meshes, axis)
    + rulers(view, axis) + text(8, HEIGHT - 27, plane.labels[0], ' aria-label="x axis"') + text(8, HEIGHT - 9, plane.labels[1], ' aria-label="y axis"')
  const { columns } = solution.table, of = Object.fromEntries([...plane.states, variable].map(column => [column, columns[column]]))
  const caption = `${title}${overText(words, `as a surface over ${first} and ${second}`)}, by ${plain(solution.method)}; darker is larger.${plane.switches.length ? ` Line: ${plane.switches.map(({ symbol }) => symbol).join(", ")}.` : ""}`
  return figureOf(name, `${title} as a surface`, caption, standing(WIDTH, HEIGHT, `${title}${title.includes(",") ? "," : ""} as a surface over both states`, body), table(of))
}

/** A mesh with as few places and rows as a picture of this size shows. */
function thinned({ s, y, x, values }: Mesh): Mesh {
  const some = (n: number, most: number) => {
    const every = Math.max(1, Math.round((n - 1) / most))
    return Array.from({ length: n }, (_, i) => i).filter(i => i === n - 1 || (i % every === 0 && n - 1 - i >= every / 2))
  }
  const m = y.length, is = some(s.length, ACROSS / 2), js = some(m, UP)
  const of = (from: Float64Array) => Float64Array.from(is.flatMap(i => js.map(j => from[i * m + j])))
  return { s: Float64Array.from(is, i => s[i]), y: Float64Array.from(js, j => y[j]), x: of(x), values: of(values) }
}

interface Patch { readonly corners: readonly Pixel[]; readonly fill: string }
/** A piece of a switch, and how many patches were there when it came. */
interface Edge { readonly ends: readonly [Pixel, Pixel]; readonly after: number }

/** The quadrilaterals from the far corner to the near one, so that the nearer cover the farther; then the switches, where they are seen. */
function skin({ axes: [across, up] }: Plane, view: View, meshes: readonly Mesh[], axis: Axis): string {
  const rows = meshes[0].y.length, patches: Patch[] = [], edges: Edge[] = []
  const high = (value: number) => Math.min(1, Math.max(0, positionOn(axis, value)))
  const at = ({ x, y, values }: Mesh, i: number, j: number): Pixel => view.at(positionOn(across, x[i * rows + j]), positionOn(up, y[j]), high(values[i * rows + j]))
  const patch = (corners: readonly (readonly [Mesh, number, number])[]) => {
    const values = corners.map(([mesh, i, j]) => mesh.values[i * rows + j])
    if (!values.every(Number.isFinite)) return
    patches.push({ corners: corners.map(([mesh, i, j]) => at(mesh, i, j)), fill: shadeAt(values.reduce((sum, value) => sum + high(value), 0) / corners.length) })
  }
  const ordered = <T>(items: readonly T[], isNearHigh: boolean) => isNearHigh ? items : items.toReversed()
  for (const j of ordered(Array.from({ length: rows - 1 }, (_, j) => j), view.near[1] === 1))
    for (const region of ordered([...meshes.keys()], view.near[0] === 1)) {
      const mesh = meshes[region], last = mesh.s.length - 1, next = meshes[region + 1]
      const strip = () => { for (const i of ordered(Array.from({ length: last }, (_, i) => i), view.near[0] === 1)) patch([[mesh, i, j], [mesh, i + 1, j], [mesh, i + 1, j + 1], [mesh, i, j + 1]]) }
      const border = () => {
        if (!next) return
        const isJump = Math.abs(high(mesh.values[last * rows + j]) - high(next.values[j])) > 0.004
        if (isJump) patch([[mesh, last, j], [next, 0, j], [next, 0, j + 1], [mesh, last, j + 1]])
        edges.push({ ends: [at(mesh, last, j), at(mesh, last, j + 1)], after: patches.length })
        if (isJump) edges.push({ ends: [at(next, 0, j), at(next, 0, j + 1)], after: patches.length })
      }
      for (const draw of ordered([strip, border], view.near[0] === 1)) draw()
    }
  const seen = edges.filter(edge => edge.ends.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y)) && !isCovered(edge, patches))
  return `<g stroke="#1d2b44" stroke-opacity="0.45" stroke-width="0.35" stroke-linejoin="round">${patches.map(({ corners, fill }) => `<path d="${path(corners)}Z" fill="${fill}"/>`).join("")}</g>`
    + (seen.length ? `<path d="${seen.map(({ ends }) => path(ends)).join("")}" fill="none" stroke="black" stroke-width="1.8" stroke-linecap="round"/>` : "")
}

/** Whether a later patch, which is nearer and does not touch the edge, hides its middle. */
function isCovered({ ends: [a, b], after }: Edge, patches: readonly Patch[]): boolean {
  const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
  const touches = ([u, v]: Pixel) => [a, b].some(end => Math.hypot(end[0] - u, end[1] - v) < 0.6)
  return patches.slice(after).some(({ corners }) => {
    if (corners.some(touches)) return false
    const sides = corners.map(([u, v], k) => { const [p, q] = corners[(k + 1) % corners.length]; return (p - u) * (y - v) - (q - v) * (x - u) })
    return sides.every(side => side > 0) || sides.every(side => side < 0)
  })
}

/** The floor and the two walls behind, with a line at each tick. */
function box(view: View, axis: Axis): string {
  const { place } = view, lines = [
    ...view.left.ticks.map(({ at }) => [place(at, 0, 0), place(at, 1, 0), place(at, 1, 1)]), ...view.right.ticks.map(({ at }) => [place(1, at, 0), place(0, at, 0), place(0, at, 1)]),
    ...axis.ticks.map(tick => positionOn(axis, tick)).map(w => [place(0, 0, w), place(0, 1, w), place(1, 1, w)]),
  ]
  const edges = [[place(0, 0, 1), place(0, 1, 1), place(1, 1, 1), place(1, 1, 0), place(0, 1, 0), place(0, 0, 0)], [place(0, 1, 0), place(0, 1, 1)]]
  return `<path d="${lines.map(path).join("")}" fill="none" stroke="#dddddd" stroke-width="0.7"/><path d="${edges.map(path).join("")}" fill="none" stroke="#aaaaaa" stroke-width="0.8"/>`
}

/** The three axes with their ticks and symbols: in front on the floor, and up at the left. */
function rulers({ place, left, right }: View, axis: Axis): string {
  const text = ([x, y]: Pixel, anchor: string, markup: string) => `<text x="${r(x)}" y="${r(y)}" text-anchor="${anchor}">${svgOf(markup)}</text>`
  const by = ([x, y]: Pixel, dx: number, dy: number): Pixel => [x + dx, y + dy]
  const rules = [[place(0, 0, 1), place(0, 0, 0), place(1, 0, 0), place(1, 1, 0)]], labels: string[] = []
  const tick = (at: Pixel, dx: number, dy: number, anchor: string, shift: Pixel, label: string) => {
    rules.push([at, by(at, dx, dy)])
    labels.push(text(by(at, dx + shift[0], dy + shift[1]), anchor, label))
  }
  for (const { at, text } of left.ticks) tick(place(at, 0, 0), -3.5, 4, "end", [2, 12], text)
  for (const { at, text } of right.ticks) tick(place(1, at, 0), 4.5, 3, "start", [2, 9], text)
  for (const value of axis.ticks) tick(place(0, 0, positionOn(axis, value)), -5, 0, "end", [-4, 4], axis.text(value))
  return `<path d="${rules.map(path).join("")}" fill="none" stroke="${TEXT}"/><g font-size="12">${labels.join("")}</g>`
    + text(by(place(0.5, 0, 0), -26, 36), "end", left.symbol) + text(by(place(1, 0.5, 0), 30, 36), "start", right.symbol)
}
