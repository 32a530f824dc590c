import { symbolsOf } from "../formula/derive.ts"
import { partsOf, type Ast, type Statement } from "../formula/syntax.ts"
import { didYouMean } from "../run/mistake.ts"
import type { EconomyDeclaration } from "./declaration.ts"
import { derivativeOf, lowering, shockNames, type Lowering, type PlacedFault } from "./lowering.ts"
import { parameterFault } from "./parameters.ts"

/** What a declaration says that cannot be meant: faults with a caret, and plain lines. */
export interface SemanticFaults { readonly placed: PlacedFault[]; readonly plain: string[] }

/** Checks meanings: names, cycles, one equation for each unknown, bounds, facts. `partial`: some equations did not parse. */
export function semanticFaults(declaration: EconomyDeclaration, statements: readonly Statement[], partial: boolean): SemanticFaults {
  const lowered = lowering(declaration, statements)
  const plain: string[] = [...nameFaults(declaration, statements), ...parameterFaults(declaration), ...stateFaults(declaration), ...unknownFaults(declaration)]
  for (const s of statements) if (s.kind !== "definition") for (const side of sidesOf(s)) lowered.expression(side, "equations", declaration.equations)
  checkFormulas(declaration, lowered)
  if (!partial) plain.push(...countFaults(declaration, statements, lowered))
  plain.push(...factFaults(declaration, statements), ...wordFaults(declaration, statements))
  return { placed: distinct(lowered.faults), plain }
}

export function sidesOf(s: Exclude<Statement, { kind: "definition" }>): [Ast, Ast] {
  return s.kind === "equation" ? [s.left, s.right] : [s.first, s.second]
}

/** The value function whose HJB line this is: the one it takes the drift of. */
export function hjbOf(s: Statement, declaration: EconomyDeclaration): string[] {
  if (s.kind !== "equation") return []
  return [...new Set(sidesOf(s).flatMap(side => driftsIn(side)).filter(name => declaration.unknowns[name]?.kind === "value"))]
}

/** The names x that stand as `drift(x)` in a formula. */
function driftsIn(ast: Ast): string[] {
  const own = ast.kind === "call" && ast.name === "drift" && ast.args[0]?.kind === "name" ? [ast.args[0].name] : []
  return [...own, ...partsOf(ast).flatMap(driftsIn)]
}

function nameFaults(declaration: EconomyDeclaration, statements: readonly Statement[]): string[] {
  const lines: string[] = []
  const owner = new Map<string, string>()
  const claim = (name: string, by: string): void => {
    const held = owner.get(name)
    if (held) lines.push(`${by}: the name \`${name}\` is taken by ${held}; choose another`)
    else owner.set(name, by)
  }
  for (const kind of ["parameters", "states", "unknowns"] as const) for (const name of Object.keys(declaration[kind])) claim(name, `${kind}.${name}`)
  for (const s of statements) if (s.kind === "definition") claim(s.name, `the definition of \`${s.name}\``)
  const states = Object.keys(declaration.states)
  for (const [name, by] of owner) {
    const jet = derivativeOf(name, states, base => Object.hasOwn(declaration.unknowns, base))
    if (jet) lines.push(`${by}: \`${name}\` is how the derivative of \`${jet.base}\` with respect to ${jet.by.join(" and ")} is written; choose another name`)
    if (name === "t" && by.startsWith("states")) lines.push(`states.t: \`t\` is time; choose another name`)
  }
  return [...lines, ...derivativeNameFaults(states)]
}

/** Derivatives are written with the names of the states in a row (`q_xy`), which must have one reading only. */
function derivativeNameFaults(states: readonly string[]): string[] {
  const lines: string[] = []
  const read = new Map<string, string>()
  for (const by of [...states.map(s => [s]), ...states.flatMap(s => states.map(r => [s, r]))]) {
    const text = by.join(""), meaning = by.toSorted().join(" and "), other = read.get(text)
    if (other !== undefined && other !== meaning) lines.push(`states: a derivative \`_${text}\` would be by ${other} or by ${meaning}; rename one of the states`)
    read.set(text, other ?? meaning)
  }
  return lines
}

/** Values outside their bounds, of defaults and calibrations. */
export function parameterFaults(declaration: Pick<EconomyDeclaration, "parameters" | "calibrations">): string[] {
  const lines: string[] = []
  for (const [name, parameter] of Object.entries(declaration.parameters)) {
    const fault = parameterFault(name, parameter, parameter.value)
    if (fault) lines.push(`parameters.${name}: ${fault}`)
  }
  for (const [calibration, { values }] of Object.entries(declaration.calibrations ?? {}))
    for (const [name, value] of Object.entries(values)) {
      const parameter = Object.hasOwn(declaration.parameters, name) ? declaration.parameters[name] : undefined
      const fault = parameter ? parameterFault(name, parameter, value) : `unknown parameter \`${name}\`${didYouMean(name, Object.keys(declaration.parameters))}`
      if (fault) lines.push(`calibrations.${calibration}.values.${name}: ${fault}`)
    }
  return lines
}

