import type { Fault, Span } from "./syntax.ts"
import { GREEK } from "./greek.ts"

export type TokenKind = "number" | "name" | "sign" | "label" | "bad" | "end"

/** A piece of the text. `fresh` marks the first token of a line; the text of a label is what stands between its brackets. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly span: Span
  readonly fresh: boolean
}

const BLANK = /(?:[^\S\n]|#[^\n]*)*/y
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const NAME = /[A-Za-z](?:[A-Za-z0-9]|_(?!\|_))*/y
/** A Greek letter with what may follow in a name: `σ_R` is meant as `sigma_R`. */
const GREEK_NAME = /([\p{Script=Greek}ℓ])((?:[A-Za-z0-9]|_(?!\|_))*)/uy
const SIGN = /_\|_|<=|>=|[-+*/^(),=<>]/y
const LABEL = /\[([^\]\n]*)\]/y

/** What mathematicians type instead of the language's own signs: read as meant, yet reported. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ["**", "^"], ["==", "="], ["−", "-"], ["–", "-"], ["·", "*"], ["×", "*"], ["⋅", "*"], ["÷", "/"], ["≤", "<="],
  ["≥", ">="],
])
const NAME_OF_LETTER: ReadonlyMap<string, string> = new Map([...GREEK].map(([name, letter]) => [letter, name]))

/**
 * Splits `text` into tokens, comments and blanks left out; the last one is the end. A sign of another language is
 * replaced by its proper one and a Greek letter by its name, each with a fault; any other strange character becomes a
 * token `bad`.
 */
export function tokenize(text: string): { tokens: Token[]; faults: Fault[] } {
  const tokens: Token[] = []
  const faults: Fault[] = []
  let at = 0
  let fresh = true

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  const push = (kind: TokenKind, value: string, length: number): void => {
    tokens.push({ kind, text: value, span: { start: at, end: at + length }, fresh })
    at += length
    fresh = false
  }
  const replace = (kind: TokenKind, written: string, proper: string): void => {
    faults.push({ message: `write \`${proper}\` for \`${written}\``, span: { start: at, end: at + written.length } })
    push(kind, proper, written.length)
  }

  for (;;) {
    at += match(BLANK)?.[0].length ?? 0
    const character = String.fromCodePoint(text.codePointAt(at) ?? 10)
    if (at >= text.length) break
    if (character === "\n") {
      at++
      fresh = true
      continue
    }
    const foreign = [text.slice(at, at + 2), character].find((sign) => FOREIGN.has(sign))
    const number = match(NUMBER)
    const name = match(NAME)
    const sign = match(SIGN)
    const label = match(LABEL)
    const [written = "", letter = "", tail = ""] = match(GREEK_NAME) ?? []
    const letterName = NAME_OF_LETTER.get(letter)
    if (foreign !== undefined) replace("sign", foreign, FOREIGN.get(foreign) ?? foreign)
    else if (number) push("number", number[0], number[0].length)
    else if (name) push("name", name[0], name[0].length)
    else if (sign) push("sign", sign[0], sign[0].length)
    else if (label) push("label", (label[1] ?? "").trim(), label[0].length)
    else if (character === "⟂" || character === "⊥") push("sign", "_|_", 1)
    else if (letterName !== undefined) replace("name", written, letterName + tail)
    else push("bad", character, character.length)
  }
  const last = tokens.at(-1)?.span.end ?? 0
  tokens.push({ kind: "end", text: "", span: { start: last, end: last }, fresh: true })
  return { tokens, faults }
}
