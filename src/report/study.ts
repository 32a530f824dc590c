import type { Figure } from "./input.ts"
import { sectionHtml, tableHtml } from "./html.ts"
import { galleries, htmlPage } from "./htmlPage.ts"
import { escaped, htmlOf } from "./markup.ts"
import { numberText } from "./number.ts"

/** A table for reading: words and numbers, row by row. NaN stands for what was not measured. */
export interface ReadingTable {
  /** Fit for a file name. */
  readonly name: string
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** All that the page of a study is made of. */
export interface StudyInput {
  readonly name: string
  readonly is: string
  readonly question: string
  /** What was found, a sentence each. */
  readonly findings: readonly string[]
  readonly tables: readonly ReadingTable[]
  /** The command that makes the same, and on what this was made. */
  readonly command: string
  readonly made: string
}

/** One HTML page of a study: the question, the answer, tables, figures, how to do it again. */
export function studyPage({ name, is, question, findings, tables, command, made }: StudyInput, figures: readonly Figure[]): string {
  const answers = findings.length > 0 ? `<ul>${findings.map(text => `<li>${escaped(text)}</li>`).join("\n")}</ul>` : ""
  return htmlPage({ name, is, warnings: "" }, `${sectionHtml("Question", `<p>${escaped(question)}</p>`)}${sectionHtml("Findings", answers)}${sectionHtml("Tables", tables.map(readingHtml).join(""))}${sectionHtml("Figures", galleries(figures, 1))}${sectionHtml("To reproduce", `<pre><code>${escaped(command)}</code></pre>\n<p class="small">${escaped(made)}</p>`)}`)
}

const isNumeric = ({ rows }: ReadingTable, column: number): boolean => rows.some(row => typeof row[column] === "number")

function readingHtml(table: ReadingTable): string {
  const cells = table.rows.map(row => row.map(cell => typeof cell === "string" ? escaped(cell) : Number.isNaN(cell) ? "&ndash;" : htmlOf(numberText(cell, 3))))
  return sectionHtml(table.title, tableHtml(table.head.map(escaped), cells, table.head.flatMap((_, i) => isNumeric(table, i) ? [i] : [])), 3)
}

/** The same as Markdown, for a file beside the code. */
export function studyMarkdown({ name, is, question, findings, tables, command, made }: StudyInput, figures: readonly Figure[]): string {
  return [
    `# ${name}`, "", is, "", question, "", "```", command, "```", "", made, "",
    ...findings.length > 0 ? ["## Findings", "", ...findings.map(text => `- ${text}`), ""] : [],
    ...tables.flatMap(table => [`## ${table.title}`, "", ...markdownTable(table), ""]),
    ...figures.length > 0 ? ["## Figures", "", ...figures.flatMap(({ name, title, caption }) => [`![${title}](figures/${name}.svg)`, "", `*${caption.replaceAll("*", "\\*")}*`, ""])] : [],
  ].join("\n")
}

function markdownTable(table: ReadingTable): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`
  const text = (cell: string | number): string => typeof cell === "string" ? cell.replaceAll("|", "\\|") : Number.isNaN(cell) ? "–" : Number(cell.toPrecision(3)).toString()
  return [line(table.head), line(table.head.map((_, i) => isNumeric(table, i) ? "---:" : "---")), ...table.rows.map(row => line(row.map(text)))]
}
