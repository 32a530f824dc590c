import { describe, expect, test } from "vitest"
import { table } from "../../src/run/table.ts"
import type { Solution } from "../../src/solve/solution.ts"
import { errorsOf, rulerFor, visitsOf } from "../../src/study/regionErrors.ts"

/** A solution of two states whose switch is the line z = 0.3 + a/2, with J = factor * (1 + z + a). */
function made(factor: number, shift = 0): Solution {
  const z = Float64Array.from({ length: 41 }, (_, i) => i / 40), a = Float64Array.from({ length: 5 }, (_, i) => 0.1 + i / 40)
  const columns: Record<string, Float64Array> = { z: new Float64Array(205), a: new Float64Array(205), J: new Float64Array(205) }
  for (let i = 0; i < 41; i++) for (let j = 0; j < 5; j++) {
    columns.z[5 * i + j] = z[i]
    columns.a[5 * i + j] = a[j]
    columns.J[5 * i + j] = factor * (1 + z[i] + a[j])
  }
  const samples = table({ z: Float64Array.of(0.1, 0.36, 0.34, 0.9), a: Float64Array.of(0.1, 0.1, 0.1, 0.2), outer: Float64Array.of(1, 2, 2, 2) })
  return {
    method: "made", states: [{ name: "z", nodes: z }, { name: "a", nodes: a }], table: table(columns), samples,
    switches: [...a].map(at => ({ label: "line", state: "z", at: 0.3 + at / 2 + shift, where: { a: at } })),
  } as unknown as Solution
}

describe("errors by region", () => {
  const ruler = rulerFor(made(1), ["J"])

  test("points lie on the side of the switch that they are on, by the area of each side", () => {
    const share = (flags: Uint8Array): number => flags.reduce((sum, f) => sum + f, 0) / flags.length
    expect(share(ruler.inside.crisis)).toBeCloseTo(0.375, 2)
    expect(share(ruler.inside.switch)).toBeCloseTo(0.04, 2)
    expect(share(ruler.inside.all)).toBe(1)
  })

  test("a solution that is 3% too high everywhere is so in every region; the shift of its switch is seen", () => {
    for (const [, error] of errorsOf(ruler, made(1.03), ["J"])) expect(error).toBeCloseTo(0.03, 12)
    expect(ruler.switchDistance(made(1, 0.007))).toBeCloseTo(0.007, 12)
  })

  test("training points of the last outer step count where they lie", () => {
    expect(visitsOf(ruler, made(1))).toEqual({ crisis: 1 / 3, switch: 2 / 3, all: 1 })
  })
})
