import { graph, type Graph, type Node } from "../../formula/graph.ts"
import { FormulaFault, lower } from "../../formula/lower.ts"
import { parseExpression } from "../../formula/parse.ts"
import type { Fault } from "../../formula/syntax.ts"
import { didYouMean } from "../../run/mistake.ts"
import { parameterFaults } from "../check.ts"
import { cut, faultText, mistakes } from "../faultText.ts"
import type { PlacedFault } from "../lowering.ts"
import { VARIABLES, type DiscreteDeclaration } from "./declaration.ts"
import { discreteFaults } from "./schema.ts"

/** A declaration in discrete time that was checked. Made by `economy` only. */
export interface DiscreteEconomy<Name extends string = string> {
  readonly kind: "discrete"
  readonly name: Name
  readonly declaration: DiscreteDeclaration
}

export const isDiscrete = (economy: object): economy is DiscreteEconomy => (economy as { kind?: unknown }).kind === "discrete"

/** @throws Mistake that lists every mistake. */
export function checkedDiscreteEconomy(name: string, data: unknown): DiscreteEconomy {
  const structure = discreteFaults(data)
  if (structure.length > 0) throw mistakes(name, structure.map(cut))
  const declaration = data as DiscreteDeclaration
  const { faults } = formulasOf(declaration)
  const lines = [...faults.map(faultText), ...[...nameFaults(declaration), ...parameterFaults(declaration), ...lawFaults(declaration), ...factFaults(declaration)].map(cut)]
  if (lines.length > 0) throw mistakes(name, lines)
  return { kind: "discrete", name, declaration }
}

/** Every formula of a declaration as a node of one graph, by its place; faulty ones become the number 1. */
export interface Formulas {
  readonly g: Graph
  readonly faults: readonly PlacedFault[]
  /** `consumption`, `state.law.mean`, `state.law.values.2`, `state.law.transitions.1.2`, ... (counted from 1). */
  at(place: string): Node
}

export function formulasOf(declaration: DiscreteDeclaration): Formulas {
  const g = graph()
  const faults: PlacedFault[] = []
  const nodes = new Map<string, Node>()
  const parameters = Object.keys(declaration.parameters)
  const { name, law } = declaration.state
  const read = (place: string, text: string | number, names: readonly string[]): void => { nodes.set(place, formulaNode(g, place, text, names, faults)) }
  read("preferences.discount", declaration.preferences.discount, parameters)
  read("preferences.aversion", declaration.preferences.aversion, parameters)
  for (const key of ["consumption", "dividend", "growth"] as const) read(key, declaration[key] ?? 1, [name, ...parameters])
  if (law.kind === "lognormal") for (const key of ["mean", "persistence", "volatility"] as const) read(`state.law.${key}`, law[key], parameters)
  else {
    law.values.forEach((text, i) => read(`state.law.values.${i + 1}`, text, parameters))
    law.transitions.forEach((row, i) => row.forEach((text, j) => read(`state.law.transitions.${i + 1}.${j + 1}`, text, parameters)))
  }
  return { g, faults, at: place => nodes.get(place)! }
}

function formulaNode(g: Graph, place: string, text: string | number, names: readonly string[], faults: PlacedFault[]): Node {
  if (typeof text === "number") return g.num(text)
  const refuse = (found: readonly Fault[]): Node => { faults.push(...found.map(fault => ({ place, text, fault }))); return g.num(1) }
  const { ast, faults: found } = parseExpression(text)
  if (!ast || found.length > 0) return refuse(found)
  try {
    return lower(g, ast, { name: (name, span) => {
      if (names.includes(name)) return g.sym(name)
      throw new FormulaFault(`unknown name \`${name}\`${didYouMean(name, names)} The names allowed are ${names.join(", ") || "none"}.`, span)
    } })
  } catch (error) {
    if (!(error instanceof FormulaFault)) throw error
    return refuse([error.fault])
  }
}

/** The variables of a solution have their names everywhere. */
function nameFaults({ state, parameters }: DiscreteDeclaration): string[] {
  const taken = (name: string, place: string): string[] => (Object.hasOwn(VARIABLES, name) ? [`${place}: \`${name}\` is the ${VARIABLES[name as keyof typeof VARIABLES]}; choose another name`] : [])
  return [
    ...taken(state.name, "state.name"), ...Object.keys(parameters).flatMap(name => taken(name, `parameters.${name}`)),
    ...(Object.hasOwn(parameters, state.name) ? [`state.name: the name \`${state.name}\` is taken by a parameter; choose another`] : []),
  ]
}

function lawFaults({ state: { law } }: DiscreteDeclaration): string[] {
  if (law.kind !== "chain") return []
  const n = law.values.length
  if (law.transitions.length !== n) return [`state.law.transitions: ${law.transitions.length} rows for ${n} values; expected one row for each`]
  return law.transitions.flatMap((row, i) => (row.length === n ? [] : [`state.law.transitions.${i + 1}: ${row.length} probabilities for ${n} values; expected one for each`]))
}

function factFaults({ facts = {} }: DiscreteDeclaration): string[] {
  return Object.entries(facts).flatMap(([name, fact]) => {
    const ways = (["mean", "deviation", "middle"] as const).filter(way => fact[way] !== undefined)
    if (ways.length !== 1) return [`facts.${name}: got ${ways.join(" and ") || "no way to find it"}; expected one of mean, deviation, middle`]
    const variable = fact[ways[0]]!
    return Object.hasOwn(VARIABLES, variable) ? [] : [`facts.${name}.${ways[0]}: unknown variable \`${variable}\`${didYouMean(variable, Object.keys(VARIABLES))} There are ${Object.keys(VARIABLES).join(", ")}.`]
  })
}
