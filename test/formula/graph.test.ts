import fc from "fast-check"
import { expect, test } from "vitest"
import { graph } from "../../src/formula/graph.ts"
import { interpret } from "../../src/formula/interpret.ts"
import { lower } from "../../src/formula/lower.ts"
import type { Op } from "../../src/formula/ops.ts"
import { operation } from "../../src/formula/ops.ts"
import { nodeText } from "../../src/formula/print.ts"
import type { Ast } from "../../src/formula/syntax.ts"
import { asts, NAMES, read } from "./expressions.ts"

/**
 * The value of a tree as written, by no graph. NaN, "not comparable", as soon as a part is not finite or rounding alone
 * could move the value: after cancellation, beside a jump, or at a power of 0.
 */
function valueAsWritten(ast: Ast, env: Record<string, number>): number {
  const visit = (part: Ast): number => valueAsWritten(part, env)
  switch (ast.kind) {
    case "number":
      return ast.value
    case "name":
      return env[ast.name] ?? NaN
    case "negate":
      return -visit(ast.arg)
    case "binary":
      return comparable(ast.op, [visit(ast.left), visit(ast.right)])
    case "call":
      return ast.name === "if" ? branch(ast.args as [Ast, Ast, Ast], visit) : comparable(ast.name as Op, ast.args.map(visit))
    case "compare":
      throw new Error("a comparison has no value")
  }
}

function comparable(op: Op, args: readonly number[]): number {
  const [a = NaN, b = NaN] = args
  if (args.some(Number.isNaN)) return NaN
  const value = args.length === 1 ? operation(op).evaluate(a, NaN, NaN) : args.reduce((x, y) => operation(op).evaluate(x, y, NaN))
  const size = Math.abs(value)
  if (op === "sign" && Math.abs(a) < 1e-6) return NaN
  if ((op === "sin" || op === "cos") && Math.abs(a) > 100) return NaN
  if (op === "^" && (Math.abs(b) > 100 || (a === 0 && !(Number.isInteger(b) && b >= 0)))) return NaN
  if ((op === "+" || op === "-") && value !== 0 && size < 1e-3 * Math.abs(a)) return NaN
  return value === 0 || (size > 1e-12 && size < 1e12) ? value : NaN
}

function branch([test, yes, no]: [Ast, Ast, Ast], visit: (ast: Ast) => number): number {
  if (test.kind !== "compare") throw new Error("expected a comparison")
  const [a, b, y, n] = [visit(test.left), visit(test.right), visit(yes), visit(no)]
  if ([a, b, y, n].some(Number.isNaN) || Math.abs(a - b) < 1e-6) return NaN
  return a < b === test.op.startsWith("<") ? y : n
}

test("simplification never changes a finite value", () => {
  let compared = 0
  fc.assert(fc.property(asts, fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 6, maxLength: 6 }), (ast, values) => {
    const env = Object.fromEntries(NAMES.map((name, k) => [name, values[k] ?? 0]))
    const expected = valueAsWritten(ast, env)
    if (!Number.isFinite(expected)) return
    compared++
    const g = graph()
    const value = interpret(lower(g, ast, { name: (name) => g.sym(name) }), env)
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-7 * (1 + Math.abs(expected)))
  }), { numRuns: 3000 })
  expect(compared).toBeGreaterThan(500)
})

test.each([
  ["x + 0", "x"], ["0 + x", "x"], ["x*1", "x"], ["x*0", "0"], ["x^1", "x"], ["x^0", "1"], ["x - x", "0"], ["x/x", "1"], ["-(-x)", "x"],
  ["2*(3*x)", "6*x"], ["(2*x)*(3*y)", "6*(x*y)"], ["(2*x)/(4*y)", "0.5*(x/y)"], ["log(exp(x))", "x"], ["exp(log(x))", "x"],
  ["x*x", "x^2"], ["x^2*x^3", "x^5"], ["x^3/x", "x^2"], ["sqrt(x)*sqrt(x)", "x"], ["(x^2)^3", "x^6"], ["(x^2)^0.5", "abs(x)"],
  ["-(x - y)", "y - x"], ["x - (-y)", "x + y"], ["-x + y", "y - x"], ["x + x", "2*x"], ["x*(1/y)", "x/y"], ["3*(1/y)", "3/y"], ["-(1/y)", "-1/y"],
  ["(-x)^2", "x^2"], ["(-x)^3", "-(x^3)"], ["1/(1/x)", "x"], ["x^-1", "1/x"], ["if(1 < 2, x, y)", "x"], ["if(x < y, z, z)", "z"],
  ["y*x - x*y", "0"], ["x + -2", "x - 2"], ["min(x, x)", "x"], ["2^3", "8"],
])("%s is the node of %s", (text, simple) => {
  const g = graph()
  expect(nodeText(read(g, text))).toBe(nodeText(read(g, simple)))
  expect(read(g, text)).toBe(read(g, simple))
})

test.each(["log(0)", "1/0", "0^-1", "log(-1)"])("%s, not finite, stays unevaluated", (text) => {
  expect(read(graph(), text).kind).toBe("op")
})

test.each([
  ["(x^2)^1.5", 8], ["(x^2)^0.5", 2], ["(x^4)^0.25", 2], ["abs(x)^3", 8], ["abs(-x)", 2], ["sqrt(x^2)*sqrt(x^2)", 4], ["((-x)^2)^-0.5", 0.5],
])("%s at x = -2 keeps its sign: %d", (text, value) => {
  expect(interpret(read(graph(), text), { x: -2 })).toBeCloseTo(value, 14)
})

test("equal expressions are one node, others are not", () => {
  const g = graph()
  expect(read(g, "log(x*y) + z")).toBe(read(g, "z + log(y*x)"))
  expect(read(g, "x - y")).not.toBe(read(g, "y - x"))
  expect(new Set(["x", "y", "x*y", "x + y", "x/y"].map((text) => read(g, text).id)).size).toBe(5)
})

test("a wrong number of arguments and NaN are refused", () => {
  const g = graph()
  expect(() => g.call("log", [])).toThrow("got 0 arguments for `log`, expected 1")
  expect(() => g.num(NaN)).toThrow("NaN")
})
