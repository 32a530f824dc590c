import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parseEquations, parseExpression } from "../../src/formula/parse.ts"
import { astText, statementText } from "../../src/formula/print.ts"
import type { Ast, Fault } from "../../src/formula/syntax.ts"
import { partsOf } from "../../src/formula/syntax.ts"
import { asts, bare } from "./expressions.ts"

const reprint = (text: string): string | undefined => {
  const { ast } = parseExpression(text)
  return ast && astText(ast)
}

/** The fault's message and the characters it points at. */
const seen = (text: string) => ({ message, span }: Fault) => [text.slice(span.start, span.end), message]

test("printing and parsing any tree gives the tree again", () => {
  fc.assert(fc.property(asts, (ast) => {
    const { ast: again, faults } = parseExpression(astText(ast))
    expect(faults).toEqual([])
    expect(again && bare(again)).toEqual(bare(ast))
  }), { numRuns: 500 })
})

test("the span of each part reads as that part", () => {
  fc.assert(fc.property(asts, (ast) => {
    const text = astText(ast)
    const check = (part: Ast): void => {
      const read = text.slice(part.span.start, part.span.end)
      if (part.kind === "compare") expect(read).toBe(astText(part))
      else expect(reprint(read)).toBe(astText(part))
      partsOf(part).forEach(check)
    }
    check(parseExpression(text).ast as Ast)
  }))
})

test.each([
  ["-x^2", "-(x^2)"], ["2^-1", "2^(-1)"], ["a^b^c", "a^(b^c)"], ["a - b - c", "(a - b) - c"], ["a/b*c", "(a/b)*c"],
  ["-a*b", "(-a)*b"], ["a - -b", "a - (-b)"], ["+a", "a"], ["2^-a^b", "2^(-(a^b))"], [".5e1 + 1.", "(.5e1) + (1.)"],
])("%s means %s", (text, meant) => {
  const [a, b] = [parseExpression(text).ast, parseExpression(meant).ast]
  expect(a && b && bare(a)).toEqual(b && bare(b))
})

describe("a mistake in an expression is named at its place", () => {
  test.each([
    ["3 + * 4", "*", "expected a number, a name or `(` but found `*`"],
    ["2x", "2x", "multiplication must be written: write `2*x`"],
    ["a b", "a b", "multiplication must be written: write `a*b`"],
    ["(a)(b)", "(a)(b)", "multiplication must be written: write `(a)*(b)`"],
    ["q + 2 (a + b)^2", "2 (a + b)^2", "multiplication must be written: write `2*(a + b)^2`"],
    ["(a + b", "(", "this `(` is never closed"],
    ["a + b)", ")", "this `)` closes no `(`"],
    ["f(a,)", ")", "expected a number, a name or `(` but found `)`"],
    ["a < b", "a < b", "a comparison may stand only as the first argument of `if(a < b, x, y)`"],
    ["if(a, b < c, d)", "b < c", "a comparison may stand only as the first argument of `if(a < b, x, y)`"],
    ["a 3", "3", "expected an operator or the end of the expression but found `3`"],
    ["a $ b", "$", "`$` is no part of the language"],
    ["a ** b", "**", "write `^` for `**`"],
    ["2*σ_R", "σ_R", "write `sigma_R` for `σ_R`"],
    ["a = b", "=", "expected an operator or the end of the expression but found `=`"],
    ["", "", "expected a number, a name or `(` but found the end"],
    ["a +", "", "expected a number, a name or `(` but found the end"],
  ])("%s", (text, place, message) => {
    const { ast, faults } = parseExpression(text)
    expect(ast).toBeUndefined()
    expect(faults.map(seen(text))).toEqual([[place, message]])
  })
})

describe("programs", () => {
  test("statements, comments, and lines that go on", () => {
    const { statements, faults } = parseEquations(`# the experts
      sigma_q = (a +
                 b)   # within a parenthesis

      [HJB #1, eq. (5)]
        rho*J = u
          + drift(J) -
            c
      [switch] 0 <= 1 - psi _|_ r_|_ q >= 0
      z = x
    `.replace("r_|_ q", "r_q"))
    expect(faults).toEqual([])
    expect(statements.map(statementText)).toEqual([
      "sigma_q = a + b", "[HJB #1, eq. (5)] rho*J = u + drift(J) - c", "[switch] 0 <= 1 - psi _|_ r_q >= 0", "z = x",
    ])
  })

  test("the sign ⟂, and `_|_` right after a name", () => {
    for (const line of ["[c] 0 <= a ⟂ b >= 0", "[c] 0<=a_|_b>=0", "[c] 0 <= a\n _|_ b\n >= 0"]) {
      expect(parseEquations(line).statements.map(statementText)).toEqual(["[c] 0 <= a _|_ b >= 0"])
    }
  })

  test("a definition knows where its name stands", () => {
    const text = "\n  abc = 1"
    const [statement] = parseEquations(text).statements
    expect(statement).toMatchObject({ kind: "definition", nameSpan: { start: 3, end: 6 }, span: { start: 3, end: 10 } })
  })

  test("labels may hold the signs of the language", () => {
    expect(parseEquations("[a = (b] x = y\n[=] u = v").statements.map(statementText)).toEqual(["[a = (b] x = y", "[=] u = v"])
  })

  test("all mistakes of a text are reported at once, and the sound statements kept", () => {
    const text = `a = 2x + 3 y
b = (1 + 2
c = 4
d = * 5
[E] rho*J = )
x + y = z
[F] 1 <= a _|_ b >= 0
[G] 0 <= a _|_ b
[H oops = 3
just + this
[] p = q
last = 1`
    const { statements, faults } = parseEquations(text)
    expect(faults.map(seen(text))).toEqual([
      ["2x", "multiplication must be written: write `2*x`"],
      ["3 y", "multiplication must be written: write `3*y`"],
      ["(", "this `(` is never closed"],
      ["*", "expected a number, a name or `(` but found `*`"],
      [")", "expected a number, a name or `(` but found `)`"],
      ["x + y = z", "an equation needs a label: write `[label] left = right` (a definition has a single name on its left)"],
      ["1", "a complementarity line reads `[label] 0 <= first _|_ second >= 0`"],
      ["", "expected `>= 0`, as in `[label] 0 <= first _|_ second >= 0`, but found the end"],
      ["[", "this label is not closed: write `[label]` on one line"],
      ["just + this", "expected a definition `name = expression` or an equation `[label] left = right`"],
      ["[]", "a label needs a name between its brackets"],
    ])
    expect(statements.map(statementText)).toEqual(["a = 2*x + 3*y", "c = 4", "[] p = q", "last = 1"])
  })

  test("no text whatever makes the parser fail otherwise than by faults inside the text", () => {
    const pieces = fc.constantFrom("a", "1", "+", "(", ")", "=", "[l]", "[", "_|_", "0 <=", ">= 0", "\n", "if(", ",", "$", "σ", " ", "#", "^", "-")
    fc.assert(fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
      const text = parts.join("")
      for (const { span } of parseEquations(text).faults) {
        expect(span.start).toBeGreaterThanOrEqual(0)
        expect(span.end).toBeGreaterThanOrEqual(span.start)
        expect(span.end).toBeLessThanOrEqual(text.length)
      }
    }), { numRuns: 500 })
  })
})
