import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import type { Channels, JetEngine } from "../../src/nets/jet.ts"
import { initialWeights, weightCount, type Activation, type Shape } from "../../src/nets/mlp.ts"
import { oracleJets } from "../../src/nets/oracle.ts"
import { allEngines, kernelEngines } from "./engines.ts"

const activations: readonly Activation[] = ["tanh", "swish", "softplus", "relu"]

interface Case {
  readonly shape: Shape
  readonly channels: Channels
  readonly n: number
  readonly seed: number
}

/** Shapes, channels and numbers of points: with remainders, no hidden layer, no derivatives, more than one tile. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    inputs: fc.integer({ min: 1, max: 8 }),
    hidden: fc.array(fc.integer({ min: 1, max: 13 }), { maxLength: 3 }),
    activation: fc.constantFrom(...activations),
    n: fc.integer({ min: 1, max: 70 }),
    seed: fc.nat(),
  })
  .chain(({ inputs, hidden, activation, n, seed }) =>
    fc.shuffledSubarray(Array.from({ length: inputs }, (_, i) => i)).chain((first) =>
      fc.shuffledSubarray(first.flatMap((i) => first.map((j): [number, number] => [i, j])))
        .map((second) => ({ shape: { inputs, hidden, activation }, channels: { first, second: second.slice(0, 6) }, n, seed }))))

/** Any widths from 1 to 256, at few points. */
const wide: fc.Arbitrary<Case> = fc.record({
  shape: fc.record({
    inputs: fc.integer({ min: 1, max: 3 }), hidden: fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 2 }), activation: fc.constantFrom(...activations),
  }),
  channels: fc.constantFrom<Channels>({ first: [], second: [] }, { first: [0], second: [] }, { first: [0], second: [[0, 0]] }),
  n: fc.integer({ min: 1, max: 3 }), seed: fc.nat(),
})
const WIDEST: Case = { shape: { inputs: 2, hidden: [256, 255, 1], activation: "tanh" }, channels: { first: [1, 0], second: [[0, 1], [0, 0]] }, n: 2, seed: 3 }

/**
 * Weights and points are multiples of powers of two, so that float32 holds them, and the sums of the first layers, exactly:
 * no kink of relu lies between the two precisions.
 */
function data({ shape, channels, n, seed }: Case) {
  const { next } = philox(seed, 0)
  const eighths = (length: number) => Float64Array.from({ length }, () => Math.round(16 * next() - 8) / 8)
  const widest = Math.max(shape.inputs, ...shape.hidden)
  const shrink = 2 ** -Math.ceil(Math.log2(widest) / 2)
  return {
    weights: eighths(weightCount(shape)).map((w) => w * shrink),
    points: eighths(shape.inputs * n),
    cotangent: eighths((1 + channels.first.length + channels.second.length) * n),
  }
}

function results(engine: JetEngine, problem: Case, capacity = problem.n) {
  const { shape, channels, n } = problem
  const { weights, points, cotangent } = data(problem)
  const net = engine.net(shape, channels, capacity)
  const out = new Float64Array(net.channelCount * n)
  const gradient = new Float64Array(weights.length)
  const jacobian = new Float64Array(weights.length * n).fill(7)
  net.forward(weights, points, n, out)
  net.backward(weights, points, n, cotangent, gradient)
  net.jacobian(weights, points, n, cotangent, jacobian)
  return { out, gradient, jacobian }
}

function largest(a: Float64Array): number {
  return a.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
}

/** The largest difference over the largest entry, or over `scale`. */
function distance(a: Float64Array, b: Float64Array, scale = largest(a)): number {
  const most = largest(a.map((x, k) => x - b[k]))
  return most === 0 ? 0 : most / scale
}

/** Largest entry of the gradient if nothing cancelled: rounding is relative to it. */
function sizeOfTerms({ gradient, jacobian }: { readonly gradient: Float64Array; readonly jacobian: Float64Array }): number {
  const sums = new Float64Array(gradient.length)
  jacobian.forEach((x, k) => { sums[k % sums.length] += Math.abs(x) })
  return largest(sums)
}

/** Tolerances are relative to the largest entry of an array, or 0.1 for outputs, whose terms of that size may cancel. */
function expectOracle(engine: JetEngine, problem: Case, tolerance: number): void {
  const mine = results(engine, problem), right = results(oracleJets, problem)
  expect(distance(right.out, mine.out, Math.max(largest(right.out), 0.1))).toBeLessThan(tolerance)
  expect(distance(right.gradient, mine.gradient, sizeOfTerms(right))).toBeLessThan(tolerance)
  expect(distance(right.jacobian, mine.jacobian)).toBeLessThan(tolerance)
}

