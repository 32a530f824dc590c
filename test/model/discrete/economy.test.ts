import { describe, expect, test } from "vitest"
import { discreteProblem } from "../../../src/model/discrete/compile.ts"
import type { DiscreteDeclaration } from "../../../src/model/discrete/declaration.ts"
import { discreteEquations } from "../../../src/model/discrete/equations.ts"
import { anyEconomyOf, economy, economyOf } from "../../../src/model/economy.ts"
import { Mistake } from "../../../src/run/mistake.ts"

type Draft = { -readonly [K in keyof DiscreteDeclaration]: DiscreteDeclaration[K] }
const specimen = (): Draft => ({
  kind: "discrete", is: "a tree", parameters: { beta: { value: 0.95, above: 0, below: 1, is: "discount" }, gamma: { value: 2, least: 0, is: "aversion" }, rho: { value: 0.5, is: "persistence" } },
  state: { name: "y", is: "dividend", law: { kind: "lognormal", mean: 0.1, persistence: "rho", volatility: "0.2*gamma" } },
  preferences: { discount: "beta", aversion: "gamma" }, consumption: "1 + y", dividend: "y", facts: { price: { is: "mean", mean: "p" } },
})
const chained = (values: (number | string)[], transitions: (number | string)[][]) => ({ ...specimen(), state: { name: "y", is: "dividend", law: { kind: "chain" as const, values, transitions } } })
const message = (work: () => unknown): string => {
  try { work() } catch (error) {
    if (!(error instanceof Mistake)) throw error
    return error.message
  }
  throw new Error("it was accepted")
}

test("a declaration is kept as it was given; plain data with `kind` is the same economy", () => {
  const made = economy("tree", specimen())
  expect(made).toEqual({ kind: "discrete", name: "tree", declaration: specimen() })
  expect(anyEconomyOf({ name: "tree", ...specimen() })).toEqual(made)
  expect(message(() => economyOf(specimen(), "tree"))).toBe("the economy `tree` is in discrete time; expected one in continuous time")
})

