import type { MarketDeclaration } from "../market/declaration.ts"
import type { Rules } from "../market/rules.ts"
import type { Traits } from "../market/traits.ts"
import { Mistake } from "../run/mistake.ts"
import { OUTCOMES } from "../run/outcome.ts"
import type { Procedure, Row } from "../run/run.ts"
import type { SettingValue, Settings } from "../run/settings.ts"
import { settingValues } from "../run/settings.ts"
import type { Table } from "../run/table.ts"
import { episodeSeed, evaluate } from "./evaluation.ts"
import type { Learner } from "./learner.ts"
import { broken, type Metrics, type Quartiles } from "./metrics.ts"
import { crossSection, follow, newPath, pathTable, policyOf, type Path } from "./paths.ts"
import type { Training } from "./training.ts"

/** The settings of training itself, whoever learns. */
export const TRAINING = {
  episodes: { value: 40, is: "episodes to learn from", least: 1, most: 10_000_000, whole: true },
  watch: { value: 20, is: "steps of a greedy episode that are looked at after each episode, for the progress", least: 2, most: 100_000, whole: true },
  tests: { value: 10, is: "greedy episodes after training, from which the result is measured", least: 1, most: 1000, whole: true },
  keep: { value: "milestones", is: "episodes after which a greedy one is kept whole, separated by commas; milestones: the first, and a sixteenth, eighth, quarter and half of all, and the last", numbers: { least: 1, most: 10_000_000, whole: true } },
} as const satisfies Settings

/** What is trained: a market by its rules, a learner by its settings. */
export interface TrainingPlan {
  readonly declaration: MarketDeclaration
  readonly rules: Rules
  readonly learner: Learner
  readonly settings: Readonly<Record<string, SettingValue>>
  readonly training: Readonly<Record<string, SettingValue>>
  /** Agents that differ; all are equal where this is not given. */
  readonly traits?: Traits
}

/** A training run: plain data, so that a clone is a checkpoint. Markets begin anew with each episode and are no part of it. */
export interface TrainingState {
  readonly seed: number
  episode: number
  agentSteps: number
  readonly traders: unknown
  readonly paths: Path[]
}

const TRAIN = 0, WATCH = 1, TEST = 2

interface Test {
  readonly metrics: Metrics
  readonly quartiles: Quartiles
  readonly agents: Table
  readonly policy: Table
}

/**
 * Training as a procedure: a step is one episode, in which all agents post, trade and learn at the fixed ratio of their replay tables. Every
 * episode has a seed of its own. After the last, greedy episodes are held against theory; learners never see it.
 * @throws Mistake when the learner refuses the market.
 */
