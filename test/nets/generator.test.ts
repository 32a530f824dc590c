import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { flowOf } from "../../src/nets/flowOf.ts"
import type { Flow, JetEngine } from "../../src/nets/jet.ts"
import { weightCount, type Shape } from "../../src/nets/mlp.ts"
import { oracleJets } from "../../src/nets/oracle.ts"
import { reduceSlots, shardRunner, shardStarts, slotsFor, type Batch } from "../../src/nets/shards.ts"
import { squaresAt } from "../../src/nets/squares.ts"
import { kernelJets } from "../../src/nets/kernelJets.ts"
import { allEngines } from "./engines.ts"

interface Case {
  readonly shape: Shape
  readonly shocks: number
  readonly n: number
  readonly seed: number
}

const cases: fc.Arbitrary<Case> = fc.record({
  shape: fc.record({
    inputs: fc.integer({ min: 1, max: 5 }),
    hidden: fc.array(fc.integer({ min: 1, max: 13 }), { maxLength: 3 }),
    activation: fc.constantFrom("tanh" as const, "swish" as const, "softplus" as const),
  }),
  shocks: fc.integer({ min: 0, max: 4 }),
  n: fc.integer({ min: 1, max: 70 }),
  seed: fc.nat(),
})

function numbers(seed: number) {
  const { next } = philox(seed, 0)
  return (length: number, size = 1) => Float64Array.from({ length }, () => size * (2 * next() - 1))
}

function data({ shape, shocks, n, seed }: Case) {
  const draw = numbers(seed)
  const flow: Flow = {
    n, points: draw(shape.inputs * n), directions: draw((shocks + 1) * shape.inputs * n), factors: draw(shocks * n).map(Math.sign),
  }
  return { weights: draw(weightCount(shape), 1 / Math.sqrt(Math.max(1, ...shape.hidden))), flow, cotangent: draw(2 * n) }
}

/** J and G, and the gradient of cotangent . (J, G) over the points `from` to `to`. */
function pass(engine: JetEngine, problem: Case, from = 0, to = problem.n, capacity = problem.n) {
  const { weights, flow, cotangent: wanted } = data(problem)
  const net = engine.generator(problem.shape, problem.shocks, capacity)
  const out = new Float64Array(2 * flow.n), cotangent = new Float64Array(2 * flow.n), gradient = new Float64Array(weights.length)
  const respond = (first: number, last: number) => {
    for (const row of [0, flow.n]) cotangent.set(wanted.subarray(row + first, row + last), row + first)
  }
  net.pass(weights, flow, from, to, { out, cotangent, respond }, gradient)
  return { out, gradient }
}

function forward(engine: JetEngine, problem: Case) {
  const { weights, flow } = data(problem), out = new Float64Array(2 * flow.n)
  engine.generator(problem.shape, problem.shocks, problem.n).forward(weights, flow, out)
  return out
}

/** With the derivatives along the shocks: all outputs; and from the point `from` on, these again, gradient and Jacobian. */
function whole(engine: JetEngine, problem: Case, from: number) {
  const { weights, flow } = data(problem), { n, shocks, seed } = problem, wanted = numbers(seed + 1)((2 + shocks) * n)
  const net = engine.generator(problem.shape, shocks, n, true)
  const array = () => new Float64Array(net.outputs * n), all = array(), out = array(), cotangent = array(), again = array()
  const gradient = new Float64Array(weights.length), jacobian = new Float64Array((n - from) * weights.length)
  const respond = (first: number, last: number) => {
    for (let row = 0; row < net.outputs; row++) cotangent.set(wanted.subarray(row * n + first, row * n + last), row * n + first)
  }
  net.forward(weights, flow, all)
  net.pass(weights, flow, from, n, { out, cotangent, respond }, gradient)
  net.rows(weights, flow, from, n, { out: again, cotangent, respond }, jacobian)
  expect(again).toEqual(out)
  return { all, out, gradient, jacobian }
}

