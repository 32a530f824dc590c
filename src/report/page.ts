import type { Figure, ReportInput } from "./input.ts"
import { sectionHtml } from "./html.ts"
import { galleries, htmlPage } from "./htmlPage.ts"
import { escaped } from "./markup.ts"
import { checksSection, closingSections, methodSection } from "./methodSections.ts"
import { modelSection } from "./modelSections.ts"
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
  return htmlPage({ name, is: declaration.is, source: declaration.source, warnings: failures },
    factsSection(input) + simulationSection(input) + sectionHtml("Figures", galleries(economic, 1)) + comparisonSection(input) + modelSection(input) + methodSection(input)
    + sectionHtml("Figures of the computation", galleries(technical, economic.length + 1)) + checksSection(input) + closingSections(input))
}
