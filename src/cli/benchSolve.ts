import { continuousTime } from "../economies/index.ts"
import { problem } from "../model/compileProblem.ts"
import { computation, requestOf } from "../request.ts"
import { run } from "../run/run.ts"
import { METHODS } from "../solve/index.ts"

/** How long one method took to bring one economy's residual down to a level, and what that residual measures. */
export interface SolveTiming {
  readonly economy: string
  readonly method: string
  /** The residual when the level was passed; for `aliens`, which has one level, the change of the values it stopped at. */
  readonly residual: number
  readonly seconds: number
}

const LEVELS = [1e-4, 1e-6, 1e-8]

/**
 * Time to a residual of 1e-4, 1e-6 and 1e-8 for each economy and method: the largest residual for `fd`, the mean squared one on
 * fresh points for `network`; to convergence for `aliens`. Levels that are not reached have no row.
 */
export function benchSolve(now: () => number, fastMath = false): SolveTiming[] {
  return Object.values(continuousTime).flatMap(economy => ["fd", "aliens", "network"].flatMap(method => timings(economy.name, method, now, fastMath)))
}

/** The rows of one economy and method; none where the method refuses it. */
export function timings(name: string, method: string, now: () => number, fastMath = false): SolveTiming[] {
  const economy = continuousTime[name]
  const states = Object.keys(economy.declaration.states).length
  // In more than two states a run takes minutes and reaches none of the levels but the first.
  if (states > 2 || METHODS[method].refuses(problem(economy)) !== undefined) return []
  const begun = now()
  const { procedure, maxSteps } = computation(requestOf(economy, { method, set: method === "network" && states === 1 ? ["tolerance=1e-8"] : [], fastMath }))
  const rows: SolveTiming[] = []
  let level = 0
  for (const { row } of run(procedure, { maxSteps })) {
    const seconds = (now() - begun) / 1000
    if (method === "aliens") {
      if (row.done) rows.push({ economy: name, method, residual: row.change as number, seconds })
    } else while (level < LEVELS.length && typeof row.residual === "number" && row.residual <= LEVELS[level]) {
      rows.push({ economy: name, method, residual: row.residual, seconds })
      level++
    }
  }
  return rows
}

/** `points` along each state. */
export interface GridTiming { readonly economy: string; readonly states: number; readonly points: number; readonly steps: number; readonly seconds: number }

const GRIDS = [[100, 300, 1000], [33, 60, 100], [12, 16, 20]]

/** The reference method on three grids for each economy: the best of three runs. */
export function benchFd(now: () => number): GridTiming[] {
  return Object.values(continuousTime).filter(economy => METHODS.fd.refuses(problem(economy)) === undefined).flatMap(economy => GRIDS[Object.keys(economy.declaration.states).length - 1].map(points => {
    const request = requestOf(economy, { set: [`points=${points}`] })
    const runs = Array.from({ length: 3 }, () => {
      const begun = now()
      const { procedure, maxSteps } = computation(request)
      let steps = 0
      for (const progress of run(procedure, { maxSteps })) steps = progress.step
      return { steps, seconds: (now() - begun) / 1000 }
    })
    return { economy: economy.name, states: Object.keys(economy.declaration.states).length, points, steps: runs[0].steps, seconds: Math.min(...runs.map(r => r.seconds)) }
  }))
}
