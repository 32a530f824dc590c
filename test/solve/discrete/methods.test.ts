import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { catalogue } from "../../../src/economies/index.ts"
import { lognormalMoment } from "../../../src/math/lognormal.ts"
import { growingTree, independentTree, persistentTree } from "../../../src/math/lucasTree.ts"
import { discreteProblem } from "../../../src/model/discrete/compile.ts"
import { economy } from "../../../src/model/economy.ts"
import { computation, requestOf, solve } from "../../../src/request.ts"
import { run } from "../../../src/run/run.ts"
import { agreements } from "../../../src/solve/compare.ts"
import { agentOn, holdings } from "../../../src/solve/discrete/agent.ts"
import { onChain } from "../../../src/solve/discrete/onChain.ts"
import type { Solution } from "../../../src/solve/solution.ts"
import { valueAt } from "../../../src/solve/valueAt.ts"

const tree = catalogue["lucas-tree"], growth = catalogue["lucas-tree-growth"], mehra = catalogue["mehra-prescott-1985"]
const ITERATIVE = ["euler", "howard", "value"]
const price = (solution: Solution, y: number) => valueAt(solution, "p", { [solution.states[0].name]: y })
const set = (values: Readonly<Record<string, number>>) => Object.entries(values).map(([name, value]) => `${name}=${value}`)

describe("exact", () => {
  test("independent dividends: kappa over marginal utility, at any parameters", () => {
    fc.assert(fc.property(fc.double({ min: 0.5, max: 0.99, noNaN: true }), fc.double({ min: 0, max: 4, noNaN: true }), fc.double({ min: 0.05, max: 1, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true }), (beta, gamma, sigma, income) => {
      const found = solve(tree, { set: set({ beta, gamma, sigma, income, mu: 0, scale: 1 }) }), theory = independentTree({ beta, gamma, logMean: 0, volatility: sigma, income })
      for (const y of [0.9, 1, 1.1]) {
        expect(price(found, y) / theory.price(y)).toBeCloseTo(1, 9)
        expect(valueAt(found, "q", { y }) / theory.bond(y)).toBeCloseTo(1, 9)
      }
      expect(found.facts.price / theory.meanPrice).toBeCloseTo(1, 9)
    }), { numRuns: 8 })
  })

  test("persistent dividends: the series, at nodes and between", () => {
    const found = solve(tree, { calibration: "quantecon" }), theory = persistentTree({ beta: 0.95, gamma: 2, persistence: 0.9, volatility: 0.1 })
    for (const y of [0.4, 0.5, 1, 1.234, 2, 2.5]) expect(price(found, y) / theory(y)).toBeCloseTo(1, 10)
    expect(found.facts.price_bound).toBeLessThan(1e-12)
    // Utility's own sum: E y_j^(-1) is lognormal too.
    let value = -1
    for (let j = 1, decay = 0.9; j < 900; j++, decay *= 0.9) value -= 0.95 ** j * lognormalMoment(0, 0.1 * Math.sqrt((1 - decay ** 2) / (1 - 0.81)), -1)
    expect(valueAt(found, "V", { y: 1 })).toBeCloseTo(value, 9)
  })

  test("independent growth: one ratio, and Mehra's returns", () => {
    const { facts } = solve(growth)
    expect(facts.price_dividend).toBeCloseTo(growingTree({ beta: 0.99, gamma: 10, logMean: 0.0172, volatility: Math.sqrt(0.00125) }), 10)
    ;[[facts.equity_return, 0.14117], [facts.risk_free_rate, 0.12699], [facts.premium, 0.0142]].forEach(([got, known]) => expect(got).toBeCloseTo(known, 4))
  })

  test.each([[0.99, 10, 0.15793, 0.13104, 0.02689], [0.95, 2, 0.08987, 0.08689, 0.00298], [0.99, 2, 0.04584, 0.04297, 0.00287], [0.99, 1, 0.02828, 0.02702, 0.00126]])(
    "Mehra and Prescott at beta %d, gamma %d, to the printed digits", (beta, gamma, equity, safe, premium) => {
      const { facts } = solve(mehra, { set: set({ beta, gamma }) })
      ;[[facts.equity_return, equity], [facts.risk_free_rate, safe], [facts.premium, premium]].forEach(([got, known]) => expect(Math.abs(got - known)).toBeLessThan(6e-6))
    })

  test("the chain's prices and bonds", () => {
    const { table: { columns: { lambda, p, q } } } = solve(mehra, { set: ["gamma=10"] })
    expect(Array.from(lambda)).toEqual([0.982, 1.054])
    ;[7.1762, 7.7549].forEach((w, i) => expect(p[i]).toBeCloseTo(w, 4))
    ;[0.844, 0.92829].forEach((b, i) => expect(q[i]).toBeCloseTo(b, 5))
  })

  test("refuses persistent growth by name", () => {
    expect(() => computation(requestOf(growth, { method: "exact", set: ["rho=0.3"] }))).toThrow("has no closed form here: growth is persistent (0.3) and lognormal; use `euler`")
    expect(requestOf(growth, { set: ["rho=0.3"] }).method.name).toBe("euler")
  })
})

