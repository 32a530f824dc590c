import { isDiscrete } from "../model/discrete/economy.ts"
import type { Table } from "../run/table.ts"
import type { Solution } from "../solve/solution.ts"
import { axisOf, logAxis, type Axis } from "./axis.ts"
import type { ReportInput } from "./input.ts"
import { plain } from "./markup.ts"
import { numberText } from "./number.ts"
import { piecesOf, resampled, type Pieces } from "./pieces.ts"
import { symbol } from "./symbol.ts"
import { wordsOf } from "./variables.ts"

/** What all pictures over the one state of an economy share. */
export interface Setting {
  readonly input: ReportInput
  readonly reference: Solution
  readonly state: string
  /** The reference's nodes: every curve is drawn at these. */
  readonly nodes: Float64Array
  readonly stateLabel: string
  readonly switches: readonly { readonly at: number; readonly label: string; readonly symbol: string }[]
}

/** Undefined for an economy that has not exactly one state. */
export function settingOf(input: ReportInput): Setting | undefined {
  const [reference] = input.solutions
  if (reference.states.length !== 1) return undefined
  const [{ name: state, nodes }] = reference.states
  if (nodes.length < 2) return undefined
  const words = wordsOf(input.economy, state)
  const facts = isDiscrete(input.economy) ? {} : input.economy.declaration.facts ?? {}
  const switches = reference.switches.filter(({ at }) => Number.isFinite(at)).map(({ at, label }) => {
    const fact = Object.keys(facts).find(name => facts[name].switch === label)
    return { at, label: plain(label), symbol: symbol(fact ?? `${state}_star`) }
  })
  return { input, reference, state, nodes, stateLabel: symbol(state) + (words && `\u2002${plain(words)}`), switches }
}

/** The state from end to end, with room about the states of a chain; by its logarithm where the solution is a function of that and it varies much. */
export function stateAxis({ reference, nodes }: Pick<Setting, "reference" | "nodes">): Axis {
  const [from, to] = [nodes[0], nodes[nodes.length - 1]]
  if (reference.between !== "smooth" || to < 30 * from) return axisOf([...nodes], { tight: reference.between !== "nothing" })
  const axis = logAxis([from, to])
  return { ...axis, domain: [from, to], ticks: axis.ticks.filter(tick => tick >= from && tick <= to) }
}

/** `z* = 0.2617` above each dotted line. */
export const switchRules = ({ switches }: Setting) => switches.map(({ at, symbol }) => ({ at, label: `${symbol} = ${numberText(at)}` }))

export const switchSentence = ({ switches }: Setting) => switches.length === 0 ? "" :
  ` Dotted: ${switches.map(({ at, label, symbol }) => `${symbol} = ${numberText(at)}, where \u201C${label}\u201D changes side`).join("; ")}.`

/** A column of a solution at the reference's nodes, and where it may be joined. */
export function sampled(setting: Setting, solution: Solution, table: Table, column: string): { y: Float64Array; pieces: Pieces } | undefined {
  const y = table.columns[column]
  if (y === undefined) return undefined
  if (solution.between === "nothing") return { y, pieces: Array.from(y, (_, i) => [i, i + 1] as const) }
  const switches = solution.switches.map(({ at }) => at)
  if (solution === setting.reference) return { y, pieces: piecesOf(setting.nodes, y, switches) }
  const x = table.columns[setting.state] ?? solution.states[0].nodes
  const there = resampled(x, y, piecesOf(x, y, switches), switches, setting.nodes)
  return { y: there, pieces: piecesOf(setting.nodes, there, switches) }
}
