import fc from "fast-check"
import type { Graph, Node } from "../../src/formula/graph.ts"
import { lower } from "../../src/formula/lower.ts"
import { parseExpression } from "../../src/formula/parse.ts"
import type { Ast, BinaryOp, CompareOp } from "../../src/formula/syntax.ts"

const span = { start: 0, end: 0 }

export const NAMES = ["x", "y", "z", "sigma_R", "J_e_zz", "psi"]

/** Any tree the grammar allows, with empty spans. */
export const asts: fc.Arbitrary<Ast> = fc.letrec<{ ast: Ast; compare: Ast }>((tie) => ({
  ast: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom("0", "1", "2", "0.5", "3.25", "1e-3", "7e21").map((text): Ast => ({ kind: "number", value: Number(text), text, span })),
    fc.constantFrom(...NAMES).map((name): Ast => ({ kind: "name", name, span })),
    tie("ast").map((arg): Ast => ({ kind: "negate", arg, span })),
    fc.tuple(fc.constantFrom<BinaryOp>("+", "-", "*", "/", "^"), tie("ast"), tie("ast"))
      .map(([op, left, right]): Ast => ({ kind: "binary", op, left, right, span })),
    fc.tuple(fc.constantFrom("log", "exp", "sqrt", "abs", "sign", "tanh", "sin", "cos"), tie("ast"))
      .map(([name, arg]): Ast => ({ kind: "call", name, args: [arg], span })),
    fc.tuple(fc.constantFrom("min", "max"), fc.array(tie("ast"), { minLength: 2, maxLength: 3 }))
      .map(([name, args]): Ast => ({ kind: "call", name, args, span })),
    fc.tuple(tie("compare"), tie("ast"), tie("ast")).map((args): Ast => ({ kind: "call", name: "if", args, span })),
  ),
  compare: fc.tuple(fc.constantFrom<CompareOp>("<", "<=", ">", ">="), tie("ast"), tie("ast"))
    .map(([op, left, right]): Ast => ({ kind: "compare", op, left, right, span })),
})).ast

/** Texts of functions of x, y and z which are finite and moderate wherever x, y, z are in [-2, 2]. */
export const moderate: fc.Arbitrary<string> = fc.letrec<{ f: string }>((tie) => {
  const one = (...forms: ((a: string) => string)[]) => fc.tuple(fc.constantFrom(...forms), tie("f")).map(([form, a]) => form(a))
  const two = (...forms: ((a: string, b: string) => string)[]) =>
    fc.tuple(fc.constantFrom(...forms), tie("f"), tie("f")).map(([form, a, b]) => form(a, b))
  return {
    f: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("x", "y", "z", "x", "y", "2", "0.3"),
      one(
        (a) => `-(${a})`, (a) => `tanh(${a})^2`, (a) => `tanh(${a})^3`, (a) => `(1.5 + sin(${a}))^-1.5`, (a) => `log(1.5 + cos(${a}))`,
        (a) => `exp(tanh(${a}))`, (a) => `sqrt(1 + (${a})^2)`, (a) => `abs(${a})`, (a) => `2^tanh(${a})`, (a) => `0.5*(${a})/3`,
      ),
      two(
        (a, b) => `(${a}) + (${b})`, (a, b) => `(${a}) - (${b})`, (a, b) => `(${a})*tanh(${b})`, (a, b) => `(${a})/(2 + sin(${b}))`,
        (a, b) => `(1.5 + sin(${a}))^tanh(${b})`, (a, b) => `min(${a}, ${b})`, (a, b) => `max(${a}, ${b})`,
        (a, b) => `if(${a} < ${b}, (${a})^2, sin(${b}))`,
      ),
    ),
  }
}).f

/** The node of a text whose names are symbols. */
export function read(g: Graph, text: string): Node {
  const { ast, faults } = parseExpression(text)
  if (!ast) throw new Error(`${text}: ${faults[0]?.message}`)
  return lower(g, ast, { name: (name) => g.sym(name) })
}

/** A tree without its spans, for comparison. */
export function bare(ast: Ast): unknown {
  return JSON.parse(JSON.stringify(ast, (key, value: unknown) => (key === "span" ? undefined : value)))
}
