import { describe, expect, test } from "vitest"
import { STUDIES } from "../../src/study/index.ts"

describe.each(Object.values(STUDIES))("$name", ({ is, question, cells, name }) => {
  test("says what it is and what it asks", () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(is.length).toBeGreaterThan(20)
    expect(question).toMatch(/\?/)
  })

  test("has cells, fewer or smaller when quick, that travel as JSON", () => {
    const [all, quick] = [cells(false), cells(true)]
    expect(Object.keys(quick).length).toBeGreaterThan(0)
    expect(Object.keys(quick).length).toBeLessThanOrEqual(Object.keys(all).length)
    expect(JSON.parse(JSON.stringify(all))).toEqual(all)
    expect(JSON.stringify(quick)).not.toBe(JSON.stringify(all))
  })
})
