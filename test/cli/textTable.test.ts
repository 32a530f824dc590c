import { expect, test } from "vitest"
import { shortNumber, textTable, wrapped, wrappedPairs } from "../../src/cli/textTable.ts"

test("numbers stand to the right, words to the left", () => {
  expect(textTable(["z", "name"], [[0.1, "σ_R"], [10, "q"]])).toEqual([
    "  z  name",
    "0.1  σ_R",
    " 10  q",
  ])
})

test("an empty header is left out", () => {
  expect(textTable(["", ""], [["a", 1], ["bc", 2]])).toEqual(["a   1", "bc  2"])
})

test.each([[0, "0"], [0.26131234, "0.261312"], [1e-5, "1e-5"], [123456.789, "123457"], [1.5e9, "1.5e9"], [-1.25e-7, "-1.25e-7"], [NaN, "-"], [Infinity, "Infinity"], [12, "12"]])("%d is read as %s", (x, text) => {
  expect(shortNumber(x, 6)).toBe(text)
})

test("paragraphs are broken at spaces and indented, and no word is lost", () => {
  const lines = wrapped("one two three four five six", "  ", 14)
  expect(lines).toEqual(["  one two", "  three four", "  five six"])
})

test("meanings are broken to their own column", () => {
  expect(wrappedPairs([["fd", "finite differences on a grid"], ["aliens", "nets"]], " ", 26)).toEqual([
    " fd      finite",
    "         differences on a",
    "         grid",
    " aliens  nets",
  ])
})
