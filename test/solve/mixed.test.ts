import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { mixed } from "../../src/solve/grid/mixed.ts"
import { applyStencil, centralSecond, spread, type Stencil } from "../../src/solve/grid/stencil.ts"
import { largest, orders } from "./models.ts"

const line = fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.array(fc.double({ min: 0.2, max: 2, noNaN: true }), { minLength: 3, maxLength: 7 }))
  .map(([from, steps]) => Float64Array.from([from, ...steps.map((_, i) => from + steps.slice(0, i + 1).reduce((a, b) => a + b, 0))]))
const coefficient = fc.double({ min: -3, max: 3, noNaN: true })

/** On the grid of two lines, the second fastest. */
function on(x: Float64Array, y: Float64Array) {
  const size = x.length * y.length, m = mixed({ nodes: x, stride: y.length }, { nodes: y, stride: 1 }, size)
  const at = (f: (x: number, y: number) => number): Float64Array => Float64Array.from({ length: size }, (_, k) => f(x[Math.floor(k / y.length)], y[k % y.length]))
  const inside = (k: number): boolean => [[Math.floor(k / y.length), x.length], [k % y.length, y.length]].every(([i, n]) => i > 0 && i < n - 1)
  return { ...m, size, at, inside }
}
const of = (stencil: Stencil, f: Float64Array): Float64Array => { const out = new Float64Array(f.length); applyStencil(stencil, f, out); return out }

describe("mixed", () => {
  it("is exact for quadratic functions on any grid, on either diagonal; zero at the ends", () => {
    fc.assert(fc.property(line, line, fc.array(coefficient, { minLength: 6, maxLength: 6 }), coefficient, (x, y, [a, b, c, d, e, f], sign) => {
      const grid = on(x, y)
      grid.turn(new Float64Array(grid.size).fill(sign))
      of(grid.stencil, grid.at((x, y) => a + b * x + c * y + d * x * x + e * x * y + f * y * y))
        .forEach((value, k) => { if (grid.inside(k)) expect(value).toBeCloseTo(e, 8); else expect(value).toBe(0) })
    }))
  })

  it("is of order 2 on smoothly spaced nodes", () => {
    for (const sign of [-1, 1]) {
      const errors = [64, 128, 256].map(n => {
        const x = Float64Array.from({ length: n + 1 }, (_, i) => (i / n) * (1 + (0.4 * i) / n)), y = Float64Array.from({ length: n + 1 }, (_, i) => Math.exp((0.7 * i) / n))
        const grid = on(x, y)
        grid.turn(new Float64Array(grid.size).fill(sign))
        const exact = grid.at((x, y) => 3 * Math.cos(2 * x) * Math.cos(1.5 * y))
        return largest(of(grid.stencil, grid.at((x, y) => Math.sin(2 * x) * Math.sin(1.5 * y))).map((v, k) => (grid.inside(k) ? v - exact[k] : 0)))
      })
      expect(orders(errors).at(-1)).toBeGreaterThan(1.95)
    }
  })

  it("keeps the generator of two states monotone where, per step, each variance outweighs the covariance", () => {
    fc.assert(fc.property(fc.double({ min: 0.1, max: 2, noNaN: true }), fc.double({ min: 0.1, max: 2, noNaN: true }), fc.double({ min: 0.1, max: 2, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (h, k, sx, part, more) => {
      // Variances sx^2/h^2 and sy^2/k^2 no less than |c|/(h k).
      const c = (part * sx * sx * k) / h, sy2 = (Math.abs(c) * k * (1 + more)) / h
      const x = Float64Array.from({ length: 5 }, (_, i) => i * h), y = Float64Array.from({ length: 5 }, (_, i) => i * k), grid = on(x, y)
      grid.turn(new Float64Array(25).fill(c))
      const rate = new Map<number, number>(), node = 12
      const add = (s: Stencil, factor: number): void => { for (let e = node * s.reach; e < (node + 1) * s.reach; e++) rate.set(s.columns[e], (rate.get(s.columns[e]) ?? 0) + factor * s.weights[e]) }
      add(spread(centralSecond(x, "natural"), 5, 25), (sx * sx) / 2)
      add(spread(centralSecond(y, "natural"), 1, 25), sy2 / 2)
      add(grid.stencil, c)
      const size = [...rate.values()].reduce((a, b) => a + Math.abs(b), 0)
      for (const [column, r] of rate) if (column !== node) expect(r).toBeGreaterThan(-1e-12 * size)
      expect(Math.abs([...rate.values()].reduce((a, b) => a + b, 0))).toBeLessThan(1e-10 * size)
    }))
  })
})
