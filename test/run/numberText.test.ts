import fc from "fast-check"
import { expect, test } from "vitest"
import { numberText } from "../../src/run/numberText.ts"

test.each<[number, string]>([
  [0, "0"], [-0, "0"], [1, "1"], [-2.5, "-2.5"], [0.26134, "0.2613"], [0.1, "0.1"], [1e-3, "0.001"], [0.00012345, "1.234e-4"], [-1e-9, "-1e-9"],
  [123456, "123500"], [1e6, "1e6"], [1.23456e21, "1.235e21"], [NaN, "not a number"], [Infinity, "infinity"], [-Infinity, "-infinity"],
])("%d is %s", (x, text) => expect(numberText(x)).toBe(text))

test("digits as asked for", () => {
  expect(numberText(Math.PI, 8)).toBe("3.1415927")
  expect(numberText(1 / 3e5, 2)).toBe("3.3e-6")
})

test("reads back as the number rounded to four digits, without needless zeros", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), x => {
    const text = numberText(x)
    expect(Number(text)).toBe(Number(x.toPrecision(4)) + 0)
    expect(text).not.toMatch(/\.\d*0$|\.\d*0e|e\+/)
  }))
})
