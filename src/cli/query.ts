import type { Problem } from "../model/problem.ts"
import { Mistake, didYouMean } from "../run/mistake.ts"

/** What to print of a solution: points (lists of values by state) and variables. An empty `of` stands for the default variables. */
export interface Query {
  readonly at: Readonly<Record<string, readonly number[]>>
  readonly of: readonly string[]
}

/** Reads `--at z=0.1,0.2` (once a state) and `--of q,psi`, held against the problem before it is solved. Throws a `Mistake` for the first misfit. */
export function queryOf(problem: Problem, at: readonly string[], of: string | undefined): Query {
  const points: Record<string, number[]> = {}
  for (const text of at) {
    const { state, values } = pointsOf(problem, text)
    points[state] = [...(Object.hasOwn(points, state) ? points[state] : []), ...values]
  }
  const missing = problem.states.filter(({ name }) => !Object.hasOwn(points, name)).map(({ name }) => name)
  if (at.length > 0 && missing.length > 0)
    throw new Mistake(`--at says nothing of ${missing.map(name => `\`${name}\``).join(", ")}; expected it once for each state, ${example(problem, missing[0])}`)
  return { at: points, of: of === undefined ? [] : variablesOf(problem, of) }
}

/** A strict decimal number; `Number` alone would take "", "0x1f" and "Infinity". */
export function decimalOf(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : NaN
}

/** The parts of a list given with commas. */
export function listOf(text: string): string[] {
  return text.split(",").map(part => part.trim()).filter(part => part !== "")
}

function pointsOf(problem: Problem, text: string): { state: string; values: number[] } {
  const [name, list] = [text.split("=")[0].trim(), text.split("=").slice(1).join("=")]
  const names = problem.states.map(state => state.name)
  const state = problem.states.find(state => state.name === name)
  if (!state)
    throw new Mistake(`--at \`${text}\`: \`${problem.economy.name}\` has no state \`${name}\`${didYouMean(name, names)}\nExpected one of ${names.join(", ")}, ${example(problem, names[0])}`)
  const values = list.split(",").map(part => {
    const value = decimalOf(part)
    if (!Number.isFinite(value)) throw new Mistake(`--at \`${text}\`: \`${part.trim()}\` is not a finite number; expected numbers with commas between, ${example(problem, name)}`)
    if (value < state.from || value > state.to) throw new Mistake(`--at \`${text}\`: \`${part.trim()}\` is outside the domain; expected ${name} from ${state.from} to ${state.to}`)
    return value
  })
  return { state: name, values }
}

function variablesOf(problem: Problem, text: string): string[] {
  const jets = problem.jets.filter(({ kind }) => kind === "value" || kind === "first" || kind === "second").map(({ symbol }) => symbol)
  const known = new Set([...problem.states.map(({ name }) => name), ...jets, ...problem.definitions])
  const slope = new RegExp(`_(${problem.states.map(({ name }) => name).join("|")})$`)
  const names = listOf(text)
  if (names.length === 0) throw new Mistake(`--of \`${text}\` names no variable; expected names with commas between`)
  for (const name of names)
    if (!known.has(name) && !known.has(name.replace(slope, "")))
      throw new Mistake(`--of: \`${problem.economy.name}\` has no variable \`${name}\`${didYouMean(name, known)}
The unknowns are ${problem.unknowns.map(u => u.name).join(", ")}; the definitions ${problem.definitions.join(", ")}; derivatives are written as in \`${jets[1]}\``)
  return [...new Set(names)]
}

function example(problem: Problem, name: string): string {
  const { from, to } = problem.states.find(state => state.name === name)!
  return `as in \`--at ${name}=${Number(((from + to) / 2).toPrecision(2))}\``
}
