import { symbolText } from "../formula/symbol.ts"
import { statementText } from "../formula/print.ts"
import { MARKETS } from "../markets/index.ts"
import { isDiscrete } from "../model/discrete/economy.ts"
import type { Economy } from "../model/economy.ts"
import { discreteLines } from "./discreteLines.ts"
import { calibrationPairs, nameText, noteLines, parameterPairs, sectionLines, symbolic } from "./economyText.ts"
import { economySource } from "./economySource.ts"
import type { Host } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { marketLines } from "./marketLines.ts"
import { paint, type Paint } from "./paint.ts"
import { wrapped, wrappedPairs } from "./textTable.ts"

/** `walras show`: an economy or a market as a person reads it, or its declaration as JSON. */
export function showCommand(nameOrFile: string, { json }: { json?: boolean }, host: Host): number {
  if (Object.hasOwn(MARKETS, nameOrFile)) {
    const market = MARKETS[nameOrFile]
    host.out.write((json ? jsonText(market, 2) : marketLines(market, paint(host.out, host.env)).join("\n")) + "\n")
    return 0
  }
  const { economy } = economySource(nameOrFile)
  const style = paint(host.out, host.env)
  const lines = (): string[] => (isDiscrete(economy) ? discreteLines(economy, style) : showLines(economy, style))
  host.out.write((json ? jsonText({ name: economy.name, ...economy.declaration }, 2) : lines().join("\n")) + "\n")
  return 0
}

/** The sections of an economy, 80 columns wide where formulas allow it. */
export function showLines(economy: Economy, { strong, faint }: Paint): string[] {
  const { is, source, parameters, calibrations = {}, states, shocks = {}, unknowns, words = {}, facts = {}, exact = {}, notes = [] } = economy.declaration
  const section = (title: string, lines: readonly string[]) => sectionLines(strong(title), lines)
  return [
    strong(economy.name), ...wrapped(is, "  "), ...(source === undefined ? [] : wrapped(source, "  ").map(faint)),
    ...section("states", wrappedPairs(Object.entries(states).map(([name, s]) =>
      [nameText(name), `${s.is}; from ${s.from} to ${s.to}, drift ${symbolic(s.drift)}, risk ${riskText(s.risk)}`]), "  ")),
    ...section("shocks", wrappedPairs(Object.entries(shocks).map(([name, shock]) => [nameText(name), shock.is]), "  ")),
    ...section("unknowns", wrappedPairs(Object.entries(unknowns).map(([name, u]) =>
      [nameText(name), `${u.is} (${u.kind}${u.positive ? ", positive" : ""}${u.range ? `, from ${u.range[0]} to ${u.range[1]}` : ""})`]), "  ")),
    ...section("equations", equationLines(economy)),
    ...section("definitions in words", wrappedPairs(Object.entries(words).map(([name, is]) => [nameText(name), is]), "  ")),
    ...section("closed forms", Object.entries(exact).map(([name, text]) => `  ${symbolText(name)} = ${symbolic(text)}`)),
    ...section("parameters", wrappedPairs(parameterPairs(parameters), "  ")),
    ...section("calibrations", wrappedPairs(calibrationPairs(calibrations), "  ")),
    ...section("facts", wrappedPairs(Object.entries(facts).map(([name, fact]) => [name, fact.is]), "  ")),
    ...section("notes", noteLines(notes)),
  ]
}

/** Definitions as they stand; equations with their label above, so that no formula is pushed to the right by it. */
function equationLines({ statements }: Economy): string[] {
  return statements.flatMap(statement => {
    const text = statementText(statement)
    if (statement.kind === "definition") return [`  ${symbolic(text)}`]
    const label = `[${statement.label}]`
    return [`  ${label}`, `      ${symbolic(text.slice(label.length + 1))}`]
  })
}

function riskText(risk: string | Readonly<Record<string, string>>): string {
  return typeof risk === "string" ? symbolic(risk) : Object.entries(risk).map(([shock, text]) => `${symbolic(text)} on ${symbolText(shock)}`).join(", ")
}