describe("every method is within its bound of the closed form, and the bound is not idle", () => {
  const economies = { tree, growth, mehra } as const
  test.each<[keyof typeof economies, string | undefined, Record<string, number>]>([
    ...Object.keys(tree.declaration.calibrations!).map((name): ["tree", string, Record<string, number>] => ["tree", name, {}]),
    ["tree", "quantecon", { gamma: 0.5, income: 1, rho: 0.6 }], ["tree", "quantecon", { rho: -0.5, sigma: 0.4 }], ["tree", "income-1", { gamma: 3, beta: 0.9 }], ["growth", undefined, {}], ["growth", undefined, { gamma: 1 }], ["mehra", undefined, {}], ["mehra", undefined, { gamma: 1 }],
  ])("%s, %s, %j", (name, calibration, parameters) => {
    const exact = solve(economies[name], { method: "exact", calibration, set: set(parameters) })
    for (const method of ITERATIVE) {
      const found = solve(economies[name], { method, calibration, set: set(parameters) })
      expect(found.converged).toBe(true)
      const [p, , V] = agreements(exact, found)
      for (const { largest, variable } of [p, V]) expect(largest, `${method}: ${variable}`).toBeLessThanOrEqual(1)
      expect(p.largest, method).toBeGreaterThan(0.3)
      expect(found.facts.price_bound).toBeLessThan(3e-7) // at an income of 10 a share is 1/500 of the value, whose rounding is seen
    }
  })

  test.each(["gauss-hermite", "rouwenhorst", "tauchen"])("chain %s: the bound covers the chain's own error", chain => {
    const exact = solve(tree, { calibration: "quantecon" })
    for (const nodes of [9, 25]) {
      const found = solve(tree, { calibration: "quantecon", method: "euler", set: [`chain=${chain}`, `nodes=${nodes}`] })
      for (const { largest, variable } of agreements(exact, found)) expect(largest, variable).toBeLessThanOrEqual(1)
      expect(agreements(exact, found)[0].largest).toBeGreaterThan(0.05)
      expect(found.facts.price_bound).toBeGreaterThan(1e-9) // more than the error of iteration
    }
  })
})

describe("value iteration", () => {
  test("after k steps it prices an economy that ends in k periods: 0.845 is the sum of 95 dividends", () => {
    const { procedure } = computation(requestOf(tree, { method: "value" }))
    const steps = run(procedure, { maxSteps: 300 })
    for (const k of [1, 2, 95]) {
      let row = steps.next()
      while (!row.done && row.value.step < k) row = steps.next()
      if (row.done) throw new Error("too short")
      const found = procedure.finish(structuredClone(row.value.state), { outcome: "converged", steps: k, detail: "" })
      expect(found.facts.price / (0.19 * Math.exp(1.5))).toBeCloseTo(1 - 0.95 ** k, 8)
      if (k === 95) expect(found.facts.price).toBeCloseTo(0.845, 3)
    }
  })

  test.each(["value", "howard"])("%s: Bellman's equation holds, holding one share is best, and the envelope is Benveniste and Scheinkman's", method => {
    for (const [calibration, more] of [["quantecon", []], ["income-1", ["gamma=3"]]] as const) {
      const { equations, checks, policy } = solve(tree, { method, calibration, set: [...more] })
      const of = (label: string) => equations.find(e => e.label.startsWith(label))!.largest
      expect(of("Bellman")).toBeLessThan(2e-9)
      expect(of("market clearing")).toBe(0)
      expect(checks[0].largest).toBeLessThan(1e-8)
      const { holding, next, value, y } = policy!.columns
      const states = [...new Set(y)]
      for (const at of states) {
        const rows = Array.from(y.keys()).filter(i => y[i] === at)
        // Value and policy increase in what is held, and the value is concave.
        rows.slice(1).forEach((i, k) => {
          expect(value[i]).toBeGreaterThan(value[rows[k]])
          expect(next[i]).toBeGreaterThanOrEqual(next[rows[k]])
        })
        const slope = (k: number) => (value[rows[k + 1]] - value[rows[k]]) / (holding[rows[k + 1]] - holding[rows[k]])
        expect(slope(0)).toBeGreaterThan(slope(rows.length - 2))
      }
    }
  })
})

