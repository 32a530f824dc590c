import { interpolate } from "../math/interpolate.ts"
import type { Fact } from "../model/problem.ts"
import type { Lattice } from "./lattice.ts"
import { outputsFor } from "./pointInputs.ts"
import type { Solution } from "./solution.ts"

/**
 * Where complementarity lines change side: between two nodes, at the point where the side that binds above, extrapolated
 * from the nodes below (quadratically), reaches zero.
 */
export function switchesOf(grid: Lattice, regime: Uint8Array): Solution["switches"] {
  const { problem, nodes, inputs } = grid
  const out = outputsFor(problem.block.kernel, nodes.length)
  problem.block.kernel.run(inputs.all, nodes.length, out)
  const lines = problem.block.residuals.flatMap((r, row) => (r.second >= 0 ? [{ ...r, label: problem.block.labels[row] }] : []))
  return lines.flatMap(({ first, second, label }, bit) => {
    const found: { label: string; state: string; at: number }[] = []
    for (let i = 1; i < nodes.length; i++) {
      const below = (regime[i - 1] >> bit) & 1, above = (regime[i] >> bit) & 1
      if (below !== above) found.push({ label, state: problem.states[0].name, at: crossing(nodes, above ? out[first] : out[second], i) })
    }
    return found
  })
}

/** Where the motion or an HJB line has a kink that is no switch: an argument of min or max changes sign between two nodes. */
export function kinksOn({ problem, nodes, inputs }: Lattice): number[] {
  const out = outputsFor(problem.kinks, nodes.length)
  problem.kinks.run(inputs.all, nodes.length, out)
  return out.flatMap(f => Array.from(nodes.subarray(1)).flatMap((z, i) => (f[i] * f[i + 1] < 0 ? [nodes[i] + ((z - nodes[i]) * f[i]) / (f[i] - f[i + 1])] : [])))
}

/** The zero in (nodes[i-1], nodes[i]] of the parabola through the three values below it; the upper node where it has none. */
function crossing(nodes: Float64Array, f: Float64Array, i: number): number {
  const a = nodes[i - 1], b = nodes[i]
  if (i < 3) return b
  const [x0, x1] = [nodes[i - 3], nodes[i - 2]]
  const first = (f[i - 1] - f[i - 2]) / (a - x1)
  const bend = (first - (f[i - 2] - f[i - 3]) / (x1 - x0)) / (a - x0)
  const at = (x: number): number => f[i - 1] + first * (x - a) + bend * (x - a) * (x - x1)
  if (at(a) * at(b) > 0) return b
  let low = a, high = b
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2
    if (at(middle) * at(a) > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The scalars that the economy declares, on the jets now filled. NaN where there is none (no switch, no root). */
export function factsOf(grid: Lattice, switches: Solution["switches"]): Record<string, number> {
  return Object.fromEntries(grid.problem.facts.map(fact => [fact.name, factOf(fact, grid, switches)]))
}

function factOf(fact: Fact, { nodes, inputs, problem }: Lattice, switches: Solution["switches"]): number {
  if (fact.way === "switch") return switches.find(s => s.label === fact.label)?.at ?? NaN
  const [column] = outputsFor(fact.kernel!, nodes.length)
  fact.kernel!.run(inputs.all, nodes.length, [column])
  switch (fact.way) {
    case "max": return column.reduce((a, b) => Math.max(a, b), -Infinity)
    case "min": return column.reduce((a, b) => Math.min(a, b), Infinity)
    case "root": return fallingRoot(nodes, column)
    case "value": return interpolate(nodes, column, fact.at![problem.states[0].name], switches.map(s => s.at))
    default: throw new Error(`unknown way ${fact.way satisfies never}`)
  }
}

/** The last node interval in which the column falls through zero. */
function fallingRoot(nodes: Float64Array, column: Float64Array): number {
  for (let i = nodes.length - 1; i > 0; i--)
    if (column[i - 1] > 0 && column[i] <= 0) return nodes[i - 1] + ((nodes[i] - nodes[i - 1]) * column[i - 1]) / (column[i - 1] - column[i])
  return NaN
}
