import { lineOf, showFault, type Fault } from "../formula/syntax.ts"
import { Mistake } from "../run/mistake.ts"
import type { PlacedFault } from "./lowering.ts"

/** The name that stands in data, or the one given; and all else in it. @throws Mistake where it is no name. */
export function nameIn(data: unknown, given: string): { name: string; declaration: Record<string, unknown> } {
  const { name = given, ...declaration } = isTable(data) ? data : {}
  if (typeof name !== "string" || !/^[a-z0-9][a-z0-9.-]{0,79}$/i.test(name))
    throw new Mistake(`the name of an economy is ${typeof name === "string" ? `\`${shortened(name, 80)}\`` : "no text"}; expected at most 80 letters, digits, \`-\` and \`.\`, as in \`my-economy-2024\``)
  return { name, declaration }
}

/** "equations, line 9   unknown name ..." with the line and a caret under it. */
export function faultText({ place, text, fault }: PlacedFault): string {
  const where = text.includes("\n") ? `${place}, line ${lineOf(text, fault.span.start)}` : place
  return `${cut(`${where}: ${fault.message}`)}\n${excerpt(text, fault)}`
}

/** The line of a fault with carets under it, cut to its surroundings where it is long. */
function excerpt(text: string, { message, span }: Fault): string {
  const from = Math.max(text.lastIndexOf("\n", span.start - 1) + 1, span.start - AROUND), to = span.start + AROUND
  return showFault(text.slice(from, to), { message, span: { start: span.start - from, end: Math.min(span.end, to) - from } }, "    ")
}

/** All mistakes of an economy in one message. */
export function mistakes(name: string, lines: readonly string[]): Mistake {
  const shown: string[] = []
  for (const line of lines.slice(0, MOST_SHOWN))
    if (shown.join("").length + line.length < MOST_CHARACTERS) shown.push(line)
  const more = lines.length > shown.length ? `\n  ... and ${lines.length - shown.length} more` : ""
  return new Mistake(`economy \`${name}\` has ${lines.length} mistake${lines.length === 1 ? "" : "s"}\n${shown.map(line => `  ${line}`).join("\n")}${more}`)
}

/** More than a screen of mistakes helps nobody. */
const MOST_SHOWN = 12
const MOST_CHARACTERS = 2600
/** Characters of a formula shown on each side of a fault. */
const AROUND = 90

/** A line of a message, cut to a length that is still read. */
export const cut = (line: string): string => shortened(line, 400)
const shortened = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 3)}...` : text)

export const isTable = (data: unknown): data is Record<string, unknown> => data !== null && typeof data === "object" && !Array.isArray(data)
