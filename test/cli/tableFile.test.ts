import fc from "fast-check"
import { expect, test } from "vitest"
import { csvOfTable, tableOfCsv } from "../../src/cli/tableFile.ts"

test("every double comes back", () => {
  const column = fc.array(fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity, -Infinity)), { minLength: 3, maxLength: 3 })
  fc.assert(fc.property(column, column, (z, q) => {
    const before = { length: 3, columns: { z: Float64Array.from(z), q: Float64Array.from(q) } }
    expect(tableOfCsv(csvOfTable(before))).toEqual(before)
  }))
})

test("names may hold commas and quotes", () => {
  const before = { length: 1, columns: { z: Float64Array.of(1), 'residual:a, "b"': Float64Array.of(2), "": Float64Array.of(3), '"': Float64Array.of(4) } }
  expect(tableOfCsv(csvOfTable(before))).toEqual(before)
})

test("a table without rows keeps its columns", () => {
  expect(tableOfCsv("z,q\n")).toEqual({ length: 0, columns: { z: new Float64Array(0), q: new Float64Array(0) } })
})

test.each([["z,q\n1\n", "line 2 has 1 fields; expected 2"], ["z\n1\nx\n", "line 3: `x` is not a number"], ["z,q\n1,\n", "line 2: `` is not a number"]])("%j is refused", (text, message) => {
  expect(() => tableOfCsv(text)).toThrow(message)
})
