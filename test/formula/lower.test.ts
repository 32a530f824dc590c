import { describe, expect, test } from "vitest"
import { graph } from "../../src/formula/graph.ts"
import { interpret } from "../../src/formula/interpret.ts"
import { FormulaFault, FUNCTIONS, lower } from "../../src/formula/lower.ts"
import { parseExpression } from "../../src/formula/parse.ts"
import type { Ast } from "../../src/formula/syntax.ts"
import { read } from "./expressions.ts"

test.each([
  ["min(3, 1, 2)", 1], ["max(3, 1, 5, 2)", 5], ["if(1 <= 1, 2, 3)", 2], ["if(1 >= 2, 2, 3)", 3], ["if(2 > 1, 2, 3)", 2], ["if(1 < 1, 2, 3)", 3],
  ["-2^2", -4], ["2^-1", 0.5], ["2^3^2", 512], ["abs(-2) + sign(-3)", 1], ["6/3/2", 1],
])("%s = %d", (text, value) => {
  expect(interpret(read(graph(), text), {})).toBe(value)
})

test("comparisons follow their arguments", () => {
  const node = read(graph(), "if(x > y, 1, if(x >= y, 2, 3))")
  expect([[2, 1], [1, 1], [1, 2]].map(([x = 0, y = 0]) => interpret(node, { x, y }))).toEqual([1, 2, 3])
})

test("the scope gives names their meaning and may take over calls", () => {
  const g = graph()
  const ast = parseExpression("twice(a) + log(a)").ast as Ast
  const node = lower(g, ast, {
    name: () => g.sym("x"),
    call: (name, args) => (name === "twice" ? g.sym(`${name}_${args[0]?.kind}`) : undefined),
  })
  expect(node).toBe(g.add(g.sym("twice_name"), g.call("log", [g.sym("x")])))
})

describe("faults", () => {
  test.each([
    ["1 + foo(x)", "foo(x)", /^`foo` is not a function \(there are log, .*, if\); a product is written `foo\*\(…\)`$/],
    ["log(x, y)", "log(x, y)", /^`log` takes 1 argument but got 2$/],
    ["max(x)", "max(x)", /^`max` takes 2 or more arguments but got 1$/],
    ["if(x < y, 1)", "if(x < y, 1)", /^`if` takes 3 arguments but got 2$/],
    ["if(x + y, 1, 2)", "x + y", /^expected a comparison/],
    ["less(x, y)", "less(x, y)", /^`less` is not a function/],
  ])("%s", (text, place, message) => {
    try {
      read(graph(), text)
    } catch (error) {
      expect(error).toBeInstanceOf(FormulaFault)
      const { span, message: got } = (error as FormulaFault).fault
      expect(got).toMatch(message)
      expect(text.slice(span.start, span.end)).toBe(place)
      return
    }
    expect.unreachable()
  })
})

test("the list of functions has those of the language only", () => {
  expect(FUNCTIONS.map(({ name }) => name).sort()).toEqual(
    ["abs", "cos", "exp", "if", "log", "max", "min", "sign", "sin", "sqrt", "tanh"],
  )
})
