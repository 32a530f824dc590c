import { statementLatex } from "../formula/latex.ts"
import type { Statement } from "../formula/syntax.ts"
import { VARIABLES } from "../model/discrete/declaration.ts"
import { isDiscrete, type DiscreteEconomy } from "../model/discrete/economy.ts"
import { discreteEquations } from "../model/discrete/equations.ts"
import type { Economy } from "../model/economy.ts"
import type { ParameterDeclaration } from "../model/declaration.ts"
import { numberHtml, sectionHtml, symbolHtml, tableHtml } from "./html.ts"
import type { ReportInput } from "./input.ts"
import { escaped, htmlOf } from "./markup.ts"
import { mathHtml } from "./mathematics.ts"
import { decimals } from "./number.ts"
import { accents } from "./symbol.ts"
import { wordsOf } from "./variables.ts"

/** The economy itself: states, unknowns, what must hold, what its names stand for, its calibration. */
export function modelSection(input: ReportInput): string {
  const { economy } = input
  const parts = isDiscrete(economy)
    ? [sectionHtml("Equations", discreteLines(economy), 3), sectionHtml("Variables", variablesTable(economy), 3)]
    : [sectionHtml("States", statesTable(economy), 3), sectionHtml("Unknowns", unknownsTable(economy), 3), sectionHtml("Equations", equations(economy), 3), sectionHtml("Definitions", definitions(economy), 3)]
  return sectionHtml("The economy", [...parts, sectionHtml("Calibration", calibration(input), 3)].join(""))
}

/** The equations of every economy in discrete time, in this one's names. */
function discreteLines({ declaration }: DiscreteEconomy): string {
  return discreteEquations(declaration).map(({ label, text, tex }, i) => equationHtml(i, mathHtml(tex, text, true), label)).join("\n")
}

function variablesTable({ declaration: { state } }: DiscreteEconomy): string {
  return tableHtml(["", ""], [[state.name, state.is], ...Object.entries(VARIABLES)].map(([name, is]) => [symbolHtml(name), escaped(is)]))
}

const equationHtml = (i: number, formula: string, label: string) =>
  `<div class="equation" id="equation-${i + 1}"><div class="wide">${formula}</div><div class="label">${escaped(label)}</div><div class="tag">(${i + 1})</div></div>`

const formula = (value: number | string) => typeof value === "number" ? numberHtml(value) : `<code>${escaped(value)}</code>`

function statesTable({ declaration: { states } }: Economy): string {
  return tableHtml(["", "", "from", "to", "drift", "risk"], Object.entries(states).map(([name, { is, from, to, drift, risk }]) =>
    [symbolHtml(name), escaped(is), formula(from), formula(to), formulaOrSymbol(drift), typeof risk === "string" ? formulaOrSymbol(risk)
      : Object.entries(risk).map(([shock, loading]) => `${symbolHtml(shock)}: ${formulaOrSymbol(loading)}`).join(", ")]))
}

const formulaOrSymbol = (text: string) => /^[A-Za-z]\w*$/.test(text) ? symbolHtml(text) : formula(text)

function unknownsTable({ declaration: { unknowns } }: Economy): string {
  const KINDS = { value: "value function", price: "price", share: "share" }
  return tableHtml(["", "", "kind", "bounds"], Object.entries(unknowns).map(([name, { is, kind, positive, range }]) =>
    [symbolHtml(name), escaped(is), KINDS[kind], range ? `from ${numberHtml(range[0])} to ${numberHtml(range[1])}` : positive ? "positive" : ""]))
}

/** Equations and complementarity lines, numbered in the order written, with their labels. */
function equations(economy: Economy): string {
  const lines = economy.statements.filter(statement => statement.kind !== "definition").map((statement, i) => equationHtml(i, statementHtml(economy, statement), statement.label))
  return lines.join("\n") + operatorNote(economy)
}

/** Itô's operators are named where equations use them. */
function operatorNote({ declaration: { equations } }: Economy): string {
  const used = ["drift", "vol"].filter(name => new RegExp(`\\b${name}\\s*\\(`).test(equations))
  if (used.length === 0) return ""
  const meaning = { drift: "the drift", vol: "the loading on the shock" } as Record<string, string>
  return `<p class="small">${used.map(name => `${name}(<i>f</i>\u2009) is ${meaning[name]}`).join(" and ")} of <i>f</i>, by It\u00F4\u2019s lemma.</p>`
}

function definitions(economy: Economy): string {
  const rows = economy.statements.flatMap(statement => statement.kind === "definition" ? [[statementHtml(economy, statement), escaped(wordsOf(economy, statement.name))]] : [])
  return tableHtml(["", "in words"], rows)
}

const statementHtml = (economy: Economy, statement: Statement) =>
  mathHtml(statementLatex(statement, { symbols: accents(namesOf(economy)) }), economy.declaration.equations.slice(statement.span.start, statement.span.end).trim(), true)

function namesOf({ declaration: { parameters, states, unknowns }, statements }: Economy): string[] {
  return [parameters, states, unknowns].flatMap(Object.keys).concat(statements.flatMap(statement => statement.kind === "definition" ? [statement.name] : []))
}

function calibration({ economy, solutions: [{ parameters, calibration }] }: ReportInput): string {
  const { parameters: declared, calibrations = {} } = economy.declaration
  const words = Object.hasOwn(calibrations, calibration) ? `: ${escaped(calibrations[calibration].is)}` : ""
  const rows = Object.entries(declared).map(([name, parameter]) => [symbolHtml(name), `<code>${escaped(name)}</code>`, escaped(parameter.is),
    numberHtml(Object.hasOwn(parameters, name) ? parameters[name] : parameter.value, 8), bounds(parameter)])
  return rows.length ? `<p>Calibration \u201C${escaped(calibration)}\u201D${words}.</p>\n` + tableHtml(["", "name", "", "value", "bounds"], rows, [3]) : ""
}

function bounds({ above, below, least, most, not }: ParameterDeclaration): string {
  const plain = (value: number) => htmlOf(decimals(value, Math.min(6, String(value).split(".")[1]?.length ?? 0)))
  return [above !== undefined && `&gt; ${plain(above)}`, least !== undefined && `\u2265 ${plain(least)}`, below !== undefined && `&lt; ${plain(below)}`,
    most !== undefined && `\u2264 ${plain(most)}`, not !== undefined && `\u2260 ${plain(not)}`].filter(Boolean).join(", ")
}
