import type { Graph, Node } from "./graph.ts"
import type { Op } from "./ops.ts"

/** The derivative of `self` = op(args), given the derivatives of its arguments. Constructors drop the zero terms. */
type Rule = (g: Graph, args: readonly [Node, Node, Node], d: readonly [Node, Node, Node], self: Node) => Node

const DERIVATIVES: Record<Op, Rule> = {
  "+": (g, _, [da, db]) => g.add(da, db),
  "-": (g, _, [da, db]) => g.sub(da, db),
  "*": (g, [a, b], [da, db]) => g.add(g.mul(da, b), g.mul(a, db)),
  // (a/b)' = (a' - (a/b) b')/b uses the quotient again.
  "/": (g, [, b], [da, db], self) => g.div(g.sub(da, g.mul(self, db)), b),
  "^": power,
  neg: (g, _, [da]) => g.neg(da),
  log: (g, [a], [da]) => g.div(da, a),
  exp: (g, _, [da], self) => g.mul(self, da),
  sqrt: (g, _, [da], self) => g.div(g.mul(g.num(0.5), da), self),
  abs: (g, [a], [da]) => g.mul(g.call("sign", [a]), da),
  sign: (g) => g.num(0),
  tanh: (g, _, [da], self) => g.mul(g.sub(g.num(1), g.mul(self, self)), da),
  sin: (g, [a], [da]) => g.mul(g.call("cos", [a]), da),
  cos: (g, [a], [da]) => g.neg(g.mul(g.call("sin", [a]), da)),
  min: (g, [a, b], [da, db]) => g.call("select", [g.call("lessEqual", [a, b]), da, db]),
  max: (g, [a, b], [da, db]) => g.call("select", [g.call("lessEqual", [b, a]), da, db]),
  less: (g) => g.num(0),
  lessEqual: (g) => g.num(0),
  select: (g, [test], [, da, db]) => g.call("select", [test, da, db]),
}

/** A constant exponent brings no logarithm, which would be NaN at negative bases. */
function power(g: Graph, [a, b]: readonly [Node, Node, Node], [da, db]: readonly [Node, Node, Node], self: Node): Node {
  const byBase = g.mul(g.mul(b, g.pow(a, g.sub(b, g.num(1)))), da)
  return isZero(db) ? byBase : g.add(byBase, g.mul(g.mul(self, g.call("log", [a])), db))
}

function isZero(node: Node): boolean {
  return node.kind === "number" && node.value === 0
}

/**
 * The exact partial derivative of `node` by `symbol`, as a node of the same graph, where derivatives are remembered.
 *
 * `min`, `max`, `abs` and `if` have the derivative of the branch that is active: at a tie that of the first argument for
 * min and max, 0 for abs. `sign` and comparisons have derivative 0; jumps are not seen.
 */
export function derivative(g: Graph, node: Node, symbol: string): Node {
  const known = g.derivatives.get(symbol) ?? new Map<Node, Node>()
  g.derivatives.set(symbol, known)
  const visit = (part: Node): Node => {
    const old = known.get(part)
    if (old) return old
    const taken = fresh(part)
    known.set(part, taken)
    return taken
  }
  const fresh = (part: Node): Node => {
    if (part.kind === "number") return g.num(0)
    if (part.kind === "symbol") return g.num(part.name === symbol ? 1 : 0)
    const parts = part.args.map(visit)
    // Beside a constant argument the rules would only make terms that vanish, and nodes nobody uses.
    if (parts.every(isZero)) return g.num(0)
    return DERIVATIVES[part.op](g, triple(part.args), triple(parts), part)
  }
  return visit(node)
}

/** Arguments filled up to three by repeating the last, so that one signature serves every arity. */
function triple([a, b = a, c = b]: readonly Node[]): readonly [Node, Node, Node] {
  if (!a || !b || !c) throw new Error("an operation without arguments")
  return [a, b, c]
}

/** The names of the symbols on which `node` depends. */
export function symbolsOf(node: Node): Set<string> {
  const symbols = new Set<string>()
  const seen = new Set<Node>()
  const visit = (part: Node): void => {
    if (seen.has(part)) return
    seen.add(part)
    if (part.kind === "symbol") symbols.add(part.name)
    if (part.kind === "op") part.args.forEach(visit)
  }
  visit(node)
  return symbols
}

/** `node` with symbols replaced, all at once, by the nodes `map` gives for their names. */
export function substitute(g: Graph, node: Node, map: ReadonlyMap<string, Node>): Node {
  const known = new Map<Node, Node>()
  const visit = (part: Node): Node => {
    const old = known.get(part)
    if (old) return old
    const put = part.kind === "op" ? g.call(part.op, part.args.map(visit)) : replaced(part)
    known.set(part, put)
    return put
  }
  const replaced = (leaf: Node): Node => (leaf.kind === "symbol" ? (map.get(leaf.name) ?? leaf) : leaf)
  return visit(node)
}

/** What changes sign where the formulas have kinks: a - b for every min(a, b), max(a, b), a < b and a <= b, and a for abs(a). */
export function kinksOf(g: Graph, nodes: readonly Node[]): Node[] {
  const seen = new Set<Node>()
  const found = new Set<Node>()
  const visit = (node: Node): void => {
    if (seen.has(node) || node.kind !== "op") return
    seen.add(node)
    if (["min", "max", "less", "lessEqual"].includes(node.op)) found.add(g.sub(node.args[0], node.args[1]))
    if (node.op === "abs" || node.op === "sign") found.add(node.args[0])
    node.args.forEach(visit)
  }
  nodes.forEach(visit)
  return [...found].filter(node => node.kind !== "number")
}
