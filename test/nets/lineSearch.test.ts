import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { strongWolfe, type RayPoint } from "../../src/nets/lineSearch.ts"

describe("strongWolfe", () => {
  it("meets both conditions on rays with many minima, from any first step", () => {
    fc.assert(fc.property(
      fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0.5, max: 20, noNaN: true }),
      fc.double({ min: 1e-3, max: 50, noNaN: true }), fc.double({ min: 0.1, max: 10, noNaN: true }),
      (height, frequency, first, place) => {
        const ray = (x: number): RayPoint => ({
          step: x,
          value: (x - place) ** 2 + height * Math.sin(frequency * x),
          slope: 2 * (x - place) + height * frequency * Math.cos(frequency * x),
        })
        const start = ray(0)
        if (start.slope >= -1e-6) return
        const found = strongWolfe(ray, start, first)
        expect(found).toBeDefined()
        if (found === undefined) return
        expect(found.value).toBeLessThanOrEqual(start.value + 1e-4 * found.step * start.slope)
        expect(Math.abs(found.slope)).toBeLessThanOrEqual(-0.9 * start.slope)
        expect(found).toEqual(ray(found.step))
      }), { numRuns: 300 })
  })

  it("finds nothing where the slope lies", () => {
    const up = (step: number): RayPoint => ({ step, value: step, slope: -1 })
    expect(strongWolfe(up, up(0), 1)).toBeUndefined()
  })
})
