import { expect, test } from "vitest"
import { parameterBounds, parameterFault } from "../../src/model/parameters.ts"

const share = { value: 0.5, is: "share", above: 0, most: 1, not: 0.25 }

test.each<[number, boolean]>([[0.5, true], [1, true], [Number.MIN_VALUE, true], [0, false], [1.0000001, false], [0.25, false], [NaN, false], [-Infinity, false]])("a share of %d fits: %s", (value, fits) => {
  expect(parameterFault("alpha", share, value)).toBe(fits ? undefined : `\`alpha\` is \`${value}\`; expected a number above 0 and at most 1 and not 0.25 (share)`)
})

test("bounds are strict or not as their words say", () => {
  const least = { value: 2, is: "x", least: 1, below: 3 }
  expect([0.999, 1, 2.999, 3].map(value => parameterFault("x", least, value) === undefined)).toEqual([false, true, true, false])
  expect(parameterBounds(least)).toBe("a number at least 1 and below 3")
  expect(parameterBounds({ value: 1, is: "x" })).toBe("a finite number")
  expect(parameterFault("x", { value: 1, is: "x" }, Infinity)).toBe("`x` is `Infinity`; expected a finite number (x)")
})
