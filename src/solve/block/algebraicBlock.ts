import { solveMany } from "../../math/dense.ts"
import type { Problem } from "../../model/problem.ts"
import { outputsFor, type Inputs } from "../pointInputs.ts"

/**
 * A static block of equations without derivatives of prices and without complementarity: at each node it holds those of the
 * node alone, so that all nodes are solved at once, by Newton to rounding. Derivatives of the prices are then as exact
 * as the grid allows: over a step h an error e becomes e/h.
 */
export const isAlgebraic = ({ block, jets, unknowns }: Problem): boolean =>
  block.labels.length > 0 && block.residuals.every(r => r.second < 0) && block.partials.every(p => unknowns[jets[p.jet].unknown].kind === "value" || jets[p.jet].kind === "value")

/**
 * Solves from `x` in place, at the value functions whose jets are among the inputs; false where Newton does not come to rest.
 */
export function algebraicBlock(problem: Problem, inputs: Inputs, size: number, x: readonly Float64Array[]): boolean {
  const { block, jets, unknowns } = problem, count = x.length, values = unknowns.length - count
  const out = outputsFor(block.kernel, size), matrix = new Float64Array(count * count), right = new Float64Array(count)
  const own = x.map((_, k) => jets.findIndex(j => j.unknown === values + k && j.kind === "value"))
  const partials = block.partials.filter(p => jets[p.jet].unknown >= values).map(p => ({ place: p.row * count + jets[p.jet].unknown - values, d: out[p.output] }))
  const residuals = block.residuals.map(({ first }) => out[first])
  let last = Infinity
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    x.forEach((column, k) => inputs.jets[own[k]].set(column))
    block.kernel.run(inputs.all, size, out)
    let change = 0
    for (let i = 0; i < size; i++) {
      matrix.fill(0)
      for (const { place, d } of partials) matrix[place] += d[i]
      for (let row = 0; row < count; row++) right[row] = -residuals[row][i]
      if (!solveMany(matrix, right, count, 1)) return false
      let length = 1
      for (let k = 0; k < count; k++) if (unknowns[values + k].positive && x[k][i] + right[k] < 0.1 * x[k][i]) length = Math.min(length, (0.9 * x[k][i]) / -right[k])
      for (let k = 0; k < count; k++) {
        x[k][i] += length * right[k]
        change = Math.max(change, Math.abs(right[k]) / (Math.abs(x[k][i]) + 1e-300))
      }
    }
    // Quadratic until rounding: below this a step changes nothing that could be said to be better.
    if (change < ROUNDING || (change < SMALL && change >= last)) return true
    last = change
  }
  return false
}

const MOST_ITERATIONS = 60
const ROUNDING = 4e-16
const SMALL = 1e-12
