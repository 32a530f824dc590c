import { parseEquations } from "../formula/parse.ts"
import type { Statement } from "../formula/syntax.ts"
import { Mistake } from "../run/mistake.ts"
import { semanticFaults } from "./check.ts"
import type { EconomyDeclaration } from "./declaration.ts"
import type { DiscreteDeclaration } from "./discrete/declaration.ts"
import { checkedDiscreteEconomy, isDiscrete, type DiscreteEconomy } from "./discrete/economy.ts"
import { cut, faultText, isTable, mistakes, nameIn } from "./faultText.ts"
import type { PlacedFault } from "./lowering.ts"
import { structuralFaults } from "./schema.ts"

/** A declaration in continuous time that was checked: every name resolves, every unknown has its equation. Made by `economy` only. */
export interface Economy<Name extends string = string> {
  readonly name: Name
  readonly declaration: EconomyDeclaration
  /** The equations, parsed, in the order written. */
  readonly statements: readonly Statement[]
}

export type { DiscreteEconomy }

/** An economy in continuous or in discrete time. */
export type AnyEconomy = Economy | DiscreteEconomy

/**
 * Declares an economy. All mistakes are found here, at once, each with its place and a proposal.
 *
 * @throws Mistake that lists every mistake.
 * @example economy("basak-cuoco-1998", { is: "...", parameters: {...}, states: {...}, unknowns: {...}, equations: `...` })
 * @example economy("lucas-tree", { kind: "discrete", is: "...", parameters: {...}, state: {...}, consumption: "y", dividend: "y", ... })
 */
export function economy<const Name extends string>(name: Name, declaration: DiscreteDeclaration): DiscreteEconomy<Name>
export function economy<const Name extends string>(name: Name, declaration: EconomyDeclaration): Economy<Name>
export function economy(name: string, declaration: EconomyDeclaration | DiscreteDeclaration): AnyEconomy {
  return anyEconomyOf(declaration, name)
}

/** An economy in continuous time from plain data. A `name` in the data wins over the name given. */
export function economyOf(data: unknown, given = "economy"): Economy {
  const found = anyEconomyOf(data, given)
  if (isDiscrete(found)) throw new Mistake(`the economy \`${found.name}\` is in discrete time; expected one in continuous time`)
  return found
}

/** An economy of either kind from plain data, as read from a TOML or JSON file: in discrete time where `kind` is `discrete`. */
export function anyEconomyOf(data: unknown, given = "economy"): AnyEconomy {
  try {
    const { name, declaration } = nameIn(data, given)
    return isTable(data) && Object.hasOwn(data, "kind") ? checkedDiscreteEconomy(name, declaration) : checkedEconomy(name, declaration, isTable(data))
  } catch (error) {
    if (!isStackOverflow(error)) throw error
    throw new Mistake("the formulas of the economy are nested too deeply to be read; give parts of them names of their own")
  }
}

function checkedEconomy(name: string, declaration: Record<string, unknown>, table: boolean): Economy {
  const structure = table ? structuralFaults(declaration) : ["expected a table with parameters, states, unknowns and equations"]
  if (structure.length > 0) throw mistakes(name, structure.map(cut))
  const checked = declaration as unknown as EconomyDeclaration
  const { statements, faults } = parseEquations(checked.equations)
  const placed: PlacedFault[] = faults.map(fault => ({ place: "equations", text: checked.equations, fault }))
  const semantic = semanticFaults(checked, statements, faults.length > 0)
  const lines = [...[...placed, ...semantic.placed].map(faultText), ...semantic.plain.map(cut)]
  if (lines.length > 0) throw mistakes(name, lines)
  return { name, declaration: checked, statements }
}

/** What V8 and JavaScriptCore, and what SpiderMonkey say when the call stack is full. */
const isStackOverflow = (error: unknown): boolean => error instanceof Error && /call stack|recursion/i.test(error.message)
