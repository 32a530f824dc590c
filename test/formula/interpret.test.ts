import { expect, test } from "vitest"
import { graph } from "../../src/formula/graph.ts"
import { interpret } from "../../src/formula/interpret.ts"
import { read } from "./expressions.ts"

test("a formula worked by hand", () => {
  expect(interpret(read(graph(), "(a + b)^2/(a - b)*sqrt(c) - abs(-a)"), { a: 3, b: 1, c: 4 })).toBe(13)
})

test("a part shared very often is worked once", () => {
  const g = graph()
  let node = g.sym("x")
  for (let k = 0; k < 200; k++) node = g.call("tanh", [g.sub(node, g.call("sin", [node]))])
  expect(interpret(node, { x: 0 })).toBe(0)
})

test("a missing value is named, also one with the name of an inherited property", () => {
  expect(() => interpret(read(graph(), "a + toString"), { a: 1 })).toThrow("no value given for `toString`")
})
