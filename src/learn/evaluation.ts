import { philoxStream } from "../math/random.ts"
import type { Theory } from "../market/declaration.ts"
import type { Market } from "../market/market.ts"
import type { Traders } from "./learner.ts"
import { gauge, type Metrics, type Quartiles } from "./metrics.ts"

/** The seed of episode `index` of one kind (training, watching, testing), out of the seed of the run. */
export function episodeSeed(seed: number, kind: number, index: number): number {
  const words = new Uint32Array(4)
  philoxStream(seed, EPISODES + kind, index, words)
  return words[0] * 2 ** 21 + (words[1] >>> 11)
}

const EPISODES = 10_000_000

/** Which steps, and what to look at: prices posted before each, what came of them after it. */
export interface Plan {
  readonly seeds: readonly number[]
  readonly steps: number
  readonly asked?: (prices: Float64Array) => void
  readonly look?: (episode: number, step: number) => void
}

/** Greedy episodes: nobody explores and nobody learns. */
export function evaluate<State>(market: Market, theory: Theory, traders: Traders<State>, state: State, { seeds, steps, asked, look }: Plan): { metrics: Metrics; quartiles: Quartiles } {
  const prices = new Float64Array(market.spaces.action.length * market.agents)
  const measured = gauge(market, theory, steps * seeds.length)
  seeds.forEach((seed, episode) => {
    market.reset(seed)
    measured.cut()
    for (let step = 0; step < steps && !market.terminated && !market.truncated; step++) {
      traders.post(state, false, prices)
      asked?.(prices)
      market.step(prices)
      measured.add()
      look?.(episode, step)
    }
  })
  return measured.result()
}
