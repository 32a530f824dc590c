import { priceAt, levelOf, type Market } from "./market.ts"

/** Values by agent: `agent_0`, `agent_1`, ... */
export type ByAgent<T> = Readonly<Record<string, T>>

/**
 * A market in the shape of PettingZoo's ParallelEnv: everything by agent name, five records from a step. For those who know that shape and
 * for small markets; thousands of agents are served by the market itself.
 */
export interface ParallelEnv {
  readonly possible_agents: readonly string[]
  /** Those still in the market: all, and none after the end. */
  readonly agents: readonly string[]
  observation_space(agent: string): { readonly kind: "box"; readonly low: readonly number[]; readonly high: readonly number[] }
  /** One level an asset, or one price an asset where any price may be posted. */
  action_space(agent: string): { readonly kind: "multi-discrete"; readonly levels: readonly number[] } | { readonly kind: "box"; readonly low: readonly number[]; readonly high: readonly number[] }
  reset(seed: number): { readonly observations: ByAgent<number[]>; readonly infos: ByAgent<Record<string, number>> }
  step(actions: ByAgent<readonly number[]>): {
    readonly observations: ByAgent<number[]>
    readonly rewards: ByAgent<number>
    readonly terminations: ByAgent<boolean>
    readonly truncations: ByAgent<boolean>
    readonly infos: ByAgent<Record<string, number>>
  }
  /** All that there is to see, for central training: the observations of all agents in a row. */
  state(): Float64Array
}

/** The adapter. Throws a RangeError for a missing agent and a level that is not on the grid. */
export function parallelEnv(market: Market): ParallelEnv {
  const { agents: n, spaces: { observation: features, action } } = market
  const names = Array.from({ length: n }, (_, i) => `agent_${i}`)
  const discrete = action.every(({ levels }) => levels > 0)
  const prices = new Float64Array(action.length * n)
  const each = <T>(of: (i: number) => T): ByAgent<T> => Object.fromEntries(names.map((name, i) => [name, of(i)]))
  const observe = (i: number): number[] => features.map((_, f) => market.observation[f * n + i])
  const inform = (i: number): Record<string, number> => ({
    ...Object.fromEntries(market.ledger.books.map(({ name, holdings, unit }) => [name, holdings[i] * unit])), consumption: market.ledger.consumption[i], refused: market.ledger.refused[i],
  })
  const priceOf = (agent: string, given: readonly number[], a: number): number => {
    const space = action[a], x = given[a]
    if (!discrete) return x
    if (!Number.isInteger(x) || x < 0 || x >= space.levels) throw new RangeError(`\`${agent}\` chose level ${x} of \`${space.name}\`; expected a whole number from 0 to ${space.levels - 1}`)
    return priceAt(space, x)
  }
  return {
    possible_agents: names,
    get agents() { return market.terminated || market.truncated ? [] : names },
    observation_space: () => ({ kind: "box", low: features.map(({ low }) => low), high: features.map(({ high }) => high) }),
    action_space: () => (discrete ? { kind: "multi-discrete", levels: action.map(({ levels }) => levels) } : { kind: "box", low: action.map(({ low }) => low), high: action.map(({ high }) => high) }),
    reset(seed) {
      market.reset(seed)
      return { observations: each(observe), infos: each(inform) }
    },
    step(actions) {
      names.forEach((name, i) => {
        const given = actions[name]
        if (given === undefined) throw new RangeError(`there is no action of \`${name}\`; expected one of each agent`)
        for (let a = 0; a < action.length; a++) prices[a * n + i] = priceOf(name, given, a)
      })
      market.step(prices)
      return {
        observations: each(observe), rewards: each(i => market.reward[i]),
        terminations: each(() => market.terminated), truncations: each(() => market.truncated), infos: each(inform),
      }
    },
    state: () => market.observation.slice(),
  }
}

/** The level that stands for a price, one an asset: actions of a discrete space from prices. */
export function actionOf({ spaces: { action } }: Market, prices: readonly number[]): number[] {
  return action.map((space, a) => (space.levels > 0 ? levelOf(space, prices[a]) : prices[a]))
}
