import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { oracleJets } from "../../src/nets/oracle.ts"
import { kernelJets } from "../../src/nets/kernelJets.ts"
import { channelsOf, pointsAt, valueNet, type Frame, type NetDesign } from "../../src/solve/valueNet.ts"
import { benchmark } from "./models.ts"
import { alongLines } from "./alongLines.ts"

const { states } = problem(benchmark)
const CHANNELS = channelsOf(1)
/** The net's coordinate of a state. */
const xOf = (z: number): number => pointsAt(states, [Float64Array.of(z)]).x[0][0]

const designs: [string, NetDesign][] = [
  ["value function with a switch", { states: 1, hidden: [5, 4], activation: "tanh", timed: true, kink: 2 }],
  ["value function without", { states: 1, hidden: [6], activation: "swish", timed: true, kink: 0 }],
  ["price with a switch", { states: 1, hidden: [5, 3], activation: "softplus", timed: false, kink: 1 }],
]
const KINKS = [0.26, 0.6]
const frame: Frame = { scale: 1.7, dt: 0.8, kinks: KINKS.map(z => [xOf(z)]) }

function make(design: NetDesign, seed = 3, engine = kernelJets("float64")) {
  const net = valueNet(engine, design, 64)
  const { next } = philox(seed, 0)
  const weights = net.initial(next).map(w => w + 0.3 * (next() - 0.5))
  const channels = (z: readonly number[], t: readonly number[], w = weights): Float64Array => {
    const out = new Float64Array(CHANNELS * z.length)
    net.channels(w, frame, pointsAt(states, [Float64Array.from(z)], Float64Array.from(t)), out)
    return out
  }
  /** Value, slope, time derivative, curvature at one point. */
  const at = (z: number, t: number): number[] => [...channels([z], [t])]
  return { net, weights, channels, at }
}

const away = fc.double({ min: 0.02, max: 0.98, noNaN: true }).filter(z => KINKS.every(k => Math.abs(z - k) > 2e-3))
const time = fc.double({ min: 0.05, max: 0.75, noNaN: true })

