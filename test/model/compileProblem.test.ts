import fc from "fast-check"
import { parse, stringify } from "smol-toml"
import { describe, expect, test } from "vitest"
import { continuousTime } from "../../src/economies/index.ts"
import type { Kernel } from "../../src/formula/compile.ts"
import { problem, type ProblemOptions } from "../../src/model/compileProblem.ts"
import { economyOf } from "../../src/model/economy.ts"
import type { Problem, Rows } from "../../src/model/problem.ts"
import { Mistake } from "../../src/run/mistake.ts"
import { evaluate, somewhere, type Point } from "./evaluate.ts"
import { specimen, type Draft } from "./specimen.ts"

const compiled = (spoil: (draft: Draft) => void = () => {}, options: ProblemOptions = {}): Problem => {
  const draft = specimen()
  spoil(draft)
  return problem(economyOf(draft, "specimen"), options)
}
const everyProblem = [...Object.values(continuousTime).map((e): [string, Problem] => [e.name, problem(e)]), ["specimen", compiled()] as [string, Problem]]
const seeds = fc.nat(1e6)

describe("what a problem says of itself", () => {
  test("value functions first; jets of each in order; inputs are states, parameters, jets", () => {
    const { unknowns, jets, inputs, definitions, states, shocks, calibration, facts } = compiled()
    expect(unknowns.map(u => [u.name, u.kind, u.positive, u.range])).toEqual([["J", "value", true, undefined], ["q", "price", true, undefined], ["psi", "share", false, [0, 1]]])
    expect(jets.map(j => j.symbol)).toEqual(["J", "J_z", "J_zz", "J^z", "J^t", "q", "q_z", "q_zz", "psi", "psi_z", "psi_zz"])
    expect(inputs).toEqual(["z", "rho", "sigma_k", "a", "b", "gamma", ...jets.map(j => j.symbol)])
    expect(definitions).toEqual(["sigma_R", "sigma_z", "mu_z"])
    expect(states[0]).toMatchObject({ name: "z", from: 0.01, to: 0.95, ends: "natural", start: { at: 0, values: { psi: 0 } } })
    expect(shocks).toEqual(["Z"])
    expect(calibration).toBe("base")
    expect(facts.map(f => [f.name, f.way, f.label, f.kernel?.outputs])).toEqual([["z_star", "switch", "capital market", undefined], ["peak", "max", undefined, 1], ["middle", "value", undefined, 1]])
  })

  test("definitions are listed in an order in which they can be computed", () => {
    const order = compiled(d => { d.equations = d.equations.replace("    sigma_R =", "    early = late + 1\n    sigma_R =") + "    late = mu_z*2\n" }).definitions
    expect(order).toEqual(["mu_z", "late", "early", "sigma_R", "sigma_z"])
  })

  test("in two states every derivative is there once, mixed ones in the order of the states", () => {
    const { jets } = compiled(d => {
      d.states = { z: { is: "z", from: 0, to: 1, drift: "0", risk: "0" }, w: { is: "w", from: 0, to: 1, drift: "0", risk: "0" } }
      d.facts = {}
      d.checks = {}
    })
    expect(jets.filter(j => j.unknown === 0).map(j => [j.symbol, j.kind, j.by.join()])).toEqual([
      ["J", "value", ""], ["J_z", "first", "0"], ["J_w", "first", "1"], ["J_zz", "second", "0,0"], ["J_zw", "second", "0,1"], ["J_ww", "second", "1,1"], ["J^z", "upwind", "0"], ["J^w", "upwind", "1"], ["J^t", "time", ""]])
  })

  test("nodes run from end to end exactly, increasing, spaced by the grid formula", () => {
    const [state] = compiled().states, nodes = state.nodes(41)
    expect([nodes[0], nodes[40]]).toEqual([0.01, 0.95])
    expect(nodes[20]).toBeCloseTo(0.01 + 0.94 * (0.25 + 0.125), 14)
    expect(nodes.every((x, i) => i === 0 || x > nodes[i - 1])).toBe(true)
  })
})

