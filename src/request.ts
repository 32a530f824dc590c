import { problem as compileProblem, defaultCalibration } from "./model/compileProblem.ts"
import { discreteProblem } from "./model/discrete/compile.ts"
import { BOUNDS, VARIABLES } from "./model/discrete/declaration.ts"
import { isDiscrete } from "./model/discrete/economy.ts"
import type { DiscreteProblem } from "./model/discrete/problem.ts"
import type { AnyEconomy, Economy } from "./model/economy.ts"
import type { Problem } from "./model/problem.ts"
import { hasFastMath, takeBest } from "./nets/kernelBuilds.ts"
import { Mistake, didYouMean } from "./run/mistake.ts"
import { runToEnd, type Procedure } from "./run/run.ts"
import type { Runner } from "./run/runner.ts"
import { settingValues, type SettingValue } from "./run/settings.ts"
import { DISCRETE_METHODS } from "./solve/discrete/index.ts"
import { METHODS } from "./solve/index.ts"
import type { Method } from "./solve/method.ts"
import type { Solution } from "./solve/solution.ts"
import { nodeAt, slopeOf, valueAt, variablesOf } from "./solve/valueAt.ts"

/** An economy of either kind, compiled. */
export type AnyProblem = Problem | DiscreteProblem

/** One computation as data: what a command line, a run folder and a worker share. Made by `requestOf`, which checks it. */
export interface Request<E extends AnyEconomy = AnyEconomy> {
  readonly economy: E
  readonly method: Method<AnyProblem>
  readonly calibration: string
  /** Parameters that replace those of the calibration. */
  readonly parameters: Readonly<Record<string, number>>
  /** Settings of the method that replace its defaults. */
  readonly settings: Readonly<Record<string, SettingValue>>
  readonly seed: number
  /** Whether nets compute by the relaxed kernels: faster, with bits that depend on the machine. */
  readonly fastMath: boolean
}

export interface RequestOptions {
  /** Default: `fd`; for an economy in discrete time the first of its methods that accepts it. */
  readonly method?: string
  readonly calibration?: string
  /** Texts like `sigma=.1`: parameters of the economy first, then settings of the method; `fd.points=400` names the method. */
  readonly set?: readonly string[]
  /** Default 0. */
  readonly seed?: number
  /** Other methods of a comparison: settings that only they have are theirs. */
  readonly beside?: readonly string[]
  /** Default false. */
  readonly fastMath?: boolean
}

/** The methods for economies of this one's kind. */
export const methodsFor = (economy: AnyEconomy): Readonly<Record<string, Method<AnyProblem>>> => (isDiscrete(economy) ? DISCRETE_METHODS : METHODS)

/** Checks what was asked for and fills in defaults. @throws Mistake that says what was got and what is expected. */
export function requestOf<E extends AnyEconomy>(economy: E, options: RequestOptions = {}): Request<E> {
  const { set = [], seed = 0, fastMath = false } = options
  const calibration = options.calibration ?? defaultCalibration(economy.declaration)
  const method = options.method === undefined ? defaultMethod(economy, calibration, set) : methodNamed(economy, options.method)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Mistake(`the seed is \`${seed}\`; expected a whole number from 0 on`)
  const parameters: Record<string, number> = {}
  const settings: Record<string, SettingValue> = {}
  for (const text of set) assign(text, economy, method, parameters, settings, options.beside)
  checkFastMath(fastMath)
  const request = { economy, method, calibration, parameters, settings, seed, fastMath }
  held.set(request, compiled(economy, { calibration, parameters }))
  settingValues(method.name, method.settings, settings)
  return request
}

/** What `requestOf` compiled to check a request, so that it need not be compiled again to compute it. */
const held = new WeakMap<Request, AnyProblem>()

/** @throws Mistake where fast math is wanted and no kernels of the host have it. */
export function checkFastMath(wanted: boolean, has = hasFastMath): void {
  if (wanted && !has())
    throw new Mistake("fast math needs multiply-adds that round once, which are not there; expected Node 22 or newer, Node 20 with --experimental-wasm-relaxed-simd, or a browser that has it. Without --fast-math nothing of it is needed")
}

