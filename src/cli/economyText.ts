import { symbolText } from "../formula/symbol.ts"
import type { CalibrationDeclaration, ParameterDeclaration } from "../model/declaration.ts"
import { parameterBounds } from "../model/parameters.ts"
import { textTable, wrapped } from "./textTable.ts"

/** Pieces of what `walras show` prints, the same for every kind of economy. */

/** A title with its lines; nothing where there are none. */
export const sectionLines = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ["", title, ...lines])

export const noteLines = (notes: readonly string[]): string[] => notes.flatMap(note => wrapped(note, "    ").map((line, i) => (i === 0 ? "  - " + line.slice(4) : line)))

export const calibrationPairs = (calibrations: Readonly<Record<string, CalibrationDeclaration>>): [string, string][] => Object.entries(calibrations).map(([name, { is, values }]) =>
  [name, [is, Object.entries(values).map(([p, x]) => `${p}=${x}`).join(" ")].filter(Boolean).join(": ")])

/** A formula with Greek letters and the signs of print. */
export function symbolic(formula: string): string {
  return formula.replaceAll("_|_", "⊥").replaceAll("<=", "≤").replaceAll(">=", "≥").replaceAll("*", "·").replace(/\b[A-Za-z]\w*/g, symbolText)
}

/** Each with its value and the bounds inside which the model makes sense. */
export function parameterPairs(parameters: Readonly<Record<string, ParameterDeclaration>>): [string, string][] {
  const lines = textTable(["", ""], Object.entries(parameters).map(([name, { value }]) => [nameText(name), value]))
  return Object.values(parameters).map((parameter, i) => {
    const bounds = parameterBounds(parameter)
    return [lines[i], parameter.is + (bounds === "a finite number" ? "" : `; ${bounds.replace("a number ", "")}`)]
  })
}

/** A name as it is typed, and its symbol where that differs. */
export function nameText(name: string): string {
  const symbol = symbolText(name)
  return symbol === name ? name : `${name}, ${symbol}`
}
