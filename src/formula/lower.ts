import type { Graph, Node } from "./graph.ts"
import { isOp, OPS, operation } from "./ops.ts"
import type { Ast, CompareOp, Fault, Span } from "./syntax.ts"

/** A mistake found while a syntax tree is given its meaning. */
export class FormulaFault extends Error {
  readonly fault: Fault
  constructor(message: string, span: Span) {
    super(message)
    this.name = "FormulaFault"
    this.fault = { message, span }
  }
}

/** A function of the language and how many arguments it takes. */
export interface FunctionRow {
  readonly name: string
  readonly least: number
  /** Infinity where any number from `least` on is allowed. */
  readonly most: number
}

const VARIADIC = new Set(["min", "max"])

/** The built-in functions. */
export const FUNCTIONS: readonly FunctionRow[] = [
  ...Object.keys(OPS)
    .filter(isOp)
    .filter((op) => operation(op).written)
    .map((name) => ({ name, least: operation(name).arity, most: VARIADIC.has(name) ? Infinity : operation(name).arity })),
  { name: "if", least: 3, most: 3 },
]

/** What the names of a text mean. */
export interface Scope {
  /** The meaning of a name; throws `FormulaFault` where it has none. */
  name(name: string, span: Span): Node
  /** Gets every call first, with its arguments as written; undefined leaves it to the built-in functions. */
  call?(name: string, args: Ast[], span: Span): Node | undefined
}

/**
 * The graph node that a syntax tree means in `scope`. Throws `FormulaFault` for an unknown function, a wrong number of
 * arguments, a comparison outside `if` and whatever `scope` refuses.
 */
export function lower(g: Graph, ast: Ast, scope: Scope): Node {
  const visit = (part: Ast): Node => lower(g, part, scope)
  switch (ast.kind) {
    case "number":
      return g.num(ast.value)
    case "name":
      return scope.name(ast.name, ast.span)
    case "negate":
      return g.neg(visit(ast.arg))
    case "binary":
      return g.call(ast.op, [visit(ast.left), visit(ast.right)])
    case "compare":
      throw new FormulaFault("a comparison may stand only as the first argument of `if(a < b, x, y)`", ast.span)
    case "call":
      return scope.call?.(ast.name, ast.args, ast.span) ?? builtIn(g, ast, visit)
  }
}

function builtIn(g: Graph, { name, args, span }: Ast & { kind: "call" }, visit: (ast: Ast) => Node): Node {
  const row = FUNCTIONS.find((known) => known.name === name)
  if (!row) {
    const known = FUNCTIONS.map((each) => each.name).join(", ")
    throw new FormulaFault(`\`${name}\` is not a function (there are ${known}); a product is written \`${name}*(…)\``, span)
  }
  if (args.length < row.least || args.length > row.most) {
    const count = `${row.least}${row.most > row.least ? " or more" : ""} argument${row.most === 1 ? "" : "s"}`
    throw new FormulaFault(`\`${name}\` takes ${count} but got ${args.length}`, span)
  }
  if (name === "if") return choice(g, args as [Ast, Ast, Ast], visit)
  if (!isOp(name)) throw new Error(`the function \`${name}\` has no operation`)
  const nodes = args.map(visit)
  return VARIADIC.has(name) ? nodes.reduce((a, b) => g.call(name, [a, b])) : g.call(name, nodes)
}

function choice(g: Graph, [condition, yes, no]: [Ast, Ast, Ast], visit: (ast: Ast) => Node): Node {
  if (condition.kind !== "compare") {
    throw new FormulaFault("expected a comparison such as `a < b` as the first argument of `if`", condition.span)
  }
  const test = comparison(g, condition.op, visit(condition.left), visit(condition.right))
  return g.call("select", [test, visit(yes), visit(no)])
}

function comparison(g: Graph, op: CompareOp, left: Node, right: Node): Node {
  switch (op) {
    case "<":
      return g.call("less", [left, right])
    case "<=":
      return g.call("lessEqual", [left, right])
    case ">":
      return g.call("less", [right, left])
    case ">=":
      return g.call("lessEqual", [right, left])
  }
}