/** The first method; in discrete time, where some have closed forms and some not, the first that accepts the economy at these parameters. */
function defaultMethod(economy: AnyEconomy, calibration: string, set: readonly string[]): Method<AnyProblem> {
  const methods = Object.values(methodsFor(economy))
  if (!isDiscrete(economy)) return methods[0]
  const parameters: Record<string, number> = {}
  for (const text of set) if (Object.hasOwn(economy.declaration.parameters, text.split("=")[0].trim())) assign(text, economy, methods[0], parameters, {})
  const problem = compiled(economy, { calibration, parameters })
  return methods.find(method => method.refuses(problem) === undefined)!
}

function methodNamed(economy: AnyEconomy, name: string): Method<AnyProblem> {
  const methods = methodsFor(economy), names = Object.keys(methods)
  if (Object.hasOwn(methods, name)) return methods[name]
  const other = isDiscrete(economy) ? METHODS : DISCRETE_METHODS
  if (Object.hasOwn(other, name)) throw new Mistake(`\`${name}\` is for economies in ${isDiscrete(economy) ? "continuous" : "discrete"} time, and \`${economy.name}\` is in ${isDiscrete(economy) ? "discrete" : "continuous"} time; use one of ${names.join(", ")}`)
  throw new Mistake(`unknown method \`${name}\`${didYouMean(name, names)} The methods are ${names.join(", ")}.`)
}

function assign(text: string, economy: AnyEconomy, method: Method<AnyProblem>, parameters: Record<string, number>, settings: Record<string, SettingValue>, beside: readonly string[] = []): void {
  const methods = methodsFor(economy)
  const at = text.indexOf("=")
  if (at <= 0) throw new Mistake(`--set got \`${text}\`; expected name=value, as in \`--set sigma=0.1\``)
  const name = text.slice(0, at).trim(), value = text.slice(at + 1).trim()
  const dot = name.indexOf(".")
  const owner = name.slice(0, Math.max(0, dot)), setting = dot < 0 ? undefined : name.slice(dot + 1)
  if (Object.hasOwn(economy.declaration.parameters, name)) {
    const number = value === "" ? NaN : Number(value)
    if (Number.isNaN(number)) throw new Mistake(`parameter \`${name}\` is \`${value}\`; expected a number (${economy.declaration.parameters[name].is})`)
    parameters[name] = number
  } else if (setting !== undefined && Object.hasOwn(methods, owner)) {
    if (!Object.hasOwn(methods[owner].settings, setting))
      throw new Mistake(`\`${owner}\` has no setting \`${setting}\`${didYouMean(setting, Object.keys(methods[owner].settings))} It has ${Object.keys(methods[owner].settings).join(", ")}.`)
    if (owner === method.name) settings[setting] = value
  } else if (Object.hasOwn(method.settings, name)) settings[name] = value
  else if (!beside.some(other => Object.hasOwn(methods, other) && Object.hasOwn(methods[other].settings, name))) {
    const known = [...Object.keys(economy.declaration.parameters), ...Object.keys(method.settings)]
    throw new Mistake(`\`${economy.name}\` has no parameter and \`${method.name}\` no setting \`${name}\`${didYouMean(name, known)} The parameters are ${Object.keys(economy.declaration.parameters).join(", ")}; the settings ${Object.keys(method.settings).join(", ")}.`)
  }
}

const compiled = (economy: AnyEconomy, options: { calibration: string; parameters: Readonly<Record<string, number>> }): AnyProblem =>
  isDiscrete(economy) ? discreteProblem(economy, options) : compileProblem(economy, options)

export interface Computation<P extends AnyProblem = AnyProblem> { readonly problem: P; readonly procedure: Procedure<unknown, Solution>; readonly maxSteps: number }

/**
 * The computation of a request, ready to run. Those with and without fast math do not mix: each takes its kernels for all that is
 * computed from then on. A runner, of a host with threads, does what can be divided, to the same bits. @throws Mistake when the method refuses the problem.
 */
export function computation(request: Request<Economy>, runner?: Runner): Computation<Problem>
export function computation(request: Request, runner?: Runner): Computation
export function computation(request: Request, runner?: Runner): Computation {
  takeBest(request.fastMath)
  const problem = held.get(request) ?? compiled(request.economy, request)
  const refusal = request.method.refuses(problem)
  if (refusal !== undefined) throw new Mistake(refusal)
  return { problem, procedure: request.method.procedure(problem, request.settings, runner), maxSteps: request.method.maxSteps(request.settings) }
}

