import { positionOn } from "./axis.ts"
import type { DrawingDocument, DrawnNode } from "./drawingDocument.ts"
import { FONT, FONT_SIZE, TEXT, type Ink, type Symbol } from "./ink.ts"
import { escaped, svgOf, textOf, widthOf } from "./markup.ts"
import { drawnPanel, type Frame, type Panel } from "./panel.ts"
import { scaleSvg, scaleWidth } from "./shades.ts"

/** A key of the legend: a line, a dot, or both. */
export interface Key {
  readonly text: string
  readonly ink: Ink
  readonly symbol?: Symbol | "hollow" | "filled" | "times"
}

const WIDTH = 500, TOP = 44, TIGHT_TOP = 26, TITLE = 19, BOTTOM = 48, TIGHT_BOTTOM = 24, SWATCH = 20

/** Panels one below the other over the same x axis, with labels and a legend: a complete SVG document. */
export function picture(panels: readonly Panel[], legend: readonly Key[], document: DrawingDocument, description: string): string {
  const left = 22 + Math.max(30, ...panels.flatMap(({ y }) => y.ticks.map(tick => widthOf(y.text(tick)) * 12)))
  const labels = panels.flatMap(({ curves }) => curves.flatMap(({ label }) => label === undefined ? [] : [widthOf(label) * FONT_SIZE]))
  const scales = panels.flatMap(({ scale }) => scale ? [scaleWidth(scale)] : [])
  const right = Math.max(18, ...labels.map(width => width + SWATCH + 14), ...scales)
  let offset = 0
  const body = panels.map((panel, index) => {
    const keys = index === 0 ? legend : []
    const top = (panel.switches ?? []).some(({ label }) => label) || (keys.length > 0 && panel.title === undefined) ? TOP + headOf(panel) : TIGHT_TOP + headOf(panel)
    const frame = { width: WIDTH, top, right, bottom: panel.xLabel === undefined ? TIGHT_BOTTOM : BOTTOM, left }
    const drawn = [...drawnPanel(panel, frame, document).childNodes].map(serialised).join("")
    const group = `<g transform="translate(0,${offset})">${drawn}${captions(panel, frame, keys)}${endLabels(panel, frame)}${scaleOf(panel, frame)}</g>`
    offset += panel.height
    return group
  }).join("")
  return standing(WIDTH, offset, description, body)
}

/** A complete SVG document on white ground. */
export function standing(width: number, height: number, description: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONT}" font-size="${FONT_SIZE}" fill="${TEXT}" text-anchor="middle">`
    + `<title>${escaped(textOf(description))}</title><rect width="${width}" height="${height}" fill="white"/>${body}</svg>\n`
}

const headOf = ({ title }: Panel) => title === undefined ? 0 : TITLE

const scaleOf = ({ scale, height }: Panel, { width, right, top, bottom }: Frame) => scale ? scaleSvg(scale, { x: width - right, top, bottom: height - bottom }) : ""

/** Axis labels, legend and the names of the switches. */
function captions(panel: Panel, frame: Frame, legend: readonly Key[]): string {
  const inner = frame.width - frame.left - frame.right
  const wide = legend.reduce((sum, key) => sum + keyWidth(key), 0)
  const text = (x: number, y: number, anchor: string, name: string, markup: string) =>
    `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${name && ` aria-label="${name}"`}>${svgOf(markup)}</text>`
  const factor = panel.y.factor && `\u2002(${panel.y.factor})`
  const head = headOf(panel), line = 15 + head
  // The legend stands beside the title where that leaves room, else beside the label of the y axis.
  const unit = panel.scale?.axis.factor ? `\u2002(${panel.scale.axis.factor})` : "", isAbove = panel.title === undefined || widthOf(panel.title + unit) * FONT_SIZE + wide + 24 <= frame.width
  const parts = [text(8, line, "start", "y axis", fitting(panel.yLabel, factor, frame.width - (isAbove && head > 0 ? 16 : wide + 24)))]
  if (panel.title !== undefined) parts.push(text(8, 15, "start", "", fitting(panel.title, unit, frame.width - (isAbove ? wide + 24 : 16))))
  const legendLine = isAbove ? 15 : line
  if (panel.xLabel !== undefined) parts.push(text(frame.left + inner / 2, panel.height - 9, "middle", "x axis", panel.xLabel + (panel.x.factor && `\u2002(${panel.x.factor})`)))
  let x = frame.width - 10 - wide
  for (const key of legend) {
    parts.push(sample(x, legendLine - 4, key), text(x + SWATCH + 5, legendLine, "start", "", key.text))
    x += keyWidth(key)
  }
  let free = -Infinity
  for (const { at, label } of panel.switches ?? []) {
    const place = positionOn(panel.x, at)
    if (label === undefined || !(place >= 0 && place <= 1)) continue
    const half = widthOf(label) * 6
    const middle = Math.max(frame.left + half, free + half + 6, Math.min(frame.left + place * inner, frame.width - 8 - half))
    free = middle + half
    parts.push(text(middle, frame.top - 6, "middle", "", label))
  }
  return parts.join("")
}

