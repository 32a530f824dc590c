import { expect, test } from "vitest"
import { LEARNERS } from "../../src/learn/index.ts"
import { runToEnd } from "../../src/run/run.ts"
import { Mistake } from "../../src/run/mistake.ts"
import { computationOf, train, trainRequestOf, type TrainOptions } from "../../src/trainRequest.ts"

const SMALL: Readonly<Record<string, readonly string[]>> = {
  shadow: ["batch=64"],
  dqn: ["priceLevels=11", "bondLevels=11", "hidden=8", "batch=16", "samplesPerInsert=1"],
  "dqn-literal": ["priceLevels=4", "bondLevels=4", "hidden=8", "batch=16"],
  tabular: ["priceLevels=11", "bondLevels=11"],
}
const small = (learner: string, episodes = 5): TrainOptions => ({ learner, agents: 10, episodes, seed: 4, set: ["horizon=60", "tests=2", ...SMALL[learner]] })

test("every learner is tried here", () => {
  expect(Object.keys(SMALL).sort()).toEqual(Object.keys(LEARNERS).sort())
})

for (const learner of Object.keys(LEARNERS)) {
  test(`${learner}: every row is finite, and weights change`, () => {
    const { procedure } = computationOf(trainRequestOf("lucas-auction", small(learner)))
    const state = procedure.start(4), fresh = structuredClone(state)
    let losses = 0
    for (let episode = 1; episode <= 5; episode++) {
      const row = procedure.step(state)
      for (const value of Object.values(row)) if (typeof value === "number") expect(value).not.toBeNaN()
      expect(row.episode).toBe(episode)
      expect(row.agent_steps).toBe(episode * 10 * 60)
      if (typeof row.loss === "number") losses++
    }
    expect(losses).toBeGreaterThan(0)
    expect(state).not.toEqual(fresh)
  })

  test(`${learner}: the same seed gives the same bits, another seed others, and a clone goes on to the same`, () => {
    const options = small(learner), { procedure } = computationOf(trainRequestOf("lucas-auction", options))
    const whole = train("lucas-auction", options)
    const state = procedure.start(4)
    procedure.step(state)
    procedure.step(state)
    const copy = structuredClone(state)
    // A procedure of its own: nothing that matters is outside the state.
    const other = computationOf(trainRequestOf("lucas-auction", options)).procedure
    expect(runToEnd(other, { maxSteps: 5, from: { state: copy, steps: 2 } })).toEqual(whole)
    expect(runToEnd(procedure, { maxSteps: 5, from: { state, steps: 2 } })).toEqual(whole)
    expect(train("lucas-auction", { ...options, seed: 5 }).metrics).not.toEqual(whole.metrics)
  })
}

test("learners refuse what they cannot serve, and say why", () => {
  const refused: readonly (readonly [string, string[], RegExp])[] = [
    ["dqn", ["priceLevels=0"], /scores prices of a grid/],
    ["dqn", ["bondLevels=0"], /`bond_price`/],
    ["dqn", ["hidden=0"], /hidden/],
    ["tabular", ["priceLevels=0"], /each price of a grid/],
    ["tabular", ["observe=shares,bonds,dividend,income,cash,time,price"], /agents see 7/],
    ["dqn-literal", [], /scans all 30351 pairs/],
    ["dqn-literal", ["priceLevels=0"], /scans the grids/],
    ["shadow", ["observe=dividend"], /see nothing of it/],
    ["shadow", ["batch=0"], /batch/],
  ]
  for (const [learner, set, reason] of refused) {
    const ask = (): unknown => trainRequestOf("lucas-auction", { learner, agents: 10, set })
    expect(ask, learner).toThrow(Mistake)
    expect(ask, learner).toThrow(reason)
  }
})

test.each(["dqn", "shadow"])("%s draws its replay evenly, by priority or in order, and each is another training", learner => {
  const trained = (replay: string): unknown => train("lucas-auction", { ...small(learner, 3), set: [...small(learner).set ?? [], `replay=${replay}`] }).metrics
  const [uniform, prioritised, fifo] = ["uniform", "prioritised", "fifo"].map(trained)
  expect(prioritised).not.toEqual(uniform)
  expect(fifo).not.toEqual(uniform)
  expect(() => trained("newest")).toThrow(/`replay` is `newest`|replay/)
})
