import { parseEquations } from "../formula/parse.ts"
import { lineOf, showFault, type Fault, type Statement } from "../formula/syntax.ts"
import { Mistake } from "../run/mistake.ts"
import { semanticFaults } from "./check.ts"
import type { EconomyDeclaration } from "./declaration.ts"
import type { PlacedFault } from "./lowering.ts"
import { structuralFaults } from "./schema.ts"

/** A declaration that was checked: every name resolves, every unknown has its equation. Made by `economy` only. */
export interface Economy {
  readonly name: string
  readonly declaration: EconomyDeclaration
  /** The equations, parsed, in the order written. */
  readonly statements: readonly Statement[]
}

/**
 * Declares an economy. All mistakes are found here, at once, each with its place and a proposal.
 *
 * @throws Mistake that lists every mistake.
 * @example economy("basak-cuoco-1998", { is: "...", parameters: {...}, states: {...}, unknowns: {...}, equations: `...` })
 */
export function economy(name: string, declaration: EconomyDeclaration): Economy {
  return economyOf(declaration, name)
}

/** The same for plain data, as read from a TOML or JSON file. A `name` in the data wins over the name given. */
export function economyOf(data: unknown, given = "economy"): Economy {
  try {
    return checkedEconomy(data, given)
  } catch (error) {
    if (!isStackOverflow(error)) throw error
    throw new Mistake("the formulas of the economy are nested too deeply to be read; give parts of them names of their own")
  }
}

function checkedEconomy(data: unknown, given: string): Economy {
  const { name = given, ...declaration } = isTable(data) ? data : {}
  if (typeof name !== "string" || !/^[a-z0-9][a-z0-9.-]{0,79}$/i.test(name))
    throw new Mistake(`the name of an economy is ${typeof name === "string" ? `\`${shortened(name, 80)}\`` : "no text"}; expected at most 80 letters, digits, \`-\` and \`.\`, as in \`my-economy-2024\``)
  const structure = isTable(data) ? structuralFaults(declaration) : ["expected a table with parameters, states, unknowns and equations"]
  if (structure.length > 0) throw mistakes(name, structure.map(cut))
  const checked = declaration as unknown as EconomyDeclaration
  const { statements, faults } = parseEquations(checked.equations)
  const placed: PlacedFault[] = faults.map(fault => ({ place: "equations", text: checked.equations, fault }))
  const semantic = semanticFaults(checked, statements, faults.length > 0)
  const lines = [...[...placed, ...semantic.placed].map(faultText), ...semantic.plain.map(cut)]
  if (lines.length > 0) throw mistakes(name, lines)
  return { name, declaration: checked, statements }
}

/** "equations, line 9   unknown name ..." with the line and a caret under it. */
function faultText({ place, text, fault }: PlacedFault): string {
  const where = text.includes("\n") ? `${place}, line ${lineOf(text, fault.span.start)}` : place
  return `${cut(`${where}: ${fault.message}`)}\n${excerpt(text, fault)}`
}

/** The line of a fault with carets under it, cut to its surroundings where it is long. */
function excerpt(text: string, { message, span }: Fault): string {
  const from = Math.max(text.lastIndexOf("\n", span.start - 1) + 1, span.start - AROUND), to = span.start + AROUND
  return showFault(text.slice(from, to), { message, span: { start: span.start - from, end: Math.min(span.end, to) - from } }, "    ")
}

function mistakes(name: string, lines: readonly string[]): Mistake {
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

const cut = (line: string): string => shortened(line, 400)
const shortened = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 3)}...` : text)

/** What V8 and JavaScriptCore, and what SpiderMonkey say when the call stack is full. */
const isStackOverflow = (error: unknown): boolean => error instanceof Error && /call stack|recursion/i.test(error.message)

const isTable = (data: unknown): data is Record<string, unknown> => data !== null && typeof data === "object" && !Array.isArray(data)
