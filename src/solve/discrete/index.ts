import type { DiscreteProblem } from "../../model/discrete/problem.ts"
import type { Method } from "../method.ts"
import { euler } from "./euler.ts"
import { exact } from "./exact.ts"
import { howard } from "./howard.ts"
import { qLearning } from "./qLearning.ts"
import { value } from "./value.ts"

/** The methods for economies in discrete time, by name; where none is asked for, the first that accepts the economy. */
export const DISCRETE_METHODS: Readonly<Record<string, Method<DiscreteProblem>>> = Object.fromEntries([exact, euler, howard, value, qLearning].map(method => [method.name, method]))
