import { outlookOf, type AnyProblem, type Outlook } from "../request.ts"
import { Mistake, didYouMean } from "../run/mistake.ts"
import { nodeAt } from "../solve/valueAt.ts"

/** What to print of a solution: points (lists of values by state) and variables. An empty `of` stands for the default variables. */
export interface Query {
  readonly at: Readonly<Record<string, readonly number[]>>
  readonly of: readonly string[]
}

/** Reads `--at z=0.1,0.2` (once a state) and `--of q,psi`, held against the problem before it is solved. Throws a `Mistake` for the first misfit. */
export function queryOf(problem: AnyProblem, at: readonly string[], of: string | undefined): Query {
  const asked = { ...outlookOf(problem), economy: problem.economy.name }
  const points: Record<string, number[]> = {}
  for (const text of at) {
    const { state, values } = pointsOf(asked, text)
    points[state] = [...(Object.hasOwn(points, state) ? points[state] : []), ...values]
  }
  const missing = asked.states.filter(({ name }) => !Object.hasOwn(points, name)).map(({ name }) => name)
  if (at.length > 0 && missing.length > 0)
    throw new Mistake(`--at says nothing of ${missing.map(name => `\`${name}\``).join(", ")}; expected it once for each state, ${example(asked, missing[0])}`)
  return { at: points, of: of === undefined ? [] : variablesOf(asked, of) }
}

/** A strict decimal number; `Number` alone would take "", "0x1f" and "Infinity". */
export function decimalOf(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : NaN
}

/** The parts of a list given with commas. */
export function listOf(text: string): string[] {
  return text.split(",").map(part => part.trim()).filter(part => part !== "")
}

interface Asked extends Outlook { readonly economy: string }

function pointsOf(asked: Asked, text: string): { state: string; values: number[] } {
  const [name, list] = [text.split("=")[0].trim(), text.split("=").slice(1).join("=")]
  const names = asked.states.map(state => state.name)
  const state = asked.states.find(state => state.name === name)
  if (!state)
    throw new Mistake(`--at \`${text}\`: \`${asked.economy}\` has no state \`${name}\`${didYouMean(name, names)}\nExpected one of ${names.join(", ")}, ${example(asked, names[0])}`)
  const values = list.split(",").map(part => {
    const value = decimalOf(part)
    if (!Number.isFinite(value)) throw new Mistake(`--at \`${text}\`: \`${part.trim()}\` is not a finite number; expected numbers with commas between, ${example(asked, name)}`)
    if (state.points && nodeAt(state.points, value) < 0) throw new Mistake(`--at \`${text}\`: \`${part.trim()}\` is no state of the chain; expected one of ${Array.from(state.points).join(", ")}`)
    if (!state.points && (value < state.from || value > state.to)) throw new Mistake(`--at \`${text}\`: \`${part.trim()}\` is outside the domain; expected ${name} from ${state.from} to ${state.to}`)
    return value
  })
  return { state: name, values }
}

function variablesOf(asked: Asked, text: string): string[] {
  const { unknowns, definitions, derivatives } = asked
  const known = new Set([...asked.states.map(({ name }) => name), ...unknowns, ...derivatives, ...definitions])
  const slope = new RegExp(`_(${asked.states.map(({ name }) => name).join("|")})$`)
  const names = listOf(text)
  if (names.length === 0) throw new Mistake(`--of \`${text}\` names no variable; expected names with commas between`)
  for (const name of names)
    if (!known.has(name) && !known.has(name.replace(slope, "")))
      throw new Mistake(`--of: \`${asked.economy}\` has no variable \`${name}\`${didYouMean(name, known)}
The unknowns are ${unknowns.join(", ")}; the definitions ${definitions.join(", ")}; derivatives are written as in \`${derivatives[0] ?? `${unknowns[0]}_${asked.states[0].name}`}\``)
  return [...new Set(names)]
}

function example(asked: Asked, name: string): string {
  const { from, to, points } = asked.states.find(state => state.name === name)!
  return `as in \`--at ${name}=${points?.[0] ?? Number(((from + to) / 2).toPrecision(2))}\``
}
