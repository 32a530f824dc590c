import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { continuousTime } from "../../src/economies/index.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { economy } from "../../src/model/economy.ts"
import { frozenWidth, pairs, type Problem } from "../../src/model/problem.ts"
import { evaluate, somewhere, type Point } from "./evaluate.ts"

/** A value function J of two states in a line that names J, its drift, both vols and plain derivatives, and definitions of J. */
const twoStates = (line: string): Problem => problem(economy("two-states", {
  is: "two states", parameters: { c: { value: 0.3, is: "correlation" } },
  shocks: { A: { is: "first" }, B: { is: "second" } }, correlations: [{ between: ["A", "B"], value: "c" }],
  states: {
    x: { is: "first", from: 0, to: 1, drift: "0.5 - x*q", risk: { A: "0.3 + x/10", B: "0.2*q" } },
    y: { is: "second", from: 1, to: 2, drift: "q - y", risk: { A: "-0.1*y" } },
  },
  unknowns: { q: { kind: "price", guess: "1", is: "price" }, J: { kind: "value", guess: "1", positive: true, is: "value" }, V: { kind: "value", guess: "1", positive: true, is: "other" } },
  equations: `
    log_J = log(J)
    slope = vol(J, A)/J
    g = J^2*V
    [J] ${line}
    [V] 0 = drift(V) - J*V
    [q] q = 1 + vol(V, A)`,
}))

/** The coefficients of the value function numbered `i` at a point: first and second derivatives, level, constant. */
function coefficients(built: Problem, i: number, point: Point): { first: number[]; second: number[]; level: number; constant: number } {
  if ("refusal" in built.frozen) throw new Error(built.frozen.refusal)
  const width = frozenWidth(built.states.length), n = built.states.length
  const own = evaluate(built, built.frozen.kernel, point).slice(i * width, (i + 1) * width)
  return { first: own.slice(0, n), second: own.slice(n, width - 2), level: own[width - 2], constant: own[width - 1] }
}

/** The line as it stands, over the coefficient of drift(J); and the frozen equation with the same jets. */
function both(built: Problem, i: number, point: Point): { line: number; frozen: number; size: number } {
  const outputs = evaluate(built, built.hjb.kernel, point)
  const jet = (kind: string, by: readonly number[]): number => built.jets.findIndex(j => built.unknowns[j.unknown].name === name && j.kind === kind && String(j.by) === String(by))
  const name = built.unknowns.filter(u => u.kind === "value")[i].name
  const drift = outputs[built.hjb.partials.find(p => p.row === i && p.jet === jet("time", []))!.output]
  const { first, second, level, constant } = coefficients(built, i, point)
  const at = (kind: string, by: readonly number[]): number => point[built.jets[jet(kind, by)].symbol]
  const terms = [at("time", []), ...first.map((b, s) => b * at("first", [s])), ...pairs(built.states.length).map((by, k) => second[k] * at("second", by)), level * at("value", []), constant]
  return { line: outputs[built.hjb.residuals[i].first] / drift, frozen: terms.reduce((a, b) => a + b, 0), size: terms.reduce((sum, term) => sum + Math.abs(term), 0) }
}

const rich = "3 + q*J_xy = 2*drift(J) + q*vol(J, A) - 0.5*vol(J, B) + log_J*J - slope^2*J + g + x*J_y - J_xx"

describe("the coefficients reproduce the line at any jets", () => {
  const problems: [string, Problem][] = [
    ...Object.values(continuousTime).map((e): [string, Problem] => [e.name, problem(e)]),
    ["two states", twoStates(rich)],
  ]
  test.each(problems.filter(([, built]) => built.hjb.labels.length > 0))("%s", (_, built) => {
    fc.assert(fc.property(fc.nat(1e6), seed => {
      const point = somewhere(built, seed)
      built.hjb.labels.forEach((_, i) => {
        const { line, frozen, size } = both(built, i, point)
        expect(Math.abs(line - frozen)).toBeLessThan(1e-10 * (1 + size))
      })
    }), { numRuns: 50 })
  })
})

describe("what is live", () => {
  const point = { x: 0.4, y: 1.5, q: 1.1, J: 1.3, J_x: 0.2, J_y: -0.1, V: 0.9, V_x: 0.3, V_y: 0.5 }
  const filled = (built: Problem): Point => ({ ...somewhere(built, 1), ...point, "J^x": point.J_x, "J^y": point.J_y })

  test("J, its drift, vols and derivatives where the line names them; definitions are taken at the last values", () => {
    const built = twoStates(rich), at = filled(built), { q, J, V, x, y } = point
    const { level, constant, first, second } = coefficients(built, 0, at)
    // The line over -2, the coefficient of drift(J) once everything stands on the left.
    const slope = ((0.3 + x / 10) * point.J_x - 0.1 * y * point.J_y) / J
    expect(level).toBeCloseTo((Math.log(J) - slope ** 2) / 2, 12)
    expect(constant).toBeCloseTo((J ** 2 * V - 3) / 2, 12)
    // vol(J, A) is (0.3 + x/10) J_x - 0.1 y J_y and vol(J, B) is 0.2 q J_x; J_xy and J_xx bring no other coefficient of theirs.
    expect(first[0]).toBeCloseTo(0.5 - x * q + (q * (0.3 + x / 10) - 0.5 * 0.2 * q) / 2, 12)
    expect(first[1]).toBeCloseTo(q - y + (x + q * -0.1 * y) / 2, 12)
    const [xA, xB, yA, c] = [0.3 + x / 10, 0.2 * q, -0.1 * y, 0.3]
    const expected = [0.5 * (xA ** 2 + xB ** 2 + 2 * c * xA * xB) - 0.5, xA * yA + c * xB * yA - q / 2, 0.5 * yA ** 2]
    second.forEach((d, k) => expect(d).toBeCloseTo(expected[k], 12))
  })

  test("a formula that is live in the line is frozen as a definition: J*J is refused, its name is not", () => {
    expect("refusal" in twoStates("0 = drift(J) - J*J").frozen).toBe(true)
    const built = twoStates("0 = drift(J) - g")
    expect(coefficients(built, 0, filled(built)).level).toBe(0)
  })

  test("the other value function is frozen: its line is linear in V although J*V stands in it", () => {
    const built = twoStates("0 = drift(J)")
    expect(coefficients(built, 1, filled(built)).level).toBeCloseTo(-point.J, 14)
  })
})

describe("a line that is not linear is refused, with a way to mend it", () => {
  test.each(["0 = drift(J) - J*log(J)", "0 = drift(J)/J - 1", "0 = drift(J) + vol(J, A)^2", "log(J) = drift(J)", "0 = drift(J)*J_x", "0 = drift(J) + max(J, 1)*J"])("%s", line => {
    expect(twoStates(line).frozen).toEqual({
      refusal: "[J] is not linear in `J` and its derivatives; give what is nonlinear a name of its own (as in `log_J = log(J)`, which is then taken at the last values) or multiply the line through, so that `drift(J)` stands alone",
    })
  })
})