test.each<[string, (draft: Draft) => unknown, RegExp]>([
  ["a missing part", ({ consumption: _, ...rest }) => rest, /consumption: missing; expected text/],
  ["an unknown key", draft => ({ ...draft, dividends: "y" }), /dividends: unknown key `dividends`; did you mean `dividend`\?/],
  ["another kind", draft => ({ ...draft, kind: "discreet" }), /kind: got `"discreet"`; expected one of discrete/],
  ["another law", draft => ({ ...draft, state: { ...draft.state, law: { kind: "chian" } } }), /state\.law\.kind: got `"chian"`; expected kind `lognormal` or `chain`/],
  ["an unknown name", draft => ({ ...draft, consumption: "1 + z" }), /consumption: unknown name `z`/],
  ["the state where only parameters stand", draft => ({ ...draft, preferences: { discount: "y", aversion: "gamma" } }), /preferences\.discount: unknown name `y`/],
  ["a formula that does not parse", draft => ({ ...draft, dividend: "2*(y" }), /dividend: .*\n.*2\*\(y/],
  ["a taken name", draft => ({ ...draft, parameters: { ...draft.parameters, q: { value: 1, is: "?" } } }), /parameters\.q: `q` is the price of one unit of the good.*choose another name/],
  ["a state called as a parameter", draft => ({ ...draft, state: { ...draft.state, name: "beta" } }), /state\.name: the name `beta` is taken by a parameter/],
  ["a default outside its bounds", draft => ({ ...draft, parameters: { ...draft.parameters, beta: { value: 1, below: 1, is: "discount" } } }), /parameters\.beta: `beta` is `1`; expected a number below 1/],
  ["a fact with no way", draft => ({ ...draft, facts: { x: { is: "?" } } }), /facts\.x: got no way to find it/],
  ["a fact of nothing", draft => ({ ...draft, facts: { x: { is: "?", mean: "pp" } } }), /facts\.x\.mean: unknown variable `pp`; did you mean `p`\?/],
  ["a row too short", () => chained([1, 2], [[1], [0.5, 0.5]]), /transitions\.1: 1 probabilities for 2 values/],
  ["rows too few", () => chained([1, 2], [[1, 0]]), /1 rows for 2 values/],
])("%s is one line of the message", (_, spoil, expected) => {
  expect(message(() => anyEconomyOf(spoil(specimen()), "tree"))).toMatch(expected)
})

test("all mistakes are found at once", () => {
  expect(message(() => anyEconomyOf({ ...specimen(), consumption: "a", dividend: "b" }, "tree"))).toMatch(/2 mistakes/)
})

describe("compiled", () => {
  test("formulas are taken at the parameters; the domain is four deviations", () => {
    const problem = discreteProblem(economy("tree", specimen()), { parameters: { gamma: 1, rho: 0.6 } })
    expect(problem).toMatchObject({ beta: 0.95, gamma: 1, grows: false, law: { kind: "lognormal", mean: 0.1, persistence: 0.6, volatility: 0.2 }, state: { name: "y" } })
    expect(problem.state.to).toBeCloseTo(Math.exp(0.1 + (4 * 0.2) / 0.8), 12)
    expect(Array.from(problem.consumption(Float64Array.of(1, 3)))).toEqual([2, 4])
    expect(Array.from(problem.growth(Float64Array.of(1, 3)))).toEqual([1, 1])
  })

  test("a chain is put in order, its rows with it", () => {
    const { law } = discreteProblem(economy("tree", chained([3, "gamma/2", 2], [[0.5, 0.25, 0.25], [0.1, 0.6, 0.3], [0, 1, 0]])))
    expect(law).toMatchObject({ kind: "chain", values: Float64Array.of(1, 2, 3), transitions: Float64Array.of(0.6, 0.3, 0.1, 1, 0, 0, 0.25, 0.25, 0.5) })
  })

  test.each<[string, DiscreteDeclaration, Record<string, number>, string]>([
    ["a discount factor of one", { ...specimen(), preferences: { discount: "beta + 0.05", aversion: "gamma" } }, {}, "preferences.discount: is `1` at these parameters; expected a number above 0 and below 1"],
    ["a love of risk", { ...specimen(), preferences: { discount: "beta", aversion: "-gamma" } }, {}, "preferences.aversion: is `-2` at these parameters; expected a number at least 0"],
    ["a random walk", specimen(), { rho: 1 }, "state.law.persistence: is `1` at these parameters; expected a number above -1 and below 1"],
    ["a negative volatility", { ...specimen(), state: { ...specimen().state, law: { kind: "lognormal", mean: 0, persistence: 0, volatility: "-gamma" } } }, {}, "state.law.volatility: is `-2`"],
    ["an infinite formula", { ...specimen(), preferences: { discount: "beta/(rho - rho)", aversion: "gamma" } }, {}, "preferences.discount: is `Infinity` at these parameters; expected a finite number"],
    ["rows that do not sum to one", chained([1, 2], [[0.5, 0.4], [0.5, 0.5]]), {}, "state.law.transitions: row 1 sums to 0.9; the probabilities of a row sum to 1"],
    ["a negative probability", chained([1, 2], [["1 - gamma", "gamma"], [0.5, 0.5]]), {}, "row 1 has the probability `-1`"],
    ["a value twice", chained([1, "gamma/2"], [[0.5, 0.5], [0.5, 0.5]]), {}, "state.law.values: `1` stands twice"],
    ["two separate chains", chained([1, 2], [[1, 0], [0, 1]]), {}, "more than one stationary distribution"],
  ])("%s is a mistake", (_, declaration, parameters, expected) => {
    expect(message(() => discreteProblem(economy("tree", declaration), { parameters }))).toContain(expected)
  })

  test("consumption must be positive where it is asked for", () => {
    const problem = discreteProblem(economy("tree", { ...specimen(), consumption: "y - 1" }))
    expect(message(() => problem.consumption(Float64Array.of(2, 0.5)))).toBe("consumption: is `-0.5` at y = 0.5; expected a positive number")
  })
})

test("equations are written in the economy's own names, as text and in LaTeX", () => {
  const lines = discreteEquations(specimen()), of = (label: string) => lines.find(line => line.label === label)!
  expect(of("law of the state").text).toBe("log(y') = (1 - rho)*0.1 + rho*log(y) + (0.2*gamma)*e', e' standard normal")
  expect(of("Euler equation (2.6)").text).toBe("u'(c)*p = beta*E[u'(c')*(p' + d') | y]")
  expect(of("Bellman equation (2.5)").tex).toContain("V(s', y') \\mid y")
  expect(discreteEquations({ ...specimen(), growth: "y" }).find(({ label }) => label === "Euler equation (2.6)")!.text).toBe("u'(c)*p = beta*E[growth'^(1 - gamma)*u'(c')*(p' + d') | y]")
  expect(discreteEquations(chained([1, 2], [["rho", "1 - rho"], [0.5, 0.5]]))[0]).toMatchObject({ label: "state 1", text: "y = 1, to states 1, 2, ... with probability rho, 1 - rho" })
})
