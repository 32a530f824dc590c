import { problem as compileProblem } from "../model/compileProblem.ts"
import type { EconomyDeclaration } from "../model/declaration.ts"
import { economyOf } from "../model/economy.ts"
import type { Problem } from "../model/problem.ts"

/** A problem as plain data, for threads that compile it for themselves. */
export interface ProblemData {
  readonly name: string
  readonly declaration: EconomyDeclaration
  readonly calibration: string
  readonly parameters: Readonly<Record<string, number>>
}

export const dataOf = ({ economy: { name, declaration }, calibration, parameters }: Problem): ProblemData => ({ name, declaration, calibration, parameters })

export const problemOf = ({ name, declaration, calibration, parameters }: ProblemData): Problem => compileProblem(economyOf(declaration, name), { calibration, parameters })
