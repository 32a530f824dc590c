import { LEARNERS } from "../learn/index.ts"
import { episodeSeed, evaluate } from "../learn/evaluation.ts"
import { TRAINING } from "../learn/train.ts"
import { newTable, insert, sample } from "../learn/replay/table.ts"
import type { Hindsight, Market } from "../market/market.ts"
import type { Rules } from "../market/rules.ts"
import { settingValues } from "../run/settings.ts"
import { marketOf } from "../trainRequest.ts"
import { secondsOf } from "./benchTiming.ts"

/** Which learners are timed, each in the market that it is at home in. */
const TIMED = { shadow: "lucas-auction", dqn: "lucas-posted" } as const

export const TRAIN_PARTS = ["market", "posting", "hindsight", "replay", "fitting", "evaluation"] as const
type Part = (typeof TRAIN_PARTS)[number]

export interface TrainRates {
  readonly agents: number
  /** Steps of all agents in training, a second, on one thread, all that training does included. By learner. */
  readonly agent_steps_per_second: Readonly<Record<keyof typeof TIMED, number>>
  /** Parts of that time. By learner. */
  readonly share: Readonly<Record<keyof typeof TIMED, Readonly<Record<Part, number>>>>
}

/** How much is timed. */
export interface TrainWork {
  readonly agents?: number
  readonly horizon?: number
  /** Episodes that are timed, after one that fills tables and warms up. */
  readonly episodes?: number
}

/**
 * The throughput of training with the default settings of market and learner, and where the time goes:
 *   market: matching, settlement, observations    posting: the networks of all agents, exploration    evaluation: greedy steps for the progress
 *   hindsight: what other prices and one more lot would have brought    replay: items put in and drawn    fitting: the rest of learning, which is the fits
 * The first three and learning as a whole are timed as they go; hindsight and replay alone, as often as learning calls them.
 */
export function benchTrain(now: () => number, work: TrainWork = {}): TrainRates {
  const { agents = 1200, horizon = 300, episodes = 2 } = work
  const timed = (Object.keys(TIMED) as (keyof typeof TIMED)[]).map(name => [name, timeOf(name, { agents, horizon, episodes }, now)] as const)
  const of = <T>(pick: (time: ReturnType<typeof timeOf>) => T) => Object.fromEntries(timed.map(([name, time]) => [name, pick(time)])) as Record<keyof typeof TIMED, T>
  return { agents, agent_steps_per_second: of(({ rate }) => Math.round(rate)), share: of(({ share }) => share) }
}

function timeOf(name: keyof typeof TIMED, { agents, horizon, episodes }: Required<TrainWork>, now: () => number): { rate: number; share: Record<Part, number> } {
  const declaration = marketOf(TIMED[name]), rules = settingValues(declaration.name, declaration.settings, { agents, horizon }) as Rules
  const market = declaration.make(rules), theory = declaration.theory(rules), learner = LEARNERS[name]
  const traders = learner.traders(market, 100), state = traders.start(0), prices = new Float64Array(market.spaces.action.length * agents)
  const spent = { market: 0, posting: 0, learning: 0, evaluation: 0 }
  const clocked = (part: keyof typeof spent, counts: boolean, job: () => void): void => {
    const begun = now()
    job()
    if (counts) spent[part] += now() - begun
  }
  let steps = 0
  for (let episode = 0; episode <= episodes; episode++) {
    const counts = episode > 0
    clocked("market", counts, () => { market.reset(episodeSeed(0, 0, episode)) })
    clocked("posting", counts, () => { traders.begin(state, episode) })
    while (!market.terminated && !market.truncated) {
      clocked("posting", counts, () => { traders.post(state, true, prices) })
      clocked("market", counts, () => { market.step(prices) })
      clocked("learning", counts, () => { traders.learn(state) })
      if (counts) steps++
    }
    clocked("evaluation", counts, () => { evaluate(market, theory, traders, state, { seeds: [episodeSeed(0, 1, episode)], steps: Math.min(TRAINING.watch.value, horizon) }) })
  }
  const own = learningParts(market, settingValues(name, learner.settings) as unknown as LearningSettings, name === "dqn", now), whole = spent.market + spent.posting + spent.learning + spent.evaluation
  const milliseconds: Record<Part, number> = { market: spent.market, posting: spent.posting, hindsight: 1000 * own.hindsight * steps, replay: 1000 * own.replay * steps, fitting: 0, evaluation: spent.evaluation }
  milliseconds.fitting = spent.learning - milliseconds.hindsight - milliseconds.replay
  return { rate: (steps * agents) / (whole / 1000), share: Object.fromEntries(TRAIN_PARTS.map(part => [part, milliseconds[part] / whole])) as Record<Part, number> }
}

interface LearningSettings { readonly follow: number; readonly batch: number; readonly capacity: number; readonly samplesPerInsert: number }

/** Seconds that hindsight and the replay table take in a step of training. */
function learningParts(market: Market, { follow, batch, capacity, samplesPerInsert }: LearningSettings, everyPrice: boolean, now: () => number): { hindsight: number; replay: number } {
  const followed = Math.min(follow, market.agents), assets = market.spaces.action.length
  const seen: Hindsight = { decided: NaN, none: 0, above: { near: 0, far: 0, side: 0 }, below: { near: 0, far: 0, side: 0 } }, point = new Float64Array(market.spaces.observation.length)
  const hindsight = secondsOf(now, () => {
    for (let i = 0; i < followed; i++)
      for (let asset = 0; asset < assets; asset++) {
        market.windfall(asset, i, point)
        if (!everyPrice) continue
        market.hindsight(asset, i, seen)
        for (const side of [0, 1]) market.counterfactual(asset, i, side, point)
      }
  }, QUICK)
  const width = everyPrice ? WIDE : NARROW, item = new Float64Array(width)
  const table = newTable({ capacity, width, selector: "uniform", remover: "fifo", mostSamples: 0, least: 1, samplesPerInsert: 0, seed: 0, stream: 1 })
  const slots = new Int32Array(batch), chances = new Float64Array(batch)
  for (let k = 0; k < batch; k++) insert(table)
  const inserts = secondsOf(now, () => { for (let i = 0; i < followed; i++) insert(table).set(item) }, QUICK), draws = secondsOf(now, () => { sample(table, slots, chances) }, QUICK)
  return { hindsight, replay: inserts + (draws * followed * samplesPerInsert) / batch }
}

const QUICK = { rounds: 3, least: 100 }
/** Numbers in an item, about: with every price scored, and with windfalls alone. */
const WIDE = 60, NARROW = 16
