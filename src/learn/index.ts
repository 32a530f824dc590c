import { dqn } from "./dqn.ts"
import { dqnLiteral } from "./dqnLiteral.ts"
import type { Learner } from "./learner.ts"
import { shadow } from "./shadow.ts"
import { tabular } from "./tabular.ts"

/** The learners, by name: the one list that the command line, reports and tests read. */
export const LEARNERS: Readonly<Record<string, Learner>> = Object.fromEntries([shadow, dqn, dqnLiteral, tabular].map(learner => [learner.name, learner]))
