import type { Table } from "../run/table.ts"
import type { Figure } from "./input.ts"
import { htmlOf, textOf } from "./markup.ts"

/** A figure from markup: title and caption once as text and once as HTML. */
export function figureOf(name: string, title: string, caption: string, svg: string, table: Table): Figure {
  return { name, title: textOf(title), caption: textOf(caption), html: { title: htmlOf(title), caption: htmlOf(caption) }, svg, table }
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]) => items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`

export const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