describe.each(designs)("valueNet: %s", (_, design) => {
  it("has the derivatives of its value, in units of state and time", () => {
    const { at } = make(design)
    fc.assert(fc.property(away, time, (z, t) => {
      const h = 1e-4
      const [below, here, above] = [at(z - h, t), at(z, t), at(z + h, t)]
      expect(Math.abs((above[0] - below[0]) / (2 * h) - here[1])).toBeLessThan(1e-4 * (1 + Math.abs(here[1])))
      expect(Math.abs((above[1] - below[1]) / (2 * h) - here[3])).toBeLessThan(1e-3 * (1 + Math.abs(here[3])))
      expect((at(z, t + h)[0] - at(z, t - h)[0]) / (2 * h)).toBeCloseTo(here[2], 5)
    }), { numRuns: 60 })
  })

  it("at a switch: value continuous, and the first derivative that may jump does", () => {
    const { at } = make(design), h = 1e-9
    for (const kink of KINKS) {
      const [below, above] = [at(kink - h, 0.3), at(kink + h, 0.3)]
      const jump = below.map((y, k) => Math.abs(above[k] - y))
      expect(jump[0]).toBeLessThan(1e-6)
      expect(jump[1] > 1e-3).toBe(design.kink === 1)
      if (design.kink === 2) {
        expect(jump[1]).toBeLessThan(1e-6)
        expect(jump[3]).toBeGreaterThan(1e-3)
        // One-sided differences of the slope, each from its own side.
        for (const [side, values] of [[-1, below], [1, above]] as const)
          expect(Math.abs((at(kink + side * 1e-5, 0.3)[1] - values[1]) / (side * 1e-5) / values[3] - 1)).toBeLessThan(1e-2)
      }
      if (design.kink === 0) expect(jump[3]).toBeLessThan(1e-5)
    }
  })

  it("gives along lines what its channels give, by the chain rule and Ito's lemma", () => {
    const n = 60, size = [1, 1]
    for (let seed = 1; seed < 20; seed++) {
      const { net, weights } = make(design, seed), random = philox(seed, 1), draw = (length: number): Float64Array => Float64Array.from({ length }, () => 2 * random.next() - 1)
      const z = draw(n).map(x => 0.5 + 0.48 * x), t = draw(n).map(x => 0.4 + 0.4 * x)
      const at = pointsAt(states, [z], t)
      // Directions of productivity are in its units, a tenth of those of wealth.
      const lines = { n, points: new Float64Array(2 * n), directions: draw(4 * n).map((h, k) => h * size[Math.floor(k / n) % 2]), factors: draw(1 * n).map(Math.sign) }
      const channels = new Float64Array(CHANNELS * n), out = new Float64Array(3 * n)
      net.channels(weights, frame, at, channels)
      net.generator.forward(weights, net.flow(frame, at, lines), out)
      const expected = alongLines(channels, lines, 1)
      out.forEach((y, k) => expect(Math.abs(frame.scale * y - expected[k]), `output ${k}`).toBeLessThan(1e-12 * (1 + Math.abs(expected[k])) * 10))
      net.values(weights, frame, at).forEach((y, p) => expect(Math.abs(y - channels[p])).toBeLessThan(1e-13))
    }
  })

  it("pulls gradients back: rows are differences of the channels", () => {
    const { net, weights, channels } = make(design)
    const random = philox(11, 0), n = 9
    const z = Array.from({ length: n }, () => 0.02 + 0.96 * random.next()), t = Array.from({ length: n }, () => 0.8 * random.next())
    const cotangent = Float64Array.from({ length: CHANNELS * n }, () => random.next() - 0.5)
    const points = pointsAt(states, [Float64Array.from(z)], Float64Array.from(t))
    const rows = new Float64Array(n * net.weightCount)
    net.rows(weights, frame, points, cotangent, rows)
    for (let k = 0; k < net.weightCount; k++) {
      const sum = Array.from({ length: n }, (_, p) => rows[p * net.weightCount + k]).reduce((a, b) => a + b, 0)
      const h = 1e-5
      const along = (by: number): number => channels(z, t, weights.map((w, j) => (j === k ? w + by : w))).reduce((total, y, c) => total + y * cotangent[c], 0)
      expect(Math.abs((along(h) - along(-h)) / (2 * h) - sum) / (1 + Math.abs(sum))).toBeLessThan(1e-5)
    }
  })

  it("is the same over the slow oracle", () => {
    const [fast, slow] = [make(design), make(design, 3, oracleJets)]
    const z = [0.1, 0.26, 0.4, 0.7], t = [0, 0.2, 0.5, 0.8]
    fast.channels(z, t).forEach((y, k) => expect(Math.abs(y - slow.channels(z, t)[k])).toBeLessThan(1e-10 * (1 + Math.abs(y))))
  })

  it("multiplies its output exactly", () => {
    const { net, weights, channels } = make(design)
    const before = channels([0.3, 0.8], [0.1, 0.5])
    net.rescale(weights, -2.5)
    channels([0.3, 0.8], [0.1, 0.5]).forEach((y, k) => expect(y).toBeCloseTo(-2.5 * before[k], 9))
  })
})

describe("jets", () => {
  it("are the channels without time", () => {
    const { net, weights, channels } = make(designs[0][1])
    const z = [0.1, 0.5, 0.9], zero = [0, 0, 0]
    const { value, first, second } = net.jets(weights, frame, pointsAt(states, [Float64Array.from(z)], Float64Array.from(zero)))
    const all = channels(z, zero)
    expect([...value, ...first[0], ...second[0]]).toEqual([...all.slice(0, 6), ...all.slice(9)])
  })
})

describe("pointsAt", () => {
  it("has the derivatives of its coordinate", () => {
    const z = Float64Array.from({ length: 40 }, (_, i) => 0.01 + 0.024 * i), h = 1e-5
    const [below, here, above] = [-h, 0, h].map(by => pointsAt(states, [z.map(x => x + by)]))
    z.forEach((_, i) => {
      expect(Math.abs((above.x[0][i] - below.x[0][i]) / (2 * h) / here.first[0][i] - 1)).toBeLessThan(1e-5)
      expect(Math.abs((above.first[0][i] - below.first[0][i]) / (2 * h) - here.second[0][i])).toBeLessThan(1e-4 * (1 + Math.abs(here.second[0][i])))
    })
    const edges = pointsAt(states, [Float64Array.of(0.001, 0.999)])
    expect(edges.x[0][0]).toBeCloseTo(-1, 9)
    expect(edges.x[0][1]).toBeCloseTo(1, 9)
  })
})
