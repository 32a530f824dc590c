import type { Node } from "./graph.ts"
import type { Op } from "./ops.ts"
import { powers } from "../math/power.ts"

/**
 * Formulas at one point: a list of operations on one memory, gone through by one loop with a switch, which costs a few
 * nanoseconds an operation. What depends on the inputs given as numbers alone (parameters) is computed again only when
 * one of them has changed.
 */
export interface PointProgram { run(inputs: readonly (Float64Array | number)[], outputs: readonly Float64Array[]): void }

/** @param order all nodes below the outputs, arguments before their users. */
export function pointProgram(order: readonly Node[], outputs: readonly Node[], inputs: readonly string[], uniform: readonly boolean[]): PointProgram {
  const slot = new Map(order.map((node, k) => [node, k])), place = new Map(inputs.map((name, k) => [name, k]))
  const memory = new Float64Array(order.length)
  const fixed: number[] = [], moving: number[] = []
  const loads: { input: number; at: number }[] = [], settings: { input: number; at: number }[] = []
  const isFixed = new Set<Node>()
  for (const node of order) {
    const at = slot.get(node)!
    if (node.kind === "number") { memory[at] = node.value; isFixed.add(node) }
    else if (node.kind === "symbol") {
      const input = place.get(node.name)!
      if (uniform[input]) { isFixed.add(node); settings.push({ input, at }) } else loads.push({ input, at })
    } else {
      const still = node.args.every(arg => isFixed.has(arg))
      if (still) isFixed.add(node)
      const [a = 0, b = 0, c = 0] = node.args.map(arg => slot.get(arg)!)
      ;(still ? fixed : moving).push(CODES[node.op], at, a, b, c)
    }
  }
  for (const { at } of settings) memory[at] = NaN
  const once = Int32Array.from(fixed), always = Int32Array.from(moving), ends = Int32Array.from(outputs, node => slot.get(node)!)
  const from = Int32Array.from(loads, l => l.input), to = Int32Array.from(loads, l => l.at)
  let begun = false
  return {
    run: (given, into) => {
      let changed = !begun
      for (const { input, at } of settings) {
        const value = given[input] as number
        if (memory[at] !== value) { memory[at] = value; changed = true }
      }
      if (changed) execute(once, memory)
      begun = true
      for (let k = 0; k < from.length; k++) memory[to[k]] = (given[from[k]] as Float64Array)[0]
      execute(always, memory)
      for (let k = 0; k < ends.length; k++) into[k][0] = memory[ends[k]]
    },
  }
}

const CODES: Readonly<Record<Op, number>> = {
  "+": 0, "-": 1, "*": 2, "/": 3, "^": 4, neg: 5, log: 6, exp: 7, sqrt: 8, abs: 9, sign: 10, tanh: 11, sin: 12, cos: 13, min: 14, max: 15, less: 16, lessEqual: 17, select: 18,
}

function execute(code: Int32Array, m: Float64Array): void {
  for (let k = 0; k < code.length; k += 5) {
    const o = code[k + 1], x = m[code[k + 2]], b = code[k + 3]
    switch (code[k]) {
      case 0: m[o] = x + m[b]; break
      case 1: m[o] = x - m[b]; break
      case 2: m[o] = x * m[b]; break
      case 3: m[o] = x / m[b]; break
      case 4: powers(m, o, code[k + 2], b, 1); break
      case 5: m[o] = -x; break
      case 6: m[o] = Math.log(x); break
      case 7: m[o] = Math.exp(x); break
      case 8: m[o] = Math.sqrt(x); break
      case 9: m[o] = Math.abs(x); break
      case 10: m[o] = Math.sign(x); break
      case 11: m[o] = Math.tanh(x); break
      case 12: m[o] = Math.sin(x); break
      case 13: m[o] = Math.cos(x); break
      case 14: m[o] = Math.min(x, m[b]); break
      case 15: m[o] = Math.max(x, m[b]); break
      case 16: m[o] = x < m[b] ? 1 : 0; break
      case 17: m[o] = x <= m[b] ? 1 : 0; break
      default: m[o] = x !== 0 ? m[b] : m[code[k + 4]]
    }
  }
}