function expectNear(mine: Float64Array, right: Float64Array, tolerance: number) {
  const largest = (array: Float64Array, least: number) => array.reduce((most, x) => Math.max(most, Math.abs(x)), least)
  expect(largest(mine.map((x, k) => x - right[k]), 0)).toBeLessThanOrEqual(tolerance * largest(right, 1))
}

describe.each(allEngines)("generator: $name", ({ engine, tolerance }) => {
  it("agrees with the oracle, forward and back", () => {
    fc.assert(fc.property(cases, (problem) => {
      const right = pass(oracleJets, problem), mine = pass(engine, problem)
      expectNear(mine.out, right.out, tolerance)
      expectNear(mine.gradient, right.gradient, tolerance)
      expect(forward(engine, problem)).toEqual(mine.out)
    }), { numRuns: 60 })
  })

  it("gives the derivatives along its shocks, and rows of a Jacobian that add up to its gradient", () => {
    fc.assert(fc.property(cases, fc.nat(), (problem, draw) => {
      const [mine, right] = [engine, oracleJets].map((made) => whole(made, problem, draw % (problem.n + 1)))
      expectNear(mine.out, right.out, tolerance)
      expectNear(mine.gradient, right.gradient, tolerance)
      expectNear(mine.jacobian, right.jacobian, tolerance)
      const { n, shocks } = problem, plain = forward(engine, problem)
      expect([...mine.all.subarray(0, n), ...mine.all.subarray((1 + shocks) * n)]).toEqual([...plain])
      const sums = mine.gradient.map((_, k) => { let sum = 0; for (let at = k; at < mine.jacobian.length; at += mine.gradient.length) sum += mine.jacobian[at]; return sum })
      expectNear(sums, mine.gradient, tolerance)
    }), { numRuns: 40 })
  })

  it("sums over ranges to the whole, and touches nothing outside its range", () => {
    fc.assert(fc.property(cases, fc.nat(), (problem, draw) => {
      const cut = draw % (problem.n + 1), whole = pass(engine, problem)
      const parts = [pass(engine, problem, 0, cut), pass(engine, problem, cut, problem.n, problem.n + 100)]
      expectNear(parts[0].gradient.map((g, k) => g + parts[1].gradient[k]), whole.gradient, tolerance)
      expect(parts[0].out.map((x, k) => x + parts[1].out[k])).toEqual(whole.out)
    }), { numRuns: 20 })
  })

  it("agrees with the closed form for one softplus", () => {
    // softplus(z) has slope s and curvature s (1 - s), so G = b s w + factor h^2 s (1 - s) w^2.
    const w = 0.7, z = 0.3, drift = -0.4, h = 1.5, s = 1 / (1 + Math.exp(-w * z)), out = new Float64Array(2)
    engine.generator({ inputs: 1, hidden: [1], activation: "softplus" }, 1, 1).forward(
      Float64Array.of(w, 0, 1, 0), { n: 1, points: Float64Array.of(z), directions: Float64Array.of(h, drift), factors: Float64Array.of(-1) }, out)
    expect(Math.abs(out[1] - (drift * s * w - h * h * s * (1 - s) * w * w))).toBeLessThan(tolerance)
  })

  it("refuses what makes no sense", () => {
    const problem: Case = { shape: { inputs: 2, hidden: [3], activation: "tanh" }, shocks: 1, n: 4, seed: 1 }
    expect(() => engine.generator(problem.shape, -1, 4)).toThrow("got shocks `-1`; expected a whole number of at least 0")
    expect(() => pass(engine, problem, 3, 2)).toThrow("got the points `3` to `2`; expected a range within 0 to 4")
    expect(() => pass(engine, problem, 0, 4, 3)).toThrow("at most the capacity, 3")
    const { weights, flow } = data(problem)
    expect(() => engine.generator(problem.shape, 1, 4).forward(weights, { ...flow, factors: new Float64Array(3) }, new Float64Array(8)))
      .toThrow("got `factors` of length `3`; expected at least 4")
  })
})

