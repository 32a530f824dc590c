import type { Problem } from "../model/problem.ts"
import { outputsFor } from "./pointInputs.ts"
import type { Solution } from "./solution.ts"

/** The law of motion of the states at every node of a solution, dx_s = drift_s dt + sum_k loadings_sk dW_k. */
export interface Motion {
  readonly drift: readonly Float64Array[]
  /** By state, then by shock; the shocks are correlated as `problem.correlations` says. */
  readonly loadings: readonly (readonly Float64Array[])[]
}

export const motionOf = (problem: Problem, solution: Solution): Motion => motionAt(problem, inputsOfTable(problem, solution), solution.table.length)

/** The same from what the kernels read at n points. */
export function motionAt(problem: Problem, inputs: readonly (Float64Array | number)[], n: number): Motion {
  const moments = outputsFor(problem.motion, n), risk = outputsFor(problem.risk, n)
  problem.motion.run(inputs, n, moments)
  problem.risk.run(inputs, n, risk)
  const shocks = problem.shocks.length
  return {
    drift: moments.slice(0, problem.states.length),
    loadings: problem.states.map((_, s) => risk.slice(s * shocks, (s + 1) * shocks)),
  }
}

/**
 * What the kernels of a problem read, out of the table of its solution. Derivatives inside drift terms are those of the table
 * and time derivatives are zero: this is a solution, no iterate.
 */
export function inputsOfTable(problem: Problem, { table: { columns, length } }: Solution): (Float64Array | number)[] {
  const column = (name: string): Float64Array => {
    if (!Object.hasOwn(columns, name)) throw new Error(`the table of the solution has no column \`${name}\``)
    return columns[name]
  }
  const firstOf = (unknown: number, state: number): string => problem.jets.find(j => j.unknown === unknown && j.kind === "first" && j.by[0] === state)!.symbol
  return [
    ...problem.states.map(({ name }) => column(name)),
    ...Object.values(problem.parameters),
    ...problem.jets.map(jet => jet.kind === "time" ? new Float64Array(length) : column(jet.kind === "upwind" ? firstOf(jet.unknown, jet.by[0]) : jet.symbol)),
  ]
}
