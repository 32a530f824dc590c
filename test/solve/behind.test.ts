import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { behind, sizeOf, stridesOf } from "../../src/solve/grid/behind.ts"
import { applyStencil } from "../../src/solve/grid/stencil.ts"
import { largest, orders } from "./models.ts"

/** Smoothly spaced nodes: n of them from `low` to `high`, denser below. */
const nodes = (n: number, low: number, high: number): Float64Array => Float64Array.from({ length: n }, (_, i) => { const s = i / (n - 1); return low + (high - low) * (0.5 * s + 0.5 * s * s) })
/** Every node of a grid, its places along the axes. */
const places = (axes: readonly Float64Array[]): number[][] => {
  const strides = stridesOf(axes)
  return Array.from({ length: sizeOf(axes) }, (_, node) => axes.map((axis, s) => Math.floor(node / strides[s]) % axis.length))
}
/** The stencils of a march over all nodes: rows one after the other, each upward along state 0. */
function marched(axes: readonly Float64Array[], start: number | undefined, regime: Uint8Array) {
  const back = behind(axes, start), rows = stridesOf(axes)[0]
  for (let row = 0; row < rows; row++) for (let i = 0; i < axes[0].length; i++) back.set(i * rows + row, regime)
  return back.stencils
}
/** The derivatives of f by each state at all nodes, and how far they are from `slopes`. */
function errors(axes: readonly Float64Array[], start: number | undefined, regime: Uint8Array, f: (...x: number[]) => number, slopes: readonly ((...x: number[]) => number)[]): Float64Array[] {
  const at = places(axes).map(p => p.map((i, s) => axes[s][i])), values = Float64Array.from(at, x => f(...x))
  return marched(axes, start, regime).map((stencil, s) => {
    // The value at the start belongs to a row: one node of the first state.
    const out = new Float64Array(values.length), single = new Float64Array(values.length)
    applyStencil(stencil, values, out)
    applyStencil({ ...stencil, weights: new Float64Array(stencil.weights.length) }, values, single, Float64Array.of(1))
    return out.map((v, node) => v + (single[node] === 0 ? 0 : single[node] * f(start!, ...at[node].slice(1))) - slopes[s](...at[node]))
  })
}

const wave = (x: number, y: number): number => Math.sin(3 * x + 2 * y) + Math.exp(x * y)
const waveSlopes = [(x: number, y: number): number => 3 * Math.cos(3 * x + 2 * y) + y * Math.exp(x * y), (x: number, y: number): number => 2 * Math.cos(3 * x + 2 * y) + x * Math.exp(x * y)]

