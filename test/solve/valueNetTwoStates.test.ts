import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { chebyshev } from "../../src/math/chebyshev.ts"
import { philox } from "../../src/math/random.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { oracleJets } from "../../src/nets/oracle.ts"
import { kernelJets } from "../../src/nets/kernelJets.ts"
import { channelsOf, exponential, pointsAt, pointsBetween, valueNet, type Frame, type NetDesign, type Points } from "../../src/solve/valueNet.ts"
import { curvedGrids } from "./models.ts"
import { alongLines } from "./alongLines.ts"

const { states } = problem(curvedGrids)
const CHANNELS = channelsOf(2)
/** Channels: N, N_z, N_a, N_t, N_zz, N_za, N_aa. */
const [VALUE, Z, A, T, ZZ, ZA, AA] = [0, 1, 2, 3, 4, 5, 6]

const designs: [string, NetDesign][] = [
  ["value function with switches", { states: 2, hidden: [5, 4], activation: "tanh", timed: true, kink: 2 }],
  ["value function without", { states: 2, hidden: [6], activation: "swish", timed: true, kink: 0 }],
  ["price with switches", { states: 2, hidden: [5, 3], activation: "softplus", timed: false, kink: 1 }],
]
/** x_1 as polynomials of x_2. */
const KINKS = [[-0.35, 0.25, -0.1, 0.04], [0.45, -0.12, 0.08]]
const frame: Frame = { scale: 1.7, dt: 0.8, kinks: KINKS }

const points = (at: readonly (readonly number[])[]): Points =>
  pointsAt(states, [0, 1].map(s => Float64Array.from(at, p => p[s])), Float64Array.from(at, p => p[2]))
/** The state z of a point (x_1, a), and the coordinate x_2 of a productivity. */
const zOf = (x: number): number => states[0].coordinate.stateAt(Float64Array.of((x + 1) / 2))[0]
const x2Of = (a: number): number => points([[0.5, a, 0]]).x[1][0]
const curveOf = (kink: readonly number[], a: number): number => {
  const c = chebyshev()
  c.at(kink, [x2Of(a)])
  return c.value
}

function make(design: NetDesign, { seed = 3, engine = kernelJets("float64"), kinks = KINKS }: { seed?: number; engine?: typeof oracleJets; kinks?: readonly (readonly number[])[] } = {}) {
  const net = valueNet(engine, design, 64)
  const { next } = philox(seed, 0)
  const weights = net.initial(next).map(w => w + 0.3 * (next() - 0.5))
  const channels = (at: readonly (readonly number[])[], w = weights): Float64Array => {
    const out = new Float64Array(CHANNELS * at.length)
    net.channels(w, { ...frame, kinks }, points(at), out)
    return out
  }
  /** The channels at one point z, a, t. */
  const at = (...point: number[]): number[] => [...channels([point])]
  return { net, weights, channels, at }
}

const z = fc.double({ min: 0.02, max: 0.98, noNaN: true }), a = fc.double({ min: 0.102, max: 0.198, noNaN: true }), time = fc.double({ min: 0.05, max: 0.75, noNaN: true })
const curve = fc.array(fc.double({ min: -0.3, max: 0.3, noNaN: true }), { minLength: 1, maxLength: 5 })
const point = fc.tuple(z, a, time, fc.tuple(curve, curve)).filter(([z, a, , kinks]) => kinks.every(k => Math.abs(points([[z, a, 0]]).x[0][0] - curveOf(k, a)) > 5e-3))

