import { expect, test } from "vitest"
import { parseExpression } from "../../src/formula/parse.ts"
import { callsIn, lineOf, namesIn, showFault } from "../../src/formula/syntax.ts"

test("names and calls are told apart", () => {
  const { ast } = parseExpression("log(x) + if(a <= b, drift(J), -f^2)")
  expect(ast && [...namesIn(ast)]).toEqual(["x", "a", "b", "J", "f"])
  expect(ast && [...callsIn(ast)]).toEqual(["log", "if", "drift"])
})

test("the caret stands under the span in the trimmed line", () => {
  const text = "a = 1\n    b = foo + 2\nc = 3"
  const start = text.indexOf("foo")
  expect(showFault(text, { message: "", span: { start, end: start + 3 } }, "  ")).toBe("  b = foo + 2\n      ^^^")
  expect(lineOf(text, start)).toBe(2)
  expect(lineOf(text, 0)).toBe(1)
})

test("a span over a line break is cut, and one behind the end still has a caret", () => {
  expect(showFault("a + b\nc", { message: "", span: { start: 4, end: 7 } })).toBe("a + b\n    ^")
  expect(showFault("a +", { message: "", span: { start: 3, end: 3 } })).toBe("a +\n   ^")
})
