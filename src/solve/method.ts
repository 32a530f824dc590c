import type { Problem } from "../model/problem.ts"
import type { Procedure } from "../run/run.ts"
import { alone, type Runner } from "../run/runner.ts"
import type { SettingValue, Settings, Values } from "../run/settings.ts"
import { settingValues } from "../run/settings.ts"
import type { Solution } from "./solution.ts"

/** A way to solve a problem (in continuous time, unless another kind is named). One method is one value in one file; `solve` and the command line find it by name. */
export interface Method<P = Problem> {
  readonly name: string
  readonly is: string
  readonly settings: Settings
  /** The reason why this method cannot solve a problem, with the right alternative; undefined where it can. */
  refuses(problem: P): string | undefined
  /** The computation, with settings given by name; throws a `Mistake` where one does not fit. What can be divided is done by the runner, to the same bits. */
  procedure(problem: P, given?: Readonly<Record<string, SettingValue>>, runner?: Runner): Procedure<unknown, Solution>
  /** The most steps a run may take. */
  maxSteps(given?: Readonly<Record<string, SettingValue>>): number
}

/** Makes a method from its settings table (which holds `maxSteps`) and a factory that receives their values. */
export function method<S extends Settings & { maxSteps: { value: number; is: string } }, State, P = Problem>(
  name: string, is: string, settings: S,
  refuses: (problem: P) => string | undefined,
  make: (problem: P, values: Values<S>, runner: Runner) => Procedure<State, Solution>,
): Method<P> {
  return {
    name, is, settings, refuses,
    procedure: (problem, given, runner = alone) => make(problem, settingValues(name, settings, given), runner) as Procedure<unknown, Solution>,
    maxSteps: given => settingValues(name, settings, given).maxSteps as number,
  }
}
