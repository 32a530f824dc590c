import type { Fact } from "../model/problem.ts"
import type { Lattice } from "./grid/lattice.ts"
import { gridOf, onGrid, rowsAbout, type Grid } from "./grid/onGrid.ts"
import { outputsFor } from "./pointInputs.ts"
import type { Solution } from "./solution.ts"

/**
 * Where complementarity lines change side along state 0, on each row of the others: between two nodes, at the point where the
 * side that binds above, extrapolated from the nodes below (quadratically), reaches zero.
 */
export function switchesOf(grid: Lattice, regime: Uint8Array): Solution["switches"] {
  const { problem, nodes, inputs, size } = grid, rows = size / nodes.length, [{ name: state }, ...others] = problem.states
  const out = outputsFor(problem.block.kernel, size)
  problem.block.kernel.run(inputs.all, size, out)
  const lines = problem.block.residuals.flatMap((r, row) => (r.second >= 0 ? [{ ...r, label: problem.block.labels[row] }] : []))
  return lines.flatMap(({ first, second, label }, bit) => {
    const found: Solution["switches"][number][] = []
    for (let row = 0; row < rows; row++) {
      const where = others.length === 0 ? {} : { where: Object.fromEntries(others.map(({ name }, k) => [name, inputs.states[k + 1][row]])) }
      for (let i = 1; i < nodes.length; i++) {
        const below = (regime[(i - 1) * rows + row] >> bit) & 1, above = (regime[i * rows + row] >> bit) & 1
        if (below !== above) found.push({ label, state, at: crossing(nodes, nodes.map((_, k) => out[above ? first : second][k * rows + row]), i), ...where })
      }
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
export function crossing(nodes: Float64Array, f: Float64Array, i: number): number {
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

function factOf(fact: Fact, { nodes, inputs, problem, axes, size }: Lattice, switches: Solution["switches"]): number {
  const states = problem.states.map(({ name }, s) => ({ name, nodes: axes[s] })), point = states.map(({ name }) => fact.at?.[name] ?? NaN)
  if (fact.way === "switch") {
    const grid = gridOf(states, switches.filter(s => s.label === fact.label))
    return betweenRows(grid, point, row => grid.breaks(row)[0] ?? NaN)
  }
  const [column] = outputsFor(fact.kernel!, size), rows = size / nodes.length
  fact.kernel!.run(inputs.all, size, [column])
  const grid = gridOf(states, switches)
  switch (fact.way) {
    case "max": return column.reduce((a, b) => Math.max(a, b), -Infinity)
    case "min": return column.reduce((a, b) => Math.min(a, b), Infinity)
    case "root": return betweenRows(grid, point, row => fallingRoot(nodes, nodes.map((_, i) => column[i * rows + row])))
    case "value": return onGrid(grid, column, point)
    default: throw new Error(`unknown way ${fact.way satisfies never}`)
  }
}

/** A number that each row has, at a point of the other states. */
const betweenRows = (grid: Grid, [, ...others]: readonly number[], of: (row: number) => number): number =>
  rowsAbout(grid, others).reduce((sum, { row, weight }) => sum + weight * of(row), 0)

/** The last node interval in which the column falls through zero. */
function fallingRoot(nodes: Float64Array, column: Float64Array): number {
  for (let i = nodes.length - 1; i > 0; i--)
    if (column[i - 1] > 0 && column[i] <= 0) return nodes[i - 1] + ((nodes[i] - nodes[i - 1]) * column[i - 1]) / (column[i - 1] - column[i])
  return NaN
}
