import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { chebyshev } from "../../src/math/chebyshev.ts"
import { cellOf, interpolate } from "../../src/math/interpolate.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { curveAt, kinkOf, lookUp, switchCurves, type Curve } from "../../src/solve/aliens/curves.ts"
import { switchesOf } from "../../src/solve/facts.ts"
import { lattice } from "../../src/solve/grid/lattice.ts"
import { pointsAt } from "../../src/solve/valueNet.ts"
import { basakCuoco, benchmark, curvedGrids, merton } from "./models.ts"

const { states } = problem(curvedGrids)
const axes = [states[0].nodes(41), states[1].nodes(8)]
const [zs, as] = axes
const [low, high] = [zs[0], zs[zs.length - 1]]

const z = fc.double({ min: low, max: high, noNaN: true }), a = fc.double({ min: as[0], max: as[7], noNaN: true })
const number = fc.double({ min: -1, max: 1, noNaN: true })
/** A column of the grid. */
const columnOf = (f: (z: number, a: number, j: number) => number): Float64Array => Float64Array.from(Array.from(zs).flatMap(z => Array.from(as, (a, j) => f(z, a, j))))
const look = (columns: readonly Float64Array[], curves: readonly Curve[], at: readonly number[]): number[] => {
  const out = new Float64Array(columns.length)
  lookUp(axes, columns, curves)(at, out)
  return [...out]
}
/** One to three curves, each random in every row, at least .15 from each other and the ends. */
const curves = fc.integer({ min: 1, max: 3 }).chain(count => fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8 * count, maxLength: 8 * count }).map(moves =>
  Array.from({ length: count }, (_, k): Curve => ({ rows: as.map((_, j) => (k + 1) / (count + 1) + moves[k * 8 + j] * (0.5 / (count + 1) - 0.08)) }))))

describe("lookUp", () => {
  it("is exact for bilinear functions where there are no curves", () => {
    fc.assert(fc.property(z, a, fc.array(number, { minLength: 8, maxLength: 8 }), (z, a, c) => {
      const f = (k: number) => (z: number, a: number): number => c[k] + c[k + 1] * z + c[k + 2] * 10 * a + c[k + 3] * 10 * z * a
      look([columnOf(f(0)), columnOf(f(4))], [], [z, a]).forEach((found, k) => expect(Math.abs(found - f(4 * k)(z, a))).toBeLessThan(1e-12))
    }))
  })

  it("meets a function that jumps across curves and is bilinear along them, on every side", () => {
    const sides = [0, 0, 0, 0]
    fc.assert(fc.property(z, a, curves, fc.array(number, { minLength: 64, maxLength: 64 }), (z, a, curves, c) => {
      /** On side k, in row j: linear in the share of the way from the curve below to the curve above; between rows linear. */
      const inRow = (j: number, side: number, share: number): number => 10 * side + c[8 * side + j] + c[32 + 8 * side + j] * share
      const place = (knots: readonly number[], z: number): [number, number] => {
        const side = knots.filter(k => z > k).length, ends = [low, ...knots, high]
        return [side, (z - ends[side]) / (ends[side + 1] - ends[side])]
      }
      const column = columnOf((z, _, j) => inRow(j, ...place(curves.map(c => c.rows[j]), z)))
      const expected = (at: number): number => {
        const [side, share] = place(curves.map(c => curveAt(axes, c, [NaN, a])), at)
        const j = cellOf(as, a), weight = (a - as[j]) / (as[j + 1] - as[j])
        sides[side]++
        return (1 - weight) * inRow(j, side, share) + weight * inRow(j + 1, side, share)
      }
      // A random point, and both sides of each curve.
      for (const at of [z, ...curves.flatMap(c => [-1e-9, 1e-9].map(by => curveAt(axes, c, [NaN, a]) + by))])
        expect(Math.abs(look([column], curves, [at, a])[0] - expected(at))).toBeLessThan(1e-9)
    }), { numRuns: 300 })
    expect(Math.min(...sides)).toBeGreaterThan(20)
  })

  it("never mixes sides, on a curve itself either", () => {
    fc.assert(fc.property(a, curves, fc.integer({ min: -2, max: 2 }), (a, curves, ulps) => {
      const column = columnOf((z, _, j) => curves.filter(c => z > c.rows[j]).length)
      for (const curve of curves) {
        const found = look([column], curves, [curveAt(axes, curve, [NaN, a]) * (1 + ulps * 2 ** -52), a])[0]
        expect(Math.abs(found - Math.round(found))).toBeLessThan(1e-12)
      }
    }), { numRuns: 300 })
  })

  it("reads rows that lie on one side of a curve whole", () => {
    // The curve leaves the domain at its lower end: rows 0 to 3 lie above it.
    const curve: Curve = { rows: as.map((_, j) => (j < 4 ? low : 0.3 + 0.02 * j)) }
    const column = columnOf((z, a, j) => (z > curve.rows[j] || j < 4 ? 5 + z : -z * a))
    for (const z of [low, 0.01, 0.2, 0.7, high]) expect(look([column], [curve], [z, (as[1] + as[2]) / 2])[0]).toBeCloseTo(5 + z, 9)
    for (const z of [0.01, 0.2, 0.38]) expect(look([column], [curve], [z, as[7]])[0]).toBeCloseTo(-z * as[7], 9)
    for (const z of [0.5, 0.9]) expect(look([column], [curve], [z, as[7]])[0]).toBeCloseTo(5 + z, 9)
  })

  it("in one state is interpolation with breaks", () => {
    fc.assert(fc.property(z, fc.array(number, { minLength: 41, maxLength: 41 }), fc.uniqueArray(fc.double({ min: 0.05, max: 0.95, noNaN: true }), { maxLength: 3 }), (z, values, places) => {
      const column = Float64Array.from(values), out = new Float64Array(2), breaks = places.toSorted((a, b) => a - b)
      lookUp([zs], [column, column.map(x => 2 * x)], places.map(p => ({ rows: Float64Array.of(p) })))([z], out)
      expect([...out]).toEqual([1, 2].map(k => interpolate(zs, column.map(x => k * x), z, breaks)))
    }))
  })
})

