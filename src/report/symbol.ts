import { symbolLatex, symbolParts } from "../formula/symbol.ts"
import { italic, plain, subscript, superscript } from "./markup.ts"

const ACCENT = /_(star|bar)(?=_|$)/
const MACRON = "\u0304"

/** A name as markup: letters in italics, words upright, indices below; `z_star` and `z_star_low` get a star, `z_bar` a bar. */
export function symbol(name: string): string {
  const accent = ACCENT.exec(name)?.[1]
  const { base, subscript: below } = symbolParts(plain(name).replace(ACCENT, ""))
  return setIn(base + (accent === "bar" ? MACRON : ""), accent === "bar" ? 2 : 1) + (accent === "star" ? superscript("*") : "")
    + (below && subscript(below.split(",").map(part => setIn(part, 2)).join(",")))
}

/** Indices such as e, zz and 1 are letters; a longer part is a word. */
const setIn = (part: string, most: number) => [...part].length <= most && !/^\d+$/.test(part) ? italic(part) : part

/** LaTeX of the names with an accent, for formulas. */
export function accents(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.filter(name => ACCENT.test(name)).map(name => {
    const bare = symbolLatex(name.replace(ACCENT, ""))
    return [name, ACCENT.exec(name)?.[1] === "bar" ? `\\bar{${bare}}` : `${bare}^{*}`]
  }))
}
