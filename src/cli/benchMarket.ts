import { philox } from "../math/random.ts"
import { lucasMarket } from "../market/lucasMarket.ts"
import type { Rules } from "../market/rules.ts"
import { settingValues } from "../run/settings.ts"
import { marketOf } from "../trainRequest.ts"
import { secondsOf } from "./benchTiming.ts"

/** How many agents, and which market of `walras list` stands for a mechanism. */
const AGENTS = [100, 1200, 100_000] as const
const MECHANISMS = { posted: "lucas-posted", auction: "lucas-auction" } as const
/** So many sets of posted prices take turns, so that no branch can be learned by heart. */
const TURNS = 16

export interface MarketRates {
  /** Steps of the market times agents, a second, on one thread: matching, settlement, utility, observations. By mechanism and agents. */
  readonly agent_steps_per_second: Readonly<Record<keyof typeof MECHANISMS, Readonly<Record<string, number>>>>
}

/** The throughput of the markets' own step, with prices posted at random about the theory's: about half of all orders trade. */
export function benchMarket(now: () => number): MarketRates {
  const rates = (name: string): Record<string, number> => Object.fromEntries(AGENTS.map(agents => [agents, Math.round(rateOf(name, agents, now))]))
  return { agent_steps_per_second: { posted: rates(MECHANISMS.posted), auction: rates(MECHANISMS.auction) } }
}

function rateOf(name: string, agents: number, now: () => number): number {
  const { settings } = marketOf(name)
  const market = lucasMarket(name, settingValues(name, settings, { agents }) as Rules)
  const { action } = market.spaces, random = philox(0, 0)
  const turns = Array.from({ length: TURNS }, () => Float64Array.from(action.flatMap(({ low, high }) =>
    Array.from({ length: agents }, () => low + (high - low) * random.next()))))
  let episode = 0, turn = 0
  market.reset(episode)
  return agents / secondsOf(now, () => {
    if (market.terminated || market.truncated) market.reset(++episode)
    market.step(turns[turn++ % TURNS])
  })
}
