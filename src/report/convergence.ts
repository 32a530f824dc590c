import { type Table, table } from "../run/table.ts"
import type { Solution } from "../solve/solution.ts"
import { countAxis, logAxis } from "./axis.ts"
import { figureOf } from "./caption.ts"
import type { DrawingDocument } from "./drawingDocument.ts"
import { inkOf } from "./ink.ts"
import type { Figure, ReportInput } from "./input.ts"
import { italic, plain, subscript } from "./markup.ts"
import { numberText } from "./number.ts"
import type { Curve, Panel } from "./panel.ts"
import { picture } from "./picture.ts"
import { piecesOf } from "./pieces.ts"

/** Rows beyond this are thinned evenly: a picture shows no more. */
const MOST = 1500

/** How each method came to its end: residual or losses, and the change of the values, over its steps. */
export function convergenceFigures(input: ReportInput, document: DrawingDocument): Figure[] {
  return input.solutions.flatMap(solution => {
    const rows = Object.hasOwn(input.rows, solution.method) ? input.rows[solution.method] : undefined
    return rows && rows.length > 0 ? convergenceFigure(solution, rows, document) ?? [] : []
  })
}

function convergenceFigure(solution: Solution, rows: Table, document: DrawingDocument): Figure | undefined {
  const { x, word } = stepsOf(rows)
  const every = Math.ceil(rows.length / MOST)
  const keep = (values: Float64Array) => values.filter((_, i) => i % every === 0 || i === rows.length - 1)
  const steps = keep(x)
  const columns: Record<string, Float64Array> = { [word.replace(" ", "_")]: steps }
  const positive = (name: string) => {
    const values = keep(rows.columns[name]).map(value => Math.abs(value) > 0 && Number.isFinite(value) ? Math.abs(value) : NaN)
    return values.some(Number.isFinite) ? (columns[name] = values) : undefined
  }
  const panelOf = (names: readonly string[], yLabel: string): Panel | undefined => {
    const drawn = names.flatMap(name => {
      const y = Object.hasOwn(rows.columns, name) ? positive(name) : undefined
      return y ? [{ name, y }] : []
    })
    if (drawn.length === 0) return undefined
    const curves = drawn.map(({ name, y }, i): Curve => {
      const curve = { x: steps, y, pieces: piecesOf(steps, y, []), ink: inkOf(i) }
      return drawn.length > 1 ? { ...curve, label: lossSymbol(name) } : curve
    })
    const held = names.includes(measured(solution, rows))
    const y = logAxis([...drawn.flatMap(({ y }) => [...y]), ...held ? [solution.tolerance] : []])
    return { x: countAxis(steps), y, height: 230, curves, yLabel, levels: held ? [{ at: solution.tolerance, label: `tolerance ${numberText(solution.tolerance, 2)}` }] : [] }
  }
  const losses = Object.keys(rows.columns).filter(name => /^loss(_|$)/.test(name))
  const panels = [panelOf(["residual"], "Residual"), panelOf(losses, "Losses"), panelOf(["change"], "Change of the values")].filter(panel => panel !== undefined)
  if (panels.length === 0) return undefined
  const last = panels.length - 1
  const stacked = panels.map((panel, i) => i === last ? { ...panel, xLabel: word } : { ...panel, height: panel.height - 24 })
  const method = plain(solution.method), title = `Convergence of ${method}`
  const caption = `${title}: ${stacked.map(({ yLabel }) => yLabel.toLowerCase()).join(", ")} by ${word}${every > 1 ? `, each ${every}th step` : ""}. `
    + `Outcome: ${plain(solution.outcome)}, after ${solution.steps} steps; ${plain(solution.measure) || "residual"} ${numberText(solution.residual, 3)}, tolerance ${numberText(solution.tolerance, 3)}.`
  return figureOf(`convergence-${solution.method}`, title, caption, picture(stacked, [], document, title), table(columns))
}

/** Which column the tolerance is held against: the one that ends nearest to the solution's own number. */
function measured({ residual }: Solution, rows: Table): string {
  const end = (name: string) => Object.hasOwn(rows.columns, name) ? rows.columns[name][rows.length - 1] : NaN
  const off = (name: string) => Math.abs(Math.log(end(name) / residual))
  return ["residual", "change"].filter(name => off(name) < 0.01)[0] ?? ""
}

/** Steps counted from 1, or the outer steps where rows have them and each has one row. */
function stepsOf(rows: Table): { x: Float64Array; word: string } {
  const outer = Object.hasOwn(rows.columns, "outer") ? rows.columns.outer : undefined
  if (outer?.every((value, i) => i === 0 || value > outer[i - 1])) return { x: outer, word: "outer step" }
  return { x: Float64Array.from({ length: rows.length }, (_, i) => i + 1), word: "step" }
}

/** `loss_c1`: L with c1 below. */
function lossSymbol(name: string): string {
  const index = /^loss_([a-z])(\d?)$/i.exec(name)
  if (!index) return name === "loss" ? "total" : plain(name.replace(/^loss_/, ""))
  return italic("L") + subscript(italic(index[1]) + index[2])
}
