import { pairs, type Check } from "../model/problem.ts"
import type { Ending } from "../run/run.ts"
import { OUTCOMES } from "../run/outcome.ts"
import type { SettingValue } from "../run/settings.ts"
import { table, type Table } from "../run/table.ts"
import { factsOf, switchesOf } from "./facts.ts"
import { placeOf, type Lattice } from "./grid/lattice.ts"
import { outputsFor } from "./pointInputs.ts"
import type { Misfit, Solution } from "./solution.ts"
import type { ValueJets } from "./block/staticBlock.ts"

/** What a method has at its end: unknowns on a lattice. */
export interface Found {
  readonly name: string
  readonly settings: Readonly<Record<string, SettingValue>>
  readonly ending: Ending
  readonly seed: number
  readonly residual: number
  readonly tolerance: number
  readonly measure: string
  readonly unknowns: readonly Float64Array[]
  /** Exact jets of the value functions, or of all unknowns where the method has them. */
  readonly values: readonly ValueJets[]
  readonly regime: Uint8Array
  readonly start: Float64Array
  /** Residuals of all equations at the nodes (HJB lines, then the block), where the method has them. */
  readonly rows?: readonly Float64Array[]
  readonly samples?: Table
}

/** The solution: every unknown, derivative and definition at every node, the facts, and how well all equations hold. */
export function tabulate(grid: Lattice, found: Found): Solution {
  const { problem, axes, size: n, inputs } = grid
  grid.setRegime(found.regime, found.start)
  grid.fillStatic(found.unknowns, found.values, "table")
  const names = problem.states.map(s => s.name)
  const columns: Record<string, Float64Array> = Object.fromEntries(names.map((name, s) => [name, inputs.states[s].slice()]))
  problem.jets.forEach((jet, k) => { if (jet.kind !== "upwind" && jet.kind !== "time") columns[jet.symbol] = inputs.jets[k].slice() })
  const defined = outputsFor(problem.defined, n)
  problem.defined.run(inputs.all, n, defined)
  problem.definitions.forEach((name, k) => { columns[name] = defined[k] })
  const motion = outputsFor(problem.motion, n)
  problem.motion.run(inputs.all, n, motion)
  names.forEach((name, s) => { columns[`drift:${name}`] = motion[s] })
  pairs(names.length).forEach(([s, r], k) => { columns[s === r ? `variance:${names[s]}` : `covariance:${names[s]}:${names[r]}`] = motion[names.length + k] })
  const labels = [...problem.hjb.labels, ...problem.block.labels]
  const where = (i: number): Record<string, number> => placeOf(grid, i)
  const checks = problem.checks.map(check => checkOn(check, grid, where))
  found.rows?.forEach((row, k) => { columns[`residual:${labels[k]}`] = row })
  problem.checks.forEach((check, k) => { columns[`check:${check.label}`] = checks[k].column })
  const switches = switchesOf(grid, found.regime)
  return {
    economy: problem.economy.name, method: found.name, calibration: problem.calibration,
    seed: found.seed, parameters: problem.parameters, settings: found.settings,
    outcome: found.ending.outcome, detail: found.ending.detail, converged: found.ending.outcome === OUTCOMES.converged, steps: found.ending.steps,
    residual: found.residual, tolerance: found.tolerance, measure: found.measure,
    states: names.map((name, s) => ({ name, nodes: axes[s].slice() })),
    table: table(columns), facts: factsOf(grid, switches), switches,
    equations: found.rows?.map((row, k) => misfit(labels[k], row, where)) ?? [],
    checks: checks.map(({ column: _, ...rest }) => rest), samples: found.samples,
  }
}

function checkOn(check: Check, { size, inputs }: Lattice, where: (i: number) => Record<string, number>): Misfit & { is: string; column: Float64Array } {
  const out = outputsFor(check.kernel, size)
  check.kernel.run(inputs.all, size, out)
  const column = out[0].map((x, i) => (out[1][i] > 0 ? x : NaN))
  return { ...misfit(check.label, column, where), is: check.is, column }
}

/** Largest and mean size of a column; rows that are NaN do not count. */
function misfit(label: string, column: Float64Array, where: (i: number) => Record<string, number>): Misfit {
  let largest = 0, at = 0, sum = 0, count = 0
  column.forEach((x, i) => {
    if (Number.isNaN(x)) return
    sum += Math.abs(x)
    count++
    if (Math.abs(x) > largest) { largest = Math.abs(x); at = i }
  })
  return { label, largest, mean: count > 0 ? sum / count : 0, where: where(at) }
}
