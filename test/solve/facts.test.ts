import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { problem } from "../../src/model/compileProblem.ts"
import { economy, type Economy } from "../../src/model/economy.ts"
import { factsOf, kinksOn, switchesOf } from "../../src/solve/facts.ts"
import { lattice } from "../../src/solve/grid/lattice.ts"

/** 0 <= 1 - p _|_ g(x) - p >= 0: p = min(g, 1). No derivative: nothing marches. */
const capped = (g: string, facts: Parameters<typeof economy>[1]["facts"] = {}): Economy => economy("capped", {
  is: "a share that is capped",
  parameters: { b: { value: 0.37, is: "where it is capped" } },
  states: { x: { is: "state", from: 0, to: 1, drift: "x*(b - x) - max(x, b)*0", risk: "max(x, 2*b)" } },
  unknowns: { p: { kind: "share", guess: "0.5", range: [0, 1], is: "share" } },
  equations: `
    w = (x - 0.6)^2
    [cap] 0 <= 1 - p _|_ (${g}) - p >= 0
  `,
  facts,
})

function solved(declared: Economy, points: number, parameters: Record<string, number> = {}) {
  const grid = lattice(problem(declared, { parameters }), points)
  const block = grid.march([])
  grid.setRegime(block.regime, block.start)
  grid.fillStatic(block.values, [], "table")
  return { grid, block, switches: switchesOf(grid, block.regime) }
}

describe("switchesOf", () => {
  it("finds where a line changes side, to third order, wherever it lies between the nodes", () => {
    fc.assert(fc.property(fc.double({ min: 0.15, max: 0.7, noNaN: true }), b => {
      const errors = [40, 80].map(points => {
        const { switches } = solved(capped("1 - (b - x)*(1 + x^2 + 0.3*(x-b)^2)"), points, { b })
        expect(switches).toHaveLength(1)
        expect(switches[0]).toMatchObject({ label: "cap", state: "x" })
        return Math.abs(switches[0].at - b)
      })
      expect(errors[0]).toBeLessThan(40 / 40 ** 3)
      expect(errors[1]).toBeLessThan(40 / 80 ** 3)
    }), { numRuns: 40 })
  })

  it("finds several, and none where there is none", () => {
    const { switches } = solved(capped("1 - (x - 0.2)*(x - 0.5)"), 101)
    expect(switches.map(s => s.at)).toEqual([expect.closeTo(0.2, 3), expect.closeTo(0.5, 3)])
    expect(solved(capped("0.5*x"), 50).switches).toEqual([])
  })
})

describe("kinksOn", () => {
  it("finds where an argument of min or max changes sign", () => {
    const kinks = kinksOn(solved(capped("0.5*x"), 100).grid)
    expect(kinks.length).toBeGreaterThan(0)
    for (const k of kinks) expect(Math.min(Math.abs(k - 0.37), Math.abs(k - 0.74))).toBeLessThan(1e-9)
  })
})

describe("factsOf", () => {
  it("finds a switch, a largest, a smallest, a falling root and a value", () => {
    const { grid, switches } = solved(capped("1 - (b - x)*(1 + x)", {
      at: { is: "switch", switch: "cap" },
      most: { is: "largest", max: "w" }, least: { is: "smallest", min: "w" },
      rest: { is: "root of the drift", root: "x*(b - x)" }, none: { is: "no falling root", root: "x + 1" },
      here: { is: "value", value: "2*x + 1", at: { x: 0.123 } },
    }), 101)
    const facts = factsOf(grid, switches)
    expect(facts.at).toBe(switches[0].at)
    expect(facts.most).toBeCloseTo(0.36, 12)
    expect(facts.least).toBeCloseTo(0, 12)
    expect(Math.abs(facts.rest - 0.37)).toBeLessThan(1e-4)
    expect(facts.none).toBeNaN()
    expect(facts.here).toBeCloseTo(1.246, 12)
  })

  it("has no switch where the line never changes side", () => {
    const { grid, switches } = solved(capped("0.5*x", { at: { is: "switch", switch: "cap" } }), 50)
    expect(factsOf(grid, switches).at).toBeNaN()
  })
})

describe("in two states", () => {
  const curved = economy("curved", {
    is: "a share that is capped along a curve",
    parameters: { b: { value: 0.37, is: "where it is capped" } },
    states: { x: { is: "state", from: 0, to: 1, drift: "0", risk: "0" }, y: { is: "other", from: 1, to: 2, drift: "0", risk: "0" } },
    unknowns: { p: { kind: "share", guess: "0.5", range: [0, 1], is: "share" } },
    equations: "[cap] 0 <= 1 - p _|_ 1 - (b + 0.1*y - x) - p >= 0",
    facts: {
      low: { is: "at the lower end", switch: "cap", at: { y: 1 } }, half: { is: "between", switch: "cap", at: { y: "1 + b" } },
      rest: { is: "root", root: "b*y - x", at: { y: 1.234 } }, most: { is: "largest", max: "x*y" }, here: { is: "value", value: "p*y", at: { x: 0.2, y: 1.5 } },
    },
  })

  it("a switch is a curve, a fact a point of it", () => {
    const { grid, switches } = solved(curved, 31)
    expect(switches).toHaveLength(31)
    for (const s of switches) expect(s.at).toBeCloseTo(0.37 + 0.1 * s.where!.y, 9)
    const facts = factsOf(grid, switches)
    expect(facts.low).toBeCloseTo(0.47, 9)
    expect(facts.half).toBeCloseTo(0.37 + 0.137, 9)
    expect(facts.rest).toBeCloseTo(0.37 * 1.234, 9)
    expect(facts.most).toBe(2)
    expect(facts.here).toBeCloseTo((1 - (0.37 + 0.15 - 0.2)) * 1.5, 9)
  })
})
