import katex from "katex"
import { escaped, plain } from "./markup.ts"

/** LaTeX as MathML, which browsers set without any font or style sheet of ours. `source` stands in for what KaTeX cannot set. */
export function mathHtml(tex: string, source: string, display = false): string {
  try {
    return katex.renderToString(plain(tex), { output: "mathml", displayMode: display, trust: false, strict: "ignore", throwOnError: true })
  } catch (fault) {
    if (fault instanceof katex.ParseError) return `<code>${escaped(source)}</code>`
    throw fault
  }
}
