import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parse } from "smol-toml"
import { economy, economyOf } from "../../src/model/economy.ts"
import { Mistake } from "../../src/run/mistake.ts"
import { specimen, type Draft } from "./specimen.ts"

/** The message with which a declaration is refused. */
function refusal(data: unknown): string {
  try {
    economyOf(data, "specimen")
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    return error.message
  }
  throw new Error("it was accepted")
}
function spoilt(spoil: (draft: Draft) => void): string {
  const draft = specimen()
  spoil(draft)
  return refusal(draft)
}
/** Appends lines to the equations. */
const and = (...lines: string[]) => (draft: Draft): void => { draft.equations += lines.map(line => `    ${line}\n`).join("") }
const replace = (old: string, by: string) => (draft: Draft): void => {
  if (!draft.equations.includes(old)) throw new Error(`no ${old}`)
  draft.equations = draft.equations.replace(old, by)
}

test("the specimen itself is accepted, and kept as it was given", () => {
  const declaration = specimen()
  const { name, declaration: kept, statements } = economy("specimen", declaration)
  expect(name).toBe("specimen")
  expect(kept).toEqual(declaration)
  expect(statements.map(s => (s.kind === "definition" ? s.name : s.label))).toEqual(["sigma_R", "sigma_z", "mu_z", "HJB", "goods market", "capital market"])
})

