import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { solve } from "../../src/request.ts"
import { applyStencil, centralFirst, centralSecond, emptyStencil, setDifference, spread, turnUpwind, type Ends, type Stencil } from "../../src/solve/grid/stencil.ts"
import { largest, manufactured, manufacturedValue, orders } from "./models.ts"

const steps = fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: 4, maxLength: 12 })
/** Nodes with neighbouring distances up to thirty times apart. */
const grids = fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), steps)
  .map(([from, by]) => by.reduce<number[]>((nodes, h) => [...nodes, nodes[nodes.length - 1] + h], [from]))
  .map(nodes => Float64Array.from(nodes))
const ends = fc.constantFrom("natural" as const, "reflecting" as const)
const coefficient = fc.double({ min: -3, max: 3, noNaN: true }).map(x => (Math.abs(x) < 1e-9 ? 0 : x))

const of = (stencil: Stencil, f: Float64Array, known?: number): Float64Array => {
  const out = new Float64Array(f.length)
  applyStencil(stencil, f, out, known === undefined ? undefined : Float64Array.of(known))
  return out
}
const upwindOn = (nodes: Float64Array, end: Ends, drift: Float64Array, variance: Float64Array): Stencil => {
  const stencil = centralFirst(nodes, end)
  turnUpwind(stencil, nodes, 1, drift, variance)
  return stencil
}
/** Weight of node k in row i. */
const weight = (s: Stencil, i: number, k: number): number => [0, 1, 2].reduce((sum, at) => sum + (s.columns[i * 3 + at] === k ? s.weights[i * 3 + at] : 0), 0)

describe("central differences", () => {
  it("are exact for parabolas inside, on any grid", () => {
    fc.assert(fc.property(grids, ends, coefficient, coefficient, coefficient, (nodes, end, a, b, c) => {
      const f = nodes.map(x => a + b * x + c * x * x)
      const first = of(centralFirst(nodes, end), f), second = of(centralSecond(nodes, end), f)
      for (let i = 1; i < nodes.length - 1; i++) {
        expect(first[i]).toBeCloseTo(b + 2 * c * nodes[i], 8)
        expect(second[i]).toBeCloseTo(2 * c, 8)
      }
    }))
  })

  it("are one-sided at natural ends, without curvature there", () => {
    fc.assert(fc.property(grids, coefficient, coefficient, (nodes, a, b) => {
      const f = nodes.map(x => a + b * x), last = nodes.length - 1
      const first = of(centralFirst(nodes, "natural"), f), second = of(centralSecond(nodes, "natural"), nodes.map(x => x * x))
      for (const i of [0, last]) {
        expect(first[i]).toBeCloseTo(b, 9)
        expect(second[i]).toBe(0)
      }
    }))
  })

  it("mirror the grid at reflecting ends: exact for parabolas with their vertex there", () => {
    fc.assert(fc.property(grids, coefficient, (nodes, c) => {
      for (const i of [0, nodes.length - 1]) {
        const f = nodes.map(x => c * (x - nodes[i]) ** 2)
        expect(of(centralFirst(nodes, "reflecting"), f)[i]).toBe(0)
        expect(of(centralSecond(nodes, "reflecting"), f)[i]).toBeCloseTo(2 * c, 9)
      }
    }))
  })

  it("take a value off the grid with its own weight", () => {
    const s = emptyStencil(3, 3), nodes = Float64Array.of(1, 2, 3)
    setDifference(s, nodes, 0, [0, 1], 1)
    s.ghost[0] = 2
    expect(of(s, Float64Array.of(5, 8, 9), 10)[0]).toBe(23)
  })
})

describe("spread", () => {
  it("acts along its state on every row of the grid of all, as on that row alone", () => {
    fc.assert(fc.property(grids, grids, grids, ends, (a, b, c, end) => {
      const axes = [a, b, c].map(nodes => nodes.slice(0, 6)), strides = [axes[1].length * axes[2].length, axes[2].length, 1], size = axes[0].length * strides[0]
      const f = Float64Array.from({ length: size }, (_, k) => Math.sin(3 * k) + k / 7)
      axes.forEach((nodes, s) => {
        const line = centralFirst(nodes, end), whole = of(spread(line, strides[s], size), f)
        for (let node = 0; node < size; node++) {
          const i = Math.floor(node / strides[s]) % nodes.length
          expect(whole[node]).toBe(of(line, nodes.map((_, k) => f[node + (k - i) * strides[s]]))[i])
        }
      })
    }), { numRuns: 10 })
  })
})

