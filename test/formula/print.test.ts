import fc from "fast-check"
import { expect, test } from "vitest"
import { derivative } from "../../src/formula/derive.ts"
import { graph } from "../../src/formula/graph.ts"
import { astText, nodeText } from "../../src/formula/print.ts"
import { parseExpression } from "../../src/formula/parse.ts"
import { moderate, read } from "./expressions.ts"

test("the text of a node is read as the node again, derivatives too", () => {
  fc.assert(fc.property(moderate, (text) => {
    const g = graph()
    const node = read(g, text)
    for (const each of [node, derivative(g, node, "x")]) expect(read(g, nodeText(each))).toBe(each)
  }), { numRuns: 300 })
})

test.each([
  ["((a))", "a"], ["(a*b)*c", "a*b*c"], ["a*(b*c)", "a*(b*c)"], ["(a + b) - (c - d)", "a + b - (c - d)"], ["(-a)^2", "(-a)^2"],
  ["-(a^2)", "-a^2"], ["(a^b)^c", "(a^b)^c"], ["a^(b^c)", "a^b^c"], ["f( a ,b )", "f(a, b)"], ["if(a<=b,c,d)", "if(a <= b, c, d)"], ["1e-3*x", "1e-3*x"],
])("%s prints as %s", (text, printed) => {
  const { ast } = parseExpression(text)
  expect(ast && astText(ast)).toBe(printed)
})

test("a comparison by itself and a choice by any number have a text", () => {
  const g = graph()
  const [x, y] = [g.sym("x"), g.sym("y")]
  expect(nodeText(g.call("less", [x, y]))).toBe("if(x < y, 1, 0)")
  expect(read(g, "if(x < y, 1, 0)")).toBe(g.call("less", [x, y]))
  expect(nodeText(g.call("select", [x, y, x]))).toBe("if(0 < abs(x), y, x)")
})
