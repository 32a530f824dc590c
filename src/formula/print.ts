import type { Node } from "./graph.ts"
import { operation } from "./ops.ts"
import type { Ast, BinaryOp, CompareOp, Statement } from "./syntax.ts"

/** How tightly an expression binds, and what the grammar asks of the operands: looser ones need parentheses. */
const TIGHTNESS = { compare: 0, "+": 1, "-": 1, "*": 2, "/": 2, negate: 3, "^": 4, atom: 5 } as const

function tightness(ast: Ast): number {
  if (ast.kind === "binary") return TIGHTNESS[ast.op]
  return ast.kind === "negate" || ast.kind === "compare" ? TIGHTNESS[ast.kind] : TIGHTNESS.atom
}

/** The text of an expression with the fewest parentheses; it parses back to the same tree. */
export function astText(ast: Ast): string {
  const part = (operand: Ast, least: number): string =>
    tightness(operand) < least ? `(${astText(operand)})` : astText(operand)
  switch (ast.kind) {
    case "number":
      return ast.text
    case "name":
      return ast.name
    case "negate":
      return `-${part(ast.arg, TIGHTNESS.negate)}`
    case "binary": {
      if (ast.op === "^") return `${part(ast.left, TIGHTNESS.atom)}^${part(ast.right, TIGHTNESS.negate)}`
      const own = TIGHTNESS[ast.op]
      const space = own === TIGHTNESS["+"] ? " " : ""
      return `${part(ast.left, own)}${space}${ast.op}${space}${part(ast.right, own + 1)}`
    }
    case "compare":
      return `${astText(ast.left)} ${ast.op} ${astText(ast.right)}`
    case "call":
      return `${ast.name}(${ast.args.map(astText).join(", ")})`
  }
}

export function statementText(statement: Statement): string {
  switch (statement.kind) {
    case "definition":
      return `${statement.name} = ${astText(statement.value)}`
    case "equation":
      return `[${statement.label}] ${astText(statement.left)} = ${astText(statement.right)}`
    case "complementarity":
      return `[${statement.label}] 0 <= ${astText(statement.first)} _|_ ${astText(statement.second)} >= 0`
  }
}

/** The text of a node, which parses and lowers back to the node. Shared parts are written as often as they are used. */
export function nodeText(node: Node): string {
  return astText(nodeAst(node))
}

const NOWHERE = { start: 0, end: 0 }

/** A syntax tree that means `node`; its spans are empty. */
export function nodeAst(node: Node): Ast {
  if (node.kind === "symbol") return { kind: "name", name: node.name, span: NOWHERE }
  if (node.kind === "number") return numberAst(node.value)
  const args = node.args.map(nodeAst)
  const [a, b, c] = args as [Ast, Ast, Ast]
  switch (node.op) {
    case "+":
    case "-":
    case "*":
    case "/":
    case "^":
      return binary(node.op, a, b)
    case "neg":
      return { kind: "negate", arg: a, span: NOWHERE }
    case "less":
    case "lessEqual":
      return call("if", [comparisonAst(node), numberAst(1), numberAst(0)])
    case "select":
      return call("if", [comparisonAst(node.args[0]), b, c])
    default:
      if (!operation(node.op).written) throw new Error(`the operation \`${node.op}\` has no notation`)
      return call(node.op, args)
  }
}

/** The condition of an `if`; where it is not a comparison, whether it differs from 0. */
function comparisonAst(test: Node): Ast {
  if (test.kind === "op" && (test.op === "less" || test.op === "lessEqual")) {
    const [left, right] = test.args.map(nodeAst) as [Ast, Ast]
    return compare(test.op === "less" ? "<" : "<=", left, right)
  }
  return compare("<", numberAst(0), call("abs", [nodeAst(test)]))
}

function numberAst(value: number): Ast {
  if (value < 0) return { kind: "negate", arg: numberAst(-value), span: NOWHERE }
  // A literal too large for a number is how the language writes infinity.
  return { kind: "number", value, text: value === Infinity ? "1e999" : String(value), span: NOWHERE }
}

function binary(op: BinaryOp, left: Ast, right: Ast): Ast {
  return { kind: "binary", op, left, right, span: NOWHERE }
}

function compare(op: CompareOp, left: Ast, right: Ast): Ast {
  return { kind: "compare", op, left, right, span: NOWHERE }
}

function call(name: string, args: Ast[]): Ast {
  return { kind: "call", name, args, span: NOWHERE }
}
