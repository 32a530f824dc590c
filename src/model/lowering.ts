import { derivative, symbolsOf } from "../formula/derive.ts"
import { graph, type Graph, type Node } from "../formula/graph.ts"
import { FUNCTIONS, lower, type Scope } from "../formula/lower.ts"
import { parseExpression } from "../formula/parse.ts"
import type { Ast, Fault, Span, Statement } from "../formula/syntax.ts"
import { didYouMean } from "../run/mistake.ts"
import type { EconomyDeclaration } from "./declaration.ts"

/** A fault with the text it stands in and the place of that text in the declaration (`equations`, `states.z.drift`). */
export interface PlacedFault { readonly place: string; readonly text: string; readonly fault: Fault }

/**
 * Turns the formulas of a declaration into graph nodes: resolves names, expands definitions, applies Itô's lemma.
 * Faults are collected, not thrown, so that all of them are found at once; a faulty name becomes the number 1.
 *
 * Symbols of the graph: parameters and states by name; an unknown `q` and its derivatives `q`, `q_z`, `q_zz`; of a value
 * function `J` also `J^z` (the derivative that a method may take upwind) and `J^t` (the time derivative), which occur only
 * where an equation says `drift(J)`.
 */
export interface Lowering {
  readonly g: Graph
  readonly faults: PlacedFault[]
  /** Definition names in the order in which they can be computed. */
  readonly definitions: readonly string[]
  definition(name: string): Node
  /** Lowers a parsed formula of the text at `place`. */
  expression(ast: Ast, place: string, text: string, override?: Override): Node
  /** Parses and lowers a formula that stands alone; `only` restricts its names, `free` are symbols of its own. */
  formula(text: string | number, place: string, only?: ReadonlySet<string>, free?: string): Node
  /** Drift of state `s` and its loading on shock `k`, in levels. */
  stateDrift(s: number): Node
  stateRisk(s: number, k: number): Node
  /** Instantaneous covariance of two states. */
  covariance(s: number, r: number): Node
  /** Derivative of a formula with respect to a state, through every unknown in it. */
  total(node: Node, s: number, where: { place: string; text: string; span: Span }): Node
}

export const upwindName = (unknown: string, state: string): string => `${unknown}^${state}`
export const timeName = (unknown: string): string => `${unknown}^t`

/** Takes over some names and calls of a formula; undefined leaves them to the lowering. */
export interface Override {
  name?(name: string, span: Span): Node | undefined
  call?(name: string, args: Ast[], span: Span): Node | undefined
}

interface Place { readonly place: string; readonly text: string }

