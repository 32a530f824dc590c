import { readdirSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { catalogue, continuousTime, discreteTime, economyNamed } from "../../src/economies/index.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { discreteProblem } from "../../src/model/discrete/compile.ts"
import type { Problem } from "../../src/model/problem.ts"
import { definitionsAt, evaluate, somewhere, type Point } from "../model/evaluate.ts"

const economies = Object.values(continuousTime).map(e => [e.name, e] as const)

test("the catalogue lists every economy of the folder under its own name", () => {
  const files = readdirSync(new URL("../../src/economies/", import.meta.url)).filter(file => file !== "index.ts")
  expect(Object.keys(catalogue)).toHaveLength(files.length)
  expect(Object.keys(catalogue)).toEqual([...Object.keys(continuousTime), ...Object.keys(discreteTime)])
  for (const [name, economy] of Object.entries(catalogue)) {
    expect(economy.name).toBe(name)
    expect(economyNamed(name)).toBe(economy)
  }
  expect(economyNamed("__proto__")).toBeUndefined()
})

describe.each(economies)("%s", (_, economy) => {
  const { declaration } = economy
  const calibrations = [undefined, ...Object.keys(declaration.calibrations ?? {})]

  test("says what it is, where it is from, and what each definition means", () => {
    expect(declaration.source).toMatch(/\(\d{4}\)/)
    const defined = economy.statements.flatMap(s => (s.kind === "definition" ? [s.name] : []))
    expect(Object.keys(declaration.words ?? {}).toSorted()).toEqual(defined.toSorted())
  })

  test.each(calibrations)("calibration %s: all kernels are finite inside the domain, also at the guess", calibration => {
    const built = problem(economy, { calibration })
    fc.assert(fc.property(fc.nat(1e6), seed => {
      const x = somewhere(built, seed), guess = evaluate(built, built.guess, x)
      const atGuess: Record<string, number> = Object.fromEntries(built.jets.map(j => [j.symbol, 0]))
      built.unknowns.forEach((u, k) => { atGuess[u.name] = guess[k] })
      for (const state of built.states) atGuess[state.name] = x[state.name]
      for (const kernel of [built.hjb.kernel, built.block.kernel, built.motion, built.defined]) expect(evaluate(built, kernel, atGuess).every(Number.isFinite)).toBe(true)
      built.unknowns.forEach((u, k) => {
        if (u.positive) expect(guess[k]).toBeGreaterThan(0)
        if (u.range) expect(guess[k] >= u.range[0] && guess[k] <= u.range[1]).toBe(true)
      })
    }), { numRuns: 20 })
  })
})

describe.each(economies.filter(([, e]) => e.declaration.exact))("%s in closed form", (_, economy) => {
  /** The jets of the exact solution, which does not depend on the state: all its derivatives are zero. */
  const exactly = (built: Problem, x: Point): Point => ({
    ...x, ...Object.fromEntries(built.jets.map(j => [j.symbol, 0])),
    ...Object.fromEntries(built.unknowns.map(u => [u.name, evaluate(built, built.exact.find(e => e.name === u.name)!.kernel, x)[0]])),
  })
  /** Parameters moved by up to a tenth, all at once, so that no closed form holds by luck. */
  const moved = (seed: number): Problem => {
    const { parameters } = problem(economy)
    return problem(economy, { parameters: Object.fromEntries(Object.entries(parameters).map(([name, value], k) => [name, value * (1 + 0.1 * Math.sin(seed + 7 * k))])) })
  }

  test("every equation holds and every definition has its form, at any parameters nearby", () => {
    fc.assert(fc.property(fc.nat(1e4), seed => {
      const built = moved(seed), x = exactly(built, somewhere(built, seed))
      for (const rows of [built.hjb, built.block]) {
        const outputs = evaluate(built, rows.kernel, x)
        rows.residuals.forEach(({ first }, row) => expect(Math.abs(outputs[first]) / (1 + Math.abs(x[built.unknowns[0].name])), rows.labels[row]).toBeLessThan(1e-13))
      }
      const defined = definitionsAt(built, x)
      for (const { name, kernel } of built.exact)
        if (name in defined) expect(Math.abs(evaluate(built, kernel, x)[0] - defined[name]), name).toBeLessThan(1e-12 * (1 + Math.abs(defined[name])))
    }), { numRuns: 30 })
  })
})

describe.each(Object.values(discreteTime).map(e => [e.name, e] as const))("%s", (_, economy) => {
  const { declaration } = economy
  test("says where it is from; every formula is finite over the domain and far beyond, at every calibration", () => {
    expect(declaration.source).toMatch(/\(\d{4}\)/)
    for (const calibration of [undefined, ...Object.keys(declaration.calibrations ?? {})]) {
      const { state, consumption, dividend, growth, beta } = discreteProblem(economy, { calibration })
      const x = state.points ?? Float64Array.from({ length: 9 }, (_, i) => state.from * (state.to / state.from) ** ((3 * i) / 8 - 1))
      for (const f of [consumption, dividend, growth]) expect(f(x).every(Number.isFinite)).toBe(true)
      expect(beta).toBeLessThan(1)
    }
  })
})

describe("brunnermeier-sannikov-2016", () => {
  const built = problem(catalogue["brunnermeier-sannikov-2016"])

  test("the check of the goods market is its equation, at any jets", () => {
    const check = built.checks.find(c => c.label === "goods market")!, row = built.block.labels.indexOf("goods market")
    fc.assert(fc.property(fc.nat(1e6), seed => {
      const x = somewhere(built, seed)
      expect(evaluate(built, check.kernel, x)[0]).toBeCloseTo(evaluate(built, built.block.kernel, x)[built.block.residuals[row].first], 13)
    }))
  })

  test.each(Object.keys(built.economy.declaration.calibrations!))("Walras' law, calibration %s: where experts hold all capital and keep no more of its risk than they must, budgets add up at any values and slope of the price", calibration => {
    const built = problem(catalogue["brunnermeier-sannikov-2016"], { calibration })
    const law = built.checks.find(c => c.label === "Walras' law")!, { rho_e, rho_h, a_e, kappa, alpha } = built.parameters
    fc.assert(fc.property(fc.nat(1e6), seed => {
      const x = somewhere(built, seed), z = alpha * x.z
      const q = (a_e + 1 / kappa) / (rho_e * z + rho_h * (1 - z) + 1 / kappa) // the goods market
      expect(evaluate(built, law.kernel, { ...x, z, psi: 1, q })[0]).toBeCloseTo(0, 11)
    }))
  })
})

test("Epstein-Zin utility with elasticity near one has the consumption of unit elasticity", () => {
  const near = problem(catalogue["brunnermeier-sannikov-2016-ez"], { parameters: { psi_u: 1 + 1e-9 } })
  fc.assert(fc.property(fc.nat(1e6), seed => {
    const x = somewhere(near, seed), { c_e, c_h, p_e, p_h } = definitionsAt(near, x)
    // Consumption is then a share of wealth that no value moves: one, in units in which rho drops out of the first-order condition.
    expect(c_e).toBeCloseTo(x.x * x.q, 7)
    expect(c_h).toBeCloseTo((1 - x.x) * x.q, 7)
    expect(p_e * p_h).toBeCloseTo(1, 7)
  }))
})
