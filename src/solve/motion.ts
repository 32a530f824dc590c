import type { Solution } from "./solution.ts"

/** Drift and variance rate of the one state on the grid of a solution, as its method stored them. */
export function motionColumns(solution: Solution): { drift: Float64Array; variance: Float64Array } | undefined {
  const [state, ...more] = solution.states
  const drift = solution.table.columns[`drift:${state.name}`], variance = solution.table.columns[`variance:${state.name}`]
  return more.length === 0 && drift && variance ? { drift, variance } : undefined
}
