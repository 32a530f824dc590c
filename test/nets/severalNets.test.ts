import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import type { Channels, Flow, JetEngine } from "../../src/nets/jet.ts"
import { weightCount, type Shape } from "../../src/nets/mlp.ts"
import { oracleJets } from "../../src/nets/oracle.ts"
import { reduceSlots, shardRunner, shardStarts, slotsFor, type Batch } from "../../src/nets/shards.ts"
import { kernelJets } from "../../src/nets/kernelJets.ts"
import { allEngines, kernelEngines } from "./engines.ts"

interface Case {
  readonly shapes: readonly Shape[]
  readonly channels: Channels
  readonly shocks: number
  readonly n: number
  readonly seed: number
}

/** Nets of different layers over the same inputs. */
const cases: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 3 }).chain((inputs) => fc.record({
  shapes: fc.array(fc.record({
    inputs: fc.constant(inputs), hidden: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }), activation: fc.constantFrom("tanh" as const, "swish" as const, "softplus" as const),
  }), { minLength: 1, maxLength: 3 }),
  channels: fc.constantFrom<Channels>({ first: [], second: [] }, { first: [0], second: [] }, { first: [0, inputs - 1].slice(0, inputs), second: [[0, 0]] }),
  shocks: fc.integer({ min: 0, max: 3 }), n: fc.integer({ min: 1, max: 150 }), seed: fc.nat(),
}))

function numbers(seed: number) {
  const { next } = philox(seed, 0)
  return (length: number) => Float64Array.from({ length }, () => 2 * next() - 1)
}

const total = (shapes: readonly Shape[]) => shapes.reduce((sum, shape) => sum + weightCount(shape), 0)

/** Everything of a jet evaluator; the cotangent of each channel is its value times that of the channel before it, across nets. */
function jets(engine: JetEngine, { shapes, channels, n, seed }: Case) {
  const draw = numbers(seed), weights = draw(total(shapes)), points = draw(shapes[0].inputs * n)
  const net = engine.net(shapes, channels, n), rows = net.channelCount
  const out = new Float64Array(rows * n), cotangent = new Float64Array(rows * n), gradient = new Float64Array(weights.length)
  const jacobian = new Float64Array(n * weights.length)
  const respond = (from: number, to: number) => {
    for (let c = 0; c < rows; c++) for (let p = from; p < to; p++) cotangent[c * n + p] = out[c * n + p] * out[((c + rows - 1) % rows) * n + p]
  }
  net.pass(weights, points, n, { out, cotangent, respond }, gradient)
  net.jacobian(weights, points, n, cotangent, jacobian)
  return { net, weights, points, out, cotangent, gradient, jacobian }
}

function generators(engine: JetEngine, { shapes, shocks, n, seed }: Case) {
  const draw = numbers(seed), weights = draw(total(shapes)), { inputs } = shapes[0], rows = 2 * shapes.length
  const flow: Flow = { n, points: draw(inputs * n), directions: draw((shocks + 1) * inputs * n), factors: draw(shocks * n).map(Math.sign) }
  const net = engine.generator(shapes, shocks, n), out = new Float64Array(rows * n), cotangent = new Float64Array(rows * n)
  const gradient = new Float64Array(weights.length)
  const respond = (from: number, to: number) => {
    for (let c = 0; c < rows; c++) for (let p = from; p < to; p++) cotangent[c * n + p] = out[c * n + p] * out[((c + rows - 1) % rows) * n + p]
  }
  net.pass(weights, flow, 0, n, { out, cotangent, respond }, gradient)
  return { weights, flow, out, cotangent, gradient }
}

function expectNear(mine: Float64Array, right: Float64Array, tolerance: number) {
  const largest = (array: Float64Array, least: number) => array.reduce((most, x) => Math.max(most, Math.abs(x)), least)
  expect(largest(mine.map((x, k) => x - right[k]), 0)).toBeLessThanOrEqual(tolerance * largest(right, 1))
}

describe.each(kernelEngines)("several nets on the same points: $name", ({ engine, tolerance }) => {
  it("agree with the oracle in one pass, where a loss ties them together", () => {
    fc.assert(fc.property(cases, (problem) => {
      const mine = jets(engine, problem), right = jets(oracleJets, problem)
      expectNear(mine.out, right.out, tolerance)
      expectNear(mine.gradient, right.gradient, 10 * tolerance)
      expectNear(mine.jacobian, right.jacobian, 10 * tolerance)
      const moved = generators(engine, problem), asked = generators(oracleJets, problem)
      expectNear(moved.out, asked.out, 10 * tolerance)
      expectNear(moved.gradient, asked.gradient, 100 * tolerance)
    }), { numRuns: 25 })
  })
})

