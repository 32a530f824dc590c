import { sectionHtml } from "./html.ts"
import type { Figure } from "./input.ts"
import { escaped } from "./markup.ts"
import { STYLE } from "./pageStyle.ts"

/** What a page begins with; `warnings` are paragraphs of HTML. */
export interface PageHead {
  readonly name: string
  readonly is: string
  readonly source?: string
  readonly warnings: string
}

/** One HTML page that needs nothing else, around sections of HTML. */
export function htmlPage({ name, is, source, warnings }: PageHead, main: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(name)}</h1>
<p>${escaped(is)}</p>
${source ? `<p class="small">${escaped(source)}</p>` : ""}
${warnings}
</header>
<main>
${main}</main>
</body>
</html>
`
}

/** Figures numbered in their order, those of one section under its heading. */
export function galleries(figures: readonly Figure[], from: number): string {
  const sections = [...new Set(figures.map(({ section = "" }) => section))]
  let next = from
  return sections.map(section => {
    const own = figures.filter(figure => (figure.section ?? "") === section), html = gallery(own, next)
    next += own.length
    return section === "" ? html : sectionHtml(section, html, 3)
  }).join("")
}

function gallery(figures: readonly Figure[], from: number): string {
  if (figures.length === 0) return ""
  return `<div class="gallery">${figures.map(({ name, svg, html }, i) =>
    `<figure id="figure-${escaped(name)}">${svg}<figcaption><b>Figure ${from + i}.</b> ${html.caption}</figcaption></figure>`).join("\n")}</div>`
}
