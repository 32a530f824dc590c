/**
 * How a long computation ended. A closed list of sentences, each with advice where there is any:
 * they are printed as they stand, in the terminal, in reports and in `solution.json`, with the detail (equation, point, step) beside.
 */
export const OUTCOMES = {
  converged: "converged",
  outOfSteps: "the step limit was reached before the tolerance; raise `maxSteps` or loosen `tolerance`",
  notFinite: "a value became NaN or infinite",
  stuck: "no further step could be found: the model may have no solution at these parameters",
  offTheory: "trained to the end, and prices are not those of theory; raise `--episodes` or look which measure is off",
  interrupted: "interrupted; `walras resume` goes on from the last checkpoint",
} as const

export type OutcomeCode = keyof typeof OUTCOMES
export type Outcome = (typeof OUTCOMES)[OutcomeCode]

/** The code of an outcome sentence. */
export function outcomeCode(outcome: Outcome): OutcomeCode {
  for (const code of Object.keys(OUTCOMES) as OutcomeCode[]) if (OUTCOMES[code] === outcome) return code
  throw new Error(`unknown outcome: ${outcome}`)
}
