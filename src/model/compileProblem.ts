import { compile, type Kernel } from "../formula/compile.ts"
import { derivative, kinksOf, symbolsOf } from "../formula/derive.ts"
import type { Node } from "../formula/graph.ts"
import type { Statement } from "../formula/syntax.ts"
import { Mistake, didYouMean } from "../run/mistake.ts"
import { hjbOf, sidesOf } from "./check.ts"
import type { EconomyDeclaration } from "./declaration.ts"
import type { AnyEconomy, Economy } from "./economy.ts"
import { coordinateOf } from "./coordinate.ts"
import { correlationMatrix } from "./correlations.ts"
import { frozenLines } from "./frozen.ts"
import { jetName, lowering, shockNames, timeName, upwindName, type Lowering } from "./lowering.ts"
import { parameterFault } from "./parameters.ts"
import { pairs, type Jet, type Problem, type Rows, type State, type Unknown } from "./problem.ts"

export interface ProblemOptions {
  /** Default: the first calibration declared, or the declared values where there is none. */
  readonly calibration?: string
  /** Values that replace those of the calibration. */
  readonly parameters?: Readonly<Record<string, number>>
}

/** Compiles an economy at a calibration. @throws Mistake for a calibration or parameter that does not exist or does not fit. */
export function problem(economy: Economy, options: ProblemOptions = {}): Problem {
  const { declaration, statements } = economy
  const calibration = options.calibration ?? defaultCalibration(declaration)
  const parameters = parameterValues(economy, calibration, options.parameters ?? {})
  const lowered = lowering(declaration, statements)
  const unknowns = unknownsOf(declaration)
  const stateNames = Object.keys(declaration.states)
  const jets = jetsOf(unknowns, stateNames)
  const inputs = [...stateNames, ...Object.keys(parameters), ...jets.map(j => j.symbol)]
  const kernel = (nodes: readonly Node[]): Kernel => compile([...nodes], inputs)
  const equations = statements.filter((s): s is Equation => s.kind !== "definition")
  const values = unknowns.filter(u => u.kind === "value")
  const hjb = values.map(u => equations.find(s => hjbOf(s, declaration).includes(u.name))!)
  const block = equations.filter(s => hjbOf(s, declaration).length === 0)
  const fixed = new Set(Object.keys(parameters))
  const number = (text: string | number, place: string): number => {
    const value = scalar(lowered.formula(text, place, fixed), parameters)
    if (!Number.isFinite(value)) throw new Mistake(`${place}: is \`${value}\` at these parameters; expected a finite number`)
    return value
  }
  const states = stateNames.map(name => stateOf(name, declaration, lowered, parameters, number))
  const shocks = shockNames(declaration)
  const correlations = correlationMatrix(declaration.correlations ?? [], shocks, number)
  if (typeof correlations === "string") throw new Mistake(correlations)
  const definitions = lowered.definitions.slice()
  const motion = [...states.map((_, s) => lowered.stateDrift(s)), ...pairs(states.length).map(([s, r]) => lowered.covariance(s, r))]
  const built: Problem = {
    economy, calibration, parameters, states, shocks, correlations, unknowns, jets, inputs, definitions,
    hjb: rowsOf(hjb, lowered, jets, kernel, declaration),
    block: rowsOf(block, lowered, jets, kernel, declaration),
    motion: kernel(motion),
    risk: kernel(states.flatMap((_, s) => shocks.map((_, k) => lowered.stateRisk(s, k)))),
    kinks: kernel(kinksOf(lowered.g, [...motion, ...hjb.flatMap(line => sidesOf(line).map(side => lowered.expression(side, "equations", declaration.equations)))])),
    frozen: frozenLines(hjb, values.map(u => u.name), lowered, declaration, kernel),
    guess: kernel(unknowns.map(u => lowered.formula(declaration.unknowns[u.name].guess, `unknowns.${u.name}.guess`))),
    defined: kernel(definitions.map(name => lowered.definition(name))),
    exact: Object.entries(declaration.exact ?? {}).map(([name, text]) => ({ name, kernel: kernel([lowered.formula(text, `exact.${name}`)]) })),
    facts: Object.entries(declaration.facts ?? {}).map(([name, fact]) => {
      const way = (["switch", "max", "min", "root", "value"] as const).find(key => fact[key] !== undefined)!
      return { name, is: fact.is, way, label: fact.switch, at: fact.at && Object.fromEntries(Object.entries(fact.at).map(([s, text]) => [s, number(text, `facts.${name}.at.${s}`)])), kernel: way === "switch" ? undefined : kernel([lowered.formula(fact[way]!, `facts.${name}.${way}`)]) }
    }),
    checks: Object.entries(declaration.checks ?? {}).map(([label, check]) => ({
      label, is: check.is, kernel: kernel([lowered.formula(check.zero, `checks.${label}.zero`), lowered.formula(check.where ?? 1, `checks.${label}.where`)]),
    })),
  }
  return built
}

type Equation = Exclude<Statement, { kind: "definition" }>

export const defaultCalibration = (declaration: Pick<EconomyDeclaration, "calibrations">): string => Object.keys(declaration.calibrations ?? {})[0] ?? "default"

