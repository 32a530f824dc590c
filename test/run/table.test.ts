import { expect, test } from "vitest"
import { table, tableOfRows } from "../../src/run/table.ts"

test("a table has the length of its columns, which must agree", () => {
  expect(table({})).toEqual({ length: 0, columns: {} })
  expect(table({ z: Float64Array.of(1, 2), q: Float64Array.of(3, 4) }).length).toBe(2)
  expect(() => table({ z: Float64Array.of(1, 2), q: Float64Array.of(3) })).toThrow("column `q` has 1 rows; expected 2 as in `z`")
})

test("rows become columns of their numbers, whatever row a name first occurs in; what is missing is NaN", () => {
  const { length, columns } = tableOfRows([{ step: 1, done: false, detail: "a" }, { step: 2, loss: 0.5 }, { loss: "none", step: undefined }])
  expect(length).toBe(3)
  expect(columns).toEqual({ step: Float64Array.of(1, 2, NaN), loss: Float64Array.of(NaN, 0.5, NaN) })
  expect(tableOfRows([])).toEqual({ length: 0, columns: {} })
})
