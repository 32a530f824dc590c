import { describe, expect, it } from "vitest"
import { commonWords, groupsOf } from "../../src/report/variables.ts"
import { table } from "../../src/run/table.ts"
import { exampleEconomy, exampleSolution } from "./example.ts"

describe("groupsOf", () => {
  it("puts the same quantity of both agents together, and nothing else", () => {
    const groups = groupsOf(exampleEconomy, exampleSolution("fd"))
    expect(groups.map(({ name }) => name)).toEqual(["J", "q", "sigma_R", "psi", "sigma_z", "zeta", "mu_z", "r"])
    expect(groups[0]).toEqual({ name: "J", variables: ["J_e", "J_h"], words: "value function, per unit of capital" })
    expect(groups[5].words).toBe("price of risk")
  })
  it("keeps apart what would flatten the other", () => {
    const { table: found, ...rest } = exampleSolution("fd")
    const columns = { ...found.columns, J_e: found.columns.J_e.map(value => 1000 * value) }
    expect(groupsOf(exampleEconomy, { ...rest, table: table(columns) }).slice(0, 2).map(({ name }) => name)).toEqual(["J_e", "J_h"])
  })
})

it.each([
  [["price of risk of experts", "price of risk of households"], "price of risk"],
  [["experts' value", "households' value"], "value"],
  [["drift", "drift"], "drift"],
  [["growth of experts' utility", "growth of households' utility"], "growth of utility"],
  [["wealth", "risk"], ""],
])("commonWords(%j) is %j", (texts, common) => expect(commonWords(texts)).toBe(common))
