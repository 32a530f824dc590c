import { LEARNERS } from "./learn/index.ts"
import type { Learner } from "./learn/learner.ts"
import { train as trainingOf, TRAINING } from "./learn/train.ts"
import type { Training } from "./learn/training.ts"
import type { MarketDeclaration } from "./market/declaration.ts"
import { checkRules, type Rules } from "./market/rules.ts"
import { MARKETS } from "./markets/index.ts"
import { Mistake, didYouMean } from "./run/mistake.ts"
import { runToEnd, type Procedure } from "./run/run.ts"
import { settingValues, type SettingValue } from "./run/settings.ts"

/** One training as data: what a command line, a run folder and a worker share. Made by `trainRequestOf`, which checks it. */
export interface TrainRequest {
  readonly market: MarketDeclaration
  readonly learner: Learner
  /** What replaces the market's defaults, the learner's, and those of training itself. */
  readonly rules: Given
  readonly settings: Given
  readonly training: Given
  readonly seed: number
}

type Given = Readonly<Record<string, SettingValue>>

export interface TrainOptions {
  /** Default: the market's own. */
  readonly learner?: string
  readonly agents?: number
  readonly episodes?: number
  /** Texts like `gamma=2`: rules of the market, settings of the learner or of training; `reading=literal` takes a named reading of the rules. */
  readonly set?: readonly string[]
  /** Default 0. */
  readonly seed?: number
}

/** The market of a name. @throws Mistake */
export function marketOf(name: string): MarketDeclaration {
  if (Object.hasOwn(MARKETS, name)) return MARKETS[name]
  throw new Mistake(`unknown market \`${name}\`${didYouMean(name, Object.keys(MARKETS))} The markets are ${Object.keys(MARKETS).join(", ")}.`)
}

/** Checks what was asked for and fills in defaults. @throws Mistake that says what was got and what is expected. */
export function trainRequestOf(name: string, options: TrainOptions = {}): TrainRequest {
  const market = marketOf(name)
  const { learner: learnerName = market.learner, seed = 0 } = options
  if (!Object.hasOwn(LEARNERS, learnerName)) throw new Mistake(`unknown learner \`${learnerName}\`${didYouMean(learnerName, Object.keys(LEARNERS))} The learners are ${Object.keys(LEARNERS).join(", ")}.`)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Mistake(`the seed is \`${seed}\`; expected a whole number from 0 on`)
  const learner = LEARNERS[learnerName]
  const pairs = [
    ...(options.set ?? []).map(pairOf),
    ...(options.agents === undefined ? [] : [["agents", String(options.agents)] as const]),
    ...(options.episodes === undefined ? [] : [["episodes", String(options.episodes)] as const]),
  ]
  const readings = pairs.filter(([key]) => key === "reading").map(([, value]) => readingOf(market, value))
  const rules: Record<string, SettingValue> = Object.assign({}, ...readings), settings: Record<string, SettingValue> = {}, training: Record<string, SettingValue> = {}
  for (const [key, value] of pairs) {
    if (key === "reading") continue
    const [into] = [[rules, market.settings], [settings, learner.settings], [training, TRAINING]].find(([, known]) => Object.hasOwn(known, key)) ?? unknown(key, market, learner)
    ;(into as Record<string, SettingValue>)[key] = value
  }
  const request = { market, learner, rules, settings, training, seed }
  computationOf(request)
  return request
}

function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf("=")
  if (at <= 0) throw new Mistake(`--set got \`${text}\`; expected name=value, as in \`--set gamma=2\``)
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function readingOf(market: MarketDeclaration, name: string): Given {
  if (name === "recommended") return {}
  if (Object.hasOwn(market.readings, name)) return market.readings[name]
  throw new Mistake(`\`${market.name}\` has no reading \`${name}\`; expected one of ${["recommended", ...Object.keys(market.readings)].join(", ")}`)
}

function unknown(name: string, market: MarketDeclaration, learner: Learner): never {
  const known = [...Object.keys(market.settings), ...Object.keys(learner.settings), ...Object.keys(TRAINING)]
  throw new Mistake(`neither \`${market.name}\` nor \`${learner.name}\` has a setting \`${name}\`${didYouMean(name, known)} The market has ${Object.keys(market.settings).join(", ")}; the learner ${Object.keys(learner.settings).join(", ")}; training ${Object.keys(TRAINING).join(", ")}.`)
}

export interface TrainComputation { readonly procedure: Procedure<unknown, Training>; readonly maxSteps: number }

/** The computation of a request, ready to run. @throws Mistake when a rule does not fit or the learner refuses the market. */
export function computationOf({ market, learner, rules: given, settings, training }: TrainRequest): TrainComputation {
  const rules = settingValues(market.name, market.settings, given) as Rules
  checkRules(rules)
  const { episodes } = settingValues("training", TRAINING, { episodes: market.episodes, ...training })
  const procedure = trainingOf({ declaration: market, rules, learner, settings, training: { ...training, episodes } })
  return { procedure: procedure as Procedure<unknown, Training>, maxSteps: episodes }
}

/**
 * Trains traders in a market, with nobody watching.
 *
 * @example train("lucas-auction", { seed: 1 }).metrics.price_error
 */
export function train(market: string, options: TrainOptions = {}): Training {
  const request = trainRequestOf(market, options)
  const { procedure, maxSteps } = computationOf(request)
  return runToEnd(procedure, { seed: request.seed, maxSteps })
}
