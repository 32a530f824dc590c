import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { graph } from "../../src/formula/graph.ts"
import { coordinateOf } from "../../src/model/coordinate.ts"
import type { Coordinate } from "../../src/model/problem.ts"
import { Mistake } from "../../src/run/mistake.ts"
import { read } from "../formula/expressions.ts"

function coordinate(map: string, low: number, high: number, parameters: Record<string, number> = {}): Coordinate {
  const g = graph()
  return coordinateOf(g, read(g, map), low, high, parameters, "states.z.grid")
}
const maps = fc.oneof(
  fc.constant({ map: "s", parameters: {} }),
  fc.double({ min: 0.05, max: 1.9, noNaN: true }).map(a => ({ map: "a*s + (1 - a)*(3*s^2 - 2*s^3)", parameters: { a: Math.min(a, 1) } })),
  fc.double({ min: -4, max: 4, noNaN: true }).filter(k => Math.abs(k) > 0.1).map(k => ({ map: "(exp(k*s) - 1)/(exp(k) - 1)", parameters: { k } })),
  fc.double({ min: 2, max: 200, noNaN: true }).map(b => ({ map: "(b^s - 1)/(b - 1)", parameters: { b } })),
)
const domains = fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.01, max: 20, noNaN: true })).map(([low, width]) => [low, low + width])
const part = fc.double({ min: 0, max: 1, noNaN: true })

describe("coordinateOf", () => {
  test("runs from one end of the domain to the other, increasing", () => {
    fc.assert(fc.property(maps, domains, part, part, ({ map, parameters }, [low, high], a, b) => {
      const [left, right] = [Math.min(a, b), Math.max(a, b)]
      const [first, one, other, last] = coordinate(map, low, high, parameters).stateAt(Float64Array.of(0, left, right, 1))
      expect(first).toBeCloseTo(low, 9)
      expect(last).toBeCloseTo(high, 9)
      // Up to the rounding of the map, where the two parts are neighbours.
      expect(one).toBeLessThanOrEqual(other + 1e-12 * (high - low))
    }))
  })

  test("`of` inverts `stateAt`", () => {
    fc.assert(fc.property(maps, domains, part, ({ map, parameters }, [low, high], s) => {
      const there = coordinate(map, low, high, parameters)
      expect(Math.abs(there.of(there.stateAt(Float64Array.of(s))).s[0] - s)).toBeLessThan(1e-10)
    }))
  })

  test("its derivatives are those of the inverse", () => {
    fc.assert(fc.property(maps, domains, fc.double({ min: 0.05, max: 0.95, noNaN: true }), ({ map, parameters }, [low, high], t) => {
      const there = coordinate(map, low, high, parameters), width = high - low, z = low + width * t, h = 1e-3 * width
      const { s, first, second } = there.of(Float64Array.of(z - h, z, z + h))
      expect(Math.abs((s[2] - s[0]) / (2 * h) - first[1]) * width).toBeLessThan(2e-3 * (1 + first[1] * width) ** 3)
      expect(Math.abs((first[2] - first[0]) / (2 * h) - second[1]) * width ** 2).toBeLessThan(2e-2 * (1 + first[1] * width) ** 5)
    }))
  })

  test("an even grid is exact: s = (z - low)/(high - low)", () => {
    const { s, first, second } = coordinate("s", -1, 3).of(Float64Array.of(-1, 0, 3))
    expect([...s]).toEqual([0, 0.25, 1])
    expect([...first]).toEqual([0.25, 0.25, 0.25])
    expect([...second].map(Math.abs)).toEqual([0, 0, 0])
  })

  test("states outside the domain have the coordinate of its ends", () => {
    const { s } = coordinate("0.5*s + 0.5*s^2", 0, 1).of(Float64Array.of(-0.1, 1.2))
    expect([...s]).toEqual([0, 1])
  })

  test.each([
    ["1 - s", "it is 1 at s = 0"], ["s/2", "it is 0.5 at s = 1"], ["2*s", "it is 2 at s = 1"], ["0.1 + 0.9*s", "it is 0.1 at s = 0"], ["sin(3*s)/sin(3)", "at s = "], ["0*s", "it is 0 at s = 0.001"], ["log(s)", "it is -Infinity at s = 0"],
  ])("%s is refused", (map, where) => {
    expect(() => coordinate(map, 0, 1)).toThrow(Mistake)
    expect(() => coordinate(map, 0, 1)).toThrow(/^states\.z\.grid: does not increase from 0 to 1 \(it is .* at s = .*\); expected a formula in `s` such as `0\.1\*s \+ 0\.9\*\(3\*s\^2 - 2\*s\^3\)`$/)
    expect(() => coordinate(map, 0, 1)).toThrow(where)
  })
})

test("`s` is the coordinate also where the economy has a parameter of that name", () => {
  expect([...coordinate("s", 0, 2, { s: 0.3 }).stateAt(Float64Array.of(0, 0.5, 1))]).toEqual([0, 1, 2])
})
