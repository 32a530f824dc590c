import { VARIABLES } from "../model/discrete/declaration.ts"
import { isDiscrete } from "../model/discrete/economy.ts"
import type { AnyEconomy, Economy } from "../model/economy.ts"
import type { Solution } from "../solve/solution.ts"

/** Variables that share axes: one, or the same quantity of several agents. */
export interface Group {
  readonly name: string
  readonly variables: readonly string[]
  /** What it is, in words up to the first colon or parenthesis; "" where the economy does not say. */
  readonly words: string
}

/** What a variable is, in the economy's own words; "" where it has none. */
export function wordsOf(economy: AnyEconomy, name: string): string {
  const { states, unknowns, parameters, words } = isDiscrete(economy)
    ? { states: { [economy.declaration.state.name]: economy.declaration.state }, unknowns: {}, parameters: economy.declaration.parameters, words: VARIABLES } : economy.declaration
  for (const table of [states, unknowns, parameters] as readonly Readonly<Record<string, { readonly is: string }>>[]) if (Object.hasOwn(table, name)) return table[name].is
  const told: Readonly<Record<string, string>> = words ?? {}
  return Object.hasOwn(told, name) ? told[name] : ""
}

/**
 * Unknowns and definitions in drawing order: value functions, prices and shares, then definitions as they were written. Where an
 * economy has words for some definitions, those without are steps of a derivation and are left out.
 */
export function drawnVariables(economy: AnyEconomy, solution: Solution): string[] {
  if (isDiscrete(economy)) return Object.keys(VARIABLES).filter(name => Object.hasOwn(solution.table.columns, name))
  const { declaration, statements } = economy
  const ORDER = { value: 0, price: 1, share: 2 }
  const unknowns = Object.keys(declaration.unknowns).sort((a, b) => ORDER[declaration.unknowns[a].kind] - ORDER[declaration.unknowns[b].kind])
  const definitions = statements.flatMap(statement => statement.kind === "definition" ? [statement.name] : [])
  const words = declaration.words ?? {}
  const told = definitions.filter(name => Object.hasOwn(words, name))
  return [...new Set([...unknowns, ...(told.length > 0 ? told : definitions)])].filter(name => Object.hasOwn(solution.table.columns, name))
}

/** Variables whose names differ only in the agent at their end share axes, unless one would flatten the other. */
export function groupsOf(economy: AnyEconomy, solution: Solution): Group[] {
  const variables = drawnVariables(economy, solution)
  const agents = isDiscrete(economy) ? [] : agentsOf(economy)
  const size = (name: string) => solution.table.columns[name].reduce((most, value) => Math.abs(value) > most ? Math.abs(value) : most, 0)
  const taken = new Set<string>(), groups: Group[] = []
  for (const name of variables) {
    if (taken.has(name)) continue
    const agent = agents.find(agent => isOf(name, agent))
    const stem = agent === undefined ? name : name.slice(0, -agent.length)
    const alike = agent === undefined ? [name] : agents.map(other => stem + other).filter(other => variables.includes(other) && !taken.has(other))
    const largest = Math.max(...alike.map(size))
    const together = alike.length > 1 && alike.every(other => size(other) * 30 > largest) ? alike : [name]
    for (const member of together) taken.add(member)
    groups.push({ name: together.length > 1 ? stem.replace(/_$/, "") : name, variables: together, words: commonWords(together.map(member => wordsOf(economy, member).split(/[:;]|\s\(/)[0].trim())) })
  }
  return groups
}

/** `e` closes `zeta_e` and `sigma_Je`, but not `rate`. */
const isOf = (name: string, agent: string) => name.endsWith(`_${agent}`) || (name.endsWith(agent) && /_[A-Z]$/.test(name.slice(0, -agent.length)))

/** The subscripts by which the value functions are told apart. */
function agentsOf({ declaration: { unknowns } }: Economy): string[] {
  const endings = Object.keys(unknowns).filter(name => unknowns[name].kind === "value").map(name => /_([A-Za-z]|[0-9])$/.exec(name)?.[1])
  const found = [...new Set(endings.filter(ending => ending !== undefined))]
  return found.length > 1 ? found : ["e", "h"]
}

const LINK = "of|for|by|to|in|the|a|an|held|their|all|and"
const DANGLING = new RegExp(`(^|[\\s,]+)(${LINK})$`, "i")

/** What the words of several variables have in common: their beginning and their end. */
export function commonWords(texts: readonly string[]): string {
  if (texts.every(text => text === texts[0])) return texts[0]
  const split = texts.map(text => text.split(/\s+/)), shortest = Math.min(...split.map(words => words.length))
  const shared = (most: number, at: (words: string[], i: number) => string | undefined) => {
    let count = 0
    while (count < most && split.every(words => at(words, count) === at(split[0], count))) count++
    return count
  }
  const first = shared(shortest, (words, i) => words[i])
  const last = shared(shortest - first, (words, i) => words.at(-1 - i))
  const end = split[0].slice(split[0].length - last).join(" ")
  const start = split[0].slice(0, first).join(" ").replace(/[,;:]+$/, "")
  const isClause = split[0][split[0].length - last - 1]?.endsWith(",")
  if (end !== "" && !isClause) return `${start} ${end}`.trim()
  let whole = start
  while (DANGLING.test(whole)) whole = whole.replace(DANGLING, "")
  return [whole, end].filter(part => part !== "").join(", ")
}
