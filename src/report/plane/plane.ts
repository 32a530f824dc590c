import { isDiscrete } from "../../model/discrete/economy.ts"
import type { Economy } from "../../model/economy.ts"
import type { Solution } from "../../solve/solution.ts"
import { axisOf, type Axis } from "../axis.ts"
import { capitalised } from "../caption.ts"
import type { ReportInput } from "../input.ts"
import { italic, plain, superscript } from "../markup.ts"
import { symbol } from "../symbol.ts"
import { wordsOf } from "../variables.ts"
import { fieldOf, layoutOf, type Field, type Layout } from "./layout.ts"
import { switchesOf, type Switch } from "./switches.ts"

/** What all pictures over the two states of an economy share. */
export interface Plane {
  readonly input: ReportInput
  readonly economy: Economy
  readonly reference: Solution
  /** The states across and up. */
  readonly states: readonly [string, string]
  /** `z  experts' share of wealth`, for both. */
  readonly labels: readonly [string, string]
  readonly axes: readonly [Axis, Axis]
  layout(solution: Solution): Layout
  /** A column of a solution's table; undefined where it has none. */
  field(solution: Solution, column: string): Field | undefined
  readonly switches: readonly Switch[]
}

/** Undefined for an economy that has not exactly two states. */
export function planeOf(input: ReportInput): Plane | undefined {
  const { economy } = input
  if (isDiscrete(economy) || !input.solutions.every(isOverPlane)) return undefined
  const [reference] = input.solutions, [first, second] = reference.states
  const layouts = new Map(input.solutions.map(solution => [solution, layoutOf(solution)]))
  const fields = new Map<ArrayLike<number>, Field>()
  const layout = (solution: Solution) => layouts.get(solution) ?? layoutOf(solution)
  const label = (name: string) => {
    const words = wordsOf(input.economy, name)
    return symbol(name) + (words && `\u2002${plain(words)}`)
  }
  return {
    input, economy, reference, states: [first.name, second.name], labels: [label(first.name), label(second.name)], layout,
    axes: [axisOf([...first.nodes], { tight: true }), axisOf([...second.nodes], { tight: true })],
    field: (solution, column) => {
      const values = Object.hasOwn(solution.table.columns, column) ? solution.table.columns[column] : undefined
      if (values === undefined) return undefined
      const found = fields.get(values) ?? fieldOf(layout(solution), values)
      fields.set(values, found)
      return found
    },
    switches: switchesOf(layout(reference), symbol(first.name) + superscript("*") + `(${italic(symbol(second.name))})`),
  }
}

/** Two states, and a row of the table for each of their nodes. */
function isOverPlane({ states, table: { columns, length } }: Solution): boolean {
  return states.length === 2 && states.every(({ name, nodes }) => nodes.length > 1 && Object.hasOwn(columns, name)) && length === states[0].nodes.length * states[1].nodes.length
}

/**
 * Values of the second state at which slices are cut: its lowest, the one its drift leads to (its mean; the middle where it
 * has no drift), its highest.
 */
export function sliceLevels({ reference, states: [, second] }: Plane): number[] {
  const [{ nodes: xs }, { nodes: ys }] = reference.states
  const drift = reference.table.columns[`drift:${second}`], middle = Math.floor(xs.length / 2) * ys.length
  let mean = (ys[0] + ys[ys.length - 1]) / 2
  for (let j = 0; drift && j + 1 < ys.length; j++) {
    const [a, b] = [drift[middle + j], drift[middle + j + 1]]
    if (a > 0 && b <= 0) mean = ys[j] + (ys[j + 1] - ys[j]) * a / (a - b)
  }
  // Where the root is a node up to rounding, the slice is the row.
  const node = ys.find(y => Math.abs(y - mean) < 1e-9 * (ys[ys.length - 1] - ys[0]))
  return [ys[0], node ?? mean, ys[ys.length - 1]]
}

/** `Price of capital q, in goods`. */
export const named = (words: string, name: string) => words ? capitalised(words).replace(/,|$/, end => ` ${name}${end}`) : name

/** What follows a title: after words with a comma, another. */
export const overText = (words: string, rest: string) => `${words.includes(",") ? "," : ""} ${rest}`

/** Title of a variable: symbol and words. */
export function titleOf({ input: { economy } }: Plane, variable: string): { label: string; words: string } {
  const words = plain(wordsOf(economy, variable)).split(/[:;]/)[0].trim()
  return { label: symbol(variable) + (words && `\u2002${words}`), words: words.split(/\s\(/)[0] }
}
