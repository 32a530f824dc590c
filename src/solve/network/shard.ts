import type { Problem } from "../../model/problem.ts"
import { addTransposed, symmetricSum } from "../../nets/dense.ts"
import { problemOf, type ProblemData } from "../problemData.ts"
import type { Points, ValueNet } from "../valueNet.ts"
import type { Complementarity } from "./complementarity.ts"
import { frameAt, netsFor, offsetsOf, type NetsDesign } from "./nets.ts"
import { netSystem, type NetSystem } from "./system.ts"

/** What all shards of a run have in common: plain data. */
export interface SystemWork {
  readonly kind: "system of network"
  readonly problem: ProblemData
  readonly nets: NetsDesign
  readonly complementarity: Complementarity
}

/** The system of a step at some of its points, as in `SystemInput`: plain data. */
export interface ShardInput {
  readonly points: Points
  readonly ends: readonly number[]
  readonly start: Float64Array
  readonly rate: number
  readonly sizes: readonly (readonly [number, number])[]
  /** How many coefficients of switches are unknown, those of one, and other kinks (see `frameAt`). */
  readonly switches: number
  readonly size: number
  readonly bends: readonly number[]
  readonly balance: readonly number[]
  readonly whole: { readonly points: number; readonly inner: number }
}

/** What is asked of a shard: residuals at weights; all of a linear model at the first weights; or J'y there, of the y of its rows. */
export type Ask = { readonly residuals: Float64Array } | { readonly normal: true } | { readonly pull: Float64Array }

export interface ShardTask {
  /** Tells the shards of one step from those of another. */
  readonly step: number
  readonly shard: number
  readonly input: ShardInput
  /** The weights at which the step begins. */
  readonly first: Float64Array
  readonly ask: Ask
}

export interface ShardAnswer {
  /** Of the rows of the shard, term by term, and of `NetSystem.misfits`, row by row. */
  readonly residuals: Float64Array
  readonly misfits: Float64Array
  /** The shard's part of J'r or J'y, and of the lower triangle of J'J, packed. */
  readonly pulled: Float64Array
  readonly normal: Float64Array
}

interface Held { readonly system: NetSystem; readonly residuals: Float64Array; jacobian: Float64Array | undefined }

/** The most numbers of Jacobians that a thread holds: 32 MiB. What it does not hold is computed again. */
const MOST_HELD = 2 ** 22

const NONE = new Float64Array(0)

/** The system of a shard on some nets. */
export function systemOf(problem: Problem, nets: readonly ValueNet[], complementarity: Complementarity, { size, bends, ...input }: ShardInput): NetSystem {
  const offsets = offsetsOf(nets)
  return netSystem({ problem, complementarity, ...input, unknowns: problem.unknowns.map((own, u) => ({ net: nets[u], frame: frameAt(own, size, bends), log: own.positive, offset: offsets[u] })) })
}

/** How tasks are done where the problem is compiled. What was computed for a step is kept until the next, and is only a saving: the answers do not depend on it. */
export function shardSolver(problem: Problem, design: NetsDesign, complementarity: Complementarity): (task: ShardTask) => ShardAnswer {
  let nets: ValueNet[] = [], capacity = 0, step = NaN, used = 0, scratch = NONE, store = NONE
  const held = new Map<number, Held>()
  const holdOn = (task: ShardTask): Held => {
    if (task.step !== step) {
      held.clear()
      step = task.step
      used = 0
    }
    const known = held.get(task.shard)
    if (known) return known
    if (task.input.points.n > capacity) {
      capacity = task.input.points.n
      nets = netsFor(problem, design, capacity)
    }
    const system = systemOf(problem, nets, complementarity, task.input), made: Held = { system, residuals: new Float64Array(system.count), jacobian: undefined }
    system.residuals(task.first, made.residuals)
    held.set(task.shard, made)
    return made
  }
  const jacobianOf = (own: Held, first: Float64Array): Float64Array => {
    if (own.jacobian) return own.jacobian
    const { count } = own.system, length = count * first.length, keeps = used + length <= MOST_HELD
    if (keeps && store.length === 0) store = new Float64Array(MOST_HELD)
    if (!keeps && scratch.length < length) scratch = new Float64Array(length)
    const jacobian = keeps ? store.subarray(used, used + length) : scratch.subarray(0, length)
    own.system.jacobian(first, jacobian, 0, count)
    if (keeps) {
      own.jacobian = jacobian
      used += length
    }
    return jacobian
  }
  return task => {
    const { first, ask } = task, own = holdOn(task), { system } = own
    if ("residuals" in ask) {
      const residuals = new Float64Array(system.count)
      system.residuals(ask.residuals, residuals)
      return { residuals, misfits: Float64Array.from(system.misfits.flatMap(row => [...row])), pulled: NONE, normal: NONE }
    }
    const jacobian = jacobianOf(own, first), pulled = new Float64Array(first.length)
    addTransposed(jacobian, system.count, "pull" in ask ? ask.pull : own.residuals, pulled)
    if ("pull" in ask) return { residuals: NONE, misfits: NONE, pulled, normal: NONE }
    const sum = symmetricSum(first.length)
    sum.addNormal(jacobian, system.count)
    return { residuals: own.residuals.slice(), misfits: NONE, pulled, normal: sum.packed }
  }
}

/** The same where only the work was received: compiles its problem. */
export const shardSolverOf = ({ problem, nets, complementarity }: SystemWork): ((task: ShardTask) => ShardAnswer) => shardSolver(problemOf(problem), nets, complementarity)