describe("turnUpwind", () => {
  const field = (nodes: Float64Array, seed: readonly number[], size: number): Float64Array => nodes.map((_, i) => size * seed[i % seed.length])
  const drifts = fc.array(coefficient, { minLength: 3, maxLength: 12 })
  const risks = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2, noNaN: true })), { minLength: 3, maxLength: 12 })

  it("makes the generator of a Markov chain of any drift and variance: rates off the diagonal positive, rows without sum", () => {
    fc.assert(fc.property(grids, ends, drifts, risks, (nodes, end, d, r) => {
      const drift = field(nodes, d, 1), variance = field(nodes, r, 1).map(x => x * x)
      const upwind = upwindOn(nodes, end, drift, variance), second = centralSecond(nodes, end)
      for (let i = 1; i < nodes.length - 1; i++) {
        const rate = (k: number): number => drift[i] * weight(upwind, i, k) + (variance[i] / 2) * weight(second, i, k)
        expect(rate(i - 1)).toBeGreaterThan(-1e-12)
        expect(rate(i + 1)).toBeGreaterThan(-1e-12)
        expect(rate(i - 1) + rate(i) + rate(i + 1)).toBeCloseTo(0, 10)
      }
      for (const i of [0, nodes.length - 1]) expect(weight(upwind, i, 0) + weight(upwind, i, 1) + weight(upwind, i, nodes.length - 2) + weight(upwind, i, nodes.length - 1)).toBeCloseTo(0, 10)
    }), { numRuns: 300 })
  })

  it("is exact for straight lines, looks against the drift where there is no diffusion, and is central where there is no drift", () => {
    fc.assert(fc.property(grids, drifts, coefficient, (nodes, d, b) => {
      const drift = field(nodes, d, 1), none = new Float64Array(nodes.length), upwind = upwindOn(nodes, "natural", drift, none)
      of(upwind, nodes.map(x => 7 + b * x)).forEach(slope => expect(slope).toBeCloseTo(b, 9))
      for (let i = 1; i < nodes.length - 1; i++) expect(weight(upwind, i, drift[i] > 0 ? i - 1 : drift[i] < 0 ? i + 1 : -1)).toBe(0)
      const still = upwindOn(nodes, "natural", none, none.map(() => 1)), central = centralFirst(nodes, "natural")
      for (let i = 1; i < nodes.length - 1; i++) for (const k of [i - 1, i, i + 1]) expect(weight(still, i, k)).toBeCloseTo(weight(central, i, k), 12)
    }))
  })

  it("solves -a v' + v'' = 0 exactly at the nodes of an even grid, however strong the drift", () => {
    fc.assert(fc.property(fc.double({ min: -200, max: 200, noNaN: true }), rate => {
      const nodes = Float64Array.from({ length: 11 }, (_, i) => i / 10), drift = nodes.map(() => -rate), variance = nodes.map(() => 2)
      const upwind = upwindOn(nodes, "natural", drift, variance), second = centralSecond(nodes, "natural")
      // Of the two exponentials this one is at most 1 on [0, 1].
      const v = nodes.map(x => Math.exp(rate * (rate > 0 ? x - 1 : x)))
      const slope = of(upwind, v), bend = of(second, v)
      for (let i = 1; i < 10; i++) expect(Math.abs(-rate * slope[i] + bend[i])).toBeLessThan(1e-10 * (1 + 200 * Math.abs(rate) * largest(v)))
    }))
  })

  it("follows drift and variance without a jump, so that Newton's method has no edge to go to and fro across", () => {
    const nodes = Float64Array.of(0, 1, 2)
    const shareAt = (p: number, variance: number): number => 2 * weight(upwindOn(nodes, "natural", nodes.map(() => p * variance), nodes.map(() => variance)), 1, 2) - 1
    // Langevin's function L = coth p - 1/p rises, and p L' is below 0.35.
    for (const variance of [1, 1e-4]) for (let p = 1e-4; p < 1e5; p *= 1.01) {
      const rise = shareAt(p * 1.01, variance) - shareAt(p, variance)
      expect(rise, `p = ${p}`).toBeGreaterThan(-1e-12)
      expect(rise, `p = ${p}`).toBeLessThan(0.0035)
    }
    expect(shareAt(50, 1)).toBeCloseTo(1 - 1 / 50, 12)
  })

  it("is of order 2 where there is diffusion and of order 1 where there is none", () => {
    const errors = (sigma: number): number[] => [26, 51, 101, 201].map(points => {
      const { table: { columns: { x, v } } } = solve(manufactured(sigma), { set: [`points=${points}`] })
      return largest(v.map((value, i) => value - manufacturedValue(x[i])))
    })
    for (const order of orders(errors(0.3))) expect(order).toBeCloseTo(2, 1)
    // A cell Peclet number from above 1 to below it.
    for (const order of orders(errors(0.05)).slice(1)) expect(order).toBeGreaterThan(1.3)
    expect(orders(errors(0)).at(-1)).toBeCloseTo(1, 1)
  })
})
