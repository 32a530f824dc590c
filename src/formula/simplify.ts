import type { Graph, Node } from "./graph.ts"
import type { Op } from "./ops.ts"

type Rule = (g: Graph, a: Node, b: Node, c: Node) => Node | undefined

/** The simpler node for `op` of `args` (in canonical order, not all of them numbers), or undefined where no rule applies. */
export function simplified(g: Graph, op: Op, args: readonly Node[]): Node | undefined {
  const [a, b = a, c = b] = args
  return a && b && c && RULES[op]?.(g, a, b, c)
}

const RULES: Partial<Record<Op, Rule>> = {
  "+": sum,
  "-": difference,
  "*": product,
  "/": quotient,
  "^": power,
  neg: (g, a) => {
    if (isOp(a, "-")) return g.sub(a.args[1], a.args[0])
    if (isReciprocal(a)) return scaled(g, -1, a)
    const [factor, rest] = factored(g, a)
    return factor === 1 ? undefined : scaled(g, -factor, rest)
  },
  log: (_, a) => (isOp(a, "exp") ? a.args[0] : undefined),
  exp: (_, a) => (isOp(a, "log") ? a.args[0] : undefined),
  sqrt: (g, a) => (isOp(a, "^") && isNumber(a.args[1], 2) ? g.call("abs", [a.args[0]]) : undefined),
  abs: (g, a) => {
    if (isOp(a, "neg")) return g.call("abs", [a.args[0]])
    return isOp(a, "abs") || isOp(a, "exp") || isOp(a, "sqrt") ? a : undefined
  },
  min: (_, a, b) => (a === b ? a : undefined),
  max: (_, a, b) => (a === b ? a : undefined),
  less: (g, a, b) => (a === b ? g.num(0) : undefined),
  lessEqual: (g, a, b) => (a === b ? g.num(1) : undefined),
  select: choice,
}

function sum(g: Graph, a: Node, b: Node): Node | undefined {
  if (isNumber(a, 0)) return b
  if (a === b) return scaled(g, 2, a)
  const minusB = negated(g, b)
  if (minusB) return g.sub(a, minusB)
  if (a.kind === "number") return a.value < 0 ? g.sub(b, g.num(-a.value)) : undefined
  const minusA = negated(g, a)
  return minusA && g.sub(b, minusA)
}

function difference(g: Graph, a: Node, b: Node): Node | undefined {
  if (isNumber(b, 0)) return a
  if (isNumber(a, 0)) return g.neg(b)
  if (a === b) return g.num(0)
  if (b.kind === "number") return b.value < 0 ? g.add(a, g.num(-b.value)) : undefined
  const minusB = negated(g, b)
  return minusB && g.add(a, minusB)
}

function product(g: Graph, a: Node, b: Node): Node | undefined {
  if (a.kind === "number") {
    const [factor, rest] = factored(g, b)
    if (a.value === 0) return a
    if (a.value === 1) return b
    if (a.value === -1) return g.neg(b)
    if (isReciprocal(b)) return g.div(a, b.args[1])
    return factor === 1 || !isTame(a.value * factor) ? undefined : scaled(g, a.value * factor, rest)
  }
  const [fa, ra] = factored(g, a)
  const [fb, rb] = factored(g, b)
  if ((fa !== 1 || fb !== 1) && isTame(fa * fb)) return scaled(g, fa * fb, g.mul(ra, rb))
  if (isReciprocal(b)) return g.div(a, b.args[1])
  if (isReciprocal(a)) return g.div(b, a.args[1])
  return samePowers(g, a, b, 1)
}

function quotient(g: Graph, a: Node, b: Node): Node | undefined {
  if (isNumber(a, 0) || isNumber(b, 1)) return a
  if (isNumber(b, -1)) return g.neg(a)
  if (isReciprocal(b)) return g.mul(a, b.args[1])
  const [fa, ra] = factored(g, a)
  if (b.kind === "number") {
    if (fa === -1) return g.neg(g.div(ra, b))
    return fa !== 1 && isTame(fa / b.value) ? scaled(g, fa / b.value, ra) : undefined
  }
  const [fb, rb] = factored(g, b)
  if (a.kind === "number") return fb !== 1 && isTame(a.value / fb) ? g.div(g.num(a.value / fb), rb) : undefined
  if (fa === -1 && fb !== -1) return g.neg(g.div(ra, b))
  if ((fa !== 1 || fb === -1) && isTame(fa / fb)) return scaled(g, fa / fb, g.div(ra, rb))
  return samePowers(g, a, b, -1)
}

