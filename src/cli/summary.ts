import type { AnyEconomy } from "../model/economy.ts"
import { defaultVariables, factWords, valuesAt } from "../request.ts"
import type { Solution } from "../solve/solution.ts"
import { durationText } from "./progress.ts"
import type { Query } from "./query.ts"
import type { StoredSolution } from "./solutionFile.ts"
import { shortNumber, textTable, wrapped, wrappedPairs } from "./textTable.ts"

/** Values of variables at the points asked for, a row a point; empty where none was. */
export function pointRows(solution: Solution, { at, of }: Query): Record<string, number>[] {
  return Object.keys(at).length === 0 ? [] : valuesAt(solution, at, of.length > 0 ? of : defaultVariables(solution))
}

/** What `--json` prints of one solution. */
export function summaryOf({ solution, seconds }: StoredSolution, query: Query) {
  const { economy, method, calibration, seed, outcome, converged, residual, tolerance, measure, parameters, settings, facts, detail, steps, equations, checks } = solution
  return {
    economy, method, calibration, seed, outcome, converged, residual, tolerance, seconds, parameters, facts,
    at: pointRows(solution, query), detail, steps, measure, settings, equations, checks,
  }
}

/** What a person reads of one solution, as lines. */
export function summaryLines(economy: AnyEconomy, { solution, seconds }: StoredSolution, query: Query): string[] {
  const { method, calibration, seed, outcome, detail, residual, tolerance, measure, steps, facts } = solution
  const points = pointRows(solution, query)
  return [
    `${economy.name} by ${method}, calibration ${calibration}, seed ${seed}`,
    ...wrapped(outcome, "  "),
    ...(detail === "" ? [] : wrapped(detail, "  ")),
    ...worstLines(solution),
    `  ${steps} steps, ${durationText(seconds)}`,
    ...wrapped(`residual ${shortNumber(residual)}, tolerance ${shortNumber(tolerance)}: ${measure}`, "  "),
    ...wrappedPairs(factPairs(economy, facts), "  "),
    ...(points.length === 0 ? [] : ["", ...recordTable(points)]),
  ]
}

/** Several solutions beside each other, then their values at the points asked for. */
export function summariesLines(economy: AnyEconomy, done: readonly StoredSolution[], query: Query): string[] {
  const solutions = done.map(({ solution }) => solution)
  const [first] = solutions
  const row = (name: string, of: (solution: Solution, i: number) => string | number) => [name, ...solutions.map(of).map(x => (typeof x === "number" ? shortNumber(x, 6) : x))]
  const facts = Object.keys(first.facts)
  const numbers = textTable(["", ...solutions.map(({ method }) => method)], [
    row("outcome", ({ converged }) => (converged ? "converged" : "not converged")),
    row("seconds", (_, i) => shortNumber(done[i].seconds)), row("steps", s => s.steps),
    row("residual", s => shortNumber(s.residual)), row("tolerance", s => shortNumber(s.tolerance)),
    ...facts.map(name => row(name, s => s.facts[name] ?? NaN)),
  ])
  const points = solutions.map(solution => pointRows(solution, query))
  const states = first.states.map(({ name }) => name)
  return [
    `${economy.name}, calibration ${first.calibration}, seed ${first.seed}`,
    ...besideOrBelow(numbers, facts.map(name => [name, factWords(economy, name)])),
    ...solutions.filter(({ converged }) => !converged).flatMap(solution =>
      [...wrapped([`${solution.method}: ${solution.outcome}`, solution.detail].filter(Boolean).join(": "), "  "), ...worstLines(solution)]),
    ...(points[0].length === 0 ? [] : ["", ...recordTable(points[0].flatMap((_, i) => solutions.map(({ method }, m) => {
      const at = Object.fromEntries(states.map(name => [name, points[m][i][name]]))
      return { ...at, method, ...points[m][i] }
    })), solutions.length)]),
  ]
}

/** Which equation holds worst, and where, of a solution that is none. */
function worstLines({ converged, equations }: Solution): string[] {
  if (converged || equations.length === 0) return []
  const { label, largest, where } = equations.reduce((worst, one) => (one.largest <= worst.largest ? worst : one))
  return wrapped(`worst equation [${label}]: ${shortNumber(largest)} at ${placeText(where)}`, "  ")
}

/** `z = 0.26`, with commas between several states. */
export function placeText(where: Readonly<Record<string, number>>): string {
  return Object.entries(where).map(([name, x]) => `${name} = ${shortNumber(x)}`).join(", ")
}

function factPairs(economy: AnyEconomy, facts: Solution["facts"]): [string, string][] {
  const lines = textTable(["", ""], Object.entries(facts).map(([name, value]) => [name, shortNumber(value, 6)]))
  return Object.keys(facts).map((name, i) => [lines[i], factWords(economy, name)])
}

/** A table whose last rows have words: beside them, or, where the table leaves too little room, below it. */
function besideOrBelow(table: readonly string[], words: readonly (readonly [string, string])[]): string[] {
  const from = table.length - words.length
  if (table[0].length + ROOM <= WIDTH) return wrappedPairs(table.map((line, i) => [line, words[i - from]?.[1] ?? ""]), "  ")
  return [...table.map(line => "  " + line), ...(words.length > 0 ? ["", ...wrappedPairs(words, "  ")] : [])]
}

/** Columns that words need to be read. */
const ROOM = 28

/** A line a record; where that would be too wide for a terminal a line a variable, records side by side as far as they fit (`together` of them not parted), the rest below. */
function recordTable(records: readonly Readonly<Record<string, number | string>>[], together = 1): string[] {
  const names = Object.keys(records[0])
  const lines = textTable(names, records.map(record => names.map(name => record[name])))
  if (lines[0].length <= WIDTH) return lines.map(line => "  " + line)
  const upright = (some: typeof records) => textTable(["", ...some.map(() => "")], names.map(name => [name, ...some.map(record => record[name])]))
  const blocks: string[][] = []
  for (let from = 0; from < records.length;) {
    let to = from + together
    while (to < records.length && Math.max(...upright(records.slice(from, to + together)).map(line => line.length)) <= WIDTH) to += together
    blocks.push(upright(records.slice(from, to)))
    from = to
  }
  return blocks.flatMap((block, i) => [...i > 0 ? [""] : [], ...block.map(line => "  " + line)])
}

const WIDTH = 78

/** Where a run lies, for the end of an output. */
export function placeLines(pairs: readonly (readonly [string, string])[]): string[] {
  return ["", ...textTable(["", ""], pairs).map(line => "  " + line)]
}
