import { aliens } from "./aliens.ts"
import { exact } from "./exact.ts"
import { finiteDifference } from "./finiteDifference.ts"
import type { Method } from "./method.ts"
import { network } from "./network.ts"

/** The methods, by name: the one list that the command line, reports and tests read. */
export const METHODS: Readonly<Record<string, Method>> = Object.fromEntries([finiteDifference, aliens, network, exact].map(method => [method.name, method]))