describe.each(designs)("valueNet in two states: %s", (_, design) => {
  it("has the derivatives of its value on either side of any curve, in units of states and time", () => {
    const sides = [0, 0]
    fc.assert(fc.property(point, ([z, a, t, kinks]) => {
      const { at } = make(design, { kinks })
      const [h, k] = [1e-4, 1e-5], here = at(z, a, t)
      const byZ = at(z + h, a, t).map((y, c) => (y - at(z - h, a, t)[c]) / (2 * h))
      const byA = at(z, a + k, t).map((y, c) => (y - at(z, a - k, t)[c]) / (2 * k))
      const close = (found: number, c: number, part: number): void => expect(Math.abs(found - here[c]), `channel ${c}`).toBeLessThan(part * (1 + Math.abs(here[c])))
      close(byZ[VALUE], Z, 1e-4)
      close(byA[VALUE], A, 1e-4)
      close(byZ[Z], ZZ, 1e-3)
      close(byZ[A], ZA, 1e-3)
      close(byA[Z], ZA, 1e-3)
      close(byA[A], AA, 1e-3)
      expect((at(z, a, t + h)[VALUE] - at(z, a, t - h)[VALUE]) / (2 * h)).toBeCloseTo(here[T], 5)
      for (const c of kinks) sides[points([[z, a, 0]]).x[0][0] > curveOf(c, a) ? 1 : 0]++
    }), { numRuns: 60 })
    expect(Math.min(...sides)).toBeGreaterThan(10)
  })

  it("at a curve: continuous along it; the derivatives that may jump do, across it alone", () => {
    const { at } = make(design), e = 1e-9
    for (const kink of KINKS) for (const a of [0.11, 0.14, 0.19]) {
      const c = chebyshev()
      c.at(kink, [x2Of(a)])
      const z = zOf(c.value), here = points([[z, a, 0]])
      // The normal of the curve x_1 = c(x_2), in units of the states.
      const normal = [here.first[0][0], -c.slope[0] * here.first[1][0]]
      const [below, above] = [at(z - e, a, 0.3), at(z + e, a, 0.3)]
      const jump = above.map((y, k) => y - below[k])
      expect(Math.abs(jump[VALUE])).toBeLessThan(1e-6)
      expect(Math.hypot(jump[Z], jump[A]) > 1e-3).toBe(design.kink === 1)
      if (design.kink === 1) expect(jump[A] / jump[Z]).toBeCloseTo(normal[1] / normal[0], 5)
      if (design.kink === 2) {
        expect(Math.hypot(jump[Z], jump[A])).toBeLessThan(1e-5)
        expect(Math.abs(jump[ZZ])).toBeGreaterThan(1e-3)
        // Hadamard: where the gradient is continuous the second derivatives jump by a multiple of normal x normal.
        expect(jump[ZA] / jump[ZZ]).toBeCloseTo(normal[1] / normal[0], 4)
        expect(jump[AA] / jump[ZZ]).toBeCloseTo((normal[1] / normal[0]) ** 2, 3)
      }
      if (design.kink === 0) expect(Math.max(...jump.map(Math.abs))).toBeLessThan(1e-4)
    }
  })

  it("gives along lines what its channels give, by the chain rule and Ito's lemma", () => {
    const n = 60, size = [1, 0.1, 1]
    for (let seed = 1; seed < 20; seed++) {
      const { net, weights } = make(design, { seed }), random = philox(seed, 1), draw = (length: number): Float64Array => Float64Array.from({ length }, () => 2 * random.next() - 1)
      const z = draw(n).map(x => 0.5 + 0.48 * x), t = draw(n).map(x => 0.4 + 0.4 * x)
      const at = points(Array.from(z, (x, p) => [x, 0.1 + 0.1 * random.next(), t[p]]))
      // Directions of productivity are in its units, a tenth of those of wealth.
      const lines = { n, points: new Float64Array(3 * n), directions: draw(9 * n).map((h, k) => h * size[Math.floor(k / n) % 3]), factors: draw(2 * n).map(Math.sign) }
      const channels = new Float64Array(CHANNELS * n), out = new Float64Array(4 * n)
      net.channels(weights, frame, at, channels)
      net.generator.forward(weights, net.flow(frame, at, lines), out)
      const expected = alongLines(channels, lines, 2)
      out.forEach((y, k) => expect(Math.abs(frame.scale * y - expected[k]), `output ${k}`).toBeLessThan(1e-12 * (1 + Math.abs(expected[k])) * 100))
      net.values(weights, frame, at).forEach((y, p) => expect(Math.abs(y - channels[p])).toBeLessThan(1e-13))
    }
  })

  it("pulls gradients back: rows are differences of the channels", () => {
    const { net, weights, channels } = make(design)
    const random = philox(11, 0), n = 9
    const at = Array.from({ length: n }, () => [0.02 + 0.96 * random.next(), 0.1 + 0.1 * random.next(), 0.8 * random.next()])
    // Channels of second derivatives by productivity are a hundred times as large as those by wealth.
    const size = [1, 1, 0.1, 1, 1, 0.1, 0.01]
    const cotangent = Float64Array.from({ length: CHANNELS * n }, (_, k) => size[Math.floor(k / n)] * (random.next() - 0.5))
    const rows = new Float64Array(n * net.weightCount)
    net.rows(weights, frame, points(at), cotangent, rows)
    for (let k = 0; k < net.weightCount; k++) {
      const sum = Array.from({ length: n }, (_, p) => rows[p * net.weightCount + k]).reduce((a, b) => a + b, 0)
      const h = 1e-5
      const moved = [h, -h].map(by => channels(at, weights.map((w, j) => (j === k ? w + by : w))))
      const along = (only: (p: number) => boolean): number => moved[0].reduce((total, y, c) => total + (only(c % n) ? ((y - moved[1][c]) / (2 * h)) * cotangent[c] : 0), 0)
      expect(Math.abs(along(() => true) - sum) / (1 + Math.abs(sum))).toBeLessThan(1e-5)
      for (const p of [0, 4]) expect(Math.abs(along(q => q === p) - rows[p * net.weightCount + k]) / (1 + Math.abs(sum))).toBeLessThan(1e-5)
    }
  })

  it("is the same over the slow oracle", () => {
    const [fast, slow] = [make(design), make(design, { engine: oracleJets })]
    const at = [[0.1, 0.12, 0], [0.26, 0.2, 0.2], [0.4, 0.1, 0.5], [0.7, 0.17, 0.8]]
    const expected = slow.channels(at)
    fast.channels(at).forEach((y, k) => expect(Math.abs(y - expected[k])).toBeLessThan(1e-10 * (1 + Math.abs(y))))
  })

  it("multiplies its output exactly", () => {
    const { net, weights, channels } = make(design), at = [[0.3, 0.11, 0.1], [0.8, 0.18, 0.5]]
    const before = channels(at)
    net.rescale(weights, -2.5)
    channels(at).forEach((y, k) => expect(Math.abs(y + 2.5 * before[k])).toBeLessThan(1e-9 * (1 + Math.abs(y))))
  })
})

