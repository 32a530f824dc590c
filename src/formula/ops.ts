import { power } from "../math/power.ts"

/** A primitive operation of the graph: how many arguments, its value, and whether it is written as a function call. */
interface Operation {
  readonly arity: 1 | 2 | 3
  readonly evaluate: (a: number, b: number, c: number) => number
  /** Written `name(…)` in the language; the others have a notation of their own. */
  readonly written?: true
  readonly commutative?: true
}

/**
 * The primitive operations. A new function is one row here, one in `DERIVATIVES` (derive.ts) and one in `LOOPS`
 * (loops.ts); the compiler asks for the latter two.
 */
export const OPS = {
  "+": { arity: 2, evaluate: (a, b) => a + b, commutative: true },
  "-": { arity: 2, evaluate: (a, b) => a - b },
  "*": { arity: 2, evaluate: (a, b) => a * b, commutative: true },
  "/": { arity: 2, evaluate: (a, b) => a / b },
  "^": { arity: 2, evaluate: power },
  neg: { arity: 1, evaluate: (a) => -a },
  log: { arity: 1, evaluate: Math.log, written: true },
  exp: { arity: 1, evaluate: Math.exp, written: true },
  sqrt: { arity: 1, evaluate: Math.sqrt, written: true },
  abs: { arity: 1, evaluate: Math.abs, written: true },
  sign: { arity: 1, evaluate: Math.sign, written: true },
  tanh: { arity: 1, evaluate: Math.tanh, written: true },
  sin: { arity: 1, evaluate: Math.sin, written: true },
  cos: { arity: 1, evaluate: Math.cos, written: true },
  min: { arity: 2, evaluate: (a, b) => Math.min(a, b), written: true },
  max: { arity: 2, evaluate: (a, b) => Math.max(a, b), written: true },
  /** 1 where a < b, else 0. */
  less: { arity: 2, evaluate: (a, b) => (a < b ? 1 : 0) },
  /** 1 where a ≤ b, else 0. */
  lessEqual: { arity: 2, evaluate: (a, b) => (a <= b ? 1 : 0) },
  /** The second argument where the first is not 0, else the third. */
  select: { arity: 3, evaluate: (a, b, c) => (a !== 0 ? b : c) },
} as const satisfies Record<string, Operation>

export type Op = keyof typeof OPS

/** The row of an operation. */
export function operation(op: Op): Operation {
  return OPS[op]
}

export function isOp(name: string): name is Op {
  return Object.hasOwn(OPS, name)
}