describe.each(kernelEngines)("jets: $name", ({ engine, tolerance }) => {
  it("agrees with the oracle", () => {
    fc.assert(fc.property(cases, (problem) => {
      expectOracle(engine, problem, tolerance)
    }), { numRuns: 60 })
  })

  it("agrees with the oracle at any widths up to 256", () => {
    fc.assert(fc.property(wide, (problem) => { expectOracle(engine, problem, tolerance) }), { numRuns: 12, examples: [[WIDEST]] })
  })
})

describe.each(allEngines)("jets: $name", ({ engine, tolerance }) => {
  it("has Jacobian rows that sum to the gradient", () => {
    fc.assert(fc.property(cases, (problem) => {
      const mine = results(engine, problem)
      const { gradient, jacobian } = mine
      const sum = gradient.map((_, k) => {
        let total = 0
        for (let p = 0; p < problem.n; p++) total += jacobian[p * gradient.length + k]
        return total
      })
      expect(distance(gradient, sum, sizeOfTerms(mine))).toBeLessThan(tolerance)
    }), { numRuns: 20 })
  })

  it("gives the same bits twice, at any capacity, and with a used memory", () => {
    fc.assert(fc.property(cases, cases, (problem, other) => {
      const once = results(engine, problem)
      results(engine, other)
      expect(results(engine, problem, problem.n + 1000)).toEqual(once)
    }), { numRuns: 20 })
  })

  it("gives the same bits for points in one call or two", () => {
    fc.assert(fc.property(cases, fc.nat(), (problem, cut) => {
      const { shape, channels, n } = problem
      const { weights, points } = data(problem)
      const net = engine.net(shape, channels, n)
      const out = new Float64Array(net.channelCount * n)
      net.forward(weights, points, n, out)
      const pieces = [[0, cut % n], [cut % n, n]].map(([from, to]) => {
        const part = new Float64Array(net.channelCount * (to - from))
        const rows = Array.from({ length: shape.inputs }, (_, i) => [...points.subarray(i * n + from, i * n + to)])
        net.forward(weights, Float64Array.from(rows.flat()), to - from, part)
        return part
      })
      const joined = Array.from({ length: net.channelCount }, (_, c) =>
        pieces.flatMap((part) => [...part.subarray((c * part.length) / net.channelCount, ((c + 1) * part.length) / net.channelCount)]))
      expect(Float64Array.from(joined.flat())).toEqual(out)
    }), { numRuns: 20 })
  })

  it("adds to the gradient and leaves longer arrays alone beyond what it needs", () => {
    const problem: Case = { shape: { inputs: 1, hidden: [3], activation: "tanh" }, channels: { first: [0], second: [] }, n: 3, seed: 1 }
    const { weights, points, cotangent } = data(problem)
    const once = results(engine, problem)
    const net = engine.net(problem.shape, problem.channels, 3)
    const gradient = new Float64Array(weights.length + 1).fill(0.5)
    net.backward(weights, points, 3, cotangent, gradient)
    once.gradient.forEach((g, k) => expect(gradient[k]).toBeCloseTo(g + 0.5, 12))
    expect(gradient[weights.length]).toBe(0.5)
    const out = new Float64Array(7).fill(0.5)
    net.forward(weights, points, 3, out)
    expect(out.subarray(0, 6)).toEqual(once.out)
    expect(out[6]).toBe(0.5)
  })

  it("activates as the closed forms do, far out too", () => {
    const x = Float64Array.of(0, 1e-30, -1e-8, 1e-3, 0.1, -0.3, 0.6, 1, -2, 5, 9.5, -20, 80, 700)
    const forms: Record<Activation, (z: number) => number> = {
      tanh: Math.tanh,
      swish: (z) => z / (1 + Math.exp(-z)),
      softplus: (z) => Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0),
      relu: (z) => Math.max(z, 0),
    }
    for (const activation of activations) {
      const out = new Float64Array(x.length)
      engine.net({ inputs: 1, hidden: [1], activation }, { first: [], second: [] }, x.length)
        .forward(Float64Array.of(1, 0, 1, 0), x, x.length, out)
      x.forEach((z, k) => expect(Math.abs(out[k] - forms[activation](z))).toBeLessThanOrEqual(
        (engine.precision === "float64" ? 4e-16 : 3e-7) * Math.abs(forms[activation](z))))
    }
  })

  it("hands NaN on, at its own point only", () => {
    for (const activation of activations) {
      const net = engine.net({ inputs: 1, hidden: [4], activation }, { first: [0], second: [[0, 0]] }, 3)
      const out = new Float64Array(9)
      net.forward(new Float64Array(13).fill(0.5), Float64Array.of(1, NaN, 2), 3, out)
      expect([...out].map(Number.isNaN).slice(0, 3)).toEqual([false, true, false])
      expect(out.filter((_, k) => k % 3 !== 1).every(Number.isFinite)).toBe(true)
    }
  })

  it("refuses what makes no sense", () => {
    const shape: Shape = { inputs: 2, hidden: [3], activation: "tanh" }
    const net = (changed: Partial<Shape>, channels: Channels, capacity = 4) => () => engine.net({ ...shape, ...changed }, channels, capacity)
    const none: Channels = { first: [], second: [] }
    expect(net({}, { first: [2], second: [] })).toThrow("got a first derivative by input `2`; expected one of 0 to 1")
    expect(net({}, { first: [0, 0], second: [] })).toThrow("twice")
    expect(net({}, { first: [0], second: [[0, 1]] })).toThrow("expected 1 in `first`")
    expect(net({ inputs: 0 }, none)).toThrow(RangeError)
    expect(net({ hidden: [0] }, none)).toThrow(RangeError)
    expect(net({}, none, 0)).toThrow(RangeError)
    const weights = new Float64Array(weightCount(shape))
    const points = new Float64Array(10)
    expect(() => net({}, none)().forward(weights, points, 5, new Float64Array(5))).toThrow("at most the capacity, 4")
    expect(() => net({}, none)().forward(weights, points, 4, new Float64Array(3))).toThrow("got `out` of length `3`; expected at least 4")
    expect(() => net({}, none)().forward(weights.subarray(1), points, 4, new Float64Array(4))).toThrow("`weights`")
  })
})

