import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../../src/math/random.ts"
import { activeBand } from "../../../src/solve/sampling/activeBand.ts"
import { join, shuffle, unitBox, type Box, type Columns, type Score } from "../../../src/solve/sampling/box.ts"
import { densities, drawBy, rarD } from "../../../src/solve/sampling/rarD.ts"
import { largest, rarG } from "../../../src/solve/sampling/rarG.ts"
import { uniform } from "../../../src/solve/sampling/uniform.ts"

const boxes = fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.1, max: 3, noNaN: true })), { minLength: 1, maxLength: 4 })
  .map((sides): Box => ({ from: sides.map(([low]) => low), to: sides.map(([low, width]) => low + width) }))
const inside = ({ from, to }: Box, points: Columns): boolean => points.every((column, d) => column.every(x => x >= from[d] && x <= to[d]))

describe("uniform", () => {
  it("puts one point into each interval of every dimension", () => {
    fc.assert(fc.property(boxes, fc.integer({ min: 1, max: 60 }), fc.nat(), (box, count, seed) => {
      const points = uniform(box, count, philox(seed, 0))
      expect(points).toHaveLength(box.from.length)
      expect(inside(box, points)).toBe(true)
      points.forEach((column, d) => {
        // A number may round onto the edge of its interval.
        const strata = Array.from(column, x => Math.min(count - 1, Math.floor(((x - box.from[d]) / (box.to[d] - box.from[d])) * count + 1e-9)))
        expect(new Set(strata).size).toBe(count)
      })
    }), { numRuns: 50 })
  })

  it("integrates: exact to 1/n^2 for sums of functions of one coordinate, without bias for products", () => {
    const n = 200
    let additive = 0, product = 0
    for (let seed = 0; seed < 60; seed++) {
      const [x, y] = uniform(unitBox(2), n, philox(seed, 0))
      additive = Math.max(additive, Math.abs(x.reduce((s, v, k) => s + v ** 2 + y[k] ** 3, 0) / n - 1 / 3 - 1 / 4))
      product += x.reduce((s, v, k) => s + v * y[k], 0) / n / 60
    }
    // Independent draws would leave 0.03.
    expect(additive).toBeLessThan(2e-3)
    expect(product).toBeCloseTo(0.25, 2)
  })
})

describe("shuffle", () => {
  it("gives every order of three the same chance", () => {
    const seen = new Map<string, number>(), random = philox(1, 0)
    for (let k = 0; k < 6000; k++) {
      const column = Float64Array.of(0, 1, 2)
      shuffle(column, random)
      seen.set(column.join(), (seen.get(column.join()) ?? 0) + 1)
    }
    expect(seen.size).toBe(6)
    // Chi squared with five degrees of freedom: 20.5 at 0.1%.
    expect([...seen.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(20.5)
  })
})

describe("activeBand", () => {
  it("stays within the width of some switch and inside the box, in any dimension; none without a switch", () => {
    fc.assert(fc.property(boxes, fc.integer({ min: 1, max: 5 }), fc.double({ min: 0.01, max: 0.5, noNaN: true }), fc.nat(), (box, places, width, seed) => {
      const switches = uniform(box, places, philox(seed, 1))
      const points = activeBand(box, switches, width, 40, philox(seed, 0))
      expect(inside(box, points)).toBe(true)
      for (let p = 0; p < 40; p++)
        expect(switches[0].some((_, k) => switches.every((column, d) => Math.abs(points[d][p] - column[k]) <= width + 1e-12))).toBe(true)
      expect(activeBand(box, box.from.map(() => new Float64Array(0)), width, 40, philox(seed, 0))[0]).toHaveLength(0)
    }), { numRuns: 40 })
  })

  it("gives each switch its share of the points, to within one", () => {
    const [x] = activeBand(unitBox(1), [Float64Array.of(0.2, 0.5, 0.8)], 0.05, 100, philox(3, 0))
    for (const at of [0.2, 0.5, 0.8]) expect(Math.abs(x.filter(v => Math.abs(v - at) <= 0.05).length - 100 / 3)).toBeLessThanOrEqual(1)
  })
})

/** A residual that is large about the corner (1, 1, ...). */
const peaked: Score = points => points[0].map((_, p) => Math.exp(8 * (points.reduce((sum, column) => sum + column[p], 0) / points.length - 1)))

describe("rarG", () => {
  it("takes just the candidates with the largest residuals", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 10 }), fc.nat(), (dimensions, count, seed) => {
      const seen: Float64Array[] = []
      const chosen = rarG(unitBox(dimensions), count, 50, points => { const scores = peaked(points); seen.push(scores); return scores }, philox(seed, 0))
      expect(seen).toHaveLength(1)
      expect(chosen[0]).toHaveLength(count)
      expect([...peaked(chosen)].sort()).toEqual([...seen[0]].sort((a, b) => b - a).slice(0, count).sort())
    }), { numRuns: 40 })
  })

  it("takes residuals that are not numbers first, and equals in their order", () => {
    expect(largest(Float64Array.of(1, NaN, 3, 3, Infinity), 4)).toEqual([1, 4, 2, 3])
  })
})

