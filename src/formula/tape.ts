import type { Node } from "./graph.ts"
import type { Loop } from "./loops.ts"
import { LOOPS, SCALAR_FIRST, SCALAR_SECOND } from "./loops.ts"
import type { Op } from "./ops.ts"

/** How many points go through the tape together: few enough that the registers of a formula stay in cache. */
export const BLOCK = 256

/** One step of a tape: `loop` from the addresses `a`, `b`, `c` to `o`. */
export interface Step {
  readonly loop: Loop
  readonly o: number
  readonly a: number
  readonly b: number
  readonly c: number
}

/** Transport between the memory and the arrays of the caller: the number of the array, and the address. */
export interface Transport {
  readonly array: number
  readonly address: number
}

/** A step of the part that runs once a block: load an input, compute, or store an output. */
export type BlockStep = ({ readonly kind: "load" | "store" } & Transport) | ({ readonly kind: "compute" } & Step)

/**
 * Formulas laid out for the case that certain inputs are the same at every point ("uniform"). Memory holds one number
 * for each uniform value, then blocks of `BLOCK` numbers: copies of uniform values for loops that want them so, and
 * registers, used again as soon as their value is spent.
 */
export interface Tape {
  readonly memory: Float64Array
  /** Where the uniform inputs go before a run. */
  readonly scalars: readonly Transport[]
  /** Once a run, on single numbers. */
  readonly once: readonly Step[]
  /** Uniform values to be copied over a block, once a run. */
  readonly spread: readonly { readonly from: number; readonly to: number }[]
  /** Outputs that are uniform. */
  readonly constant: readonly Transport[]
  /** Once a block. */
  readonly block: readonly BlockStep[]
}

/**
 * Lays out the tape that computes `outputs`. `order` has all nodes, arguments before their users; `uniform` tells for
 * each input whether it is one number.
 */
export function layOut(
  order: readonly Node[], outputs: readonly Node[], inputs: readonly string[], uniform: readonly boolean[],
): Tape {
  const inputOf = new Map(inputs.map((name, k) => [name, k]))
  const isUniform = new Map<Node, boolean>()
  for (const node of order) isUniform.set(node, decideUniform(node))
  function decideUniform(node: Node): boolean {
    if (node.kind === "symbol") return uniform[inputOf.get(node.name) as number]
    return node.kind === "number" || node.args.every((arg) => isUniform.get(arg))
  }

  const slots = new Map<Node, number>()
  for (const node of order) if (isUniform.get(node)) slots.set(node, slots.size)
  let end = slots.size
  const newBlock = (): number => (end += BLOCK) - BLOCK

  const scalars: Transport[] = []
  const once: Step[] = []
  const spreads = new Map<Node, number>()
  const block: BlockStep[] = []
  const registers = new Map<Node, number>()
  const free: number[] = []
  const remaining = countUses(order)

  const spreadOf = (node: Node): number => {
    const at = spreads.get(node) ?? newBlock()
    spreads.set(node, at)
    return at
  }
  const addressOf = (node: Node, whole: boolean): number =>
    (isUniform.get(node) ? (whole ? spreadOf(node) : slots.get(node)) : registers.get(node)) as number

  function step(node: Node & { kind: "op" }, o: () => number): Step {
    const { loop, scalar } = loopFor(node.op, node.args.map((arg) => isUniform.get(arg) === true))
    const inBlock = !isUniform.get(node)
    const [a = 0, b = 0, c = 0] = node.args.map((arg, k) => addressOf(arg, inBlock && k !== scalar))
    if (inBlock) for (const arg of new Set(node.args)) release(arg)
    return { loop, o: o(), a, b, c }
  }
  function release(node: Node): void {
    const left = (remaining.get(node) ?? 0) - 1
    remaining.set(node, left)
    if (left <= 0 && registers.has(node)) free.push(registers.get(node) as number)
  }
  /** Loops go through their points in step, so a result may take the register of an argument it was made from. */
  function register(node: Node): number {
    const at = free.pop() ?? newBlock()
    registers.set(node, at)
    return at
  }

  const storesOf = new Map<Node, number[]>()
  outputs.forEach((node, array) => storesOf.set(node, [...(storesOf.get(node) ?? []), array]))
  for (const node of order) {
    if (isUniform.get(node)) {
      const address = slots.get(node) as number
      if (node.kind === "symbol") scalars.push({ array: inputOf.get(node.name) as number, address })
      if (node.kind === "op") once.push(step(node, () => address))
      continue
    }
    if (node.kind === "symbol") block.push({ kind: "load", array: inputOf.get(node.name) as number, address: register(node) })
    if (node.kind === "op") block.push({ kind: "compute", ...step(node, () => register(node)) })
    for (const array of storesOf.get(node) ?? []) block.push({ kind: "store", array, address: registers.get(node) as number })
    if (!remaining.get(node)) release(node)
  }

  const memory = new Float64Array(end)
  for (const [node, address] of slots) if (node.kind === "number") memory[address] = node.value
  return {
    memory,
    scalars,
    once,
    spread: Array.from(spreads, ([node, to]) => ({ from: slots.get(node) as number, to })),
    constant: outputs.flatMap((node, array) => (isUniform.get(node) ? [{ array, address: slots.get(node) as number }] : [])),
    block,
  }
}

/** For each node, by how many others it is used. */
function countUses(order: readonly Node[]): Map<Node, number> {
  const uses = new Map<Node, number>()
  for (const node of order) {
    if (node.kind === "op") for (const arg of new Set(node.args)) uses.set(arg, (uses.get(arg) ?? 0) + 1)
  }
  return uses
}

/** The best loop for arguments of which some are single numbers, and which argument it reads as one. */
function loopFor(op: Op, uniform: readonly boolean[]): { loop: Loop; scalar?: number } {
  const second = SCALAR_SECOND[op]
  if (uniform[1] && second) return { loop: second, scalar: 1 }
  const first = SCALAR_FIRST[op]
  if (uniform[0] && first) return { loop: first, scalar: 0 }
  return { loop: LOOPS[op] }
}
