import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { solveDense } from "../../src/math/dense.ts"
import { dissection, symmetric, type Pattern } from "../../src/math/dissection.ts"
import { sparseLu } from "../../src/math/sparse.ts"
import { philox } from "../../src/math/random.ts"

interface System { readonly pattern: Pattern; readonly places: Int32Array[]; readonly values: Float64Array; readonly dense: Float64Array }

/** A random system on a grid: `of` says whether row (node, r) holds unknown (other, u), given the distance of the nodes, and how large. */
function system(shape: readonly number[], m: number, seed: number, of: (distance: readonly number[], r: number, u: number, random: () => number) => number | undefined): System {
  const nodes = shape.reduce((a, b) => a * b, 1), size = nodes * m
  const at = (i: number): number[] => shape.map((_, s) => Math.floor(i / shape.slice(s + 1).reduce((a, b) => a * b, 1)) % shape[s])
  const random = philox(seed, 0)
  const starts = new Int32Array(size + 1), columns: number[] = [], values: number[] = []
  const dense = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    const i = Math.floor(row / m), here = at(i)
    for (let column = 0; column < size; column++) {
      const value = of(at(Math.floor(column / m)).map((x, s) => x - here[s]), row % m, column % m, random.normal)
      if (value === undefined) continue
      columns.push(column)
      values.push(value)
      dense[row * size + column] = value
    }
    starts[row + 1] = columns.length
  }
  return { pattern: { size, starts, columns: Int32Array.from(columns) }, values: Float64Array.from(values), dense, places: shape.map((_, s) => Int32Array.from({ length: size }, (_, row) => at(Math.floor(row / m))[s])) }
}
const near = (distance: readonly number[]): boolean => distance.every(d => Math.abs(d) <= 1)
/** As a march looks: up to two nodes back along one axis. */
const behind = (distance: readonly number[]): boolean => distance.filter(d => d !== 0).length === 1 && distance.every(d => d <= 0 && d >= -2)

function againstDense({ pattern, places, values, dense }: System, right: Float64Array): void {
  const lu = sparseLu(pattern, places), expected = right.slice(), found = right.slice()
  expect(lu.factor(values)).toBe(solveDense(dense.slice(), expected))
  lu.solve(found)
  const size = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  found.forEach((x, i) => expect(Math.abs(x - expected[i])).toBeLessThan(1e-7 * size))
}
const shapes = fc.oneof(fc.tuple(fc.integer({ min: 2, max: 14 })), fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 9 })), fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 })))
const rightOf = (size: number): Float64Array => Float64Array.from({ length: size }, (_, i) => Math.sin(1 + i))