describe("jets", () => {
  const at = [[0.1, 0.12, 0], [0.5, 0.15, 0], [0.9, 0.19, 0]]
  const { net, weights, channels } = make(designs[0][1])
  const jets = net.jets(weights, frame, points(at))

  it("are the channels without time", () => {
    const all = channels(at), row = (c: number): Float64Array => all.slice(c * 3, c * 3 + 3)
    expect(jets).toEqual({ value: row(VALUE), first: [row(Z), row(A)], second: [row(ZZ), row(ZA), row(AA)] })
  })

  it("of an exponential are its derivatives", () => {
    const value = (by: readonly number[]): Float64Array => exponential(net.jets(weights, frame, points(at.map(([z, a]) => [z + by[0], a + by[1], 0])))).value
    const { first, second } = exponential(jets)
    const h = 1e-4, k = 1e-5
    const difference = (p: number, step: readonly number[]): number => (value(step)[p] - value(step.map(x => -x))[p]) / 2
    const corner = (p: number): number => (value([h, k])[p] - value([h, -k])[p] - value([-h, k])[p] + value([-h, -k])[p]) / (4 * h * k)
    const bend = (p: number, step: readonly number[]): number => value(step)[p] - 2 * value([0, 0])[p] + value(step.map(x => -x))[p]
    at.forEach((_, p) => {
      const close = (found: number, here: number): void => expect(Math.abs(found - here)).toBeLessThan(2e-3 * (1 + Math.abs(here)))
      close(difference(p, [h, 0]) / h, first[0][p])
      close(difference(p, [0, k]) / k, first[1][p])
      close(bend(p, [h, 0]) / h ** 2, second[0][p])
      close(corner(p), second[1][p])
      close(bend(p, [0, k]) / k ** 2, second[2][p])
    })
  })
})

describe("points", () => {
  it("have the derivatives of each coordinate, which runs from -1 to 1", () => {
    const at = Array.from({ length: 30 }, (_, i) => [0.01 + 0.03 * i, 0.102 + 0.003 * ((7 * i) % 31), 0])
    const h = [1e-5, 1e-6], here = points(at)
    for (const s of [0, 1]) {
      const [below, above] = [-1, 1].map(side => points(at.map(p => p.map((x, r) => (r === s ? x + side * h[s] : x)))))
      at.forEach((_, i) => {
        expect(Math.abs((above.x[s][i] - below.x[s][i]) / (2 * h[s]) / here.first[s][i] - 1)).toBeLessThan(1e-5)
        expect(Math.abs((above.first[s][i] - below.first[s][i]) / (2 * h[s]) - here.second[s][i])).toBeLessThan(1e-4 * (1 + Math.abs(here.second[s][i])))
      })
    }
    const ends = points([[0.001, 0.1, 0], [0.999, 0.2, 0]]).x
    for (const x of ends) {
      expect(x[0]).toBeCloseTo(-1, 9)
      expect(x[1]).toBeCloseTo(1, 9)
    }
  })

  it("may be cut short", () => {
    const at = [[0.1, 0.12, 0.3], [0.26, 0.2, 0.2], [0.4, 0.1, 0.5]]
    expect(pointsBetween(points(at), 0, 2)).toEqual(points(at.slice(0, 2)))
  })
})