describe("kernels are the formulas as written", () => {
  test("the specimen by hand", () => {
    fc.assert(fc.property(seeds, seed => {
      const built = compiled(), x = somewhere(built, seed)
      const { z, q, q_z, psi, J, J_z, J_zz } = x, { rho, sigma_k, a, b, gamma } = built.parameters
      const sigma_R = sigma_k / (1 - (q_z / q) * (1 - z)), sigma_z = (1 - z) * sigma_R, mu = z * (1 - z) * (0.5 - z)
      const [drift, variance] = evaluate(built, built.motion, x)
      const row = (rows: Rows, i: number): number[] => {
        const out = evaluate(built, rows.kernel, x), { first, second } = rows.residuals[i]
        return second < 0 ? [out[first]] : [out[first], out[second]]
      }
      const near = (got: number[], expected: number[]): void => got.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 10))
      near([drift, variance], [mu, sigma_z ** 2])
      near(evaluate(built, built.defined, x), [sigma_R, sigma_z, mu])
      const driftJ = x["J^t"] + mu * x["J^z"] + 0.5 * sigma_z ** 2 * J_zz
      near(row(built.hjb, 0), [-(driftJ - rho * J + (1 - gamma) * sigma_k * sigma_z * J_z + Math.log(q))])
      near(row(built.block, 0), [rho * q - a * psi - b * (1 - psi)])
      near(row(built.block, 1), [1 - psi, (a - b) / q - sigma_R ** 2])
      near(evaluate(built, built.guess, x), [1 / rho, 1 + z, z])
      near(evaluate(built, built.exact[0].kernel, x), [(1 - z) * sigma_k])
      near(evaluate(built, built.checks[0].kernel, x), [q_z * mu + 0.5 * sigma_z ** 2 * x.q_zz - q_z * mu, 1 - psi])
      near(evaluate(built, built.facts[1].kernel!, x), [sigma_R])
    }), { numRuns: 30 })
  })

  test("kinks: what changes sign where min and max bend", () => {
    const built = compiled(d => { d.equations = d.equations.replace("rho*J +", "rho*max(0.3, z)*J +") })
    expect(built.kinks.outputs).toBe(1)
    expect(Math.abs(evaluate(built, built.kinks, somewhere(built, 1))[0])).toBeCloseTo(Math.abs(0.3 - somewhere(built, 1).z), 14)
    expect(compiled().kinks.outputs).toBe(0)
  })
})

describe.each(everyProblem)("%s", (_, built) => {
  const sidesOf = (rows: Rows, x: Point): number[][] => {
    const out = evaluate(built, rows.kernel, x)
    return rows.residuals.map(({ first, second }) => [out[first], second < 0 ? 0 : out[second]])
  }
  /** Central difference of the sides of all rows with respect to one input, by two step sizes. */
  function slopes(rows: Rows, x: Point, symbol: string): number[][] {
    const at = x[symbol] ?? built.parameters[symbol], h = 1e-4 * (1 + Math.abs(at))
    const central = (step: number): number[][] => {
      const up = sidesOf(rows, { ...x, [symbol]: at + step }), down = sidesOf(rows, { ...x, [symbol]: at - step })
      return up.map((sides, row) => sides.map((value, side) => (value - down[row][side]) / (2 * step)))
    }
    const wide = central(h), narrow = central(h / 2)
    return narrow.map((sides, row) => sides.map((value, side) => (4 * value - wide[row][side]) / 3))
  }
  const near = (got: number, expected: number, where: string): void => {
    if (Number.isFinite(expected)) expect(Math.abs(got - expected) / (1 + Math.abs(expected)), where).toBeLessThan(1e-5)
  }

  test("partials are the slopes of the rows, and where there is none the slope is zero", () => {
    fc.assert(fc.property(seeds, seed => {
      const x = somewhere(built, seed)
      for (const rows of [built.hjb, built.block]) {
        const outputs = evaluate(built, rows.kernel, x)
        built.jets.forEach(({ symbol }, jet) => {
          slopes(rows, x, symbol).forEach((sides, row) => sides.forEach((slope, side) => {
            const partial = rows.partials.find(p => p.row === row && p.side === side && p.jet === jet)
            near(partial ? outputs[partial.output] : 0, slope, `[${rows.labels[row]}] side ${side} by ${symbol}, seed ${seed}`)
          }))
        })
      }
    }), { numRuns: 10 })
  })

  test("so are the sensitivities to parameters", () => {
    fc.assert(fc.property(seeds, seed => {
      const x = somewhere(built, seed)
      for (const rows of [built.hjb, built.block]) {
        const { partials, kernel } = rows.sensitivity(), outputs = evaluate(built, kernel, x)
        Object.keys(built.parameters).forEach((name, parameter) => {
          slopes(rows, x, name).forEach((sides, row) => sides.forEach((slope, side) => {
            const partial = partials.find(p => p.row === row && p.side === side && p.parameter === parameter)
            near(partial ? outputs[partial.output] : 0, slope, `[${rows.labels[row]}] side ${side} by ${name}, seed ${seed}`)
          }))
        })
      }
    }), { numRuns: 5 })
  })
})

