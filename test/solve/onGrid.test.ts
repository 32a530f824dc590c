import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { gridOf, onGrid } from "../../src/solve/grid/onGrid.ts"

const line = fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 7, maxLength: 12 }).map(steps => {
  const total = steps.reduce((a, b) => a + b, 0)
  return Float64Array.from([0, ...steps.map((_, i) => steps.slice(0, i + 1).reduce((a, b) => a + b, 0) / total)])
})
const unit = fc.double({ min: 0, max: 1, noNaN: true }), coefficient = fc.double({ min: -3, max: 3, noNaN: true })
const table = (axes: readonly Float64Array[], f: (...x: number[]) => number): Float64Array => {
  const points = axes.reduce<number[][]>((all, nodes) => all.flatMap(p => Array.from(nodes, x => [...p, x])), [[]])
  return Float64Array.from(points, p => f(...p))
}

describe("onGrid", () => {
  it("is exact for functions that are linear in each state, in one, two and three states", () => {
    fc.assert(fc.property(line, line, line, fc.array(unit, { minLength: 3, maxLength: 3 }), fc.array(coefficient, { minLength: 4, maxLength: 4 }), (a, b, c, point, [k, l, m, n]) => {
      const f = (x = 0, y = 0, z = 0): number => (1 + k * x) * (2 + l * y) * (3 + m * z) + n
      for (const axes of [[a], [a, b], [a, b, c]]) {
        const states = axes.map((nodes, s) => ({ name: `s${s}`, nodes })), at = point.slice(0, axes.length)
        expect(onGrid(gridOf(states, []), table(axes, f), at)).toBeCloseTo(f(...at), 9)
      }
    }))
  })

  it("does not look across a switch curve: two planes that meet nowhere are found exactly on either side", () => {
    fc.assert(fc.property(line, line, fc.double({ min: 0.35, max: 0.5, noNaN: true }), fc.double({ min: -0.15, max: 0.15, noNaN: true }), unit, unit, coefficient, coefficient, (xs, ys, from, slope, x, y, b, c) => {
      const curve = (y: number): number => from + slope * y
      // Each side of the curve needs two nodes on every row.
      fc.pre([0, 1].every(y => xs.filter(x => x <= curve(y)).length >= 2 && xs.filter(x => x > curve(y)).length >= 2) && Math.abs(x - curve(y)) > 1e-9)
      const f = (x: number, y: number): number => (x <= curve(y) ? 10 + b * x + c * y : -10 + c * x - b * y)
      const states = [{ name: "x", nodes: xs }, { name: "y", nodes: ys }]
      const switches = Array.from(ys, y => ({ label: "cut", state: "x", at: curve(y), where: { y } }))
      expect(onGrid(gridOf(states, switches), table([xs, ys], f), [x, y])).toBeCloseTo(f(x, y), 8)
    }))
  })

  it("where rows have different numbers of switches, keeps to each row's own", () => {
    const xs = Float64Array.from({ length: 11 }, (_, i) => i / 10), ys = Float64Array.of(0, 1)
    const states = [{ name: "x", nodes: xs }, { name: "y", nodes: ys }], f = (x: number, y: number): number => (y === 0 && x > 0.55 ? 5 : 1)
    const grid = gridOf(states, [{ label: "cut", state: "x", at: 0.55, where: { y: 0 } }])
    expect(onGrid(grid, table([xs, ys], f), [0.56, 0])).toBeCloseTo(5, 12)
    expect(onGrid(grid, table([xs, ys], f), [0.54, 0])).toBeCloseTo(1, 12)
    expect(onGrid(grid, table([xs, ys], f), [0.56, 0.5])).toBeCloseTo(3, 12)
  })
})