export function lowering(declaration: EconomyDeclaration, statements: readonly Statement[]): Lowering {
  const g = graph()
  const faults: PlacedFault[] = []
  const states = Object.keys(declaration.states)
  const shocks = shockNames(declaration)
  const defined = new Map<string, Extract<Statement, { kind: "definition" }>>()
  for (const s of statements) if (s.kind === "definition") defined.set(s.name, s)
  const nodes = new Map<string, Node>()
  const order: string[] = []
  const open: string[] = []

  const known = (): string[] => [...Object.keys(declaration.parameters), ...states, ...Object.keys(declaration.unknowns), ...defined.keys()]
  const fault = (at: Place, message: string, span: Span): Node => { faults.push({ ...at, fault: { message, span } }); return g.num(1) }

  /** A named thing that may depend on others: lowered once, with cycles found. */
  const once = (key: string, at: Place, span: Span, make: () => Node): Node => {
    const held = nodes.get(key)
    if (held) return held
    if (open.includes(key)) {
      const cycle = [...open.slice(open.indexOf(key)), key].join(" -> ")
      return fault(at, `cyclic definition: ${cycle}; write one of them as an equation \`[label] left = right\` with an unknown`, span)
    }
    open.push(key)
    const node = make()
    open.pop()
    nodes.set(key, node)
    return node
  }

  const definition = (name: string): Node => {
    const statement = defined.get(name)!
    const at = { place: "equations", text: declaration.equations }
    return once(name, at, statement.nameSpan, () => {
      const node = expression(statement.value, at.place, at.text)
      order.push(name)
      return node
    })
  }

  const named = (name: string, span: Span, at: Place): Node => {
    if (Object.hasOwn(declaration.parameters, name) || states.includes(name) || Object.hasOwn(declaration.unknowns, name)) return g.sym(name)
    if (defined.has(name)) return definition(name)
    const split = derivativeOf(name, states, base => Object.hasOwn(declaration.unknowns, base) || defined.has(base))
    if (!split) return fault(at, `unknown name \`${name}\`${didYouMean(name, known())}`, span)
    if (Object.hasOwn(declaration.unknowns, split.base)) {
      if (split.by.length <= 2) return g.sym(jetName(split.base, split.by, states))
      return fault(at, `\`${name}\` is a derivative of order ${split.by.length}; at most second derivatives exist`, span)
    }
    return split.by.reduce((node, s) => total(node, states.indexOf(s), { ...at, span }), definition(split.base))
  }

  const total: Lowering["total"] = (node, s, where) => {
    let sum = derivative(g, node, states[s])
    for (const symbol of [...symbolsOf(node)].sort()) {
      const jet = derivativeOf(symbol, states, base => Object.hasOwn(declaration.unknowns, base))
      const base = Object.hasOwn(declaration.unknowns, symbol) ? symbol : jet?.base
      if (symbol.includes("^")) return fault(where, "a derivative of `drift` of a value function is a third derivative; at most second derivatives exist", where.span)
      if (base === undefined) continue
      const by = [...(jet?.by ?? []), states[s]]
      if (by.length > 2) return fault(where, `this needs a derivative of \`${base}\` of order 3; at most second derivatives exist`, where.span)
      sum = g.add(sum, g.mul(derivative(g, node, symbol), g.sym(jetName(base, by, states))))
    }
    return sum
  }

  const stateFormula = (key: string, text: string): Node => {
    const at = { place: key, text }
    return once(key, at, { start: 0, end: text.length }, () => formula(text, key))
  }
  const stateDrift = (s: number): Node => stateFormula(`states.${states[s]}.drift`, declaration.states[states[s]].drift)
  const stateRisk = (s: number, k: number): Node => {
    const risk = declaration.states[states[s]].risk
    if (typeof risk === "string") return k === 0 ? stateFormula(`states.${states[s]}.risk`, risk) : g.num(0)
    const text = risk[shocks[k]]
    return text === undefined ? g.num(0) : stateFormula(`states.${states[s]}.risk.${shocks[k]}`, text)
  }
  const correlation = (k: number, l: number): Node => {
    if (k === l) return g.num(1)
    const listed = (declaration.correlations ?? []).findIndex(c => c.between.includes(shocks[k]) && c.between.includes(shocks[l]))
    return listed < 0 ? g.num(0) : stateFormula(`correlations.${listed + 1}`, declaration.correlations![listed].value)
  }
  const covariance = (s: number, r: number): Node => {
    let sum = g.num(0)
    for (let k = 0; k < shocks.length; k++)
      for (let l = 0; l < shocks.length; l++) sum = g.add(sum, g.mul(correlation(k, l), g.mul(stateRisk(s, k), stateRisk(r, l))))
    return sum
  }

  /** Itô's lemma. For a value function the first derivatives are `J^z` and the time derivative `J^t` is added. */
  const drift = (arg: Ast, at: Place): Node => {
    const value = arg.kind === "name" && declaration.unknowns[arg.name]?.kind === "value" ? arg.name : undefined
    const f = expression(arg, at.place, at.text)
    const where = { ...at, span: arg.span }
    let sum = value ? g.sym(timeName(value)) : g.num(0)
    for (let s = 0; s < states.length; s++) {
      const first = total(f, s, where)
      sum = g.add(sum, g.mul(stateDrift(s), value ? g.sym(upwindName(value, states[s])) : first))
      for (let r = 0; r < states.length; r++)
        sum = g.add(sum, g.mul(g.num(0.5), g.mul(covariance(s, r), total(first, r, where))))
    }
    return sum
  }
  const vol = (arg: Ast, k: number, at: Place): Node => {
    const f = expression(arg, at.place, at.text)
    let sum = g.num(0)
    for (let s = 0; s < states.length; s++) sum = g.add(sum, g.mul(stateRisk(s, k), total(f, s, { ...at, span: arg.span })))
    return sum
  }

  const call = (name: string, args: Ast[], span: Span, at: Place): Node | undefined => {
    if (name === "drift") return args.length === 1 ? drift(args[0], at) : fault(at, `\`drift\` takes one formula but was given ${args.length}`, span)
    if (name === "vol") {
      const k = shockOf(args, shocks)
      return typeof k === "number" ? vol(args[0], k, at) : fault(at, k, span)
    }
    const arity = FUNCTIONS.find(f => f.name === name)
    return arity ? undefined : fault(at, `unknown function \`${name}\`${didYouMean(name, ["drift", "vol", ...FUNCTIONS.map(f => f.name)])}`, span)
  }

  const expression: Lowering["expression"] = (ast, place, text, override = {}) => {
    const at = { place, text }
    const scope: Scope = {
      name: (name, span) => override.name?.(name, span) ?? named(name, span, at),
      call: (name, args, span) => override.call?.(name, args, span) ?? call(name, args, span, at),
    }
    return guarded(() => lower(g, ast, scope), at)
  }
  const guarded = (make: () => Node, at: Place): Node => {
    try { return make() } catch (error) {
      const found = (error as { fault?: Fault }).fault
      if (!found) throw error
      return fault(at, found.message, found.span)
    }
  }
  const formula: Lowering["formula"] = (text, place, only, free) => {
    if (typeof text === "number") return g.num(text)
    const { ast, faults: found } = parseExpression(text)
    for (const f of found) faults.push({ place, text, fault: f })
    if (!ast || found.length > 0) return g.num(1)
    const name: Override["name"] = only && ((name, span) =>
      name === free ? g.sym(name) : only.has(name) ? named(name, span, { place, text }) : fault({ place, text }, `\`${name}\` cannot stand here${didYouMean(name, only)} The names allowed are ${[...only].join(", ") || "none"}.`, span))
    return expression(ast, place, text, name ? { name } : {})
  }

  for (const name of defined.keys()) definition(name)
  return { g, faults, definitions: order, definition, expression, formula, stateDrift, stateRisk, covariance, total }
}

