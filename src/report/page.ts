import type { Figure, ReportInput } from "./input.ts"
import { sectionHtml } from "./html.ts"
import { escaped } from "./markup.ts"
import { checksSection, closingSections, methodSection } from "./methodSections.ts"
import { modelSection } from "./modelSections.ts"
import { STYLE } from "./pageStyle.ts"
import { comparisonSection, factsSection } from "./resultSections.ts"
import { simulationSection } from "./simulation/sections.ts"

/** Figures about the computation and not about the economy. */
const COMPUTATION = /^(convergence|sample|active|residuals|bounds|checks)(-|$)/

/** One HTML page that needs nothing else: results, figures, the economy, how it was solved, how well, how to do it again. */
export function page(input: ReportInput, figures: readonly Figure[]): string {
  const { economy: { name, declaration }, solutions } = input
  const [economic, technical] = [figures.filter(({ name }) => !COMPUTATION.test(name)), figures.filter(({ name }) => COMPUTATION.test(name))]
  const failures = solutions.filter(({ converged }) => !converged).map(({ method, outcome, detail }) =>
    `<p class="warning"><b>${escaped(method)} did not converge:</b> ${escaped(outcome)}${detail ? ` (${escaped(detail)})` : ""}.</p>`).join("\n")
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
<p>${escaped(declaration.is)}</p>
${declaration.source ? `<p class="small">${escaped(declaration.source)}</p>` : ""}
${failures}
</header>
<main>
${factsSection(input)}${simulationSection(input)}${sectionHtml("Figures", galleries(economic, 1))}${comparisonSection(input)}${modelSection(input)}${methodSection(input)}${sectionHtml("Figures of the computation", galleries(technical, economic.length + 1))}${checksSection(input)}${closingSections(input)}</main>
</body>
</html>
`
}

/** Figures numbered in their order, those of one section under its heading. */
function galleries(figures: readonly Figure[], from: number): string {
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
