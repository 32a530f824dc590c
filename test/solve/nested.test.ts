import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { catalogue } from "../../src/economies/index.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { economy, type Economy } from "../../src/model/economy.ts"
import { computation, requestOf, solve } from "../../src/request.ts"
import { run, type Row } from "../../src/run/run.ts"
import { lattice } from "../../src/solve/grid/lattice.ts"
import { coarseToFine, refined } from "../../src/solve/grid/refine.ts"
import { pseudoTime } from "../../src/solve/newton/pseudoTime.ts"
import { relaxation } from "../../src/solve/newton/relaxation.ts"
import { valueAt } from "../../src/solve/valueAt.ts"
import { benchmark, largest } from "./models.ts"

const diTella = catalogue["di-tella-2017"]

describe("coarseToFine", () => {
  it("ends with the grid that was asked for, and coarsens what has points to spare", () => {
    expect(coarseToFine([33, 33])).toEqual([[33, 9], [33, 33]])
    expect(coarseToFine([100, 100])).toEqual([[25, 13], [25, 25], [100, 100]])
    expect(coarseToFine([1000])).toEqual([[32], [63], [250], [1000]])
    for (const few of [[10], [48], [40, 16], [12, 16, 16]]) expect(coarseToFine(few)).toEqual([few])
  })
})

describe("refined", () => {
  it("is exact for cubics in the coordinate of each state, and for what is on the grid already", () => {
    const points = fc.tuple(fc.integer({ min: 4, max: 9 }), fc.integer({ min: 4, max: 7 }))
    fc.assert(fc.property(points, points, fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 8, maxLength: 8 }), (from, to, c) => {
      const cubic = (s: number, [a, b, d, e]: readonly number[]): number => a + s * (b + s * (d + s * e))
      const on = ([n, m]: readonly number[]): Float64Array => Float64Array.from({ length: n * m }, (_, k) => cubic(Math.floor(k / m) / (n - 1), c.slice(0, 4)) * cubic((k % m) / (m - 1), c.slice(4)))
      refined(on(from), from, to).forEach((y, k) => expect(Math.abs(y - on(to)[k])).toBeLessThan(1e-11))
      expect(refined(on(from), from, from)).toEqual(on(from))
    }))
  })
})

describe("nested iteration", () => {
  const rowsOf = (points: string | number, declared: Economy = diTella): { rows: Row[]; p: (x: number, nu: number) => number } => {
    const steps = run(computation(requestOf(declared, { set: [`points=${points}`] })).procedure), rows: Row[] = []
    for (;;) {
      const next = steps.next()
      if (next.done) return { rows, p: (x, nu) => valueAt(next.value as Parameters<typeof valueAt>[0], "p", { x, nu }) }
      rows.push(next.value.row)
    }
  }

  it("comes to the solution that the fine grid alone has", () => {
    for (const [declared, points] of [[diTella, [33, 20]], [benchmark, [200]]] as const) {
      const p = problem(declared), alone = relaxation(lattice(p, points), { tolerance: 1e-10, firstStep: 1 }), state = alone.start()
      for (let row: Row = {}, k = 0; !row.done && k < 60; k++) row = alone.step(state)
      const { converged, table: { columns } } = solve(declared, { set: [`points=${points.join()}`, "tolerance=1e-10"] })
      expect(converged).toBe(true)
      p.unknowns.forEach((u, k) => expect(largest(columns[u.name].map((y, i) => y - state.unknowns[k][i])) / largest(columns[u.name]), u.name).toBeLessThan(1e-8))
    }
  })

  it("gives up a coarse grid that resists", () => {
    // Along the first state no grid is coarse; with the states in this order it is the experts' share whose layer is lost.
    const { nu, x } = diTella.declaration.states
    const { rows, p } = rowsOf(26, economy("turned", { ...diTella.declaration, states: { nu, x }, facts: {} }))
    expect(rows.find(row => row.nodes === 26 * 13)).toMatchObject({ rejected: true })
    expect(rows.at(-1)!.done).toBe(true)
    expect(p(0.1, 0.25)).toBeCloseTo(rowsOf(26).p(0.1, 0.25), 7)
  })

  it("says how large a residual is on the grid asked for only", () => {
    const { rows } = rowsOf("33,18")
    for (const row of rows) expect(row.residual === undefined).toBe(row.nodes === 33 * 9)
    expect(rows[0].nodes).toBe(33 * 9)
    expect(rows.at(-1)!.nodes).toBeUndefined()
  })

  it("converges on a fine grid of two states, and the solution as the grid is refined", () => {
    const prices = [25, 50, 100].map(points => {
      const { rows, p } = rowsOf(points)
      expect(rows.at(-1)!.done, `${points}`).toBe(true)
      return [p(0.05, 0.6), p(0.1, 0.25), p(0.2, 0.1)]
    })
    prices[0].forEach((_, k) => {
      const [coarse, middle, fine] = prices.map(of => of[k])
      expect((coarse - middle) / (middle - fine)).toBeGreaterThan(1.8)
      expect(Math.abs(middle / fine - 1)).toBeLessThan(5e-4)
    })
  })
})

describe("a step of Newton's own length", () => {
  it("ends at the stationary solution, finished with the last factors, however early Newton may stop", () => {
    const p = problem(diTella), grid = lattice(p, 20), engine = pseudoTime(grid), { columns } = solve(diTella, { set: ["points=20"] }).table
    const away = p.unknowns.map((u, k) => columns[u.name].map((y, i) => (k < grid.values ? y * (1 + 1e-2 * Math.sin(i / 7 + k)) : y)))
    const none = new Float64Array(0), regime = new Uint8Array(grid.size)
    const residualAfter = (dt: number): number => {
      const unknowns = away.map(u => u.slice())
      expect(engine.step(unknowns, none, regime, dt, 1e-2)).toBe(true)
      return engine.residual(unknowns, none, regime).largest
    }
    expect(residualAfter(1e9)).toBeLessThan(1e-8)
    expect(residualAfter(1e4)).toBeGreaterThan(1e-7)
  })
})