describe("curveAt", () => {
  it("is the place in each row, and linear between rows", () => {
    const curve: Curve = { rows: as.map(a => 0.2 + a * a) }
    as.forEach((a, j) => expect(curveAt(axes, curve, [0, a])).toBeCloseTo(curve.rows[j], 14))
    expect(curveAt(axes, curve, [0, 0.25 * as[3] + 0.75 * as[4]])).toBeCloseTo(0.25 * curve.rows[3] + 0.75 * curve.rows[4], 14)
    expect(curveAt([zs], { rows: Float64Array.of(0.4) }, [0.9])).toBe(0.4)
  })
})

describe("switchCurves in one state", () => {
  it("are the switches, each a curve of its own", () => {
    for (const points of [80, 400]) {
      const grid = lattice(problem(benchmark), points), flat = new Float64Array(points)
      const jets = { value: flat.map(() => 1), first: [flat], second: [flat] }
      const block = grid.march([jets, jets])
      grid.setRegime(block.regime, block.start)
      grid.fillStatic([jets.value, jets.value, ...block.values], [jets, jets], "block")
      const curves = switchCurves(grid, block.regime), switches = switchesOf(grid, block.regime)
      expect(curves.length).toBe(1)
      expect(curves.map(c => [...c.rows])).toEqual(switches.map(s => [s.at]))
      // Where the share comes to one.
      const last = block.values[1].findIndex(psi => psi === 1)
      expect(curves[0].rows[0]).toBeGreaterThan(grid.nodes[last - 1])
      expect(curves[0].rows[0]).toBeLessThanOrEqual(grid.nodes[last])
    }
  })

  it("there is none without complementarity", () => {
    for (const economy of [merton, basakCuoco]) {
      const grid = lattice(problem(economy), 60)
      expect(switchCurves(grid, new Uint8Array(60))).toEqual([])
    }
  })
})

describe("kinkOf", () => {
  const compiled = problem(curvedGrids)
  const curveIn = (f: (a: number) => number, at: readonly Float64Array[]): Curve => ({ rows: at[1].map(f) })
  const off = (f: (a: number) => number, rows: number): number => {
    const at = [zs, states[1].nodes(rows)], kink = kinkOf(compiled, at, curveIn(f, at)), c = chebyshev()
    return Math.max(...Array.from({ length: 200 }, (_, k) => {
      const a = as[0] + ((as[7] - as[0]) * k) / 199
      const { x } = pointsAt(states, [Float64Array.of(f(a)), Float64Array.of(a)])
      c.at(kink, [x[1][0]])
      return Math.abs(c.value - x[0][0])
    }))
  }

  it("meets a smooth curve between the rows, in the coordinates of the nets", () => {
    // The coordinates are smooth functions of the states, so that the fit converges fast.
    for (const f of [(a: number) => 0.14 + 0.5 * (a - 0.1), (a: number) => 0.3 + 0.1 * Math.sin(25 * a), (a: number) => 0.5 * a ** 0.3]) expect(off(f, 41)).toBeLessThan(1e-4)
    expect(off(a => 0.3 + 0.1 * Math.sin(25 * a), 12)).toBeLessThan(1e-3)
  })

  it("keeps to a switch whose edge is known to a cell only", () => {
    // Places rounded to a grid of 400 nodes: the curve is smooth, off by no more than that.
    const nodes = states[0].nodes(400), f = (a: number): number => 0.3 + 0.1 * Math.sin(25 * a)
    const at = [zs, states[1].nodes(41)], rough = kinkOf(compiled, at, curveIn(a => nodes[cellOf(nodes, f(a)) + 1], at)), smooth = kinkOf(compiled, at, curveIn(f, at))
    rough.forEach((c, k) => expect(Math.abs(c - smooth[k])).toBeLessThan(1.6 * (2 / 399)))
  })

  it("in one state is the coordinate of the switch", () => {
    const one = problem(benchmark)
    expect(kinkOf(one, [one.states[0].nodes(30)], { rows: Float64Array.of(0.26) })).toEqual([pointsAt(one.states, [Float64Array.of(0.26)]).x[0][0]])
  })
})