test("at a price above the one that clears the market who holds one share sells, at one below buys, and there keeps it", () => {
  const on = onChain(discreteProblem(tree, { calibration: "income-1", parameters: { gamma: 2 } }), { chain: "trapezoidal", nodes: 0 })
  const agent = agentOn(on, holdings(41, 0.02, 1e-4)), n = on.nodes.length
  // The value of keeping what one holds, for any holding: concave, and exact at one share.
  const V = new Float64Array(41 * n)
  for (let k = 0; k < 600; k++) {
    const continuation = agent.continuation(V)
    for (let a = 0; a < 41; a++) for (let i = 0; i < n; i++) V[a * n + i] = agent.reward(i, a, a, 0) + continuation[a * n + i]
  }
  const continuation = agent.continuation(V), clears = agent.share(continuation).map((f, i) => f / on.marginal[i])
  const bought = (factor: number) => {
    const { policy } = agent.best(continuation, clears.map(p => p * factor))
    return on.shown.map(i => Math.sign(policy[20 * n + i] - 20))
  }
  expect(new Set(bought(1))).toEqual(new Set([0]))
  expect(new Set(bought(1.01))).toEqual(new Set([-1]))
  expect(new Set(bought(0.99))).toEqual(new Set([1]))
})

describe("howard", () => {
  test("needs a few improvements where value iteration needs hundreds, and ends with a policy that no improvement changes", () => {
    const { procedure, maxSteps } = computation(requestOf(tree, { method: "howard", calibration: "endowment" }))
    const rows = Array.from(run(procedure, { maxSteps }), ({ row }) => row)
    expect(rows.length).toBeLessThan(6)
    expect(rows.at(-1)).toMatchObject({ changed: 0, done: true })
    expect(solve(tree, { method: "value", calibration: "endowment" }).steps).toBeGreaterThan(300)
  })

  test("a system too large is refused", () => {
    expect(() => computation(requestOf(tree, { method: "howard", set: ["holdings=201"] }))).toThrow("howard evaluates a policy by a dense linear system of 201 holdings by")
  })
})

test("an infinite price is a mistake, with the number that says so", () => {
  for (const method of ["exact", ...ITERATIVE, "q-learning"])
    expect(() => computation(requestOf(growth, { method, set: ["mu=-0.1"] }))).toThrow(/the price is infinite: beta E\[growth\^\(1 - gamma\)\] is 2\.5\d+ in the long run; expected below 1/)
})

test("a periodic chain and one with states that are left for good are solved", () => {
  const base = { kind: "discrete", is: "a tree", parameters: {}, preferences: { discount: "0.9", aversion: "2" }, consumption: "1", dividend: "1", growth: "g" } as const
  for (const transitions of [[[0, 1], [1, 0]], [[0.2, 0.8], [0, 1]]]) {
    const given = economy("t", { ...base, state: { name: "g", is: "growth", law: { kind: "chain", values: [0.97, 1.05], transitions } } })
    const [exact, euler] = ["exact", "euler"].map(method => solve(given, { method }))
    expect(agreements(exact, euler)[0].within).toBe(true)
    // By hand: p_i = sum_j 0.9 P_ij g_j^(-1) (1 + p_j).
    const p = exact.table.columns.p
    transitions.forEach((row, i) => expect(row.reduce((sum, prob, j) => sum + (0.9 * prob * (1 + p[j])) / [0.97, 1.05][j], 0)).toBeCloseTo(p[i], 12))
  }
})
