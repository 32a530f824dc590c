import { VARIABLES } from "../model/discrete/declaration.ts"
import { discreteEquations } from "../model/discrete/equations.ts"
import type { DiscreteEconomy } from "../model/economy.ts"
import { DISCRETE_METHODS } from "../solve/discrete/index.ts"
import { calibrationPairs, nameText, noteLines, parameterPairs, sectionLines, symbolic } from "./economyText.ts"
import type { Paint } from "./paint.ts"
import { wrapped, wrappedPairs } from "./textTable.ts"

/** The sections of an economy in discrete time, as `walras show` prints them. */
export function discreteLines({ name, declaration }: DiscreteEconomy, { strong, faint }: Paint): string[] {
  const { is, source, parameters, calibrations = {}, state, facts = {}, notes = [] } = declaration
  const section = (title: string, lines: readonly string[]) => sectionLines(strong(title), lines)
  return [
    strong(name), ...wrapped(is, "  "), ...(source === undefined ? [] : wrapped(source, "  ").map(faint)),
    ...section("state", wrappedPairs([[nameText(state.name), `${state.is} (${state.law.kind === "chain" ? `a chain of ${state.law.values.length} states` : "lognormal"})`]], "  ")),
    ...section("equations", discreteEquations(declaration).flatMap(({ label, text }) => [`  [${label}]`, ...wrapped(symbolic(text), "      ")])),
    ...section("variables", wrappedPairs(Object.entries(VARIABLES), "  ")),
    ...section("parameters", wrappedPairs(parameterPairs(parameters), "  ")),
    ...section("calibrations", wrappedPairs(calibrationPairs(calibrations), "  ")),
    ...section("facts", wrappedPairs(Object.entries(facts).map(([name, fact]) => [name, fact.is]), "  ")),
    ...section("methods", wrappedPairs(Object.values(DISCRETE_METHODS).map(({ name, is }) => [name, is]), "  ")),
    ...section("notes", noteLines(notes)),
  ]
}
