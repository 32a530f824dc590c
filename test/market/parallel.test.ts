import { expect, test } from "vitest"
import { actionOf, parallelEnv } from "../../src/market/parallel.ts"
import { marketOf } from "./support.ts"

const AUCTION = { agents: 4, horizon: 3, mechanism: "auction", income: 1, gamma: 1, priceLevels: 21, bondLevels: 16 }

test("plays an episode in the shape of PettingZoo, with the market's own numbers", () => {
  const market = marketOf(AUCTION), env = parallelEnv(marketOf(AUCTION))
  expect(env.possible_agents).toEqual(["agent_0", "agent_1", "agent_2", "agent_3"])
  expect(env.action_space("agent_0")).toEqual({ kind: "multi-discrete", levels: [21, 16] })
  market.reset(7)
  const { observations } = env.reset(7)
  expect(observations.agent_2).toEqual([...market.spaces.observation.keys()].map(f => market.observation[f * 4 + 2]))
  let steps = 0
  while (env.agents.length > 0) {
    const wanted = [[0.8, 0.9], [0.9, 0.9], [0.8, 1.0], [0.7, 0.8]]
    const actions = Object.fromEntries(env.agents.map((name, i) => [name, actionOf(market, wanted[i])]))
    market.step(Float64Array.from([0, 1].flatMap(a => wanted.map(prices => prices[a]))))
    const { rewards, terminations, truncations, infos } = env.step(actions)
    expect(Object.values(rewards)).toEqual([...market.reward])
    expect(Object.values(terminations)).toEqual([false, false, false, false])
    expect(Object.values(truncations)).toEqual(Array.from({ length: 4 }, () => steps === 2))
    expect(infos.agent_1.shares).toBeCloseTo(market.ledger.books[0].holdings[1] * market.ledger.books[0].unit, 12)
    steps++
  }
  expect(steps).toBe(3)
  expect(env.state()).toEqual(market.observation)
})

test("refuses an agent without an action and a level off the grid", () => {
  const env = parallelEnv(marketOf(AUCTION))
  env.reset(0)
  expect(() => env.step({ agent_0: [0, 0] })).toThrow(/no action of `agent_1`/)
  expect(() => env.step(Object.fromEntries(env.possible_agents.map(name => [name, [21, 0]])))).toThrow(/level 21 of `price`; expected a whole number from 0 to 20/)
})

test("a space of any price is a box", () => {
  expect(parallelEnv(marketOf({ agents: 2, priceLevels: 0, bondLevels: 0 })).action_space("agent_0")).toEqual({ kind: "box", low: [0, 0], high: [2, 1.5] })
})
