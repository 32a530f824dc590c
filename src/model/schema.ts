import { z } from "zod"
import { didYouMean } from "../run/mistake.ts"

/** The structure of a declaration; what the formulas in it mean is checked in `check.ts`. */

/** Names that formulas may use. */
export const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, "a name is letters, digits and `_`, beginning with a letter")
export const finite = z.number().refine(Number.isFinite, "expected a finite number")
export const words = z.string().min(1, "expected words that say what it is")
export const formula = z.string().min(1, "expected a formula")
export const formulaOrNumber = z.union([finite, formula])

export const parameter = z.strictObject({
  value: finite, is: words,
  above: finite.optional(), below: finite.optional(), least: finite.optional(), most: finite.optional(), not: finite.optional(),
})
export const calibrations = z.record(z.string().min(1), z.strictObject({ is: words, values: z.record(name, finite) }))
const state = z.strictObject({
  is: words, from: formulaOrNumber, to: formulaOrNumber, drift: formula,
  risk: z.union([formula, z.record(name, formula)]),
  grid: formula.optional(),
  ends: z.enum(["natural", "reflecting"]).optional(),
  start: z.strictObject({ at: formulaOrNumber, values: z.record(name, formula) }).optional(),
})
const unknown = z.strictObject({
  is: words, kind: z.enum(["value", "price", "share"]), guess: formula,
  positive: z.boolean().optional(), range: z.tuple([finite, finite]).optional(),
})
const fact = z.strictObject({
  is: words, switch: z.string().optional(), max: formula.optional(), min: formula.optional(), root: formula.optional(),
  value: formula.optional(), at: z.record(name, formulaOrNumber).optional(),
})

const declaration = z.strictObject({
  is: words,
  source: z.string().optional(),
  parameters: z.record(name, parameter),
  calibrations: calibrations.optional(),
  shocks: z.record(name, z.strictObject({ is: words })).optional(),
  correlations: z.array(z.strictObject({ between: z.tuple([name, name]), value: formula })).optional(),
  states: z.record(name, state),
  unknowns: z.record(name, unknown),
  equations: z.string(),
  words: z.record(name, words).optional(),
  exact: z.record(name, formula).optional(),
  facts: z.record(name, fact).optional(),
  checks: z.record(z.string().min(1), z.strictObject({ is: words, zero: formula, where: formula.optional() })).optional(),
  notes: z.array(z.string()).optional(),
})

/** What is wrong with the structure of `data`: one line each, with its place, what was got and what is expected. */
export const structuralFaults = (data: unknown): string[] => faultsBy(declaration, data, keysAt)

/** The same by another schema; `keys` are those it knows at a place, for proposals. */
export function faultsBy(schema: z.ZodType, data: unknown, keys: (path: readonly PropertyKey[]) => readonly string[]): string[] {
  const found = schema.safeParse(data)
  return [...prototypeFaults(data, []), ...(found.success ? [] : found.error.issues.flatMap(issue => faultLines(issue, data, keys)))]
}

/** Places of the key `__proto__`, which the schema passes over as it would be no key of a copy. */
function prototypeFaults(data: unknown, path: readonly string[]): string[] {
  if (data === null || typeof data !== "object" || path.length > DEEPEST) return []
  return Object.entries(data).flatMap(([key, value]) => {
    const place = [...path, key]
    return key === "__proto__" ? [`${place.join(".")}: \`__proto__\` cannot be a name`] : prototypeFaults(value, place)
  })
}

/** No table of a declaration lies deeper (`states.z.start.values`). */
const DEEPEST = 4

function faultLines(issue: z.core.$ZodIssue, data: unknown, keys: (path: readonly PropertyKey[]) => readonly string[]): string[] {
  const place = issue.path.map(String).join(".")
  const got = at(data, issue.path)
  if (issue.code === "unrecognized_keys")
    return issue.keys.map(key => `${[place, key].filter(Boolean).join(".")}: unknown key \`${key}\`${didYouMean(key, keys(issue.path))} The keys here are ${keys(issue.path).join(", ")}.`)
  if (issue.code === "invalid_key") return [`${place}: ${issue.issues[0]?.message ?? "not a name"}`]
  return [`${place || "the economy"}: ${got === undefined ? "missing" : `got ${shown(got)}`}; ${expectation(issue)}`]
}

const KINDS: Readonly<Record<string, string>> = { object: "a table", record: "a table", array: "a list", tuple: "a list", string: "text", number: "a finite number", boolean: "true or false" }

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `expected ${KINDS[issue.expected] ?? issue.expected}`
  if (issue.code === "invalid_value") return `expected one of ${issue.values.map(String).join(", ")}`
  if (issue.code === "invalid_union" && issue.path.at(-1) === "kind") return issue.message
  if (issue.code === "invalid_union") return issue.path[2] === "risk" ? "expected a formula, or a table with one for each shock" : "expected a number or a formula"
  if ((issue.code === "too_small" || issue.code === "too_big") && issue.origin === "array") return "expected a list of two"
  return issue.message
}

function at(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value !== null && typeof value === "object" && Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined), data)
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? `"${value}"` : typeof value === "object" && value !== null ? (Array.isArray(value) ? "a list" : "a table") : String(value)
  return `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``
}

/** The keys that the schema knows at a place, for proposals. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const shapes: Record<string, readonly string[]> = {
    parameters: Object.keys(parameter.shape), states: Object.keys(state.shape), unknowns: Object.keys(unknown.shape),
    facts: Object.keys(fact.shape), calibrations: ["is", "values"], shocks: ["is"], checks: ["is", "zero", "where"], correlations: ["between", "value"],
  }
  return path.length === 0 ? ["name", ...Object.keys(declaration.shape)] : path.length === 3 && path[2] === "start" ? ["at", "values"] : [...(shapes[String(path[0])] ?? [])]
}
