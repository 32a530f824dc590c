import { describe, expect, expectTypeOf, test } from "vitest"
import { Mistake } from "../../src/run/mistake.ts"
import { settingValues, type SettingValue } from "../../src/run/settings.ts"

const settings = {
  points: { value: 100, is: "grid points", least: 10, most: 1000, whole: true },
  rate: { value: 0.1, is: "learning rate", above: 0 },
  upwind: { value: true, is: "one-sided differences" },
  finish: { value: "newton", is: "the last steps", among: ["newton", "none"] },
  label: { value: "", is: "any words" },
} as const

const given = (values: Record<string, SettingValue>) => settingValues("fd", settings, values)

describe("settingValues", () => {
  test("gives the defaults, with their types", () => {
    expect(settingValues("fd", settings)).toEqual({ points: 100, rate: 0.1, upwind: true, finish: "newton", label: "" })
    expectTypeOf(settingValues("fd", settings).points).toEqualTypeOf<number>()
    expectTypeOf(settingValues("fd", settings).upwind).toEqualTypeOf<boolean>()
    expectTypeOf(settingValues("fd", settings).finish).toEqualTypeOf<string>()
  })

  test.each<[string, SettingValue, SettingValue]>([
    ["points", 10, 10], ["points", "1000", 1000], ["points", "2e2", 200], ["points", " 50 ", 50], ["rate", "1e-3", 1e-3], ["rate", ".5", 0.5],
    ["upwind", "false", false], ["upwind", "off", false], ["upwind", false, false], ["upwind", "on", true], ["upwind", "true", true],
    ["finish", "none", "none"], ["label", "two words", "two words"], ["label", 3, "3"],
  ])("%s = %j is read as %j", (name, text, value) => {
    expect(given({ [name]: text })).toMatchObject({ [name]: value })
  })

  test.each<[Record<string, SettingValue>, string]>([
    [{ points: 9 }, "fd: `points` is `9`; expected a whole number at least 10 and at most 1000 (grid points)"],
    [{ points: "1001" }, "fd: `points` is `1001`; expected a whole number at least 10 and at most 1000 (grid points)"],
    [{ points: 10.5 }, "fd: `points` is `10.5`; expected a whole number"],
    [{ points: "many" }, "fd: `points` is `many`; expected a whole number"],
    [{ points: "" }, "fd: `points` is ``; expected a whole number"],
    [{ points: true }, "fd: `points` is `true`; expected a whole number"],
    [{ points: NaN }, "fd: `points` is `NaN`; expected a whole number"],
    [{ rate: 0 }, "fd: `rate` is `0`; expected a number above 0 (learning rate)"],
    [{ rate: "Infinity" }, "fd: `rate` is `Infinity`; expected a number above 0"],
    [{ upwind: "yes" }, "fd: `upwind` is `yes`; expected true or false (one-sided differences)"],
    [{ upwind: 1 }, "fd: `upwind` is `1`; expected true or false"],
    [{ finish: "lbfgs" }, "fd: `finish` is `lbfgs`; expected one of newton, none (the last steps)"],
    [{ point: 5 }, "fd: unknown setting `point`; did you mean `points`? The settings are points, rate, upwind, finish, label."],
    [{ constructor: 5 }, "fd: unknown setting `constructor`. The settings are"],
  ])("%j is a mistake", (values, message) => {
    expect(() => given(values)).toThrow(Mistake)
    expect(() => given(values)).toThrow(message)
  })
})
