import type { Node } from "./graph.ts"
import { operation } from "./ops.ts"

/** The value of `node` where each symbol has the value in `env`: the plain definition that `compile` is held to. */
export function interpret(node: Node, env: Readonly<Record<string, number>>): number {
  const known = new Map<Node, number>()
  const visit = (part: Node): number => {
    const value = known.get(part) ?? evaluate(part)
    known.set(part, value)
    return value
  }
  const evaluate = (part: Node): number => {
    if (part.kind === "number") return part.value
    if (part.kind === "op") {
      const [a = NaN, b = NaN, c = NaN] = part.args.map(visit)
      return operation(part.op).evaluate(a, b, c)
    }
    const value = Object.hasOwn(env, part.name) ? env[part.name] : undefined
    if (value === undefined) throw new Error(`no value given for \`${part.name}\``)
    return value
  }
  return visit(node)
}
