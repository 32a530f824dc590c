import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { derivative, substitute, symbolsOf } from "../../src/formula/derive.ts"
import type { Node } from "../../src/formula/graph.ts"
import { graph } from "../../src/formula/graph.ts"
import { interpret } from "../../src/formula/interpret.ts"
import { moderate, read } from "./expressions.ts"

type Point = { x: number; y: number; z: number }

/** Coordinates that are never equal nor 0, so that no kink is met by design. */
const coordinate = (offset: number) => fc.integer({ min: -1900, max: 1899 }).map((k) => (k + offset) / 1000)
const points: fc.Arbitrary<Point> = fc.record({ x: coordinate(0.3127), y: coordinate(0.5519), z: coordinate(0.7741) })

/** The five-point central difference, of order h⁴; undefined where halving h does not confirm it (beside a kink). */
function numerical(node: Node, at: Point, symbol: keyof Point): number | undefined {
  const f = (d: number): number => interpret(node, { ...at, [symbol]: at[symbol] + d })
  const estimate = (h: number): number => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)
  const [coarse, fine] = [estimate(2e-3), estimate(1e-3)]
  return Math.abs(coarse - fine) <= 1e-7 * (1 + Math.abs(fine)) ? fine : undefined
}

test("first derivatives agree with central differences", () => {
  let compared = 0
  fc.assert(fc.property(moderate, points, (text, at) => {
    const g = graph()
    const node = read(g, text)
    for (const symbol of ["x", "y"] as const) {
      const expected = numerical(node, at, symbol)
      if (expected === undefined) continue
      compared++
      expect(Math.abs(interpret(derivative(g, node, symbol), at) - expected)).toBeLessThan(1e-6 * (1 + Math.abs(expected)))
    }
  }), { numRuns: 1000 })
  expect(compared).toBeGreaterThan(1000)
})

test("second derivatives agree with differences of the first, and are symmetric", () => {
  let compared = 0
  fc.assert(fc.property(moderate, points, (text, at) => {
    const g = graph()
    const node = read(g, text)
    const [fx, fy] = [derivative(g, node, "x"), derivative(g, node, "y")]
    const [fxx, fxy, fyx] = [derivative(g, fx, "x"), derivative(g, fx, "y"), derivative(g, fy, "x")].map((each) => interpret(each, at))
    for (const [symbol, value] of [["x", fxx], ["y", fxy]] as const) {
      const expected = numerical(fx, at, symbol)
      if (expected === undefined || value === undefined) continue
      compared++
      expect(Math.abs(value - expected)).toBeLessThan(1e-6 * (1 + Math.abs(expected)))
    }
    expect(Math.abs((fxy ?? NaN) - (fyx ?? NaN))).toBeLessThan(1e-8 * (1 + Math.abs(fxy ?? NaN)))
  }), { numRuns: 500 })
  expect(compared).toBeGreaterThan(500)
})

describe("closed forms", () => {
  test.each([
    ["x^3", "3*x^2"], ["x^n", "n*x^(n - 1)"], ["2^x", "2^x*log(2)"], ["log(x)", "1/x"], ["exp(2*x)", "2*exp(2*x)"], ["x*y", "y"], ["y^2", "0"],
    ["abs(x)", "sign(x)"], ["sign(x)", "0"], ["if(x < y, x^2, y)", "if(x < y, 2*x, 0)"], ["max(x, y)", "if(y <= x, 1, 0)"],
    ["min(x, y)", "if(x <= y, 1, 0)"], ["sqrt(x)", "0.5/sqrt(x)"], ["sin(x)", "cos(x)"], ["cos(x)", "-sin(x)"], ["tanh(x)", "1 - tanh(x)^2"],
    ["a*x + b", "a"], ["x/3", "1/3"],
  ])("d/dx %s = %s", (text, expected) => {
    const g = graph()
    expect(derivative(g, read(g, text), "x")).toBe(read(g, expected))
  })

  test("a constant power is differentiable at zero and at negative bases", () => {
    const g = graph()
    expect(interpret(derivative(g, read(g, "x^2"), "x"), { x: 0 })).toBe(0)
    expect(interpret(derivative(g, read(g, "x^n"), "x"), { x: -2, n: 3 })).toBe(12)
    expect(interpret(derivative(g, read(g, "x^3"), "x"), { x: -1 })).toBe(3)
  })
})

test("substitution is simultaneous and composes with evaluation", () => {
  fc.assert(fc.property(moderate, moderate, points, (f, inner, at) => {
    const g = graph()
    const swapped = substitute(g, read(g, f), new Map([["x", read(g, "y")], ["y", read(g, inner)]]))
    const expected = interpret(read(g, f), { ...at, x: at.y, y: interpret(read(g, inner), at) })
    fc.pre(!f.includes("if"))
    expect(Math.abs(interpret(swapped, at) - expected)).toBeLessThan(1e-9 * (1 + Math.abs(expected)))
  }))
})

test("symbolsOf lists what a node depends on", () => {
  const g = graph()
  expect([...symbolsOf(read(g, "a*b + log(c) + d*0"))].sort()).toEqual(["a", "b", "c"])
})
