import type { Problem } from "../model/problem.ts"
import { OUTCOMES } from "../run/outcome.ts"
import { runToEnd, type Ending, type Procedure, type Row } from "../run/run.ts"
import type { Table } from "../run/table.ts"
import type { Solution } from "../solve/solution.ts"
import { fanOf } from "./fan.ts"
import { longRunOf } from "./longRun.ts"
import { COUNTS, OCCUPATION } from "./occupation.ts"
import { alone, outputLength, type PathRunner } from "./pathTask.ts"
import { simulationPlan, type SimulationOptions } from "./plan.ts"
import { prepare, type Preparation } from "./preparation.ts"
import type { Simulation } from "./simulation.ts"
import { breaksTable, motionTable, pathTable } from "./tables.ts"
import { walker } from "./walker.ts"

/** How far a simulation has come: plain data. */
export interface SimulationState {
  /** The task at work, and the paths of it that are done. */
  task: number
  paths: number
  /** What each task has found so far. */
  outputs: Float64Array[]
}

/** So many steps to a task, so that a watcher sees it go on. */
const ROUNDS = 20

/** The paths of a task, and those of it that one step follows. */
export function pathsOf({ tasks, plan: { settings } }: Preparation, task: number): { all: number; round: number } {
  const all = tasks[task].kind === "occupation" ? settings.paths : settings.fanPaths
  return { all, round: Math.ceil(all / ROUNDS) }
}

/** The long run, then a forecast, then a forecast after each shock, some paths a step. */
export function simulation(preparation: Preparation, runner: PathRunner = alone(preparation.tasks)): Procedure<SimulationState, Simulation> {
  const { tasks, fault } = preparation
  return {
    start: () => ({ task: 0, paths: 0, outputs: tasks.map((task, i) => new Float64Array(outputLength(task, pathsOf(preparation, i).all))) }),
    step: (state): Row => {
      if (fault !== "") return { law: NaN, detail: fault }
      const { task, paths } = state
      const { all, round } = pathsOf(preparation, task), end = Math.min(all, paths + round)
      const output = state.outputs[task]
      runner.run(task, paths, end, tasks[task].kind === "occupation" ? output : output.subarray((output.length / all) * paths, (output.length / all) * end))
      state.paths = end
      if (end === all && task + 1 < tasks.length) { state.task++; state.paths = 0 }
      const counts = state.outputs[0]
      return {
        [task === 0 ? "long run" : task === 1 ? "forecast" : `after shock ${preparation.responses[task - 2].shock}`]: `${end} of ${all} paths`,
        ...(preparation.crisisIs === undefined ? {} : { crisis: counts[COUNTS.crisis] / Math.max(1, counts[COUNTS.looks]) }),
        done: end === all && task + 1 === tasks.length,
      }
    },
    finish: (state, ending) => finished(preparation, state, ending),
  }
}

/** The most steps a simulation takes. */
export const simulationSteps = ({ tasks }: Preparation): number => ROUNDS * tasks.length

/**
 * Simulates paths of a solution, with nobody watching and without threads.
 *
 * @example simulate(problem(catalogue["brunnermeier-sannikov-2016"]), solution, { settings: { years: 500 } }).crisis
 */
export function simulate(problem: Problem, solution: Solution, options: SimulationOptions = {}): Simulation {
  const preparation = prepare(problem, solution, simulationPlan(problem, options))
  return runToEnd(simulation(preparation), { maxSteps: simulationSteps(preparation) })
}

function finished(preparation: Preparation, state: SimulationState, ending: Ending): Simulation {
  const { problem, solution, plan: { settings, seed, of }, from, responses, tasks, shown, walk, burn } = preparation
  const names = problem.states.map(s => s.name)
  const { notes, ...longRun } = longRunOf(preparation, state.outputs[0], settings.paths)
  const legs = walker(walk, OCCUPATION)
  const isCrisis = (point: Float64Array): boolean => { legs.point.set(point); return legs.look() }
  const fan = (task: number): Table => {
    const { of: forecast, kind } = tasks[task]
    if (kind !== "forecast") throw new Error("a fan is drawn of a forecast")
    return fanOf(forecast, state.outputs[task], names, of, shown, isCrisis)
  }
  const solved = solution.converged ? [] : [`the solution that the paths follow did not converge: ${solution.outcome}`]
  const point = (x: Float64Array): Record<string, number> => Object.fromEntries(names.map((name, s) => [name, x[s]]))
  return {
    economy: problem.economy.name, method: solution.method, calibration: problem.calibration, seed, parameters: problem.parameters, settings: { ...settings, burn },
    outcome: ending.outcome, detail: ending.detail, converged: ending.outcome === OUTCOMES.converged && solution.converged,
    from: point(from), ...longRun, notes: [...solved, ...notes],
    path: pathTable(preparation), fan: fan(1),
    responses: responses.map(({ shock, size, to }, i) => ({ shock, size, to: point(to), fan: fan(i + 2) })),
    motion: motionTable(preparation), breaks: breaksTable(preparation),
  }
}