/**
 * Solves an economy, with nobody watching.
 *
 * @example solve(catalogue["merton-1971"], { method: "fd", set: ["gamma=5"] }).facts.portfolio_share
 */
export function solve(economy: AnyEconomy, { runner, ...options }: RequestOptions & { readonly runner?: Runner } = {}): Solution {
  const request = requestOf(economy, options)
  const { procedure, maxSteps } = computation(request, runner)
  return runToEnd(procedure, { seed: request.seed, maxSteps })
}

/** What can be asked of a solution, known before it is computed. */
export interface Outlook {
  /** `points` are the only ones there are, where a state takes finitely many values. */
  readonly states: readonly { readonly name: string; readonly from: number; readonly to: number; readonly points?: Float64Array }[]
  readonly unknowns: readonly string[]
  readonly definitions: readonly string[]
  readonly derivatives: readonly string[]
}

export function outlookOf(problem: AnyProblem): Outlook {
  if ("kind" in problem) return { states: [problem.state], unknowns: ["p", "q", "V"], definitions: Object.keys(VARIABLES).filter(name => !["p", "q", "V"].includes(name)), derivatives: [] }
  const jets = (kinds: readonly string[]): string[] => problem.jets.filter(({ kind }) => kinds.includes(kind)).map(({ symbol }) => symbol)
  return { states: problem.states, unknowns: problem.unknowns.map(({ name }) => name), definitions: problem.definitions, derivatives: jets(["first", "second"]) }
}

/** What a fact of an economy's solutions is, in words; "" where nothing says. */
export const factWords = ({ declaration }: AnyEconomy, name: string): string =>
  (declaration.facts && Object.hasOwn(declaration.facts, name) ? declaration.facts[name].is : undefined) ?? (Object.hasOwn(BOUNDS, name) ? BOUNDS[name] : "")

/** Rows {"z": 0.1, "q": 1.05} at the product of the points asked for. @throws Mistake for unknown names and points outside the domain. */
export function valuesAt(solution: Solution, at: Readonly<Record<string, readonly number[]>>, of: readonly string[]): Record<string, number>[] {
  for (const name of of)
    if (!variablesOf(solution).includes(name) && slopeOf(solution, name) === undefined)
      throw new Mistake(`unknown variable \`${name}\`${didYouMean(name, variablesOf(solution))} The variables are ${variablesOf(solution).join(", ")}.`)
  const states = solution.states.map(s => s.name)
  for (const [name, points] of Object.entries(at)) {
    const state = solution.states.find(s => s.name === name)
    if (!state) throw new Mistake(`unknown state \`${name}\`${didYouMean(name, states)} The states are ${states.join(", ")}.`)
    const [from, to] = [state.nodes[0], state.nodes[state.nodes.length - 1]]
    for (const x of points)
      if (solution.between === "nothing" && nodeAt(state.nodes, x) < 0) throw new Mistake(`${name} = \`${x}\` is no state of the chain; expected one of ${Array.from(state.nodes).join(", ")}`)
      else if (!(x >= from && x <= to)) throw new Mistake(`${name} = \`${x}\` lies outside the domain of \`${name}\`; expected a number from ${from} to ${to}`)
  }
  const missing = states.find(name => !Object.hasOwn(at, name))
  if (missing !== undefined) throw new Mistake(`no points are given for the state \`${missing}\`; add \`--at ${missing}=...\``)
  const points = states.reduce<Record<string, number>[]>((rows, name) => rows.flatMap(row => at[name].map(x => ({ ...row, [name]: x }))), [{}])
  return points.map(point => ({ ...point, ...Object.fromEntries(of.map(name => [name, valueAt(solution, name, point)])) }))
}

/** The variables shown where none are asked for: the unknowns and definitions, without derivatives. */
export function defaultVariables(solution: Solution): string[] {
  const states = solution.states.map(s => s.name)
  const all = variablesOf(solution)
  const derivative = new RegExp(`_(?:${states.join("|")})+$`)
  return all.filter(name => !states.includes(name) && !(derivative.test(name) && all.includes(name.replace(derivative, ""))))
}
