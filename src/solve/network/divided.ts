import { pointsBetween, type Points } from "../valueNet.ts"
import type { Ask, ShardAnswer, ShardInput, ShardTask } from "./shard.ts"
import type { NetSystem } from "./system.ts"

/** A step has at most so many shards, of at least so many points. They depend on the points alone: whoever does which, sums are the same. */
const MOST_SHARDS = 8
const LEAST_POINTS = 8

/** Starts of the shards of n points, and n; the first holds the points where the block starts. */
export function shardStarts(n: number, starts: number): number[] {
  const count = Math.max(1, Math.min(MOST_SHARDS, Math.floor(n / LEAST_POINTS)))
  return Array.from({ length: count + 1 }, (_, k) => (k === 0 ? 0 : Math.max(Math.floor((k * n) / count), starts)))
}

export interface DividedInput {
  readonly values: number
  readonly blockRows: number
  /** The whole step. */
  readonly input: ShardInput
  /** How many of the first points the block's start is at. */
  readonly starts: number
  /** Does tasks of one step, in any order and anywhere. */
  readonly run: (tasks: readonly Omit<ShardTask, "step">[]) => readonly ShardAnswer[]
  /** The same system undivided, for single rows of its Jacobian. */
  readonly undivided: () => NetSystem
}

/** The system of a step whose residuals, normal matrix and gradient are sums over shards of its points. */
export function dividedSystem({ values, blockRows, input, starts, run, undivided }: DividedInput): NetSystem {
  const { points: { n }, whole: { inner }, start } = input, bounds = shardStarts(n, starts)
  const lengths = [...Array.from({ length: values + blockRows }, (_, k) => (k < values ? n : inner)), ...(start.length > 0 ? [start.length] : [])]
  const terms = lengths.map((length, k) => { const from = lengths.slice(0, k).reduce((a, b) => a + b, 0); return { from, to: from + length } })
  const count = terms[terms.length - 1].to
  const shards = bounds.slice(1).map((to, k) => ({ from: bounds[k], to, inner: Math.max(0, Math.min(to, inner) - bounds[k]) }))
  const inputs = shards.map(({ from, to }): ShardInput => ({
    ...input, points: copied(pointsBetween(input.points, from, to)), ends: input.ends.slice(Math.max(0, from - inner), Math.max(0, to - inner)), start: from === 0 ? start : new Float64Array(0) }))
  /** Where the rows of a shard lie among all, term by term. */
  const places = shards.map(({ from, to, inner: own }) => terms.flatMap((term, k) => {
    const length = k < values ? to - from : k < values + blockRows ? own : from === 0 ? start.length : 0, first = term.from + (k < values + blockRows ? from : 0)
    return length > 0 ? [{ first, length }] : []
  }))
  const spread = (k: number, own: Float64Array, out: Float64Array): void => {
    let at = 0
    for (const { first, length } of places[k]) out.set(own.subarray(at, at += length), first)
  }
  const gathered = (k: number, all: Float64Array): Float64Array => Float64Array.from(places[k].flatMap(({ first, length }) => [...all.subarray(first, first + length)]))
  const misfits = Array.from({ length: values + blockRows }, () => new Float64Array(inner))

  let first: Float64Array | undefined, alone: NetSystem | undefined
  const asked = (weights: Float64Array, ask: (shard: number) => Ask): readonly ShardAnswer[] => {
    first ??= weights.slice()
    return run(inputs.map((own, shard) => ({ shard, input: own, first: first!, ask: ask(shard) })))
  }
  const sumOf = (answers: readonly ShardAnswer[], size: number): Float64Array => {
    const sum = new Float64Array(size)
    for (const { pulled } of answers) for (let k = 0; k < size; k++) sum[k] += pulled[k]
    return sum
  }
  return {
    count, terms, misfits,
    residuals: (weights, out) => {
      asked(weights, () => ({ residuals: weights })).forEach((answer, k) => {
        spread(k, answer.residuals, out)
        const { from, inner: own } = shards[k]
        misfits.forEach((row, r) => { row.set(answer.misfits.subarray(r * own, (r + 1) * own), from) })
      })
    },
    jacobian: (weights, jacobian, from, to) => {
      if (!alone) {
        alone = undivided()
        alone.residuals(first ?? weights, new Float64Array(count))
      }
      alone.jacobian(weights, jacobian, from, to)
    },
    divided: (weights, sum, residuals) => {
      const answers = asked(weights, () => ({ normal: true }))
      answers.forEach((answer, k) => {
        spread(k, answer.residuals, residuals)
        sum.add(answer.normal)
      })
      return { gradient: sumOf(answers, weights.length), pullBack: y => sumOf(asked(weights, k => ({ pull: gathered(k, y) })), weights.length) }
    },
  }
}

/** Views of larger arrays are sent with all of these. */
function copied({ n, states, t, x, first, second }: Points): Points {
  const each = (rows: readonly Float64Array[]): Float64Array[] => rows.map(row => row.slice())
  return { n, states: each(states), t: t.slice(), x: each(x), first: each(first), second: each(second) }
}
