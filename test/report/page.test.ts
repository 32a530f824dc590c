import { Window } from "happy-dom"
import { describe, expect, it } from "vitest"
import type { DrawingDocument } from "../../src/report/drawingDocument.ts"
import { figures } from "../../src/report/figures.ts"
import type { ReportInput } from "../../src/report/input.ts"
import { commandOf } from "../../src/report/methodSections.ts"
import { page } from "../../src/report/page.ts"
import { OUTCOMES } from "../../src/run/outcome.ts"
import { exampleEconomy, exampleInput, exampleSolution } from "./example.ts"

const window = new Window()
const made = (input: ReportInput) => page(input, figures(input, window.document as unknown as DrawingDocument))
const parsed = (html: string) => new window.DOMParser().parseFromString(html, "text/html")

describe("page", () => {
  const html = made(exampleInput()), document = parsed(html)

  it("holds every equation label, parameter, fact and note", () => {
    const text = document.body.textContent
    for (const statement of exampleEconomy.statements) if (statement.kind !== "definition") expect(text).toContain(statement.label)
    const { parameters, facts = {}, notes = [], states, unknowns } = exampleEconomy.declaration
    for (const [name, { is }] of Object.entries(parameters)) expect(html).toContain(`<code>${name}</code></td><td>${is.replaceAll("'", "&#39;")}</td>`)
    for (const { is } of [...Object.values(facts), ...Object.values(states), ...Object.values(unknowns)]) expect(text).toContain(is)
    for (const note of notes) expect(text).toContain(note)
  })

  it("sets every statement as mathematics, without an error", () => {
    expect(document.querySelectorAll("math[display=block]")).toHaveLength(exampleEconomy.statements.length)
    expect(html).not.toMatch(/katex-error|merror|mathcolor/)
  })

  it("needs no network and runs nothing", () => {
    expect(html.replaceAll(/xmlns="[^"]*"/g, "")).not.toMatch(/https?:|<script|<link|@import|src=|url\(/)
    expect(html).not.toMatch(/NaN|undefined|[\uE000-\uE003]/)
  })

  it("holds the numbers beside each other", () => {
    const row = [...document.querySelectorAll("tr")].find(row => row.textContent.includes("end of the crisis region"))!
    expect([...row.querySelectorAll("td")].slice(2).map(cell => cell.textContent)).toEqual(["0.2617", "0.2613", "0.0015"])
  })

  it("says in the title area that a solution did not converge", () => {
    expect(html).not.toContain("did not converge")
    const failed = exampleSolution("aliens", { converged: false, outcome: OUTCOMES.stuck, detail: "goods at z = 0.3" })
    const header = parsed(made(exampleInput({ solutions: [exampleSolution("fd"), failed] }))).querySelector("header")!
    expect(header.textContent).toContain(`aliens did not converge: ${OUTCOMES.stuck} (goods at z = 0.3)`)
  })

  it("escapes hostile text wherever it stands", () => {
    const hostile = "</title><img src=x onerror=alert(1)>\"'&", { declaration } = exampleEconomy
    const economy = {
      ...exampleEconomy, name: hostile,
      statements: exampleEconomy.statements.map(statement => statement.kind === "definition" ? statement : { ...statement, label: hostile }),
      declaration: {
        ...declaration, is: hostile, source: hostile, notes: [hostile], words: { r: hostile }, calibrations: { [hostile]: { is: hostile, values: {} } },
        parameters: { ...declaration.parameters, rho: { value: 1, is: hostile } }, facts: { z_star: { is: hostile, switch: hostile } },
      },
    }
    const solution = exampleSolution("fd", { calibration: hostile, method: hostile, measure: hostile, detail: hostile, converged: false, settings: { [hostile]: hostile }, checks: [{ label: hostile, is: hostile, largest: 1, mean: 1, where: { [hostile]: 1 } }] })
    const page = made(exampleInput({ economy, solutions: [solution], made: { version: hostile, machine: hostile, seconds: {}, command: hostile } }))
    expect(page).not.toContain("<img")
    expect(parsed(page).querySelector("img")).toBeNull()
  })

  it("stands with one solution, nothing known of its method and two states", () => {
    const fd = exampleSolution("fd", { facts: {}, equations: [], checks: [], settings: {} })
    const two = { ...fd, states: [...fd.states, { name: "a", nodes: Float64Array.of(0.1, 0.2) }] }
    for (const solution of [fd, two]) {
      const html = made(exampleInput({ solutions: [solution], rows: {}, methods: {}, density: {} }))
      expect(html).not.toMatch(/NaN|undefined|<tbody>\s*<\/tbody>|<section>\n<h2>[^<]*<\/h2>\n\n/)
    }
  })
})

describe("commandOf", () => {
  it("sets what differs from the calibration, and quotes", () => {
    const fd = exampleSolution("fd")
    expect(commandOf(exampleInput())).toBe("walras compare example --methods fd,aliens --calibration slides --seed 1")
    const changed = { ...fd, parameters: { ...fd.parameters, sigma: 0.1 }, calibration: "it's" }
    expect(commandOf(exampleInput({ solutions: [changed] }))).toBe(`walras solve example --method fd --calibration 'it'\\''s' --set sigma=0.1 --seed 1`)
  })
})
