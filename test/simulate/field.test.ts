import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cellBy, fieldOf, fieldReader, guideOf } from "../../src/simulate/field.ts"
import { rowsOf, type Regions } from "../../src/simulate/regions.ts"

const axis = (from: number, to: number, n: number, bend = 0): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => from + (to - from) * ((1 - bend) * (i / (n - 1)) + bend * (i / (n - 1)) ** 2))
const grid = (axes: readonly Float64Array[], f: (x: number[]) => number): Float64Array => {
  const n = axes.reduce((product, a) => product * a.length, 1)
  return Float64Array.from({ length: n }, (_, row) => f(axes.map((a, s) => a[Math.floor(row / axes.slice(s + 1).reduce((p, b) => p * b.length, 1)) % a.length])))
}
const none = (rows: number): Regions => ({ marched: 0, rows, breaks: [], slack: undefined, label: "" })
const inside = fc.double({ min: 0, max: 1, noNaN: true })

test("cellBy finds the cell of any point, as a search does", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 40 }), inside, (values, part) => {
    const nodes = Float64Array.from(values).sort(), guide = guideOf(nodes)
    for (const x of [nodes[0] + part * (nodes[nodes.length - 1] - nodes[0]), ...nodes, -10, 10]) {
      const i = cellBy(guide, nodes, x)
      const above = nodes.findIndex(node => node > x)
      expect(i).toBe(Math.max(0, Math.min(nodes.length - 2, (above < 0 ? nodes.length : above) - 1)))
    }
  }))
})

test("rows of a grid: every node is in one of them, whichever state is marched", () => {
  const cases: [number[], number][] = [[[4], 0], [[3, 5], 0], [[3, 5], 1], [[2, 3, 4], 1]]
  for (const [shape, marched] of cases) {
    const { starts, stride } = rowsOf(shape, marched)
    const nodes = Array.from(starts, start => Array.from({ length: shape[marched] }, (_, i) => start + i * stride)).flat().sort((a, b) => a - b)
    expect(nodes).toEqual(Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i))
  }
})

describe("a field without breaks", () => {
  test("is exact for functions that are linear in each state: one, two and three states", () => {
    const f = ([x = 0, y = 0, w = 0]: number[]): number => 1 + 2 * x - 3 * y + 4 * x * y + w - x * y * w
    for (const axes of [[axis(0, 2, 7, 0.5)], [axis(0, 2, 7, 0.5), axis(-1, 1, 5)], [axis(0, 2, 4), axis(-1, 1, 3, 0.3), axis(5, 6, 4)]]) {
      const reader = fieldReader(fieldOf(axes, none(axes.slice(1).map(a => a.length).reduce((p, n) => p * n, 1)), [grid(axes, f), grid(axes, x => -f(x))])), out = new Float64Array(2)
      fc.assert(fc.property(fc.array(inside, { minLength: 3, maxLength: 3 }), parts => {
        const point = axes.map((a, s) => a[0] + parts[s] * (a[a.length - 1] - a[0]))
        expect(reader.at(point, out)).toBe(0)
        expect(out[0]).toBeCloseTo(f(point), 11)
        expect(out[1]).toBeCloseTo(-f(point), 11)
      }))
    }
  })
})

describe("a field with a break", () => {
  // The break leans: x = 0.4 + 0.3 y. Below it the field is one function, above it another.
  const axes = [axis(0, 1, 12, 0.4), axis(0, 1, 6)]
  const at = (y: number): number => 0.4 + 0.3 * y
  const below = ([x, y]: number[]): number => 1 + x + y, above = ([x, y]: number[]): number => 10 - 2 * x + y
  const regions: Regions = { marched: 0, rows: 6, breaks: [axes[1].map(at)], slack: undefined, label: "" }
  const field = fieldOf(axes, regions, [grid(axes, p => (p[0] <= at(p[1]) ? below(p) : above(p)))], [[new Float64Array(6).fill(1), new Float64Array(6).fill(-1)]])
  const reader = fieldReader(field), out = new Float64Array(2)

  test("is one-sided up to the break, and not smeared across it", () => {
    fc.assert(fc.property(inside, inside, (x, y) => {
      const region = reader.at([x, y], out)
      expect(region).toBe(x > at(y) ? 1 : 0)
      expect(out[0]).toBeCloseTo(region === 0 ? below([x, y]) : above([x, y]), 9)
      expect(out[1]).toBe(region === 0 ? 1 : -1)
      expect(reader.ends[1 - region]).toBeCloseTo(at(y), 12)
    }))
    for (const y of [0, 0.33, 1]) {
      reader.at([at(y) - 1e-9, y], out)
      expect(out[0]).toBeCloseTo(below([at(y), y]), 6)
      reader.at([at(y) + 1e-9, y], out)
      expect(out[0]).toBeCloseTo(above([at(y), y]), 6)
    }
  })

  test("knows how its break leans, also between three states", () => {
    const slopes = new Float64Array(1)
    reader.at([0.5, 0.7], out)
    reader.slopes(0, slopes)
    expect(slopes[0]).toBeCloseTo(0.3, 12)
    const three = [axis(0, 1, 5), axis(0, 1, 4, 0.3), axis(-1, 1, 3)], two = new Float64Array(2)
    const bent = grid([three[1], three[2]], ([y, w]) => 0.4 + 0.3 * y - 0.1 * w + 0.05 * y * w)
    const cut = fieldReader(fieldOf(three, { marched: 0, rows: 12, breaks: [bent], slack: undefined, label: "" }, [grid(three, p => p[0])]))
    cut.at([0.5, 0.7, 0.2], out)
    cut.slopes(0, two)
    expect(two[0]).toBeCloseTo(0.3 + 0.05 * 0.2, 12)
    expect(two[1]).toBeCloseTo(-0.1 + 0.05 * 0.7, 12)
  })

  test("can be read on the other side: the point is moved to the break", () => {
    reader.inRegion([0.1, 0.5], 1, out)
    expect(out[0]).toBeCloseTo(above([at(0.5), 0.5]), 9)
    reader.inRegion([0.9, 0.5], 0, out)
    expect(out[0]).toBeCloseTo(below([at(0.5), 0.5]), 9)
  })

  test("may lie outside the domain in some rows: the region behind it is empty there", () => {
    const leaving = axes[1].map(y => Math.min(1, 0.7 + 0.6 * y))
    const half = fieldReader(fieldOf(axes, { ...regions, breaks: [leaving] }, [grid(axes, p => p[0])])), one = new Float64Array(1)
    fc.assert(fc.property(inside, inside, (x, y) => {
      half.at([x, y], one)
      expect(one[0]).toBeCloseTo(x, 9)
    }))
  })
})