describe("rarD", () => {
  it("has the density residual^k / mean + c", () => {
    expect([...densities(Float64Array.of(0, 1, 2), { power: 1 })]).toEqual([0, 1, 2])
    const squares = densities(Float64Array.of(1, 3), { floor: 0.5 })
    expect(squares[0]).toBeCloseTo(1 / 5 + 0.5, 14)
    expect(squares[1]).toBeCloseTo(9 / 5 + 0.5, 14)
    expect([...densities(Float64Array.of(0, 0))]).toEqual([1, 1])
    // Squares of such numbers would underflow.
    expect(densities(Float64Array.of(1e-200, 2e-200))[1]).toBeCloseTo(8 / 5, 14)
  })

  it("draws without replacement in proportion to what is left: pairs from weights 1, 2, 3 have the probabilities of two draws in turn", () => {
    const weights = Float64Array.of(1, 2, 3), random = philox(7, 0), runs = 20_000
    const seen = new Map<string, number>()
    for (let k = 0; k < runs; k++) {
      const drawn = drawBy(weights, 2, random)
      expect(drawn[0]).not.toBe(drawn[1])
      seen.set(drawn.join(), (seen.get(drawn.join()) ?? 0) + 1)
    }
    let chi = 0
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) if (i !== j) {
      const expected = (runs * (weights[i] / 6) * weights[j]) / (6 - weights[i])
      chi += ((seen.get(`${i},${j}`) ?? 0) - expected) ** 2 / expected
    }
    expect(chi).toBeLessThan(20.5)
  })

  it("never takes a weight of zero while others are left", () => {
    fc.assert(fc.property(fc.nat(), seed => {
      const drawn = drawBy(Float64Array.of(0, 1, 0, 2, 1e-300), 3, philox(seed, 0))
      expect([...drawn].sort()).toEqual([1, 3, 4])
    }), { numRuns: 50 })
  })

  it("puts points where residuals are: the mean of a coordinate is that of the density", () => {
    // With residual x on [0, 1] the density is 3 x^2 and its mean 3/4.
    let mean = 0
    for (let seed = 0; seed < 100; seed++) mean += rarD(unitBox(1), 10, 2000, ([x]) => x, philox(seed, 0))[0].reduce((s, x) => s + x, 0) / 1000
    expect(mean).toBeCloseTo(0.75, 1)
    const [x, y] = rarD(unitBox(2), 50, 2000, peaked, philox(1, 0))
    expect(x.reduce((s, v, k) => s + v + y[k], 0) / 100).toBeGreaterThan(0.8)
  })

  it("is the same from the same place of the stream", () => {
    for (const by of [rarG, rarD]) expect(by(unitBox(2), 5, 40, peaked, philox(2, 0))).toEqual(by(unitBox(2), 5, 40, peaked, philox(2, 0)))
  })
})

describe("join", () => {
  it("puts sets one after the other", () => {
    expect(join(2, [[Float64Array.of(1), Float64Array.of(2)], [Float64Array.of(3, 5), Float64Array.of(4, 6)]])).toEqual([Float64Array.of(1, 3, 5), Float64Array.of(2, 4, 6)])
    expect(join(1, [])).toEqual([new Float64Array(0)])
  })
})
