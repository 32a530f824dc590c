/**
 * Rich text in one string: characters of Unicode's private use area open italics, a subscript, a superscript, and close
 * them. Labels pass through Plot as ordinary text and become `<tspan>`s in SVG, `<i>` and `<sub>` in HTML, or plain text.
 */
const ITALIC = "\uE000", SUBSCRIPT = "\uE001", SUPERSCRIPT = "\uE002", END = "\uE003"

export const italic = (text: string) => ITALIC + text + END
export const subscript = (text: string) => SUBSCRIPT + text + END
export const superscript = (text: string) => SUPERSCRIPT + text + END

/** Text from outside, without marks and without the characters that XML cannot hold. */
export const plain = (text: string) => text.replace(/[\uE000-\uE003\uFFFE\uFFFF]|[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, "")

export interface Span {
  readonly text: string
  readonly italic: boolean
  /** -1 below the line, 1 above it. */
  readonly level: -1 | 0 | 1
}

/** The stretches of equal style, in order. */
export function spans(markup: string): Span[] {
  const open: string[] = []
  return markup.split(/([\uE000-\uE003])/).flatMap((text): Span[] => {
    if (text === END) open.pop()
    else if (text === ITALIC || text === SUBSCRIPT || text === SUPERSCRIPT) open.push(text)
    else if (text !== "") return [{ text, italic: open.includes(ITALIC), level: open.includes(SUBSCRIPT) ? -1 : open.includes(SUPERSCRIPT) ? 1 : 0 }]
    return []
  })
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;" }

/** Text as it may stand in XML and HTML, between tags and within quotes. */
export const escaped = (text: string) => plain(text).replace(/[&<>"']/g, character => ENTITIES[character])

/** The text alone: `σ_R` for a subscript, `10^−3` for a superscript. */
export const textOf = (markup: string) => spans(markup).map(({ text, level }, i, all) => (level === (all[i - 1]?.level ?? 0) ? "" : level < 0 ? "_" : level > 0 && text !== "*" ? "^" : "") + text).join("")

export const htmlOf = (markup: string) => spans(markup).map(({ text, italic, level }) => {
  const set = italic ? `<i>${escaped(text)}</i>` : escaped(text)
  return level < 0 ? `<sub>${set}</sub>` : level > 0 ? `<sup>${set}</sup>` : set
}).join("")

const SMALL = 0.72, LOW = 0.2, HIGH = -0.36

/** `<tspan>`s for the inside of an SVG `<text>`; shifts are in em of the text, since `baseline-shift` is not drawn alike everywhere. */
export function svgOf(markup: string): string {
  let below = 0
  return spans(markup).map(({ text, italic, level }) => {
    const size = level ? SMALL : 1, wanted = level < 0 ? LOW : level > 0 ? HIGH : 0
    const shift = (wanted - below) / size
    below = wanted
    const attributes = (italic ? ' font-style="italic"' : "") + (level ? ` font-size="${SMALL}em"` : "") + (shift ? ` dy="${shift.toFixed(3)}em"` : "")
    return attributes ? `<tspan${attributes}>${escaped(text)}</tspan>` : escaped(text)
  }).join("")
}

/** A cautious guess of the width, in em: wide enough for the wide fonts. */
export const widthOf = (markup: string) => spans(markup).reduce((sum, { text, level }) => sum + [...text].length * (level ? 0.42 : 0.57), 0)