/** The values of all parameters: the calibration's, or those given. @throws Mistake for what does not exist or does not fit. */
export function parameterValues(economy: AnyEconomy, calibration: string, given: Readonly<Record<string, number>>): Record<string, number> {
  const { parameters, calibrations = {} } = economy.declaration
  const names = Object.keys(parameters), known = Object.keys(calibrations)
  if (known.length > 0 ? !Object.hasOwn(calibrations, calibration) : calibration !== "default")
    throw new Mistake(`\`${economy.name}\` has no calibration \`${calibration}\`${didYouMean(calibration, known)} It has ${known.join(", ") || "only its default"}.`)
  const values: Record<string, number> = {}
  const replaced = calibrations[calibration]?.values ?? {}
  for (const name of names) values[name] = Object.hasOwn(replaced, name) ? replaced[name] : parameters[name].value
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) throw new Mistake(`\`${economy.name}\` has no parameter \`${name}\`${didYouMean(name, names)} It has ${names.join(", ")}.`)
    const fault = parameterFault(name, parameters[name], given[name])
    if (fault) throw new Mistake(fault)
    values[name] = given[name]
  }
  return values
}

function unknownsOf(declaration: EconomyDeclaration): Unknown[] {
  const all = Object.entries(declaration.unknowns).map(([name, u]) => ({ name, kind: u.kind, positive: u.positive ?? false, range: u.range }))
  return [...all.filter(u => u.kind === "value"), ...all.filter(u => u.kind !== "value")]
}

function jetsOf(unknowns: readonly Unknown[], states: readonly string[]): Jet[] {
  return unknowns.flatMap((u, unknown) => {
    const symbol = (by: readonly number[]): string => jetName(u.name, by.map(s => states[s]), states)
    const jets: Jet[] = [{ symbol: u.name, unknown, kind: "value", by: [] }]
    states.forEach((_, s) => jets.push({ symbol: symbol([s]), unknown, kind: "first", by: [s] }))
    for (const by of pairs(states.length)) jets.push({ symbol: symbol(by), unknown, kind: "second", by })
    if (u.kind !== "value") return jets
    states.forEach((name, s) => jets.push({ symbol: upwindName(u.name, name), unknown, kind: "upwind", by: [s] }))
    jets.push({ symbol: timeName(u.name), unknown, kind: "time", by: [] })
    return jets
  })
}

function rowsOf(equations: readonly Equation[], lowered: Lowering, jets: readonly Jet[], kernel: (nodes: readonly Node[]) => Kernel, declaration: EconomyDeclaration): Rows {
  const { g } = lowered
  const nodes: Node[] = []
  const output = (node: Node): number => nodes.push(node) - 1
  const sides = equations.map(s => {
    const [a, b] = sidesOf(s).map(side => lowered.expression(side, "equations", declaration.equations))
    return s.kind === "equation" ? [g.sub(a, b)] : [a, b]
  })
  const residuals = sides.map(([a, b]) => ({ first: output(a), second: b ? output(b) : -1 }))
  const partials = sides.flatMap((pair, row) => pair.flatMap((node, side) => {
    const present = symbolsOf(node)
    return jets.flatMap((jet, j) => (present.has(jet.symbol) ? [{ row, side: side as 0 | 1, jet: j, output: output(derivative(g, node, jet.symbol)) }] : []))
  }))
  let sensitivity: ReturnType<Rows["sensitivity"]> | undefined
  return {
    labels: equations.map(s => s.label), residuals, partials, kernel: kernel(nodes),
    sensitivity: () => (sensitivity ??= sensitivityOf(sides, Object.keys(declaration.parameters), lowered, kernel)),
  }
}

function sensitivityOf(sides: readonly (readonly Node[])[], parameters: readonly string[], { g }: Lowering, kernel: (nodes: readonly Node[]) => Kernel): ReturnType<Rows["sensitivity"]> {
  const nodes: Node[] = []
  const partials = sides.flatMap((pair, row) => pair.flatMap((node, side) => {
    const present = symbolsOf(node)
    return parameters.flatMap((name, parameter) => (present.has(name) ? [{ row, side: side as 0 | 1, parameter, output: nodes.push(derivative(g, node, name)) - 1 }] : []))
  }))
  return { partials, kernel: kernel(nodes) }
}

function stateOf(name: string, declaration: EconomyDeclaration, lowered: Lowering, parameters: Readonly<Record<string, number>>,
  number: (text: string | number, place: string) => number): State {
  const { from, to, ends = "natural", grid = "s", start } = declaration.states[name]
  const low = number(from, `states.${name}.from`), high = number(to, `states.${name}.to`)
  if (!(low < high)) throw new Mistake(`states.${name}: its domain runs from \`${low}\` to \`${high}\`; expected from < to`)
  const startAt = start && number(start.at, `states.${name}.start.at`)
  if (startAt !== undefined && startAt > low) throw new Mistake(`states.${name}.start.at: is \`${startAt}\`; expected a number at or below the domain, which begins at ${low}`)
  const place = `states.${name}.grid`
  const map = lowered.formula(grid, place, new Set(Object.keys(parameters)), "s")
  const coordinate = coordinateOf(lowered.g, map, low, high, parameters, place)
  return {
    name, from: low, to: high, ends, coordinate,
    nodes: n => {
      const nodes = coordinate.stateAt(Float64Array.from({ length: n }, (_, i) => i / (n - 1)))
      nodes[0] = low
      nodes[n - 1] = high
      return nodes
    },
    start: start && {
      at: startAt!,
      values: Object.fromEntries(Object.entries(start.values).map(([u, text]) => [u, number(text, `states.${name}.start.values.${u}`)])),
    },
  }
}

function scalar(node: Node, parameters: Readonly<Record<string, number>>): number {
  const out = new Float64Array(1)
  compile([node], Object.keys(parameters)).run(Object.values(parameters), 1, [out])
  return out[0]
}
