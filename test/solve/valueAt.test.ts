import { describe, expect, it } from "vitest"
import { solve } from "../../src/request.ts"
import { slopeOf, valueAt, variablesOf } from "../../src/solve/valueAt.ts"
import { benchmark } from "./models.ts"

const s = solve(benchmark, { set: ["points=300"] })
const { z, q, sigma_R } = s.table.columns
const star = s.facts.z_star

describe("valueAt", () => {
  it("is the table at its nodes, and between two of them between their values", () => {
    for (const name of variablesOf(s)) for (const i of [0, 1, 40, 150, 298, 299]) expect(valueAt(s, name, { z: z[i] }), name).toBeCloseTo(s.table.columns[name][i], 12)
    for (const i of [3, 30, 200]) {
      const y = valueAt(s, "q", { z: 0.5 * (z[i] + z[i + 1]) })
      expect(y).toBeCloseTo((q[i] + q[i + 1]) / 2, 3)
    }
  })

  it("does not look across a switch: volatility jumps there and nowhere else", () => {
    const h = 1e-7
    expect(valueAt(s, "sigma_R", { z: star - h })).toBeGreaterThan(0.118)
    expect(valueAt(s, "sigma_R", { z: star + h })).toBeCloseTo(0.06, 9)
    for (let x = 0.01; x < 0.99; x += 0.0011) {
      if (Math.abs(x - star) < 0.0011) continue
      expect(Math.abs(valueAt(s, "sigma_R", { z: x + 5e-4 }) - valueAt(s, "sigma_R", { z: x - 5e-4 }))).toBeLessThan(2e-3)
    }
  })

  it("differentiates any variable once more by name", () => {
    expect(slopeOf(s, "sigma_R_z")).toBe("sigma_R")
    expect(slopeOf(s, "q_zzz")).toBeUndefined()
    const i = 100
    const x = 0.5 * (z[i] + z[i + 1])
    expect(valueAt(s, "sigma_R_z", { z: x })).toBeCloseTo((sigma_R[i + 1] - sigma_R[i]) / (z[i + 1] - z[i]), 2)
    // One-sided at the switch: a difference across it would be huge.
    for (const at of [star - 1e-8, star, star + 1e-8]) expect(Math.abs(valueAt(s, "sigma_R_z", { z: at }))).toBeLessThan(1)
    expect(valueAt(s, "sigma_R_z", { z: star + 1e-4 })).toBeCloseTo(0, 9)
    // A derivative that the table holds is taken from it.
    expect(valueAt(s, "q_z", { z: z[50] })).toBe(s.table.columns.q_z[50])
  })

  it("refuses a name it does not know", () => {
    expect(() => valueAt(s, "nonsense", { z: 0.5 })).toThrow(RangeError)
  })
})
