import fc from "fast-check"
import katex from "katex"
import { describe, expect, test } from "vitest"
import { GREEK } from "../../src/formula/greek.ts"
import { latex, statementLatex } from "../../src/formula/latex.ts"
import { parseEquations, parseExpression } from "../../src/formula/parse.ts"
import { symbolLatex } from "../../src/formula/symbol.ts"
import type { Ast } from "../../src/formula/syntax.ts"
import { asts } from "./expressions.ts"

const render = (tex: string): string => katex.renderToString(tex, { throwOnError: true, strict: "error" })
const tree = (text: string): Ast => parseExpression(text).ast as Ast

test("KaTeX renders the LaTeX of any tree", () => {
  fc.assert(fc.property(asts, (ast) => { expect(render(latex(ast))).toContain("katex") }), { numRuns: 200 })
})

test("KaTeX knows every Greek letter by its name, and each letter is proposed by its name", () => {
  for (const [name, letter] of GREEK) {
    render(symbolLatex(name))
    expect(parseExpression(`${letter}_R`).faults.map(({ message }) => message)).toEqual([`write \`${name}_R\` for \`${letter}_R\``])
  }
})

describe("notation", () => {
  test.each([
    ["a/(b*c)", "\\frac{a}{b \\, c}"],
    ["2*3*x", "2 \\cdot 3 \\, x"],
    ["x*2", "x \\cdot 2"],
    ["2*(1/2)", "2 \\cdot \\frac{1}{2}"],
    ["(a/b)^2", "\\left(\\frac{a}{b}\\right)^{2}"],
    ["(a + b)*c", "\\left(a + b\\right) \\, c"],
    ["a - (b - c)", "a - \\left(b - c\\right)"],
    ["a + (b - c)", "a + b - c"],
    ["a - -b", "a - \\left(-b\\right)"],
    ["a*(-b*c)", "a \\, \\left(-b \\, c\\right)"],
    ["-(a + b)", "-\\left(a + b\\right)"],
    ["(-x)^2", "\\left(-x\\right)^{2}"],
    ["-x^2", "-x^{2}"],
    ["sigma_R^2", "\\sigma_{R}^{2}"],
    ["log(x)^2", "\\left(\\log\\left(x\\right)\\right)^{2}"],
    ["sqrt(x/y)", "\\sqrt{\\frac{x}{y}}"],
    ["2.5e-3*x", "2.5 \\times 10^{-3} \\, x"],
    ["1e6", "10^{6}"],
    ["drift(J_e)", "\\operatorname{drift}\\left(J_{e}\\right)"],
    ["if(a <= b, x, y)", "\\begin{cases} x & \\text{if } a \\le b \\\\ y & \\text{otherwise} \\end{cases}"],
  ])("%s", (text, tex) => {
    expect(latex(tree(text))).toBe(tex)
    render(tex)
  })
})

test("the caller may set names and calls", () => {
  const tex = latex(tree("drift(J_e)^2 + J_e^2"), { symbols: { J_e: "J^e" }, calls: { drift: ([f]) => `\\mu\\left[${f}\\right]` } })
  expect(tex).toBe("\\left(\\mu\\left[J^e\\right]\\right)^{2} + \\left(J^e\\right)^{2}")
  render(tex)
})

test("statements", () => {
  const { statements } = parseEquations("zeta_e = a/b\n[E] rho*J = 1\n[C] 0 <= 1 - psi _|_ q >= 0")
  const lines = statements.map((statement) => statementLatex(statement))
  expect(lines).toEqual(["\\zeta_{e} = \\frac{a}{b}", "\\rho \\, J = 1", "0 \\le 1 - \\psi \\;\\perp\\; q \\ge 0"])
  lines.forEach(render)
})
