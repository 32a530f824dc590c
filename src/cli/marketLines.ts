import type { MarketDeclaration } from "../market/declaration.ts"
import type { Rules } from "../market/rules.ts"
import { settingValues, type Setting } from "../run/settings.ts"
import { noteLines, sectionLines } from "./economyText.ts"
import type { Paint } from "./paint.ts"
import { shortNumber, wrapped, wrappedPairs } from "./textTable.ts"

/** A market as a person reads it: what it is, its theory, its rules with their defaults, its readings. */
export function marketLines({ name, is, source, notes, settings, readings, learner, episodes, theory }: MarketDeclaration, { strong, faint }: Paint): string[] {
  const section = (title: string, lines: readonly string[]) => sectionLines(strong(title), lines)
  const { mean, printed } = theory(settingValues(name, settings, {}) as Rules)
  const pair = ({ price, bond }: { price: number; bond: number }): string => `price ${shortNumber(price, 6)}, bond ${shortNumber(bond, 6)}`
  return [
    strong(name), ...wrapped(is, "  "), ...wrapped(source, "  ").map(faint),
    ...section("theory", [`  ${pair(mean)}${printed ? `; as the source prints it: ${pair(printed)}` : ""}`]),
    ...section("rules", wrappedPairs(Object.entries(settings).map(([rule, setting]) => [rule, ruleText(setting)]), "  ")),
    ...section("readings", wrappedPairs(Object.entries(readings).map(([reading, values]) => [reading, Object.entries(values).map(([rule, value]) => `${rule}=${value}`).join(" ")]), "  ")),
    ...section("learner", [`  ${learner}, ${episodes} episodes`]),
    ...section("notes", noteLines(notes)),
  ]
}

function ruleText(setting: Setting): string {
  const among = "among" in setting && setting.among ? `; one of ${setting.among.join(", ")}` : ""
  return `${setting.value}  ${setting.is}${among}`
}
