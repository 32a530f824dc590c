import type { Kernel } from "../../src/formula/compile.ts"
import { philox } from "../../src/math/random.ts"
import type { Problem } from "../../src/model/problem.ts"

export type Point = Readonly<Record<string, number>>

/** The outputs of a kernel at one point, given by the names of its inputs; parameters not given have the problem's values. */
export function evaluate(problem: Problem, kernel: Kernel, point: Point): number[] {
  const outputs = Array.from({ length: kernel.outputs }, () => new Float64Array(1))
  kernel.run(problem.inputs.map(name => {
    const value = point[name] ?? problem.parameters[name]
    if (value === undefined) throw new Error(`no value for ${name}`)
    return Float64Array.of(value)
  }), 1, outputs)
  return outputs.map(([value]) => value)
}

/** Definitions by name, at one point. */
export function definitionsAt(problem: Problem, point: Point): Record<string, number> {
  const values = evaluate(problem, problem.defined, point)
  return Object.fromEntries(problem.definitions.map((name, i) => [name, values[i]]))
}

/**
 * A point inside the domain with jets as of smooth functions of moderate size: positive unknowns in [0.5, 1.5], shares inside
 * their range, derivatives in [-0.3, 0.3] over the width of the domain; upwind derivatives equal the plain ones, time derivatives do not vanish.
 */
export function somewhere(problem: Problem, seed: number): Record<string, number> {
  const { next } = philox(seed, 0)
  const point: Record<string, number> = {}
  for (const { name, from, to } of problem.states) point[name] = from + (to - from) * (0.05 + 0.9 * next())
  for (const { symbol, unknown, kind, by } of problem.jets) {
    const { name, range = [0.5, 1.5] } = problem.unknowns[unknown]
    if (kind === "value") point[symbol] = range[0] + (range[1] - range[0]) * (0.05 + 0.9 * next())
    else if (kind === "upwind") point[symbol] = point[`${name}_${problem.states[by[0]].name}`]
    else point[symbol] = by.reduce((slope, s) => slope / (problem.states[s].to - problem.states[s].from), 0.6 * next() - 0.3)
  }
  return point
}
