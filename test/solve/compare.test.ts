import { describe, expect, it } from "vitest"
import { solve } from "../../src/request.ts"
import { differences } from "../../src/solve/compare.ts"
import type { Solution } from "../../src/solve/solution.ts"
import { table } from "../../src/run/table.ts"
import { cutAt, benchmark } from "./models.ts"

const first = solve(benchmark, { set: ["points=150"] })
const changed = (how: (columns: Record<string, Float64Array>) => Record<string, Float64Array>): Solution =>
  ({ ...first, method: "other", table: table({ ...first.table.columns, ...how(first.table.columns as Record<string, Float64Array>) }) })

describe("differences", () => {
  it("are zero between a solution and itself", () => {
    for (const d of differences(first, first, ["J_e", "q", "psi", "sigma_R"])) expect([d.largest, d.mean]).toEqual([0, 0])
  })

  it("are relative to the first, and say where they are largest", () => {
    const other = changed(({ J_e, z }) => ({ J_e: J_e.map((y, i) => y * (1 + 0.01 * z[i])) }))
    const [d] = differences(first, other, ["J_e"])
    const { z } = first.table.columns
    expect(d).toMatchObject({ variable: "J_e", methods: ["fd", "other"], at: { z: 0.999 } })
    expect(d.largest).toBeCloseTo(0.01 * 0.999, 9)
    expect(d.mean).toBeCloseTo((0.01 * z.reduce((a, b) => a + b, 0)) / z.length, 6)
  })

  it("are relative to a hundredth of the largest value where a variable passes through zero", () => {
    const { mu_z } = first.table.columns, size = mu_z.reduce((most, y) => Math.max(most, Math.abs(y)), 0)
    const [d] = differences(first, changed(({ mu_z }) => ({ mu_z: mu_z.map(y => y + 1e-3 * size) })), ["mu_z"])
    expect(d.largest).toBeLessThanOrEqual(0.1 + 1e-9)
    expect(d.largest).toBeGreaterThan(0.05)
  })

  it("are taken on the common domain of two grids", () => {
    const narrow = solve(cutAt(benchmark, 0.05), { set: ["points=120"] })
    const [d] = differences(first, narrow, ["J_h"])
    expect(d.at.z).toBeGreaterThanOrEqual(0.05)
    expect(d.at.z).toBeLessThanOrEqual(0.95)
    expect(d.largest).toBeGreaterThan(0)
    expect(d.largest).toBeLessThan(0.05)
  })
})
