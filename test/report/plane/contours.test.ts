import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { levelLines, outline, type IndexGrid, type Point } from "../../../src/report/plane/contours.ts"

const gridOf = (n: number, m: number, of: (i: number, j: number) => number): IndexGrid => ({ n, m, at: of })
const area = (points: readonly Point[]) => points.reduce((sum, [x, y], k) => { const [u, v] = points[(k + 1) % points.length]; return sum + (x * v - u * y) / 2 }, 0)
const total = (grid: IndexGrid, level: number) => outline(grid, level).reduce((sum, { points }) => sum + area(points), 0)

describe("outline", () => {
  it("has the area of a disc, to second order in the size of the cells", () => {
    const errors = [40, 80].map(n => Math.abs(total(gridOf(n + 1, n + 1, (i, j) => 1 - Math.hypot(2 * i / n - 1, 2 * j / n - 1)), 0.4) * 4 / n ** 2 - Math.PI * 0.36))
    expect(errors[0]).toBeLessThan(5e-3)
    expect(errors[0] / errors[1]).toBeGreaterThan(3)
  })

  it("leaves a hole where the values are low", () => {
    const rings = outline(gridOf(41, 41, (i, j) => Math.hypot(i - 20, j - 20)), 8)
    expect(rings).toHaveLength(2)
    expect(rings.map(({ points }) => Math.sign(area(points))).sort()).toEqual([-1, 1])
  })

  it("is exact for a linear function, whatever the level", () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), level => {
      expect(total(gridOf(11, 6, i => i / 10), level)).toBeCloseTo((1 - level) * 10 * 5, 9)
    }))
  })

  it("covers all that is known below every level, and nothing above it", () => {
    expect(total(gridOf(5, 4, (i, j) => i * j), -Infinity)).toBeCloseTo(12, 12)
    expect(outline(gridOf(5, 4, () => 1), 2)).toEqual([])
    expect(total(gridOf(5, 4, i => i === 0 ? NaN : 1), -Infinity)).toBeCloseTo(9, 12)
  })

  it("uses every crossing once, whatever the values", () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(NaN)), { minLength: 30, maxLength: 30 }), values => {
      const rings = outline(gridOf(6, 5, (i, j) => values[i * 5 + j]), 1.5)
      for (const { points, rim } of rings) {
        expect(points.length).toBe(rim.length)
        for (const [u, v] of points) expect(u >= 0 && u <= 5 && v >= 0 && v <= 4).toBe(true)
      }
      // The area above and the area below are all of the known part where nothing is unknown.
      if (values.every(Number.isFinite)) {
        const above = total(gridOf(6, 5, (i, j) => values[i * 5 + j]), 1.5), all = total(gridOf(6, 5, () => 1), 0)
        expect(above).toBeGreaterThanOrEqual(-1e-9)
        expect(above).toBeLessThanOrEqual(all + 1e-9)
      }
    }), { numRuns: 200 })
  })
})

describe("levelLines", () => {
  it("leaves out the rim of the grid", () => {
    const grid = gridOf(11, 6, i => i / 10), [line, ...more] = levelLines(grid, outline(grid, 0.35))
    expect(more).toEqual([])
    for (const [u] of line) expect(u).toBeCloseTo(3.5, 12)
    expect(line.map(([, v]) => v).sort()).toEqual([0, 1, 2, 3, 4, 5])
  })
  it("closes a line inside", () => {
    const grid = gridOf(21, 21, (i, j) => -Math.hypot(i - 10, j - 10)), [line] = levelLines(grid, outline(grid, -5))
    expect(line[0]).toEqual(line.at(-1))
  })
})
