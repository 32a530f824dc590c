import { escaped, htmlOf } from "./markup.ts"
import { numberText } from "./number.ts"
import { symbol } from "./symbol.ts"

/** A table from cells that are HTML fragments; columns named in `numeric` (by index) are set flush right. Nothing where there are no rows. */
export function tableHtml(head: readonly string[], rows: readonly (readonly string[])[], numeric: readonly number[] = []): string {
  if (rows.length === 0) return ""
  const row = (cells: readonly string[], tag: "th" | "td") => `<tr>${cells.map((cell, i) => `<${tag}${numeric.includes(i) ? ' class="number"' : ""}>${cell}</${tag}>`).join("")}</tr>`
  return `<div class="wide"><table><thead>${row(head, "th")}</thead><tbody>\n${rows.map(cells => row(cells, "td")).join("\n")}\n</tbody></table></div>`
}

/** A heading with what belongs to it; nothing where that is empty. */
export const sectionHtml = (title: string, body: string, level: 2 | 3 = 2) => body === "" ? "" : level === 2
  ? `<section>\n<h2>${escaped(title)}</h2>\n${body}\n</section>\n` : `<h3>${escaped(title)}</h3>\n${body}\n`

/** The symbol of a name, set as in the figures. */
export const symbolHtml = (name: string) => htmlOf(symbol(name))

export const numberHtml = (value: number, digits = 4) => htmlOf(numberText(value, digits))

/** `z = 0.262`, or several of these. */
export const pointHtml = (where: Readonly<Record<string, number>>) => Object.entries(where).map(([name, value]) => `${symbolHtml(name)} = ${numberHtml(value, 3)}`).join(", ")