describe("sparseLu", () => {
  it("agrees with the dense solver on any grid, unsymmetric and far from dominant", () => {
    fc.assert(fc.property(shapes, fc.integer({ min: 1, max: 4 }), fc.nat(1e6), (shape, m, seed) => {
      const s = system(shape, m, seed, (distance, _r, _u, random) => (near(distance) || behind(distance) ? random() : undefined))
      againstDense(s, rightOf(s.pattern.size))
    }), { numRuns: 60 })
  })

  it("needs no diagonal: rows of a node may be in any order, and algebraic ones hold nothing of themselves", () => {
    fc.assert(fc.property(shapes, fc.nat(1e6), (shape, seed) => {
      // Row 0 determines unknown 2, row 2 unknown 1, row 1 (a stencil) unknown 0; nothing stands on the diagonal.
      const s = system(shape, 3, seed, (distance, r, u, random) => {
        const here = distance.every(d => d === 0)
        if (r === 0) return here && u === 2 ? 1 : undefined
        if (r === 2) return here && u !== 2 ? 1 + 0.1 * random() : behind(distance) && u === 1 ? 0.1 * random() : undefined
        return near(distance) && u !== 1 ? (here && u === 0 ? 6 : 0.3 * random()) : undefined
      })
      againstDense(s, rightOf(s.pattern.size))
    }), { numRuns: 40 })
  })

  it("does not mind rows and columns of very different sizes", () => {
    fc.assert(fc.property(shapes, fc.nat(1e6), (shape, seed) => {
      const s = system(shape, 2, seed, (distance, _r, _u, random) => (near(distance) ? random() + (distance.every(d => d === 0) ? 4 : 0) : undefined))
      const plain = sparseLu(s.pattern, s.places), scaled = sparseLu(s.pattern, s.places)
      const rows = Float64Array.from({ length: s.pattern.size }, (_, i) => 10 ** ((i * 7) % 25 - 12)), columns = rows.toReversed()
      const values = s.values.slice(), right = rightOf(s.pattern.size), expected = right.slice()
      for (let i = 0; i < s.pattern.size; i++) for (let k = s.pattern.starts[i]; k < s.pattern.starts[i + 1]; k++) values[k] *= rows[i] * columns[s.pattern.columns[k]]
      expect(plain.factor(s.values) && scaled.factor(values)).toBe(true)
      plain.solve(expected)
      right.forEach((_, i) => { right[i] *= rows[i] })
      scaled.solve(right)
      right.forEach((x, i) => expect(x * columns[i]).toBeCloseTo(expected[i], 7))
    }), { numRuns: 20 })
  })

  it("gives the same bits again, and says where there is no solution", () => {
    const s = system([12, 7], 2, 5, (distance, _r, _u, random) => (near(distance) ? random() : undefined))
    const lu = sparseLu(s.pattern, s.places), [a, b] = [rightOf(s.pattern.size), rightOf(s.pattern.size)]
    lu.factor(s.values)
    lu.solve(a)
    const singular = s.values.map((v, k) => (s.pattern.columns[k] === 31 ? 0 : v))
    expect(lu.factor(singular)).toBe(false)
    expect(lu.factor(s.values.map((v, k) => (k === 100 ? NaN : v)))).toBe(false)
    // Two rows alike.
    const twice = s.values.slice(), { starts } = s.pattern
    for (let k = 0; k < starts[1] - starts[0]; k++) twice[starts[1] + k] = twice[starts[0] + k]
    expect(lu.factor(twice)).toBe(false)
    expect(lu.factor(s.values)).toBe(true)
    lu.solve(b)
    expect(b).toEqual(a)
  })

  it("takes far less than a band: n^3 products on an n x n grid", () => {
    const products = [24, 48].map(n => {
      const s = laplacian(n), lu = sparseLu(s.pattern, s.places)
      expect(lu.factor(s.values)).toBe(true)
      return lu.cost.products
    })
    expect(Math.log2(products[1] / products[0])).toBeLessThan(3.3)
    // The band of the same grid takes n^2 (n + 1) 2(n + 1).
    expect(products[1]).toBeLessThan((2 * 48 ** 2 * 49 ** 2) / 3)
  })
})

/** Nine points on an n x n grid. */
function laplacian(n: number): Omit<System, "dense"> {
  const starts = new Int32Array(n * n + 1), columns: number[] = [], values: number[] = []
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
    for (let a = Math.max(0, i - 1); a <= Math.min(n - 1, i + 1); a++) for (let b = Math.max(0, j - 1); b <= Math.min(n - 1, j + 1); b++) {
      columns.push(a * n + b)
      values.push(a === i && b === j ? 8.1 : -1)
    }
    starts[i * n + j + 1] = columns.length
  }
  return { pattern: { size: n * n, starts, columns: Int32Array.from(columns) }, values: Float64Array.from(values), places: [Int32Array.from({ length: n * n }, (_, k) => Math.floor(k / n)), Int32Array.from({ length: n * n }, (_, k) => k % n)] }
}

describe("dissection", () => {
  it("holds every unknown once, children first, and parts the grid: neighbours lie on one path to the root", () => {
    fc.assert(fc.property(shapes, fc.integer({ min: 1, max: 3 }), fc.boolean(), (shape, m, wide) => {
      const { pattern, places } = system(shape, m, 1, distance => (near(distance) || (wide && behind(distance)) ? 1 : undefined))
      const graph = symmetric(pattern), { sets, parent } = dissection(graph, places, 6)
      expect(Int32Array.from(sets.flatMap(s => [...s])).toSorted()).toEqual(Int32Array.from({ length: pattern.size }, (_, u) => u))
      parent.forEach((p, s) => expect(p === -1 ? s === sets.length - 1 : p > s).toBe(true))
      const owner = new Int32Array(pattern.size)
      sets.forEach((set, s) => set.forEach(u => { owner[u] = s }))
      const above = (s: number): number[] => (s < 0 ? [] : [s, ...above(parent[s])])
      for (let u = 0; u < pattern.size; u++) for (let k = graph.starts[u]; k < graph.starts[u + 1]; k++) {
        const [a, b] = [owner[u], owner[graph.columns[k]]].toSorted((x, y) => x - y)
        expect(above(a)).toContain(b)
      }
    }), { numRuns: 40 })
  })
})