describe("the same economy in TypeScript and in TOML is the same problem", () => {
  const kernels = (p: Problem): Kernel[] => [p.hjb.kernel, p.block.kernel, p.motion, p.kinks, p.guess, p.defined, ...p.exact.map(e => e.kernel), ...p.facts.flatMap(f => f.kernel ?? []), ...p.checks.map(c => c.kernel), ...("kernel" in p.frozen ? [p.frozen.kernel] : [])]
  test.each(Object.values(continuousTime).map(e => [e.name, e] as const))("%s", (name, typed) => {
    const read = economyOf(parse(stringify({ name, ...typed.declaration })), "other")
    expect(read).toEqual(typed)
    for (const calibration of [undefined, ...Object.keys(typed.declaration.calibrations ?? {})]) {
      const [one, other] = [problem(typed, { calibration }), problem(read, { calibration })]
      expect(other.inputs).toEqual(one.inputs)
      fc.assert(fc.property(seeds, seed => {
        const x = somewhere(one, seed)
        kernels(one).forEach((kernel, k) => expect(evaluate(other, kernels(other)[k], x)).toEqual(evaluate(one, kernel, x)))
      }), { numRuns: 3 })
    }
  })
})

describe("parameters", () => {
  test("are the defaults, the calibration over them, and what is given over both", () => {
    expect(compiled().parameters).toEqual({ rho: 0.05, sigma_k: 0.1, a: 0.1, b: 0.02, gamma: 2 })
    expect(compiled(undefined, { calibration: "risky" }).parameters).toMatchObject({ sigma_k: 0.3, a: 0.12, b: 0.02 })
    expect(compiled(undefined, { calibration: "risky", parameters: { a: 0.2, b: 0.05 } }).parameters).toMatchObject({ sigma_k: 0.3, a: 0.2, b: 0.05 })
    expect(compiled(d => { delete d.calibrations }).calibration).toBe("default")
  })

  test("move the domain", () => {
    expect(compiled(undefined, { parameters: { rho: 0.2 } }).states[0].to).toBeCloseTo(0.8, 14)
  })

  test("called like methods of Object have their declared values", () => {
    const { parameters } = compiled(d => { Object.assign(d.parameters, { constructor: { value: 3, is: "x" }, toString: { value: 4, is: "y" } }) }, { calibration: "risky" })
    expect(parameters).toMatchObject({ constructor: 3, toString: 4, sigma_k: 0.3 })
  })

  test.each<[string, (draft: Draft) => void, ProblemOptions, string]>([
    ["an unknown calibration", () => {}, { calibration: "riksy" }, "`specimen` has no calibration `riksy`; did you mean `risky`? It has base, risky."],
    ["a calibration called like a method of Object", () => {}, { calibration: "constructor" }, "`specimen` has no calibration `constructor`. It has base, risky."],
    ["a calibration where there is none", d => { delete d.calibrations }, { calibration: "base" }, "`specimen` has no calibration `base`. It has only its default."],
    ["an unknown parameter", () => {}, { parameters: { sigma: 1 } }, "`specimen` has no parameter `sigma`; did you mean `sigma_k`? It has rho, sigma_k, a, b, gamma."],
    ["a value outside the bounds", () => {}, { parameters: { rho: -1 } }, "`rho` is `-1`; expected a number above 0 (discount rate)"],
    ["NaN", () => {}, { parameters: { a: NaN } }, "`a` is `NaN`; expected a finite number (output of experts)"],
    ["a domain that is empty at these parameters", d => { d.states.z.to = "rho" }, { parameters: { rho: 0.001 } }, "states.z: its domain runs from `0.01` to `0.001`; expected from < to"],
    ["a domain without an end", d => { d.states.z.to = "1/(rho - 0.05)" }, {}, "states.z.to: is `Infinity` at these parameters; expected a finite number"],
    ["a start inside the domain", d => { d.states.z.start!.at = "10*rho" }, {}, "states.z.start.at: is `0.5`; expected a number at or below the domain, which begins at 0.01"],
    ["a start that is not a number", d => { d.states.z.start!.values.psi = "log(-rho)" }, {}, "states.z.start.values.psi: is `NaN` at these parameters; expected a finite number"],
    ["a grid that does not increase", d => { d.states.z.grid = "1 - s" }, {}, "states.z.grid: does not increase from 0 to 1 (it is 1 at s = 0)"],
    ["a correlation above one", d => {
      Object.assign(d, { shocks: { K: { is: "k" }, A: { is: "a" } }, correlations: [{ between: ["K", "A"], value: "a/rho" }] })
      d.states.z.risk = { K: "1" }
      d.equations = d.equations.replace("vol(J)", "vol(J, K)")
    }, {}, "correlations.1.value: is `2` at these parameters; expected a number from -1 to 1"],
  ])("%s is a mistake", (_, spoil, options, message) => {
    expect(() => compiled(spoil, options)).toThrow(Mistake)
    expect(() => compiled(spoil, options)).toThrow(message)
  })
})
