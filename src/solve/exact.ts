import type { Procedure, Row } from "../run/run.ts"
import { gridPoints, POINTS } from "./grid/gridPoints.ts"
import { lattice, placeText } from "./grid/lattice.ts"
import { method } from "./method.ts"
import { outputsFor } from "./pointInputs.ts"
import { pseudoTime } from "./newton/pseudoTime.ts"
import type { Solution } from "./solution.ts"
import { tabulate } from "./tabulate.ts"

/**
 * The closed form, where the economy declares one for every unknown: evaluated on a grid. Derivatives of unknowns are those
 * of the grid, so that the residuals shown are the truncation errors of the reference method at the exact solution.
 */
export const exact = method("exact", "the closed form, where the economy has one", {
  points: POINTS,
  maxSteps: { value: 1, is: "steps (there is one)", least: 1, whole: true },
}, problem => {
  const missing = problem.unknowns.filter(u => !problem.exact.some(e => e.name === u.name)).map(u => u.name)
  return missing.length > 0 ? `\`${problem.economy.name}\` has no closed form (none is declared for ${missing.join(", ")}); use \`fd\`` : undefined
}, (problem, settings): Procedure<Record<string, never>, Solution> => {
  const { points, shown } = gridPoints("exact", problem, settings.points)
  const grid = lattice(problem, points)
  const n = grid.size
  const form = (name: string): Float64Array => {
    const measure = problem.exact.find(e => e.name === name)!
    const [out] = outputsFor(measure.kernel, n)
    measure.kernel.run(grid.inputs.all, n, [out])
    return out
  }
  const fault = (): string | undefined => {
    for (const { name } of problem.exact) {
      const values = form(name), bad = values.findIndex(x => !Number.isFinite(x))
      if (bad >= 0) return `the closed form of \`${name}\` is ${values[bad]} at ${placeText(grid, bad)}`
    }
    return undefined
  }
  return {
    start: () => ({}),
    step: (): Row => {
      const detail = fault()
      return detail === undefined ? { residual: 0, tolerance: 0, done: true } : { failed: true, detail }
    },
    finish: (_, ending) => {
      const unknowns = problem.unknowns.map(u => form(u.name))
      const none = new Float64Array(0), regime = new Uint8Array(n)
      const { rows } = pseudoTime(grid).residual(unknowns, none, regime)
      const solution = tabulate(grid, { name: "exact", settings: { ...settings, points: shown }, ending, seed: 0, residual: 0, tolerance: 0, measure: "none: the closed form",
        unknowns, values: grid.valueJets(unknowns), regime, start: none, rows })
      return withForms(solution, problem.exact.map(e => [e.name, form(e.name)] as const))
    },
  }
})

/** Definitions with a closed form of their own take it in the table. */
function withForms(solution: Solution, forms: readonly (readonly [string, Float64Array])[]): Solution {
  return { ...solution, table: { ...solution.table, columns: { ...solution.table.columns, ...Object.fromEntries(forms) } } }
}
