import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cellOf, interpolate, interpolateSmooth } from "../../src/math/interpolate.ts"

const grid = fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 })
  .map(gaps => gaps.reduce<number[]>((walk, gap) => [...walk, walk[walk.length - 1] + gap], [0]))
const anywhere = fc.double({ min: -1, max: 13, noNaN: true })

test("cellOf finds the cell by its definition", () => {
  fc.assert(fc.property(grid, anywhere, (nodes, x) => {
    const slow = nodes.findLastIndex((node, i) => i < nodes.length - 1 && node <= x)
    expect(cellOf(nodes, x)).toBe(Math.max(0, slow))
  }))
  expect(cellOf([0, 1, 2], 1)).toBe(1)
  expect(cellOf([0, 1, 2], 2)).toBe(1)
})

describe("interpolate", () => {
  test("is exact for lines, inside and beyond the grid, with breaks or without", () => {
    fc.assert(fc.property(grid, anywhere, fc.double({ min: 0, max: 12, noNaN: true }), (nodes, x, cut) => {
      const line = (z: number): number => 3 - 2 * z
      expect(interpolate(nodes, nodes.map(line), x)).toBeCloseTo(line(x), 8)
      expect(interpolate(nodes, nodes.map(line), x, [cut])).toBeCloseTo(line(x), 8)
    }))
  })

  test("meets the nodes and stays between them", () => {
    fc.assert(fc.property(grid, fc.double({ min: 0, max: 1, noNaN: true }), (nodes, t) => {
      const values = nodes.map(z => Math.sin(5 * z))
      nodes.forEach((node, i) => expect(interpolate(nodes, values, node)).toBeCloseTo(values[i], 12))
      const value = interpolate(nodes, values, nodes[0] + t * (nodes[1] - nodes[0]))
      expect(value).toBeLessThanOrEqual(Math.max(values[0], values[1]) + 1e-12)
      expect(value).toBeGreaterThanOrEqual(Math.min(values[0], values[1]) - 1e-12)
    }))
  })

  test("does not look across a break: two lines that meet there with a jump are both exact", () => {
    const nodes = [0, 1, 2, 3, 4, 5], cut = 2.4
    const f = (x: number): number => (x <= cut ? 1 + x : 20 - 3 * x)
    const values = nodes.map(f)
    for (const x of [0.5, 1.9, 2, 2.2, 2.4, 2.41, 2.7, 3, 4.6, 5]) expect(interpolate(nodes, values, x, [cut]), `at ${x}`).toBeCloseTo(f(x), 12)
    expect(interpolate(nodes, values, 2.2)).not.toBeCloseTo(f(2.2), 1)
  })

  test("a break at a node belongs to the left: the cell to its right is taken from its far side", () => {
    const nodes = [0, 1, 2, 3, 4], cut = 2
    const f = (x: number): number => (x <= cut ? x : 10 + x)
    for (const x of [1.5, 2, 2.001, 2.9, 3]) expect(interpolate(nodes, nodes.map(f), x, [cut])).toBeCloseTo(f(x), 12)
  })

  test("a break in the first or last cell leaves no second node on that side: the cell itself is used there", () => {
    const nodes = [0, 1, 2]
    expect(interpolate(nodes, [0, 5, 6], 0.2, [0.5])).toBeCloseTo(1, 12)
    expect(interpolate(nodes, [0, 5, 6], 0.8, [0.5])).toBeCloseTo(4.8, 12)
    expect(interpolate(nodes, [0, 5, 6], 1.9, [1.5])).toBeCloseTo(5.9, 12)
  })
})

test("the polynomial through m nodes is exact for polynomials of degree m - 1, wherever it is asked for, and meets every node", () => {
  fc.assert(fc.property(grid, anywhere, fc.integer({ min: 1, max: 6 }), (nodes, x, m) => {
    const degree = Math.min(m, nodes.length) - 1, f = (z: number) => ((z - 1) / 4) ** degree - 2
    const values = nodes.map(f)
    expect(interpolateSmooth(nodes, values, x, m)).toBeCloseTo(f(x), 6)
    nodes.forEach((node, i) => expect(interpolateSmooth(nodes, values, node, m)).toBeCloseTo(values[i], 9))
  }))
})

test("its order is the number of its nodes", () => {
  const error = (n: number) => {
    const nodes = Float64Array.from({ length: n + 1 }, (_, i) => (3 * i) / n), values = nodes.map(Math.sin)
    return Math.max(...Array.from({ length: 97 }, (_, k) => Math.abs(interpolateSmooth(nodes, values, (3 * k) / 96.5, 4) - Math.sin((3 * k) / 96.5))))
  }
  expect(Math.log2(error(20) / error(40))).toBeGreaterThan(3.6)
})