/** The shocks of a declaration: the one unnamed shock is called `Z`. */
export function shockNames(declaration: EconomyDeclaration): string[] {
  const named = Object.keys(declaration.shocks ?? {})
  return named.length > 0 ? named : ["Z"]
}

/** The shock a `vol` call means, or what is wrong with it. */
export function shockOf(args: readonly Ast[], shocks: readonly string[]): number | string {
  if (args.length === 1 && shocks.length === 1) return 0
  if (args.length !== 2) return `\`vol\` takes a formula and one of the shocks ${shocks.join(", ")}`
  const name = args[1].kind === "name" ? args[1].name : ""
  const k = shocks.indexOf(name)
  return k >= 0 ? k : `unknown shock${name ? ` \`${name}\`` : ""}; expected one of ${shocks.join(", ")}`
}

/** The symbol of a derivative of an unknown; mixed derivatives are named in the order of the states. */
export function jetName(unknown: string, by: readonly string[], states: readonly string[]): string {
  return by.length === 0 ? unknown : `${unknown}_${[...by].sort((a, b) => states.indexOf(a) - states.indexOf(b)).join("")}`
}

/** Reads `q_zz` as the derivative of `q` by z twice, where `q` is known and the rest is made of state names. */
export function derivativeOf(name: string, states: readonly string[], isBase: (base: string) => boolean): { base: string; by: string[] } | undefined {
  for (let at = name.lastIndexOf("_"); at > 0; at = name.lastIndexOf("_", at - 1)) {
    const base = name.slice(0, at)
    if (!isBase(base)) continue
    const by = stateWords(name.slice(at + 1), states)
    if (by && by.length > 0) return { base, by }
  }
  return undefined
}

function stateWords(text: string, states: readonly string[]): string[] | undefined {
  if (text === "") return []
  for (const s of states) {
    if (!text.startsWith(s)) continue
    const rest = stateWords(text.slice(s.length), states)
    if (rest) return [s, ...rest]
  }
  return undefined
}
