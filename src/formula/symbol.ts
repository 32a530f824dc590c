import { GREEK } from "./greek.ts"

/** A name as it is set: the letter or word, and its subscript (empty where there is none). */
export interface SymbolParts {
  readonly base: string
  readonly subscript: string
}

/** A name's base and its subscripts: `J_e_zz` has J with e and zz, `x1` has x with 1. */
function split(name: string): { base: string; subscripts: readonly string[] } {
  const [first = "", ...rest] = name.split("_").filter((part) => part !== "")
  const [, base = first, digits = ""] = /^([A-Za-z]+)(\d+)$/.exec(first) ?? []
  return { base, subscripts: digits ? [digits, ...rest] : rest }
}

/**
 * The LaTeX of a name: `sigma_R` → `\sigma_{R}`, `J_e_zz` → `J_{e,zz}`, words upright (`vol` → `\mathrm{vol}`). In a
 * subscript, up to two letters or one letter repeated stay italic, as they are indices of derivatives. An entry of
 * `overrides` for the whole name is used instead.
 */
export function symbolLatex(name: string, overrides: Readonly<Record<string, string>> = {}): string {
  const override = Object.hasOwn(overrides, name) ? overrides[name] : undefined
  if (override !== undefined) return override
  const { base, subscripts } = split(name)
  const below = subscripts.map((part) => letters(part, /^(?:..?|(.)\1*|\d+)$/))
  return letters(base, /^.$/) + (below.length > 0 ? `_{${below.join(",")}}` : "")
}

function letters(part: string, italic: RegExp): string {
  return GREEK.has(part) ? `\\${part}` : italic.test(part) ? part : `\\mathrm{${part}}`
}

/** A name for terminals: `sigma_R` → `σ_R`. */
export function symbolText(name: string): string {
  return name.split("_").map(greek).join("_")
}

/** A name for figures that set subscripts: `sigma_R` → σ with R, `J_e_zz` → J with `e,zz`. */
export function symbolParts(name: string): SymbolParts {
  const { base, subscripts } = split(name)
  return { base: greek(base), subscript: subscripts.map(greek).join(",") }
}

/** The Greek letter that a word names, digits after it kept: `sigma2` → `σ2`. */
function greek(part: string): string {
  const [, word = part, digits = ""] = /^([A-Za-z]+)(\d+)$/.exec(part) ?? []
  return (GREEK.get(word) ?? word) + digits
}
