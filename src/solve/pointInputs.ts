import type { Problem } from "../model/problem.ts"

/** The input arrays of a problem's kernels over n points: parameters as numbers, states and jets as arrays to be filled. */
export interface Inputs {
  readonly all: (Float64Array | number)[]
  readonly states: Float64Array[]
  readonly jets: Float64Array[]
}

export function inputsFor(problem: Problem, n: number): Inputs {
  const states = problem.states.map(() => new Float64Array(n))
  const jets = problem.jets.map(() => new Float64Array(n))
  return { all: [...states, ...Object.values(problem.parameters), ...jets], states, jets }
}

/** Arrays for the outputs of a kernel over n points. */
export const outputsFor = (kernel: { readonly outputs: number }, n: number): Float64Array[] =>
  Array.from({ length: kernel.outputs }, () => new Float64Array(n))

/** Where the jets of an unknown stand: its value, first derivatives, second derivatives, upwind derivatives, time. */
export function jetPlaces(problem: Problem, unknown: number): { value: number; first: number[]; second: number[]; upwind: number[]; time: number } {
  const of = (kind: string): number[] => problem.jets.flatMap((j, k) => (j.unknown === unknown && j.kind === kind ? [k] : []))
  return { value: of("value")[0], first: of("first"), second: of("second"), upwind: of("upwind"), time: of("time")[0] ?? -1 }
}
