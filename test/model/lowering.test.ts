import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { differenceWeights } from "../../src/math/differences.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { economy } from "../../src/model/economy.ts"
import { derivativeOf, jetName } from "../../src/model/lowering.ts"
import type { Problem } from "../../src/model/problem.ts"
import { moderate } from "../formula/expressions.ts"
import { definitionsAt, evaluate, somewhere, type Point } from "./evaluate.ts"

/** Formulas of x, y and z with derivatives of every order: a difference across a kink is no derivative. */
const smooth = moderate.filter(text => !/abs|min|max|if/.test(text))
const inside = fc.double({ min: 0.1, max: 0.9, noNaN: true })

const NODES = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map(k => 0.02 * k)
const WEIGHTS = [0, 1, 2].map(order => differenceWeights(0, NODES, order))
/** The derivative at 0 of an order, by nine points. */
const differenced = (f: (dx: number) => number, order: number): number =>
  NODES.reduce((sum, dx, k) => (WEIGHTS[order][k] === 0 ? sum : sum + WEIGHTS[order][k] * f(dx)), 0)
/** As close as differences of derivatives of this size can tell. */
const close = (got: number, expected: number, size: number): void => expect(Math.abs(got - expected)).toBeLessThan(1e-4 * (1 + size))

describe("Itô's lemma in one state, on f(x(z), y(z), z)", () => {
  const declared = (f: string): Problem => problem(economy("one-state", {
    is: "one state", parameters: { m: { value: 0.7, is: "speed" } },
    states: { z: { is: "state", from: 0, to: 1, drift: "m*(0.5 - z)", risk: "loading" } },
    unknowns: { x: { kind: "price", guess: "1", is: "x" }, y: { kind: "price", guess: "1", is: "y" } },
    equations: `
      loading = 0.3 + z^2/2
      f = ${f}
      drift_f = drift(f)
      vol_f = vol(f)
      first = f_z
      second = f_zz
      again = first_z
      [one] x = 1
      [two] y = 1`,
  }))
  /** The prices exp(-z) - 0.5 and z^3 - z, with their derivatives. */
  const jets = (z: number): Point => ({
    z, x: Math.exp(-z) - 0.5, x_z: -Math.exp(-z), x_zz: Math.exp(-z), y: z ** 3 - z, y_z: 3 * z ** 2 - 1, y_zz: 6 * z,
  })

  test("drift, vol and derivatives by name are those of the composed function", () => {
    fc.assert(fc.property(smooth, inside, (f, z) => {
      const built = declared(f)
      const at = definitionsAt(built, jets(z))
      const [first, second] = [1, 2].map(order => differenced(dz => definitionsAt(built, jets(z + dz)).f, order))
      const mu = 0.7 * (0.5 - z), sigma = 0.3 + z * z / 2, size = Math.abs(first) + Math.abs(second)
      close(at.first, first, size)
      close(at.second, second, size)
      close(at.vol_f, sigma * first, size)
      close(at.drift_f, mu * first + 0.5 * sigma ** 2 * second, size)
      expect(at.again).toBe(at.second)
    }), { numRuns: 150 })
  })

  test("the motion of the state", () => {
    const [mu, variance] = evaluate(declared("z"), declared("z").motion, jets(0.2))
    expect(mu).toBeCloseTo(0.7 * 0.3, 14)
    expect(variance).toBeCloseTo(0.32 ** 2, 14)
  })
})

describe("Itô's lemma in two states with two correlated shocks, on f(x, y, z(x, y))", () => {
  const rho = -0.6
  const declared = (f: string): Problem => problem(economy("two-states", {
    is: "two states", parameters: { rho: { value: rho, is: "correlation" } },
    shocks: { A: { is: "first" }, B: { is: "second" } },
    correlations: [{ between: ["B", "A"], value: "rho" }],
    states: {
      x: { is: "first", from: 0, to: 1, drift: "0.5 - x*y", risk: { A: "0.3 + x/10", B: "0.2" } },
      y: { is: "second", from: 0, to: 1, drift: "z - y", risk: { A: "-0.1*y", B: "0.4 + x*y" } },
    },
    unknowns: { z: { kind: "price", guess: "1", is: "z" } },
    equations: `
      f = ${f}
      drift_f = drift(f)
      vol_A = vol(f, A)
      vol_B = vol(f, B)
      f_mixed = f_xy
      f_mixed_too = f_yx
      [one] z = 1`,
  }))
  /** The price exp(x y) - y^2, with its derivatives. */
  const jets = (x: number, y: number): Point => {
    const e = Math.exp(x * y)
    return { x, y, z: e - y * y, z_x: y * e, z_y: x * e - 2 * y, z_xx: y * y * e, z_xy: (1 + x * y) * e, z_yy: x * x * e - 2 }
  }

  test("drift and vol are mu.Df + tr(Sigma D2f)/2 and sigma.Df of the composed function", () => {
    fc.assert(fc.property(smooth, inside, inside, (f, x, y) => {
      const built = declared(f)
      const F = (dx: number, dy: number): number => definitionsAt(built, jets(x + dx, y + dy)).f
      const Fx = differenced(d => F(d, 0), 1), Fy = differenced(d => F(0, d), 1)
      const Fxx = differenced(d => F(d, 0), 2), Fyy = differenced(d => F(0, d), 2)
      const Fxy = differenced(d => differenced(e => F(d, e), 1), 1)
      const z = jets(x, y).z
      const [xA, xB, yA, yB] = [0.3 + x / 10, 0.2, -0.1 * y, 0.4 + x * y]
      const covariance = (aA: number, aB: number, bA: number, bB: number): number => aA * bA + aB * bB + rho * (aA * bB + aB * bA)
      const [xx, xy, yy] = [covariance(xA, xB, xA, xB), covariance(xA, xB, yA, yB), covariance(yA, yB, yA, yB)]
      const at = definitionsAt(built, jets(x, y)), size = [Fx, Fy, Fxx, Fxy, Fyy].reduce((sum, d) => sum + Math.abs(d), 0)
      close(at.f_mixed, Fxy, size)
      expect(at.f_mixed_too).toBeCloseTo(at.f_mixed, 9)
      close(at.vol_A, xA * Fx + yA * Fy, size)
      close(at.vol_B, xB * Fx + yB * Fy, size)
      close(at.drift_f, (0.5 - x * y) * Fx + (z - y) * Fy + 0.5 * (xx * Fxx + 2 * xy * Fxy + yy * Fyy), size)
      const motion = evaluate(built, built.motion, jets(x, y));
      [0.5 - x * y, z - y, xx, xy, yy].forEach((expected, i) => expect(motion[i]).toBeCloseTo(expected, 12))
    }), { numRuns: 60 })
  })
})