function stateFaults(declaration: EconomyDeclaration): string[] {
  const states = Object.keys(declaration.states)
  if (states.length === 0) return ["states: there is none; an economy needs at least one state, as in `states.z`"]
  const shocks = Object.keys(declaration.shocks ?? {})
  const lines: string[] = []
  for (const name of states) {
    const { from, to, risk, start } = declaration.states[name]
    if (typeof from === "number" && typeof to === "number" && !(from < to)) lines.push(`states.${name}: its domain runs from \`${from}\` to \`${to}\`; expected from < to`)
    if (typeof risk === "string" && shocks.length > 1) lines.push(`states.${name}.risk: there are ${shocks.length} shocks (${shocks.join(", ")}); give one loading for each`)
    if (typeof risk !== "string") for (const shock of Object.keys(risk)) if (!(shocks.length === 0 ? ["Z"] : shocks).includes(shock)) lines.push(`states.${name}.risk.${shock}: unknown shock${didYouMean(shock, shocks)}`)
    for (const unknown of Object.keys(start?.values ?? {})) if (!Object.hasOwn(declaration.unknowns, unknown)) lines.push(`states.${name}.start.values.${unknown}: no such unknown${didYouMean(unknown, Object.keys(declaration.unknowns))}`)
  }
  return [...lines, ...correlationFaults(declaration, shocks)]
}

function correlationFaults({ correlations = [] }: EconomyDeclaration, shocks: readonly string[]): string[] {
  return correlations.flatMap(({ between: [a, b] }, i) => {
    const place = `correlations.${i + 1}`
    const unknown = [a, b].filter(shock => !shocks.includes(shock))
    if (unknown.length > 0) return unknown.map(shock => `${place}: unknown shock \`${shock}\`${didYouMean(shock, shocks)}`)
    if (a === b) return [`${place}: \`${a}\` stands twice; expected two shocks`]
    const earlier = correlations.findIndex(({ between }) => between.includes(a) && between.includes(b))
    return earlier < i ? [`${place}: the correlation of ${a} and ${b} is given already, by correlations.${earlier + 1}; take one away`] : []
  })
}

function unknownFaults(declaration: EconomyDeclaration): string[] {
  const lines: string[] = []
  if (Object.keys(declaration.unknowns).length === 0) lines.push("unknowns: there is none; declare what is to be found, as in `unknowns.q`")
  for (const [name, { kind, range }] of Object.entries(declaration.unknowns)) {
    if (kind === "share" && !range) lines.push(`unknowns.${name}: a share needs a range, as in \`range = [0, 1]\``)
    if (range && !(range[0] < range[1])) lines.push(`unknowns.${name}.range: got [${range.join(", ")}]; expected [low, high] with low < high`)
  }
  return lines
}

/** The formulas that stand outside `equations`, each with the names it may use. */
function checkFormulas(declaration: EconomyDeclaration, { formula, stateDrift, stateRisk }: Lowering): void {
  const parameters = Object.keys(declaration.parameters), states = Object.keys(declaration.states)
  const fixed = new Set(parameters), given = new Set([...parameters, ...states])
  states.forEach((name, s) => {
    const state = declaration.states[name]
    stateDrift(s)
    shockNames(declaration).forEach((_, k) => stateRisk(s, k))
    formula(state.from, `states.${name}.from`, fixed)
    formula(state.to, `states.${name}.to`, fixed)
    if (state.grid) formula(state.grid, `states.${name}.grid`, fixed, "s")
    if (state.start) formula(state.start.at, `states.${name}.start.at`, fixed)
    for (const [u, text] of Object.entries(state.start?.values ?? {})) formula(text, `states.${name}.start.values.${u}`, fixed)
  })
  for (const [i, c] of (declaration.correlations ?? []).entries()) formula(c.value, `correlations.${i + 1}.value`, fixed)
  for (const [name, u] of Object.entries(declaration.unknowns)) formula(u.guess, `unknowns.${name}.guess`, given)
  for (const [name, text] of Object.entries(declaration.exact ?? {})) formula(text, `exact.${name}`, given)
  for (const [name, f] of Object.entries(declaration.facts ?? {}))
    for (const key of ["max", "min", "root", "value"] as const) if (f[key] !== undefined) formula(f[key], `facts.${name}.${key}`)
  for (const [name, f] of Object.entries(declaration.facts ?? {}))
    for (const [s, text] of Object.entries(f.at ?? {})) formula(text, `facts.${name}.at.${s}`, fixed)
  for (const [name, c] of Object.entries(declaration.checks ?? {})) {
    formula(c.zero, `checks.${name}.zero`)
    if (c.where !== undefined) formula(c.where, `checks.${name}.where`)
  }
}