describe("each mistake has its line", () => {
  // [what, how it is made, all lines of the message after the first]
  const rows: [string, (draft: Draft) => void, string[]][] = [
    ["a misspelt name, with a caret", replace("(1 - gamma)*sigma_k", "(1 - gamma)*sigk"), [
      "equations, line 6: unknown name `sigk`; did you mean `sigma_k`?",
      "  [HJB] 0 = drift(J) - rho*J + (1 - gamma)*sigk*vol(J) + log(q)",
      "                                           ^^^^"]],
    ["an unknown key", d => Object.assign(d.states.z, { dirft: "0" }), ["states.z.dirft: unknown key `dirft`; did you mean `drift`? The keys here are is, from, to, drift, risk, grid, ends, start."]],
    ["an unknown key at the top", d => Object.assign(d, { paramters: {} }), ["paramters: unknown key `paramters`; did you mean `parameters`? The keys here are name, is, source, parameters, calibrations, shocks, correlations, states, unknowns, equations, words, exact, facts, checks, notes."]],
    ["an unknown key deep down", d => Object.assign(d.states.z.start!, { valus: {} }), ["states.z.start.valus: unknown key `valus`; did you mean `values`? The keys here are at, values."]],
    ["one equation too few", replace("[goods market] rho*q = a*psi + b*(1 - psi)", ""), [
      "equations: 2 prices and shares (q, psi) but 1 equation for them ([capital market]); add a line that begins with [name]"]],
    ["one equation too many", and("[extra] q = 1"), [
      "equations: 2 prices and shares (q, psi) but 3 equations for them ([goods market], [capital market], [extra]); take one away or declare another unknown"]],
    ["an unknown in no equation", d => { d.unknowns.w = { kind: "price", guess: "1", is: "wage" }; and("[extra] q = 1")(d) }, [
      "unknowns.w: stands in no equation; add a line `[name] left = right` that holds `w`"]],
    ["a cycle of definitions", and("c = d + 1", "d = e", "e = 2*c"), [
      "equations, line 9: cyclic definition: c -> d -> e -> c; write one of them as an equation `[label] left = right` with an unknown", "  c = d + 1", "  ^"]],
    ["a cycle through the law of motion", replace("mu_z = z*(1 - z)*(0.5 - z)", "mu_z = drift(q)"), [
      "equations, line 4: cyclic definition: mu_z -> states.z.drift -> mu_z; write one of them as an equation `[label] left = right` with an unknown", "  mu_z = drift(q)", "  ^^^^"]],
    ["NaN and infinity", d => { d.parameters.rho.value = NaN; d.parameters.a.value = Infinity; d.calibrations!.risky.values.b = -Infinity }, [
      "parameters.rho.value: got `NaN`; expected a finite number", "parameters.a.value: got `Infinity`; expected a finite number",
      "calibrations.risky.values.b: got `-Infinity`; expected a finite number"]],
    ["values outside their bounds", d => { d.parameters.rho.value = 0; d.parameters.gamma.value = 1; d.calibrations!.risky.values = { sigma_k: 1, gama: 3, constructor: 3 } }, [
      "parameters.rho: `rho` is `0`; expected a number above 0 (discount rate)",
      "parameters.gamma: `gamma` is `1`; expected a number at least 0.5 and at most 20 and not 1 (risk aversion)",
      "calibrations.risky.values.sigma_k: `sigma_k` is `1`; expected a number above 0 and below 1 (risk of capital)",
      "calibrations.risky.values.gama: unknown parameter `gama`; did you mean `gamma`?",
      "calibrations.risky.values.constructor: unknown parameter `constructor`."]],
    ["a derivative defined by hand", and("q_z = 1"), [
      "the definition of `q_z`: `q_z` is how the derivative of `q` with respect to z is written; choose another name"]],
    ["an unknown called like a derivative", d => { d.unknowns.J_zz = { kind: "price", guess: "1", is: "x" }; and("[extra] J_zz = 1")(d) }, [
      "unknowns.J_zz: `J_zz` is how the derivative of `J` with respect to z and z is written; choose another name"]],
    ["names taken twice", and("rho = 2", "mu_z = 3", "psi = 1"), [
      "the definition of `rho`: the name `rho` is taken by parameters.rho; choose another",
      "the definition of `mu_z`: the name `mu_z` is taken by the definition of `mu_z`; choose another",
      "the definition of `psi`: the name `psi` is taken by unknowns.psi; choose another"]],
    ["a label used twice", replace("[goods market]", "[capital market]"), ["equations: two lines are called [capital market]; give each its own name"]],
    ["no HJB line", replace("drift(J) - rho*J", "rho*J"), [
      "unknowns.J: no equation holds `drift(J)`; a value function needs exactly one, its HJB line",
      "equations: 2 prices and shares (q, psi) but 3 equations for them ([HJB], [goods market], [capital market]); take one away or declare another unknown"]],
    ["two HJB lines", and("[again] 0 = drift(J) + 1"), ["unknowns.J: 2 equations hold `drift(J)`; a value function needs exactly one, its HJB line"]],
    ["two value functions in one line", d => { d.unknowns.V = { kind: "value", guess: "1", is: "v" }; replace("[HJB] 0 = drift(J)", "[HJB] 0 = drift(J) + drift(V)")(d) }, [
      "equations, [HJB]: takes the drift of J and V; an HJB line holds one"]],
    ["ranges", d => { delete d.unknowns.psi.range; d.unknowns.q.range = [2, 1] }, [
      "unknowns.q.range: got [2, 1]; expected [low, high] with low < high", "unknowns.psi: a share needs a range, as in `range = [0, 1]`"]],
    ["facts", d => { d.facts = { a: { is: "a" }, b: { is: "b", max: "q", min: "q" }, c: { is: "c", switch: "captal market" }, d: { is: "d", value: "q" }, e: { is: "e", root: "sigma_RR" } } }, [
      "facts.e.root: unknown name `sigma_RR`; did you mean `sigma_R`?", "  sigma_RR", "  ^^^^^^^^",
      "facts.a: got no way to find it; expected one of switch, max, min, root, value", "facts.b: got max and min; expected one of switch, max, min, root, value",
      "facts.c.switch: no complementarity line is called [captal market]; did you mean `capital market`?", "facts.d.at: expected a number for each state (z)"]],
    ["checks", d => { d.checks = { a: { is: "a", zero: "q - " }, b: { is: "b", zero: "r", where: "2z" } } }, [
      "checks.a.zero: expected a number, a name or `(` but found the end", "  q -", "     ^",
      "checks.b.zero: unknown name `r`.", "  r", "  ^",
      "checks.b.where: multiplication must be written: write `2*z`", "  2z", "  ^^"]],
    ["shocks and correlations", d => {
      d.shocks = { K: { is: "k" }, A: { is: "a" } }
      d.states.z.risk = { K: "sigma_z", B: "1" }
      d.correlations = [{ between: ["K", "B"], value: "0" }, { between: ["K", "K"], value: "0" }, { between: ["K", "A"], value: "z" }, { between: ["A", "K"], value: "0" }]
    }, [
      "equations, line 6: `vol` takes a formula and one of the shocks K, A", "  [HJB] 0 = drift(J) - rho*J + (1 - gamma)*sigma_k*vol(J) + log(q)", `${" ".repeat(51)}^^^^^^`,
      "correlations.3.value: `z` cannot stand here. The names allowed are rho, sigma_k, a, b, gamma.", "  z", "  ^",
      "states.z.risk.B: unknown shock.", "correlations.1: unknown shock `B`.", "correlations.2: `K` stands twice; expected two shocks",
      "correlations.4: the correlation of A and K is given already, by correlations.3; take one away"]],
    ["one loading for two shocks", d => { d.shocks = { K: { is: "k" }, A: { is: "a" } }; replace("vol(J)", "vol(J, A)")(d) }, [
      "states.z.risk: there are 2 shocks (K, A); give one loading for each"]],
    ["an unknown shock", replace("vol(J)", "vol(J, W)"), ["equations, line 6: unknown shock `W`; expected one of Z", "  [HJB] 0 = drift(J) - rho*J + (1 - gamma)*sigma_k*vol(J, W) + log(q)", `${" ".repeat(51)}^^^^^^^^^`]],
    ["an empty domain", d => { d.states.z.from = 2; d.states.z.to = 1 }, ["states.z: its domain runs from `2` to `1`; expected from < to"]],
    ["a domain that depends on what it must not", d => { d.states.z.to = "psi" }, ["states.z.to: `psi` cannot stand here. The names allowed are rho, sigma_k, a, b, gamma.", "  psi", "  ^^^"]],
    ["a start for what is no unknown", d => { d.states.z.start!.values = { p: "0" } }, ["states.z.start.values.p: no such unknown."]],
    ["a guess from an unknown", d => { d.unknowns.q.guess = "psi + 1" }, ["unknowns.q.guess: `psi` cannot stand here. The names allowed are rho, sigma_k, a, b, gamma, z.", "  psi + 1", "  ^^^"]],
    ["third derivatives", and("d = q_zzz", "e = drift(q_z)", "f = vol(drift_J)", "drift_J = drift(J)"), [
      "equations, line 9: `q_zzz` is a derivative of order 3; at most second derivatives exist", "  d = q_zzz", "      ^^^^^",
      "equations, line 10: this needs a derivative of `q` of order 3; at most second derivatives exist", "  e = drift(q_z)", "            ^^^",
      "equations, line 11: a derivative of `drift` of a value function is a third derivative; at most second derivatives exist", "  f = vol(drift_J)", "          ^^^^^^^"]],
    ["functions", and("f = lgo(q)", "g = log(q, 2)", "h = drift(q, 2)", "k = vol(q, 2, 3)"), [
      "equations, line 9: unknown function `lgo`; did you mean `log`?", "  f = lgo(q)", "      ^^^^^^",
      "equations, line 10: `log` takes 1 argument but got 2", "  g = log(q, 2)", "      ^^^^^^^^^",
      "equations, line 11: `drift` takes one formula but was given 2", "  h = drift(q, 2)", "      ^^^^^^^^^^^",
      "equations, line 12: `vol` takes a formula and one of the shocks Z", "  k = vol(q, 2, 3)", "      ^^^^^^^^^^^^"]],
    ["words for nothing", d => { d.words!.sigmaR = "x"; d.exact!.mu = "1" }, [
      "words.sigmaR: no unknown or definition is called `sigmaR`; did you mean `sigma_R`?", "exact.mu: no unknown or definition is called `mu`; did you mean `mu_z`?"]],
    ["time as a state", d => { d.states.t = { is: "time", from: 0, to: 1, drift: "1", risk: "0" }; d.facts = {} }, ["states.t: `t` is time; choose another name"]],
    ["states whose derivatives look alike", d => { d.states.zz = { is: "other", from: 0, to: 1, drift: "1", risk: "0" }; d.facts = {}; d.checks = {} }, [
      "equations, line 6: this needs a derivative of `J` of order 3; at most second derivatives exist", "  [HJB] 0 = drift(J) - rho*J + (1 - gamma)*sigma_k*vol(J) + log(q)", "                  ^",
      "states: a derivative `_zz` would be by zz or by z and z; rename one of the states"]],
    ["wrong kinds of things", d => Object.assign(d, { is: undefined, parameters: { rho: 3, "2x": { value: 1, is: "x" } }, unknowns: { q: { is: "", kind: "prise", guess: "1", range: [0] } }, states: [], equations: 3, notes: "x" }), [
      "is: missing; expected text", "parameters.rho: got `3`; expected a table", "parameters.2x: a name is letters, digits and `_`, beginning with a letter",
      "states: got `a list`; expected a table", "unknowns.q.is: got `\"\"`; expected words that say what it is", "unknowns.q.kind: got `\"prise\"`; expected one of value, price, share",
      "unknowns.q.range: got `a list`; expected a list of two", "equations: got `3`; expected text", "notes: got `\"x\"`; expected a list"]],
    ["wrong kinds of formulas", d => Object.assign(d.states.z, { from: true, risk: 3 }), [
      "states.z.from: got `true`; expected a number or a formula", "states.z.risk: got `3`; expected a formula, or a table with one for each shock"]],
  ]
  test.each(rows)("%s", (_, spoil, lines) => {
    const [first, ...rest] = spoilt(spoil).split("\n")
    const count = lines.filter(line => !line.startsWith("  ")).length
    expect(rest).toEqual(lines.map(line => `  ${line}`))
    expect(first).toBe(`economy \`specimen\` has ${count} mistake${count === 1 ? "" : "s"}`)
  })
})

