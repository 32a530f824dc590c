import { problem as compileProblem } from "../model/compileProblem.ts"
import type { Economy } from "../model/economy.ts"
import type { Problem } from "../model/problem.ts"

/** A problem as plain data, for threads that compile it for themselves: the economy, checked before. */
export interface ProblemData {
  readonly economy: Economy
  readonly calibration: string
  readonly parameters: Readonly<Record<string, number>>
}

export const dataOf = ({ economy, calibration, parameters }: Problem): ProblemData => ({ economy, calibration, parameters })

export const problemOf = ({ economy, calibration, parameters }: ProblemData): Problem => compileProblem(economy, { calibration, parameters })