describe("behind", () => {
  it("is of order 2 along both states away from switches, where there are two nodes behind; of order 1 where there is one", () => {
    const found = [21, 41, 81, 161].map(n => {
      const axes = [nodes(n, 0.1, 1), nodes(n, 0, 1)], at = places(axes)
      const [byX, byY] = errors(axes, 0.1 - 0.9 / (2 * (n - 1)), new Uint8Array(n * n), wave, waveSlopes)
      const over = (e: Float64Array, which: (i: number, j: number) => boolean): number => largest(e.filter((_, node) => which(at[node][0], at[node][1])))
      return { inX: over(byX, i => i >= 1), inY: over(byY, (_, j) => j >= 2), firstX: over(byX, i => i === 0), firstY: over(byY, (_, j) => j === 1) }
    })
    for (const key of ["inX", "inY"] as const) for (const order of orders(found.map(f => f[key]))) expect(order, key).toBeGreaterThan(1.85)
    for (const key of ["firstX", "firstY"] as const) for (const order of orders(found.map(f => f[key]))) { expect(order, key).toBeGreaterThan(0.9); expect(order, key).toBeLessThan(1.1) }
  })

  it("is exact for squares with two nodes behind, and zero at the first node of another state", () => {
    const square = (x: number, y: number): number => 1 + x - 2 * y + 3 * x * x - x * y + y * y, slopes = [(x: number, y: number): number => 1 + 6 * x - y, (x: number, y: number): number => -2 - x + 2 * y]
    for (const start of [0, undefined]) {
      const axes = [nodes(9, 0.2, 1), nodes(7, -1, 1)], at = places(axes)
      const [byX, byY] = errors(axes, start, new Uint8Array(63), square, slopes)
      at.forEach(([i, j], node) => {
        if (i >= (start === undefined ? 2 : 1)) expect(Math.abs(byX[node])).toBeLessThan(1e-12)
        if (j >= 2) expect(Math.abs(byY[node])).toBeLessThan(1e-12)
        if (j === 0) expect(byY[node] + slopes[1](axes[0][i], axes[1][0])).toBe(0)
        if (i === 0 && start === undefined) expect(byX[node] + slopes[0](axes[0][0], axes[1][j])).toBe(0)
      })
    }
  })

  it("in one state is two steps back, and one behind a switch", () => {
    const axis = nodes(12, 0, 1), regime = Uint8Array.from({ length: 12 }, (_, i) => (i >= 6 ? 1 : 0))
    const [stencil] = marched([axis], undefined, regime)
    const reach = (i: number): number[] => [0, 1, 2].filter(k => stencil.weights[3 * i + k] !== 0).map(k => stencil.columns[3 * i + k]).toSorted((a, b) => a - b)
    expect([0, 1, 2, 5, 6, 7, 8].map(reach)).toEqual([[], [0, 1], [0, 1, 2], [3, 4, 5], [4, 5, 6], [6, 7], [6, 7, 8]])
  })

  it("copies the derivative of the last node where the row below lies across the curve, and never mixes sides there", () => {
    // Two smooth functions on either side of a curve x = c(y), rising or falling, with different slopes along y.
    for (const [name, slope] of [["rising", 0.5], ["falling", -0.5]] as const) {
      const axes = [nodes(33, 0.1, 1), nodes(17, 0, 1)], at = places(axes), strides = stridesOf(axes)
      const side = (i: number, j: number): number => (axes[0][i] > 0.5 + slope * (axes[1][j] - 0.5) ? 1 : 0)
      const regime = Uint8Array.from(at, ([i, j]) => side(i, j))
      const [, stencil] = marched(axes, 0, regime)
      const pieces = [(x: number, y: number): number => x + 5 * y, (x: number, y: number): number => 2 - 3 * y + x]
      const values = Float64Array.from(at, ([i, j]) => pieces[side(i, j)](axes[0][i], axes[1][j])), out = new Float64Array(values.length)
      applyStencil(stencil, values, out)
      let copied = 0
      at.forEach(([i, j], node) => {
        if (i < 1 || j < 1) return
        const below = node - 1, last = node - strides[0]
        if (regime[below] !== regime[last]) {
          copied++
          for (let k = 0; k < 3; k++) {
            expect(stencil.columns[3 * node + k]).toBe(stencil.columns[3 * last + k])
            expect(stencil.weights[3 * node + k]).toBe(stencil.weights[3 * last + k])
          }
        }
        // The derivative is that of one piece: of the node's own, except where it is the first beyond the curve in its row, or the one below is not yet there.
        const first = regime[last] !== regime[node] || regime[below] !== regime[node]
        if (!first) expect(out[node], name).toBeCloseTo(regime[node] === 0 ? 5 : -3, 9)
      })
      expect(copied, name).toBeGreaterThan(5)
    }
  })

  it("never looks ahead: not at nodes to come, nor at regimes of this node or of those", () => {
    const axes = [nodes(7, 0.1, 1), nodes(5, 0, 1)], at = places(axes)
    const bits = fc.array(fc.constantFrom(0, 1), { minLength: 35, maxLength: 35 })
    fc.assert(fc.property(bits, bits, fc.nat(34), (known, others, node) => {
      const [i, j] = at[node]
      const isBehind = (other: number): boolean => at[other][0] <= i && at[other][1] <= j && other !== node
      const regimes = [known, known.map((r, k) => (isBehind(k) ? r : others[k]))].map(r => Uint8Array.from(r))
      const rows = regimes.map(regime => marched(axes, 0, regime).map(s => [s.ghost[node], ...s.columns.slice(3 * node, 3 * node + 3), ...s.weights.slice(3 * node, 3 * node + 3)]))
      expect(rows[1]).toEqual(rows[0])
      for (const row of rows[0]) for (let k = 0; k < 3; k++) if (row[4 + k] !== 0) expect(row[1 + k] === node || isBehind(row[1 + k])).toBe(true)
      // Derivatives of constants are zero, whatever the regimes.
      for (const row of rows[0]) expect(Math.abs(row[0] + row[4] + row[5] + row[6])).toBeLessThan(1e-10)
    }), { numRuns: 200 })
  })

  it("numbers nodes with the last state fastest", () => {
    const axes = [nodes(4, 0, 1), nodes(3, 0, 1), nodes(2, 0, 1)]
    expect(stridesOf(axes)).toEqual([6, 2, 1])
    expect(sizeOf(axes)).toBe(24)
  })
})
