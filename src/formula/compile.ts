import type { Node } from "./graph.ts"
import type { BlockStep, Tape } from "./tape.ts"
import type { PointProgram } from "./point.ts"
import { pointProgram } from "./point.ts"
import { BLOCK, layOut } from "./tape.ts"

/** Formulas ready to be evaluated at many points. */
export interface Kernel {
  readonly inputs: readonly string[]
  /** How many formulas there are. */
  readonly outputs: number
  /**
   * Evaluates all formulas at `n` points. `inputs[k]` is an array of at least n values, or one number that holds at every
   * point; what depends on such numbers only is computed once. Writes `outputs[m][0..n)`; an output array must not be one
   * of the inputs. A kernel owns its working memory: one run at a time.
   */
  run(inputs: readonly (Float64Array | number)[], n: number, outputs: readonly Float64Array[]): void
}

/**
 * Prepares `outputs`, nodes of one graph, for evaluation; their common parts are computed once. Throws an Error that
 * names the symbols which are not among `inputs`.
 */
export function compile(outputs: readonly Node[], inputs: readonly string[]): Kernel {
  const order = topological(outputs)
  requireKnown(order, inputs)
  const tapes = new Map<string, Tape>()
  const tapeFor = (uniform: readonly boolean[]): Tape => {
    const key = uniform.map(Number).join("")
    const tape = tapes.get(key) ?? layOut(order, outputs, inputs, uniform)
    tapes.set(key, tape)
    return tape
  }
  let lastUniform: readonly boolean[] = []
  let last: Tape | undefined
  let singleUniform: readonly boolean[] = []
  let single: PointProgram | undefined

  function run(given: readonly (Float64Array | number)[], n: number, into: readonly Float64Array[]): void {
    requireShapes(given, n, into)
    if (n === 0) return
    if (n === 1) {
      if (!single || !matches(given, singleUniform)) {
        singleUniform = given.map((input) => typeof input === "number")
        single = pointProgram(order, outputs, inputs, singleUniform)
      }
      single.run(given, into)
      return
    }
    if (!last || !matches(given, lastUniform)) {
      lastUniform = given.map((input) => typeof input === "number")
      last = tapeFor(lastUniform)
    }
    runTape(last, given, n, into)
  }

  function requireShapes(given: readonly (Float64Array | number)[], n: number, into: readonly Float64Array[]): void {
    if (given.length !== inputs.length) {
      throw new Error(`got ${given.length} inputs, expected ${inputs.length}: ${inputs.join(", ")}`)
    }
    if (into.length !== outputs.length) throw new Error(`got ${into.length} output arrays, expected ${outputs.length}`)
    for (let k = 0; k < given.length; k++) {
      const input = given[k]
      if (typeof input !== "number" && input.length < n) {
        throw new Error(`got ${input.length} values of \`${inputs[k]}\`, expected one number or at least ${n} values`)
      }
    }
    for (const output of into) {
      if (output.length < n) throw new Error(`got an output array of ${output.length}, expected at least ${n}`)
    }
  }

  return { inputs, outputs: outputs.length, run }
}

function requireKnown(order: readonly Node[], inputs: readonly string[]): void {
  const known = new Set(inputs)
  const unknown = order.flatMap((node) => (node.kind === "symbol" && !known.has(node.name) ? [node.name] : []))
  if (unknown.length > 0) {
    const names = (list: Iterable<string>): string => Array.from(list, (name) => `\`${name}\``).join(", ") || "none"
    throw new Error(`got formulas that use ${names(unknown)}, expected only the inputs ${names(inputs)}`)
  }
}

/** All nodes below `outputs`, arguments before their users. */
function topological(outputs: readonly Node[]): Node[] {
  const order: Node[] = []
  const seen = new Set<Node>()
  const visit = (node: Node): void => {
    if (seen.has(node)) return
    seen.add(node)
    if (node.kind === "op") node.args.forEach(visit)
    order.push(node)
  }
  outputs.forEach(visit)
  return order
}

function matches(given: readonly (Float64Array | number)[], uniform: readonly boolean[]): boolean {
  for (let k = 0; k < given.length; k++) if ((typeof given[k] === "number") !== uniform[k]) return false
  return true
}

function runTape(tape: Tape, given: readonly (Float64Array | number)[], n: number, into: readonly Float64Array[]): void {
  const { memory } = tape
  for (const { array, address } of tape.scalars) {
    const input = given[array]
    memory[address] = typeof input === "number" ? input : input[0]
  }
  for (const step of tape.once) step.loop(memory, step.o, step.a, step.b, step.c, 1)
  for (const { array, address } of tape.constant) into[array].fill(memory[address], 0, n)
  for (const { from, to } of tape.spread) memory.fill(memory[from], to, to + BLOCK)
  if (tape.block.length === 0) return
  for (let start = 0; start < n; start += BLOCK) {
    const count = Math.min(BLOCK, n - start)
    for (const step of tape.block) runBlockStep(step, memory, given, start, count, into)
  }
}

function runBlockStep(
  step: BlockStep, memory: Float64Array, given: readonly (Float64Array | number)[], start: number, count: number,
  into: readonly Float64Array[],
): void {
  if (step.kind === "compute") step.loop(memory, step.o, step.a, step.b, step.c, count)
  else if (step.kind === "load") copy(given[step.array] as Float64Array, start, memory, step.address, count)
  else copy(memory, step.address, into[step.array], start, count)
}

function copy(source: Float64Array, from: number, target: Float64Array, to: number, count: number): void {
  for (let i = 0; i < count; i++) target[to + i] = source[from + i]
}