describe("the drift of a value function", () => {
  const built = problem(economy("value", {
    is: "value", parameters: {}, states: { z: { is: "state", from: 0, to: 1, drift: "0.3 - z", risk: "0.5*z" } },
    unknowns: { J: { kind: "value", guess: "1", is: "value" } },
    equations: `
      alone = drift(J)
      within = drift(2*J)
      risk = vol(J)
      [HJB] 0 = drift(J) - J`,
  }))
  const point = { z: 0.8, J: 2, J_z: 3, J_zz: 5, "J^z": 7, "J^t": 11 }

  test("has the time derivative, and its first derivative apart for upwinding; inside a formula neither", () => {
    const { alone, within, risk } = definitionsAt(built, point)
    expect(alone).toBeCloseTo(11 - 0.5 * 7 + 0.5 * 0.16 * 5, 13)
    expect(within).toBeCloseTo(2 * (-0.5 * 3 + 0.5 * 0.16 * 5), 13)
    expect(risk).toBeCloseTo(0.4 * 3, 13)
  })

  test("its line is the row of the HJB", () => {
    expect(built.hjb.labels).toEqual(["HJB"])
    const outputs = evaluate(built, built.hjb.kernel, point)
    expect(outputs[built.hjb.residuals[0].first]).toBeCloseTo(-(definitionsAt(built, point).alone - 2), 13)
  })
})

describe("names of derivatives", () => {
  const states = ["z", "eta", "e"]
  test("are read back as they are written, mixed ones in the order of the states", () => {
    const by = fc.array(fc.constantFrom(...states), { minLength: 1, maxLength: 2 })
    fc.assert(fc.property(fc.constantFrom("q", "J_e", "sigma_R"), by, (base, list) => {
      const sorted = list.toSorted((a, b) => states.indexOf(a) - states.indexOf(b))
      expect(derivativeOf(jetName(base, list, states), states, name => name === base)).toEqual({ base, by: sorted })
    }))
  })
  test("nothing else is a derivative", () => {
    const isBase = (name: string): boolean => name === "q" || name === "J_e"
    for (const name of ["q", "q_", "q_x", "qz", "q_zx", "J_e", "p_z", "_z", "q_z_e"]) expect(derivativeOf(name, states, isBase), name).toBeUndefined()
    expect(derivativeOf("J_e_e", states, isBase)).toEqual({ base: "J_e", by: ["e"] })
  })
})

test("shocks that are not correlated by the declaration are independent; one listed either way round", () => {
  const with_ = (between: [string, string] | undefined): Problem => problem(economy("pair", {
    is: "pair", parameters: {}, shocks: { A: { is: "a" }, B: { is: "b" } }, correlations: between && [{ between, value: "0.5" }],
    states: { x: { is: "x", from: 0, to: 1, drift: "0", risk: { A: "2" } }, y: { is: "y", from: 0, to: 1, drift: "0", risk: { B: "3" } } },
    unknowns: { q: { kind: "price", guess: "1", is: "q" } }, equations: "[one] q = 1",
  }))
  const motion = (built: Problem): number[] => evaluate(built, built.motion, somewhere(built, 1))
  expect(motion(with_(undefined))).toEqual([0, 0, 4, 0, 9])
  expect(motion(with_(["A", "B"]))).toEqual([0, 0, 4, 3, 9])
  expect(motion(with_(["B", "A"]))).toEqual([0, 0, 4, 3, 9])
})