/** One HJB line for each value function; as many other lines as prices and shares, and each of these in one of them. */
function countFaults(declaration: EconomyDeclaration, statements: readonly Statement[], { expression }: Lowering): string[] {
  const lines: string[] = []
  const kinds = Object.entries(declaration.unknowns)
  const values = kinds.filter(([, u]) => u.kind === "value").map(([name]) => name)
  const statics = kinds.filter(([, u]) => u.kind !== "value").map(([name]) => name)
  const equations = statements.filter(s => s.kind !== "definition")
  const labels = new Set<string>()
  for (const s of equations) {
    if (labels.has(s.label)) lines.push(`equations: two lines are called [${s.label}]; give each its own name`)
    labels.add(s.label)
  }
  const owned = equations.map(s => hjbOf(s, declaration))
  owned.forEach((names, i) => { if (names.length > 1) lines.push(`equations, [${equations[i].label}]: takes the drift of ${names.join(" and ")}; an HJB line holds one`) })
  for (const value of values) {
    const count = owned.filter(names => names.includes(value)).length
    if (count !== 1) lines.push(`unknowns.${value}: ${count === 0 ? "no" : count} equation${count > 1 ? "s hold" : " holds"} \`drift(${value})\`; a value function needs exactly one, its HJB line`)
  }
  const rest = equations.filter((_, i) => owned[i].length === 0)
  const missing = statics.filter(u => !rest.some(s => sidesOf(s).some(side => symbolsOf(expression(side, "equations", declaration.equations)).has(u))))
  for (const u of missing) lines.push(`unknowns.${u}: stands in no equation; add a line \`[name] left = right\` that holds \`${u}\``)
  if (rest.length !== statics.length && missing.length === 0)
    lines.push(`equations: ${statics.length} prices and shares (${statics.join(", ") || "none"}) but ${rest.length} equation${rest.length === 1 ? "" : "s"} for them (${rest.map(s => `[${s.label}]`).join(", ") || "none"}); ${
      rest.length < statics.length ? "add a line that begins with [name]" : "take one away or declare another unknown"}`)
  return lines
}

function factFaults(declaration: EconomyDeclaration, statements: readonly Statement[]): string[] {
  const lines: string[] = []
  const labels = statements.flatMap(s => (s.kind === "complementarity" ? [s.label] : []))
  for (const [name, fact] of Object.entries(declaration.facts ?? {})) {
    const ways = (["switch", "max", "min", "root", "value"] as const).filter(key => fact[key] !== undefined)
    if (ways.length !== 1) lines.push(`facts.${name}: got ${ways.length ? ways.join(" and ") : "no way to find it"}; expected one of switch, max, min, root, value`)
    if (fact.switch !== undefined && !labels.includes(fact.switch)) lines.push(`facts.${name}.switch: no complementarity line is called [${fact.switch}]${didYouMean(fact.switch, labels)}`)
    const states = Object.keys(declaration.states)
    const others = states.slice(1).filter(s => !fact.at || !Object.hasOwn(fact.at, s))
    if ((fact.switch ?? fact.root) !== undefined && others.length > 0) lines.push(`facts.${name}.at: a ${fact.root === undefined ? "switch" : "root"} lies along ${states[0]}; expected a number for each other state (${states.slice(1).join(", ")})`)
    for (const s of Object.keys(fact.at ?? {})) if (!states.includes(s)) lines.push(`facts.${name}.at: unknown state \`${s}\`${didYouMean(s, states)}`)
    if (fact.value !== undefined && !states.every(s => fact.at && Object.hasOwn(fact.at, s))) lines.push(`facts.${name}.at: expected a number for each state (${states.join(", ")})`)
  }
  return lines
}

function wordFaults(declaration: EconomyDeclaration, statements: readonly Statement[]): string[] {
  const defined = statements.flatMap(s => (s.kind === "definition" ? [s.name] : []))
  const named = [...defined, ...Object.keys(declaration.unknowns)]
  return (["words", "exact"] as const).flatMap(key => Object.keys(declaration[key] ?? {})
    .filter(name => !named.includes(name))
    .map(name => `${key}.${name}: no unknown or definition is called \`${name}\`${didYouMean(name, named)}`))
}

/** The same fault can be met from several equations; it is said once. */
function distinct(faults: readonly PlacedFault[]): PlacedFault[] {
  const seen = new Set<string>()
  return faults.filter(({ place, fault }) => {
    const key = `${place} ${fault.span.start} ${fault.message}`
    return !seen.has(key) && seen.add(key)
  })
}