describe("the oracle", () => {
  const shape = (activation: Activation): Shape => ({ inputs: 3, hidden: [5, 4], activation })
  const channels: Channels = { first: [2, 0, 1], second: [[2, 2], [0, 1], [1, 0], [2, 1]] }
  const { next } = philox(5, 0)
  const at = (activation: Activation, weights: Float64Array, point: Float64Array) => {
    const out = new Float64Array(8)
    oracleJets.net(shape(activation), channels, 1).forward(weights, point, 1, out)
    return out
  }

  it.each(activations)("has derivatives that are limits of differences: %s", (activation) => {
    const weights = initialWeights(shape(activation), next).map((w) => w + 0.2 * next())
    const point = Float64Array.of(0.4, -0.7, 0.9)
    const step = 1e-5
    const slope = (input: number, channel: number) => {
      const moved = [step, -step].map((by) => at(activation, weights, point.map((x, i) => (i === input ? x + by : x))))
      return (moved[0][channel] - moved[1][channel]) / (2 * step)
    }
    const jet = at(activation, weights, point)
    channels.first.forEach((input, k) => expect(jet[1 + k]).toBeCloseTo(slope(input, 0), 8))
    channels.second.forEach(([i, j], m) => expect(jet[4 + m]).toBeCloseTo(slope(i, 1 + channels.first.indexOf(j)), 8))
    expect(jet[5]).toBe(jet[6])
  })

  it.each(activations)("has an adjoint that is a limit of differences: %s", (activation) => {
    const weights = initialWeights(shape(activation), next).map((w) => w + 0.2 * next())
    const point = Float64Array.of(0.4, -0.7, 0.9)
    const cotangent = Float64Array.from({ length: 8 }, () => next() - 0.5)
    const gradient = new Float64Array(weights.length)
    oracleJets.net(shape(activation), channels, 1).backward(weights, point, 1, cotangent, gradient)
    const step = 1e-5
    gradient.forEach((g, k) => {
      const [up, down] = [step, -step].map((by) =>
        at(activation, weights.map((w, i) => (i === k ? w + by : w)), point).reduce((sum, x, c) => sum + cotangent[c] * x, 0))
      expect(g).toBeCloseTo((up - down) / (2 * step), 7)
    })
  })
})
