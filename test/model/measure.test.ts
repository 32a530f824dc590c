import { expect, test } from "vitest"
import { problem } from "../../src/model/compileProblem.ts"
import { regionOf, slackText } from "../../src/model/measure.ts"
import { Mistake } from "../../src/run/mistake.ts"
import { benchmark } from "../solve/models.ts"

const compiled = problem(benchmark)
const at = (text: string, values: Readonly<Record<string, number>>): number => {
  const { kernel } = regionOf(benchmark, compiled, text, "--crisis"), out = new Float64Array(1)
  kernel.run(compiled.inputs.map(name => Float64Array.of(values[name] ?? compiled.parameters[name] ?? 0)), 1, [out])
  return out[0]
}

test("a comparison is the larger side less the smaller; a formula is itself", () => {
  expect(at("psi < 0.5", { psi: 0.2 })).toBeCloseTo(0.3, 15)
  expect(at("psi >= 0.5", { psi: 0.2 })).toBeCloseTo(-0.3, 15)
  expect(at("2*z - psi", { psi: 0.2, z: 0.4 })).toBeCloseTo(0.6, 15)
  expect(regionOf(benchmark, compiled, " psi < 0.5 ", "--crisis").is).toBe("psi < 0.5")
  expect(regionOf(benchmark, compiled, "z - 0.1", "--crisis").is).toBe("z - 0.1 > 0")
})

test("definitions, derivatives and parameters may be used, as in equations", () => {
  expect(at("iota > delta", { q: 1.5 })).toBeCloseTo(0.1 - 0.05, 12)
  expect(at("q_z", { q_z: 3 })).toBe(3)
})

test("what cannot be read is a mistake with a caret", () => {
  for (const [text, message] of [["psy < 1", "unknown name `psy`; did you mean `psi`?"], ["psi <", "--crisis `psi <`"], ["", "--crisis"]]) {
    expect(() => regionOf(benchmark, compiled, text, "--crisis")).toThrow(Mistake)
    expect(() => regionOf(benchmark, compiled, text, "--crisis")).toThrow(message)
  }
})

test("where a line is slack, in words", () => { expect(slackText(benchmark, "capital market")).toBe("psi < 1") })