describe("flowOf", () => {
  it("gives back the operator: definite, degenerate and indefinite ones", () => {
    const entry = fc.oneof(fc.constantFrom(0, 1, -1, 1e-9), fc.double({ min: -3, max: 3, noNaN: true }))
    fc.assert(fc.property(entry, entry, entry, entry, entry, (a, b, c, v, w) => {
      for (const [p, q, r] of [[a, b, c], [v * v, v * w, w * w]]) {
        const { directions: d, factors: s } = flowOf(new Float64Array(3),
          { n: 1, inputs: 3, drift: Float64Array.of(v, w, 1), diffuse: [2, 0], diffusion: Float64Array.of(p, q, r) })
        const sum = (i: number, j: number) => s[0] * d[i] * d[j] + s[1] * d[3 + i] * d[3 + j]
        const near = (x: number, y: number) => { expect(Math.abs(x - y)).toBeLessThanOrEqual(1e-14 * Math.max(Math.abs(p), Math.abs(q), Math.abs(r))) }
        near(sum(2, 2), p)
        near(sum(2, 0), q)
        near(sum(0, 0), r)
        near(sum(1, 1), 0)
        expect([...d.subarray(6)]).toEqual([v, w, 1])
      }
    }))
  })

  it("refuses one input twice", () => {
    const operator = { n: 1, inputs: 2, drift: new Float64Array(2), diffuse: [1, 1] as const, diffusion: new Float64Array(3) }
    expect(() => flowOf(new Float64Array(2), operator)).toThrow("got the input `1` twice")
  })
})

describe("squares and shards", () => {
  it("has cotangents that are limits of differences of the loss", () => {
    const draw = numbers(4), n = 5, of = () => draw(n), out = draw(2 * n)
    const squares = [0, 1].map(() => ({ net: 0, weight: of(), offset: of(), onValue: of(), onGenerator: of() }))
    const loss = (at: Float64Array, cotangent = new Float64Array(2 * n)) => squaresAt(squares, 1, n, 1, 4, at, cotangent)
    const cotangent = new Float64Array(2 * n).fill(9)
    loss(out, cotangent)
    out.forEach((_, k) => {
      const slope = [1e-5, -1e-5].map((by) => loss(out.map((x, i) => (i === k ? x + by : x)))).reduce((up, down) => (up - down) / 2e-5)
      if (k % n >= 1 && k % n < 4) expect(cotangent[k]).toBeCloseTo(slope, 8)
      else expect([cotangent[k], slope]).toEqual([9, 0])
    })
  })

  it("cuts any number of points into shards without a gap, sixteen at most", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 200_000 }), (n) => {
      const starts = shardStarts(n)
      expect([starts[0], starts.at(-1)]).toEqual([0, n])
      expect(starts.length - 1).toBeLessThanOrEqual(16)
      starts.slice(1).forEach((to, k) => expect(to > starts[k] || n === 0).toBe(true))
    }))
  })

  it("gives the same bits whatever the order in which shards are run", () => {
    const problem: Case = { shape: { inputs: 2, hidden: [6, 5], activation: "tanh" }, shocks: 2, n: 700, seed: 9 }
    const { weights, flow } = data(problem), draw = numbers(2), of = () => draw(flow.n)
    const batch: Batch = { flow, squares: [{ net: 0, weight: of(), offset: of(), onValue: of(), onGenerator: of() }] }
    const results = [[0, 1, 2], [2, 0, 1]].map((order) => {
      const run = shardRunner(kernelJets("float32").generator(problem.shape, 2, flow.n), 1, flow.n)
      const slots = new Float64Array(slotsFor(flow.n, weights.length)), gradient = new Float64Array(weights.length)
      for (const shard of order) run(weights, batch, shard, slots)
      return { loss: reduceSlots(slots, flow.n, gradient), gradient }
    })
    expect(results[1]).toEqual(results[0])
    expect(results[0].gradient.every((g) => g !== 0)).toBe(true)
  })
})