function power(g: Graph, a: Node, b: Node): Node | undefined {
  if (isNumber(a, 1)) return a
  if (b.kind !== "number") return undefined
  const n = b.value
  if (n === 0) return g.num(1)
  if (n === 1) return a
  if (n === -1) return g.div(g.num(1), a)
  if (n === 0.5) return g.call("sqrt", [a])
  if (n === -0.5) return g.div(g.num(1), g.call("sqrt", [a]))
  if (!Number.isInteger(n)) return undefined
  if (isOp(a, "neg")) return n % 2 === 0 ? g.pow(a.args[0], b) : g.neg(g.pow(a.args[0], b))
  if (isOp(a, "abs")) return n % 2 === 0 ? g.pow(a.args[0], b) : undefined
  // (x^m)^n = x^(m n) needs a whole n: (x^2)^0.5 is |x|.
  const [base, m] = asPower(a)
  return m === 1 ? undefined : g.pow(base, g.num(m * n))
}

function choice(_: Graph, test: Node, yes: Node, no: Node): Node | undefined {
  if (yes === no) return yes
  if (test.kind === "number") return test.value !== 0 ? yes : no
  const comparison = isOp(test, "less") || isOp(test, "lessEqual")
  return comparison && isNumber(yes, 1) && isNumber(no, 0) ? test : undefined
}

/** a·b (sign 1) or a/b (sign -1) where both are numeric powers of one base. */
function samePowers(g: Graph, a: Node, b: Node, sign: 1 | -1): Node | undefined {
  const [baseA, m] = asPower(a)
  const [baseB, n] = asPower(b)
  return baseA === baseB ? g.pow(baseA, g.num(m + sign * n)) : undefined
}

/** `node` as a numeric power of a base. */
function asPower(node: Node): [base: Node, exponent: number] {
  if (isReciprocal(node)) {
    const [base, exponent] = asPower(node.args[1])
    return [base, -exponent]
  }
  if (isOp(node, "sqrt")) return [node.args[0], 0.5]
  if (isOp(node, "^") && node.args[1].kind === "number") return [node.args[0], node.args[1].value]
  return [node, 1]
}

/** `node` as a number times a rest. */
function factored(g: Graph, node: Node): [factor: number, rest: Node] {
  if (node.kind === "number") return [node.value, g.num(1)]
  if (isOp(node, "neg")) return [-1, node.args[0]]
  if (isOp(node, "*") && node.args[0].kind === "number") return [node.args[0].value, node.args[1]]
  if (isOp(node, "/") && node.args[0].kind === "number" && node.args[0].value !== 1) {
    return [node.args[0].value, g.div(g.num(1), node.args[1])]
  }
  return [1, node]
}

/** factor · node with the factor in front, as a single number. */
function scaled(g: Graph, factor: number, node: Node): Node {
  if (isReciprocal(node)) return g.div(g.num(factor), node.args[1])
  return factor === -1 ? g.neg(node) : g.mul(g.num(factor), node)
}

/** -node where that is simpler than node. */
function negated(g: Graph, node: Node): Node | undefined {
  const [factor, rest] = factored(g, node)
  return factor < 0 ? scaled(g, -factor, rest) : undefined
}

function isNumber(node: Node, value: number): boolean {
  return node.kind === "number" && node.value === value
}

/** Whether `node` applies `op`; the arguments that the arity of `op` does not have are undefined. */
function isOp(node: Node, op: Op): node is Node & { kind: "op"; args: readonly [Node, Node, Node] } {
  return node.kind === "op" && node.op === op
}

function isReciprocal(node: Node): node is Node & { kind: "op"; args: readonly [Node, Node, Node] } {
  return isOp(node, "/") && isNumber(node.args[0], 1)
}

/** Far from overflow and underflow, so that two factors may be gathered into one. */
function isTame(factor: number): boolean {
  const size = Math.abs(factor)
  return size > 1e-150 && size < 1e150
}
