import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { piecesOf, resampled, stableRoots } from "../../src/report/pieces.ts"

const grid = (n: number) => Float64Array.from({ length: n }, (_, i) => i / (n - 1))

describe("piecesOf", () => {
  const x = grid(101)
  it("joins across a kink and breaks at a jump", () => {
    expect(piecesOf(x, x.map(z => Math.min(z, 0.305)), [0.305])).toEqual([[0, 101]])
    expect(piecesOf(x, x.map(z => z < 0.305 ? z : z - 0.2), [0.305])).toEqual([[0, 31], [31, 101]])
  })
  it("leaves out the node that is a mean of both sides", () => {
    expect(piecesOf(x, x.map((z, i) => i < 31 ? z : i === 31 ? z - 0.1 : z - 0.2), [0.309])).toEqual([[0, 31], [32, 101]])
  })
  it("joins a jump where no switch was found: it is the solution's", () => expect(piecesOf(x, x.map(z => z < 0.3 ? 0 : 1), [])).toHaveLength(1))
  it("breaks where a value is missing", () => {
    expect(piecesOf([0, 1, 2, 3, 4], [1, NaN, 2, 3, NaN], [])).toEqual([[0, 1], [2, 4]])
    expect(piecesOf([0, 1], [NaN, NaN], [0.5])).toEqual([])
  })
})

describe("resampled", () => {
  it("is exact for cubics, on any grid", () => {
    const cubic = fc.tuple(...[0, 1, 2, 3].map(() => fc.double({ min: -3, max: 3, noNaN: true })))
    fc.assert(fc.property(cubic, fc.double({ min: 0, max: 1, noNaN: true }), ([a, b, c, d], at) => {
      const f = (z: number) => a + z * (b + z * (c + z * d))
      const x = grid(23).map(z => z * z)
      expect(resampled(x, x.map(f), [[0, 23]], [], [at])[0]).toBeCloseTo(f(at), 9)
    }))
  })
  it("gives the nodes' values at the nodes, and nothing outside or across a break", () => {
    const x = grid(11), y = x.map(Math.exp)
    expect(resampled(x, y, [[0, 11]], [], x)).toEqual(y)
    const values = resampled(x, y, [[0, 5], [5, 11]], [0.45], [-0.1, 0.45, 1.1, 0.4, 0.5])
    expect([...values].map(Number.isFinite)).toEqual([false, false, false, true, true])
  })
  it("does not reach across a kink", () => {
    const x = grid(11), y = x.map(z => Math.max(0, z - 0.45))
    expect(resampled(x, y, [[0, 11]], [0.45], [0.35])[0]).toBe(0)
  })
})

it("stableRoots finds where a drift falls through zero", () => {
  const x = grid(1000)
  const roots = stableRoots(x, x.map(z => Math.cos(3 * Math.PI * z)))
  expect(roots).toHaveLength(2)
  expect(roots[0]).toBeCloseTo(1 / 6, 5)
  expect(roots[1]).toBeCloseTo(5 / 6, 5)
})