describe.each(allEngines)("several nets on the same points: $name", ({ engine }) => {
  it("give the same bits as each alone, and a pass those of going forward and back", () => {
    fc.assert(fc.property(cases, (problem) => {
      const { n, shapes, channels } = problem
      const { net, weights, points, out, cotangent, gradient, jacobian } = jets(engine, problem)
      const again = { out: out.map(() => 0), gradient: gradient.map(() => 0) }
      net.forward(weights, points, n, again.out)
      net.backward(weights, points, n, cotangent, again.gradient)
      expect(again).toEqual({ out, gradient })
      let at = 0
      const rows = net.channelCount / shapes.length
      shapes.forEach((shape, k) => {
        const count = weightCount(shape), alone = engine.net(shape, channels, n), end = at + count
        const own = { out: new Float64Array(rows * n), gradient: new Float64Array(count), jacobian: new Float64Array(n * count) }
        alone.forward(weights.slice(at, end), points, n, own.out)
        alone.backward(weights.slice(at, end), points, n, cotangent.slice(k * rows * n), own.gradient)
        alone.jacobian(weights.slice(at, end), points, n, cotangent.slice(k * rows * n), own.jacobian)
        expect(own.out).toEqual(out.slice(k * rows * n, (k + 1) * rows * n))
        expect(own.gradient).toEqual(gradient.slice(at, end))
        for (let p = 0; p < n; p++) expect(own.jacobian.slice(p * count, (p + 1) * count)).toEqual(jacobian.slice(p * weights.length + at, p * weights.length + end))
        at = end
      })
    }), { numRuns: 15 })
  })

  it("refuse other points, and none", () => {
    const shape = (inputs: number): Shape => ({ inputs, hidden: [2], activation: "tanh" })
    expect(() => engine.net([shape(1), shape(2)], { first: [], second: [] }, 1)).toThrow("got nets of `1` and of `2` inputs; expected the same points for all")
    expect(() => engine.generator([], 1, 1)).toThrow("got nets `0`; expected a whole number of at least 1")
  })
})

describe("shards of several nets", () => {
  /** A batch in which every net has a term of its own. */
  function batchOf({ shapes, shocks, n, seed }: Case): { weights: Float64Array; batch: Batch } {
    const draw = numbers(seed), { inputs } = shapes[0], of = () => draw(n)
    const flow = { n, points: draw(inputs * n), directions: draw((shocks + 1) * inputs * n), factors: draw(shocks * n).map(Math.sign) }
    return { weights: draw(total(shapes)), batch: { flow, squares: shapes.map((_, net) => ({ net, weight: of(), offset: of(), onValue: of(), onGenerator: of() })) } }
  }

  it("give the same bits whoever runs them, in whatever order", () => {
    const many = cases.chain((problem) => fc.record({ problem: fc.constant(problem), n: fc.integer({ min: 1, max: 1100 }), workers: fc.array(fc.nat(3), { minLength: 16, maxLength: 16 }), turn: fc.nat() }))
    fc.assert(fc.property(many, fc.constantFrom("float32" as const, "float64" as const), ({ problem, n, workers, turn }, precision) => {
      const { shapes, shocks } = problem, { weights, batch } = batchOf({ ...problem, n })
      const runner = () => shardRunner(kernelJets(precision).generator(shapes, shocks, n), shapes.length, n)
      const shards = shardStarts(n).slice(1).map((_, shard) => shard)
      const [alone, together] = [[runner()], [0, 1, 2, 3].map(runner)].map((crew, shared) => {
        const slots = new Float64Array(slotsFor(n, weights.length)), gradient = new Float64Array(weights.length)
        shards.forEach((_, k) => {
          const shard = shared ? shards[(k + turn) % shards.length] : k
          crew[shared ? workers[shard] : 0](weights, batch, shard, slots)
        })
        return { loss: reduceSlots(slots, n, gradient), gradient }
      })
      expect(together).toEqual(alone)
    }), { numRuns: 15 })
  })
})
