import type { Ast, CompareOp, Statement } from "./syntax.ts"
import { symbolLatex } from "./symbol.ts"

/** Sets a call, given the LaTeX of its arguments and the arguments themselves. */
export type CallLatex = (args: readonly string[], asts: readonly Ast[]) => string

export interface LatexOptions {
  /** LaTeX of names that are not set by the rule of `symbolLatex`. */
  readonly symbols?: Readonly<Record<string, string>>
  /** LaTeX of calls, by the function's name; they come before the built-in functions. */
  readonly calls?: Readonly<Record<string, CallLatex>>
}

/** How tightly a piece of LaTeX holds together: looser ones need parentheses as operands. */
const SUM = 1
const PRODUCT = 2
/** In need of parentheses only as the base of a power; fractions too. */
const POWER = 3
const ATOM = 4

const BUILT_IN: Readonly<Record<string, CallLatex>> = {
  sqrt: ([x]) => `\\sqrt{${x}}`,
  abs: ([x]) => `\\left|${x}\\right|`,
  log: (args) => applied("\\log", args),
  exp: (args) => applied("\\exp", args),
  tanh: (args) => applied("\\tanh", args),
  sin: (args) => applied("\\sin", args),
  cos: (args) => applied("\\cos", args),
  min: (args) => `\\min\\left\\{${args.join(", ")}\\right\\}`,
  max: (args) => `\\max\\left\\{${args.join(", ")}\\right\\}`,
  if: ([test, yes, no]) => `\\begin{cases} ${yes} & \\text{if } ${test} \\\\ ${no} & \\text{otherwise} \\end{cases}`,
}

const RELATIONS: Readonly<Record<CompareOp, string>> = { "<": "<", "<=": "\\le", ">": ">", ">=": "\\ge" }

/** The LaTeX (math mode, no delimiters) of an expression. */
export function latex(ast: Ast, options: LatexOptions = {}): string {
  return set(ast, options).tex
}

/** The LaTeX of a statement without its label. */
export function statementLatex(statement: Statement, options: LatexOptions = {}): string {
  switch (statement.kind) {
    case "definition":
      return `${symbolLatex(statement.name, options.symbols)} = ${latex(statement.value, options)}`
    case "equation":
      return `${latex(statement.left, options)} = ${latex(statement.right, options)}`
    case "complementarity":
      return `0 \\le ${latex(statement.first, options)} \\;\\perp\\; ${latex(statement.second, options)} \\ge 0`
  }
}

/** A piece of LaTeX; `signed` where it begins with a minus. */
interface Piece {
  readonly tex: string
  readonly tightness: number
  readonly signed?: boolean
}

function parenthesised(tex: string): string {
  return `\\left(${tex}\\right)`
}

function applied(command: string, args: readonly string[]): string {
  return command + parenthesised(args.join(", "))
}

function operand(piece: Piece, least: number): string {
  return piece.tightness < least ? parenthesised(piece.tex) : piece.tex
}

/** An operand with something on its left, where a minus needs parentheses. */
function innerOperand(piece: Piece, least: number): string {
  return piece.signed ? parenthesised(piece.tex) : operand(piece, least)
}

function set(ast: Ast, options: LatexOptions): Piece {
  const visit = (part: Ast): Piece => set(part, options)
  switch (ast.kind) {
    case "number":
      return number(ast.text)
    case "name": {
      const tex = symbolLatex(ast.name, options.symbols)
      // A symbol that has a superscript itself cannot take another.
      return { tex, tightness: /[\^']/.test(tex) ? POWER : ATOM }
    }
    case "negate":
      return { tex: `-${innerOperand(visit(ast.arg), PRODUCT)}`, tightness: PRODUCT, signed: true }
    case "binary":
      return binary(ast, visit)
    case "compare":
      return { tex: `${visit(ast.left).tex} ${RELATIONS[ast.op]} ${visit(ast.right).tex}`, tightness: 0 }
    case "call":
      return call(ast, options)
  }
}

function number(text: string): Piece {
  const [, digits = text, exponent] = /^(.*)[eE]\+?(-?\d+)$/.exec(text) ?? []
  if (exponent === undefined) return { tex: text, tightness: ATOM }
  if (Number(digits) === 1) return { tex: `10^{${exponent}}`, tightness: POWER }
  return { tex: `${digits} \\times 10^{${exponent}}`, tightness: PRODUCT }
}

function binary({ op, left, right }: Ast & { kind: "binary" }, visit: (ast: Ast) => Piece): Piece {
  const [a, b] = [visit(left), visit(right)]
  switch (op) {
    case "+":
      return { tex: `${a.tex} + ${innerOperand(b, SUM)}`, tightness: SUM, signed: a.signed }
    case "-":
      return { tex: `${a.tex} - ${innerOperand(b, PRODUCT)}`, tightness: SUM, signed: a.signed }
    case "*": {
      const signed = a.signed && a.tightness >= PRODUCT
      return { tex: product(operand(a, PRODUCT), innerOperand(b, PRODUCT)), tightness: PRODUCT, signed }
    }
    case "/":
      return { tex: `\\frac{${a.tex}}{${b.tex}}`, tightness: POWER }
    case "^":
      return { tex: `${powerBase(left, a)}^{${b.tex}}`, tightness: POWER }
  }
}

/** A dot stands only where juxtaposed factors would read as one number. */
function product(left: string, right: string): string {
  const digitsMeet = /^[\d.]/.test(right) || (/[\d.]$/.test(left) && /^\\frac\{[\d.]/.test(right))
  return `${left}${digitsMeet ? " \\cdot " : " \\, "}${right}`
}

function powerBase(ast: Ast, piece: Piece): string {
  return ast.kind === "call" ? parenthesised(piece.tex) : operand(piece, ATOM)
}

function call({ name, args }: Ast & { kind: "call" }, { symbols, calls = {} }: LatexOptions): Piece {
  const printer = Object.hasOwn(calls, name) ? calls[name] : Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined
  const inner = args.map((arg) => latex(arg, { symbols, calls }))
  const tex = printer ? printer(inner, args) : applied(`\\operatorname{${name.replaceAll("_", "\\_")}}`, inner)
  return { tex, tightness: name === "if" ? SUM : ATOM }
}