test("all mistakes are listed at once, those of formulas in the order of the text", () => {
  const message = spoilt(d => {
    replace("(1 - gamma)*sigma_k", "(1 - gamma)*sigk")(d)
    and("c = 2 q", "[extra] c = sgima_R")(d)
    d.parameters.rho.value = -1
    d.states.z.grid = "u"
    d.facts!.peak.max = "sigma"
  })
  const order = ["write `2*q`", "unknown name `sigk`", "unknown name `sgima_R`; did you mean `sigma_R`?", "states.z.grid: `u` cannot stand here", "facts.peak.max: unknown name `sigma`", "`rho` is `-1`"].map(piece => message.indexOf(piece))
  expect(order.every(at => at > 0)).toBe(true)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect(message).toMatch(/^economy `specimen` has 6 mistakes\n/)
})

test("a screen of mistakes is shown and the rest counted", () => {
  const message = spoilt(and(...Array.from({ length: 40 }, (_, i) => `c${i} = unknown_name_${i}`)))
  expect(message).toMatch(/ has 40 mistakes\n/)
  expect(message).toMatch(/\n {2}\.\.\. and 28 more$/)
})

describe("economyOf", () => {
  test("takes the name in the data before the one given", () => {
    expect(economyOf({ name: "mine", ...specimen() }, "given").name).toBe("mine")
    expect(economyOf(specimen(), "given").name).toBe("given")
    expect(economyOf(specimen()).name).toBe("economy")
  })

  test.each<[unknown, string]>([
    ["", "is ``"], ["a b", "is `a b`"], ["-x", "is `-x`"], ["../etc", "is `../etc`"], ["x".repeat(1e6), "xxx..."], [3, "is no text"], [{ toString: 1 }, "is no text"], [null, "is no text"],
  ])("bad name %#", (name, piece) => {
    const message = refusal({ name, ...specimen() })
    expect(message).toContain(piece)
    expect(message).toMatch(/^the name of an economy .* expected at most 80 letters, digits, `-` and `.`, as in `my-economy-2024`$/)
  })

  test.each([[null], [undefined], [3], ["text"], [[]], [true]])("%s is no table", data => {
    expect(refusal(data)).toBe("economy `specimen` has 1 mistake\n  expected a table with parameters, states, unknowns and equations")
  })
})

