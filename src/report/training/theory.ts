import type { Ink } from "../ink.ts"
import { numberText } from "../number.ts"
import type { Key } from "../picture.ts"
import type { Priced, Theory } from "./input.ts"

/** The inks of what theory says, and of the numbers as printed. */
export const THEORY_INK: Ink = { colour: "#b3001b", dash: "" }
export const PRINTED_INK: Ink = { colour: "#7a7a7a", dash: "5 3" }

export interface TheoryLine { readonly at: number; readonly name: string; readonly label: string; readonly ink: Ink }

/** Theory's price, and the printed one where there is one, with their names. */
export function theoryLines(of: Priced, { theory, printed }: Theory): TheoryLine[] {
  const line = (at: number, name: string, ink: Ink): TheoryLine => ({ at, name, label: `${name} ${numberText(at)}`, ink })
  return [line(theory[of], "theory", THEORY_INK), ...printed ? [line(printed[of], "as printed", PRINTED_INK)] : []]
}

/** The same as keys of a legend, with their numbers or without. */
export function theoryKeys(lines: readonly TheoryLine[], numbers = true): Key[] {
  return lines.map(({ label, name, ink }) => ({ text: numbers ? label : name, ink }))
}

/** The lines that lie within reach of what is drawn: one far off would flatten everything else. */
export function withinReach<T extends { readonly at: number }>(lines: readonly T[], values: readonly number[]): T[] {
  const finite = values.filter(Number.isFinite)
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity), high = finite.reduce((a, b) => Math.max(a, b), -Infinity)
  const room = Math.max(high - low, 0.5 * Math.abs(high))
  return lines.filter(({ at }) => at >= low - 2 * room && at <= high + 2 * room)
}

/** What a caption says of lines that are not drawn. */
export function farSentence(lines: readonly TheoryLine[], drawn: readonly { readonly at: number }[]): string {
  const missing = lines.filter(({ at }) => !drawn.some(line => line.at === at))
  return missing.length === 0 ? "" : ` Outside of the picture: ${missing.map(({ label }) => label).join(", ")}.`
}