/** The label as far as it fits: without its last clauses, without the words after its symbol. */
function fitting(label: string, factor: string, room: number): string {
  const words = label.indexOf("\u2002")
  for (let text = label; ;) {
    const cut = Math.max(text.lastIndexOf(", "), words)
    if (widthOf(text + factor) * FONT_SIZE <= room || words < 0 || text.length <= words) return text + factor
    text = text.slice(0, Math.max(cut, words))
  }
}

/** Names of curves at their right ends, moved apart where they would touch. */
function endLabels(panel: Panel, frame: Frame): string {
  const height = panel.height - frame.top - frame.bottom, gap = 16
  const labels = panel.curves.flatMap(({ label, pieces, y, ink }) => {
    if (label === undefined || pieces.length === 0) return []
    const last = y[pieces[pieces.length - 1][1] - 1]
    const wanted = frame.top + height * (1 - Math.min(1, Math.max(0, positionOn(panel.y, last))))
    return [{ label, ink, wanted, at: wanted }]
  }).sort((a, b) => a.wanted - b.wanted)
  for (let i = 1; i < labels.length; i++) labels[i].at = Math.max(labels[i].at, labels[i - 1].at + gap)
  let floor = frame.top + height + 2
  for (const label of labels.toReversed()) {
    label.at = Math.min(label.at, floor)
    floor = label.at - gap
  }
  const x = frame.width - frame.right + 6
  return labels.map(({ label, ink, at }) => sample(x, at, { text: label, ink }) + `<text x="${round(x + SWATCH + 4)}" y="${round(at + 4)}" text-anchor="start">${svgOf(label)}</text>`).join("")
}

const keyWidth = ({ text }: Key) => SWATCH + 5 + widthOf(text) * FONT_SIZE + 12

/** A piece of the line, or the dot, that a key stands for. */
function sample(x: number, y: number, { ink: { colour, dash }, symbol }: Key): string {
  const middle = round(x + SWATCH / 2), at = round(y), pen = `stroke="${colour}" stroke-width="1.1"`
  switch (symbol) {
    case undefined: return `<path d="M${round(x)},${at}h${SWATCH}" fill="none" stroke="${colour}" stroke-width="1.6"${dash && ` stroke-dasharray="${dash}"`}/>`
    case "filled": return `<circle cx="${middle}" cy="${at}" r="2.4" fill="${colour}"/>`
    case "plus": return `<path d="M${round(x + SWATCH / 2 - 4)},${at}h8m-4,-4v8" fill="none" ${pen}/>`
    case "times": return `<path d="M${round(x + SWATCH / 2 - 3)},${round(y - 3)}l6,6m0,-6l-6,6" fill="none" ${pen}/>`
    case "square": return `<rect x="${round(x + SWATCH / 2 - 3)}" y="${round(y - 3)}" width="6" height="6" fill="white" ${pen}/>`
    case "triangle": return `<path d="M${middle},${round(y - 4)}l4,7h-8z" fill="white" ${pen}/>`
    default: return `<circle cx="${middle}" cy="${at}" r="2.9" fill="white" ${pen}/>`
  }
}

const round = (value: number) => String(Math.round(value * 100) / 100)

/** Plot's classes and style sheet need the page around them: they are dropped, and what they inherit is written out. */
function serialised(node: DrawnNode): string {
  if (node.nodeType === 3) return svgOf(node.nodeValue ?? "")
  const name = node.nodeName
  if (node.nodeType !== 1 || name === "style") return ""
  const attributes = [...node.attributes ?? []].filter(({ name }) => name !== "class" && name !== "aria-hidden")
    .map(({ name, value }) => ` ${name}="${escaped(value === "currentColor" ? TEXT : value)}"`).join("")
  const inside = [...node.childNodes].map(serialised).join("")
  return inside ? `<${name}${attributes}>${inside}</${name}>` : name === "g" ? "" : `<${name}${attributes}/>`
}

/** The ink of keys that stand for methods and not for a variable. */
export const KEY_INK: Ink = { colour: "#333333", dash: "" }
