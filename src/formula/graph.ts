import type { Op } from "./ops.ts"
import { operation } from "./ops.ts"
import { simplified } from "./simplify.ts"

export type Node =
  | { readonly id: number; readonly kind: "number"; readonly value: number }
  | { readonly id: number; readonly kind: "symbol"; readonly name: string }
  | { readonly id: number; readonly kind: "op"; readonly op: Op; readonly args: readonly Node[] }

/**
 * Makes the nodes of immutable expressions. Equal expressions made by one graph are the same node, so a set of formulas
 * and all their derivatives share what they have in common; `id` counts the nodes of the graph. Nodes of different
 * graphs must not be mixed.
 *
 * Constructors fold constants and simplify by identities which keep the value (up to rounding) wherever every part of
 * the expression as written is finite and far from overflow; `x/x` becomes 1 although it is undefined at 0.
 */
export interface Graph {
  /** A constant; infinities are allowed, NaN is an error. */
  num(value: number): Node
  sym(name: string): Node
  add(a: Node, b: Node): Node
  sub(a: Node, b: Node): Node
  mul(a: Node, b: Node): Node
  div(a: Node, b: Node): Node
  pow(a: Node, b: Node): Node
  neg(a: Node): Node
  /** Any primitive operation. Throws where the number of arguments is not its arity. */
  call(op: Op, args: readonly Node[]): Node
  /** The same as `call`. */
  apply(op: Op, args: readonly Node[]): Node
  /** Derivatives already taken, by symbol and node; kept by `derivative`. */
  readonly derivatives: Map<string, Map<Node, Node>>
}

export function graph(): Graph {
  const numbers = new Map<number, Node>()
  const symbols = new Map<string, Node>()
  const applications = new Map<string, Node>()
  let count = 0

  function remember<K>(known: Map<K, Node>, key: K, make: (id: number) => Node): Node {
    const old = known.get(key)
    if (old) return old
    const node = make(count++)
    known.set(key, node)
    return node
  }

  function num(value: number): Node {
    if (Number.isNaN(value)) throw new Error("got NaN as a constant of a formula, expected a number")
    // A Map takes -0 for 0; the constant is stored as 0 so that it prints and divides as one.
    return remember(numbers, value, (id) => ({ id, kind: "number", value: value === 0 ? 0 : value }))
  }

  function apply(op: Op, given: readonly Node[]): Node {
    const { arity, commutative } = operation(op)
    if (given.length !== arity) throw new Error(`got ${given.length} arguments for \`${op}\`, expected ${arity}`)
    const args = commutative ? given.toSorted(canonical) : given
    // Constants whose value is not finite stay unevaluated.
    const simpler = args.every((arg) => arg.kind === "number") ? folded(op, args) : simplified(g, op, args)
    const key = `${op} ${args.map(({ id }) => id).join(" ")}`
    return simpler ?? remember(applications, key, (id) => ({ id, kind: "op", op, args }))
  }

  function folded(op: Op, args: readonly (Node & { kind: "number" })[]): Node | undefined {
    const [a = 0, b = 0, c = 0] = args.map(({ value }) => value)
    const value = operation(op).evaluate(a, b, c)
    return Number.isFinite(value) ? num(value) : undefined
  }

  const g: Graph = {
    num,
    sym: (name) => remember(symbols, name, (id) => ({ id, kind: "symbol", name })),
    add: (a, b) => apply("+", [a, b]),
    sub: (a, b) => apply("-", [a, b]),
    mul: (a, b) => apply("*", [a, b]),
    div: (a, b) => apply("/", [a, b]),
    pow: (a, b) => apply("^", [a, b]),
    neg: (a) => apply("neg", [a]),
    call: apply,
    apply,
    derivatives: new Map(),
  }
  return g
}

/** Numbers first, then in the order of making. */
function canonical(a: Node, b: Node): number {
  return Number(b.kind === "number") - Number(a.kind === "number") || a.id - b.id
}