describe("whatever is given, the answer is an economy or a short Mistake", () => {
  const MOST = 3000
  /** Either accepted or refused with a message that fits a screen. */
  const holds = (data: unknown): void => {
    try {
      economyOf(data)
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      expect(error.message.length).toBeLessThan(MOST)
    }
  }
  const key = fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", "valueOf", "hasOwnProperty", "is", "value", "z", "q", "name"), fc.string())
  const anything = fc.letrec<{ json: unknown }>(tie => ({
    json: fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.jsonValue(), fc.double(), fc.string({ unit: "binary", maxLength: 60 }), fc.array(tie("json"), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie("json")), { maxLength: 4 }).map(entries => JSON.parse(`{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v) ?? "null"}`).join(",")}}`) as unknown)),
  })).json

  test("any JSON", () => fc.assert(fc.property(anything, holds), { numRuns: 400 }))

  test("any JSON, as any part of a declaration", () => {
    const places = (value: unknown, path: string[] = []): string[][] =>
      [path, ...(value !== null && typeof value === "object" ? Object.entries(value).flatMap(([k, v]) => places(v, [...path, k])) : [])]
    const inside = places(specimen()).slice(1)
    fc.assert(fc.property(fc.constantFrom(...inside), fc.option(key), anything, (path, extra, value) => {
      const draft = specimen()
      let table = draft as unknown as Record<string, unknown>
      for (const step of path.slice(0, -1)) table = table[step] as Record<string, unknown>
      const last = path[path.length - 1], held = table[last]
      if (extra !== null && held !== null && typeof held === "object") Object.defineProperty(held, extra, { value, enumerable: true, configurable: true, writable: true })
      else table[last] = value
      holds(draft)
    }), { numRuns: 600 })
  })

  test("any text as equations: pieces of the language in any order", () => {
    const piece = fc.constantFrom("q", "psi", "J", "z", "q_z", "J_zz", "mu_z", "drift(", "vol(", "log(", "if(", "min(", ")", "(", "+", "-", "*", "/", "^", "=", "_|_", ">= 0", "0 <=", "[a]", "[HJB]", "\n", "2", "1e999", ",", "#", "σ", "é", "\u0000", " ")
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), pieces => holds({ ...specimen(), equations: pieces.join(" ") })), { numRuns: 600 })
  })

  test.each<[string, (draft: Draft) => void]>([
    ["a long name", and(`c = ${"x".repeat(1e5)}`)],
    ["a long line", and(`c = ${"1 + ".repeat(2e4)}y`)],
    ["a long key", d => { d.parameters["x".repeat(1e5)] = { value: NaN, is: "x" } }],
    ["a long key with line breaks", d => { d.parameters["\n".repeat(1e5)] = { value: 1, is: "x" } }],
    ["many parameters to propose", d => { for (let i = 0; i < 2000; i++) d.parameters[`parameter_${i}`] = { value: 1, is: "x" }; d.states.z.to = "y" }],
    ["many mistakes of everything", d => { for (let i = 0; i < 2000; i++) d.parameters[`p${i}`] = { value: 1, above: 2, is: "w".repeat(500) } }],
    ["deep parentheses", and(`c = ${"(".repeat(1e5)}q${")".repeat(1e5)}`)],
    ["parentheses without an end", and(`c = ${"(".repeat(1e5)}`)],
    ["deep calls", and(`c = ${"log(".repeat(3e4)}q${")".repeat(3e4)}`)],
    ["many signs", and(`c = ${"-".repeat(1e5)}q`)],
    ["a tower of powers", and(`c = ${"q^".repeat(3e4)}q`)],
    ["a long chain of definitions", and("c0 = q", ...Array.from({ length: 5000 }, (_, i) => `c${i + 1} = c${i} + 1`).toReversed())],
    ["deep lists", d => { let deep: unknown = []; for (let i = 0; i < 1e4; i++) deep = [deep]; Object.assign(d, { notes: deep }) }],
  ])("%s", (_, spoil) => {
    const draft = specimen()
    spoil(draft)
    holds(draft)
  })

  test("prototypes stay as they are", () => {
    holds(JSON.parse('{"__proto__": {"polluted": 1}, "parameters": {"__proto__": {"value": 1, "is": "x"}, "constructor": {"prototype": {"polluted": 1}}}}'))
    const message = refusal({ ...specimen(), parameters: JSON.parse('{"__proto__": {"value": 1, "is": "x"}}') as Draft["parameters"] })
    expect(message).toContain("parameters.__proto__: `__proto__` cannot be a name")
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test("names of Object's own methods are names like others", () => {
    const draft = specimen()
    draft.parameters.constructor = { value: 1, is: "a firm that builds" } as never
    draft.parameters.toString = { value: 2, is: "a rope" } as never
    and("valueOf = constructor + toString")(draft)
    expect(economyOf(draft).statements).toHaveLength(7)
    expect(spoilt(and("c = hasOwnProperty"))).toContain("unknown name `hasOwnProperty`")
  })
})

test("the same declaration as TOML and as TypeScript is the same economy", () => {
  const toml = parse(`
    name = "tiny"
    is = "Tiny"
    equations = """
      [goods] q = 1 + z
    """
    parameters.a = { value = 1, is = "one" }
    states.z = { is = "state", from = 0, to = 1, drift = "a", risk = "0" }
    unknowns.q = { kind = "price", guess = "1", is = "price" }
  `)
  const typed = economy("tiny", {
    is: "Tiny", equations: "      [goods] q = 1 + z\n    ", parameters: { a: { value: 1, is: "one" } },
    states: { z: { is: "state", from: 0, to: 1, drift: "a", risk: "0" } }, unknowns: { q: { kind: "price", guess: "1", is: "price" } },
  })
  expect(economyOf(toml)).toEqual(typed)
})
