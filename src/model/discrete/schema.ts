import { z } from "zod"
import { calibrations, faultsBy, formula, formulaOrNumber, name, parameter, words } from "../schema.ts"

/** The structure of a declaration in discrete time; what it means is checked in `economy.ts`. */

const lognormal = z.strictObject({ kind: z.literal("lognormal"), mean: formulaOrNumber, persistence: formulaOrNumber, volatility: formulaOrNumber })
const chain = z.strictObject({ kind: z.literal("chain"), values: z.array(formulaOrNumber).min(1), transitions: z.array(z.array(formulaOrNumber)).min(1) })
const state = z.strictObject({ name, is: words, law: z.discriminatedUnion("kind", [lognormal, chain], "expected kind `lognormal` or `chain`") })
const fact = z.strictObject({ is: words, mean: z.string().optional(), deviation: z.string().optional(), middle: z.string().optional() })
const preferences = z.strictObject({ discount: formula, aversion: formula })

const declaration = z.strictObject({
  kind: z.literal("discrete"),
  is: words,
  source: z.string().optional(),
  parameters: z.record(name, parameter),
  calibrations: calibrations.optional(),
  state, preferences,
  consumption: formula, dividend: formula, growth: formula.optional(),
  facts: z.record(name, fact).optional(),
  notes: z.array(z.string()).optional(),
})

/** What is wrong with the structure of `data`: one line each. */
export const discreteFaults = (data: unknown): string[] => faultsBy(declaration, data, keysAt)

/** The keys that the schema knows at a place. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const [first, second] = path.map(String)
  if (first === undefined) return ["name", ...Object.keys(declaration.shape)]
  if (first === "state") return second === "law" ? ["kind", "mean", "persistence", "volatility", "values", "transitions"] : Object.keys(state.shape)
  const shapes: Record<string, readonly string[]> = { parameters: Object.keys(parameter.shape), facts: Object.keys(fact.shape), preferences: Object.keys(preferences.shape), calibrations: ["is", "values"] }
  return [...(shapes[first] ?? [])]
}