export function train(plan: TrainingPlan): Procedure<TrainingState, Training> {
  const { declaration, rules, learner } = plan
  const market = declaration.make(rules, plan.traits), theory = declaration.theory(rules)
  const refusal = learner.refuses(market.spaces)
  if (refusal !== undefined) throw new Mistake(refusal)
  const settings = settingValues("training", TRAINING, plan.training)
  const traders = learner.traders(market, settings.episodes, plan.settings)
  const prices = new Float64Array(market.spaces.action.length * market.agents)
  const { horizon } = rules
  const kept = keptEpisodes(settings.keep, settings.episodes)
  const seedsOf = (seed: number, kind: number, from: number, count: number): number[] => Array.from({ length: count }, (_, k) => episodeSeed(seed, kind, from + k))

  /** A greedy episode of which the tracked agents are kept. */
  const keepPath = (state: TrainingState): void => {
    const path = newPath(state.episode, horizon, market.agents)
    evaluate(market, theory, traders, state.traders, { seeds: seedsOf(state.seed, WATCH, 0, 1), steps: horizon, look: (_, step) => { follow(path, market, theory, step, horizon) } })
    state.paths.push(path)
  }
  /** The greedy episodes that the result is measured on; kept, since the last step and `finish` both ask. */
  let tested: { readonly of: TrainingState; readonly episode: number; readonly result: Test } | undefined
  const test = (state: TrainingState): Test => {
    if (tested?.of === state && tested.episode === state.episode) return tested.result
    let agents: Table | undefined
    const look = (episode: number, step: number): void => { if (episode === settings.tests - 1 && step === horizon >> 1) agents = crossSection(market) }
    const policy = policyOf(market, settings.tests * horizon)
    const measured = evaluate(market, theory, traders, state.traders, { seeds: seedsOf(state.seed, TEST, 0, settings.tests), steps: horizon, asked: policy.take, look })
    tested = { of: state, episode: state.episode, result: { ...measured, agents: agents ?? crossSection(market), policy: policy.table() } }
    return tested.result
  }

  return {
    start: seed => ({ seed, episode: 0, agentSteps: 0, traders: traders.start(seed), paths: [] }),
    step(state): Row {
      market.reset(episodeSeed(state.seed, TRAIN, state.episode))
      traders.begin(state.traders, state.episode)
      let loss = 0, losses = 0
      while (!market.terminated && !market.truncated) {
        traders.post(state.traders, true, prices)
        market.step(prices)
        const now = traders.learn(state.traders)
        if (now !== undefined) { loss += now; losses++ }
        state.agentSteps += market.agents
      }
      state.episode++
      if (kept.has(state.episode)) keepPath(state)
      const { metrics, quartiles } = evaluate(market, theory, traders, state.traders, { seeds: seedsOf(state.seed, WATCH, state.episode, 1), steps: Math.min(settings.watch, horizon) })
      const last = state.episode >= settings.episodes
      return finite({
        episode: state.episode, price: quartiles.price[1], spread: quartiles.price[2] - quartiles.price[0], bond: quartiles.bond[1], bond_spread: quartiles.bond[2] - quartiles.bond[0],
        price_lower: quartiles.price[0], price_upper: quartiles.price[2], bond_lower: quartiles.bond[0], bond_upper: quartiles.bond[2], price_iqr: metrics.price_iqr,
        trade_rate: metrics.trade_rate, euler_gap: metrics.euler_gap, price_error: metrics.price_error, bond_error: metrics.bond_error,
        ...(losses > 0 ? { loss: loss / losses } : {}), agent_steps: state.agentSteps, done: last && broken(test(state).metrics).length === 0,
      })
    },
    finish(state, ending): Training {
      const { metrics, quartiles, agents, policy } = test(state)
      const faults = broken(metrics)
      const ended = ending.outcome === OUTCOMES.outOfSteps
      return {
        market: declaration.name, learner: learner.name, seed: state.seed, agents: market.agents, episodes: state.episode,
        rules, settings: { ...settings, ...settingValues(learner.name, learner.settings, plan.settings) },
        outcome: ended ? OUTCOMES.offTheory : ending.outcome, detail: ended ? faults.join(", ") : ending.detail, converged: ending.outcome === OUTCOMES.converged,
        agentSteps: state.agentSteps, metrics, theory: theory.mean, learned: { price: quartiles.price[1], bond: quartiles.bond[1] }, ...(theory.printed ? { printed: theory.printed } : {}),
        tables: { paths: pathTable(state.paths, horizon), agents, policy, ...Object.fromEntries(Object.entries(traders.slices?.(state.traders) ?? {}).map(([name, slice]) => [`slice-${name}`, slice])) },
      }
    },
  }
}

/** Measures of a market in disorder may be infinite (a price of zero): they are left out, so that the run goes on. */
function finite(row: Record<string, number | boolean>): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value !== "number" || Number.isFinite(value)))
}

/** Which episodes `keep` names. */
const keptEpisodes = (keep: string, episodes: number): ReadonlySet<number> =>
  new Set(keep === "milestones" ? [1, ...[16, 8, 4, 2, 1].map(part => Math.ceil(episodes / part))] : keep.split(",").map(Number))
