import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { gaussNewtonStart, gaussNewtonStep, type LeastSquares } from "../../src/nets/gaussNewton.ts"
import { initialWeights, weightCount, type Shape } from "../../src/nets/mlp.ts"
import { kernelJets } from "../../src/nets/kernelJets.ts"

/** Residuals A w - b. */
function linear(a: Float64Array, b: Float64Array): LeastSquares {
  return {
    count: b.length,
    residuals(weights, out) {
      b.forEach((value, row) => { out[row] = weights.reduce((sum, w, k) => sum + a[row * weights.length + k] * w, -value) })
    },
    jacobian(weights, out, from, to) { out.set(a.subarray(from * weights.length, to * weights.length)) },
  }
}

const rosenbrock: LeastSquares = {
  count: 2,
  residuals([x, y], out) { out.set([10 * (y - x * x), 1 - x]) },
  jacobian([x], out) { out.set([-20 * x, 10, -1, 0]) },
}

/** Residuals A w - b + 0.1 sin(2 A w), with their exact Jacobian. */
function curved(count: number, n: number, seed: number): LeastSquares {
  const a = random(count * n, seed), b = random(count, seed + 1)
  const inner = (w: Float64Array, row: number): number => w.reduce((sum, x, k) => sum + a[row * n + k] * x, 0)
  return {
    count,
    residuals: (w, out) => { for (let row = 0; row < count; row++) out[row] = inner(w, row) - b[row] + 0.1 * Math.sin(2 * inner(w, row)) },
    jacobian: (w, out, from, to) => {
      for (let row = from; row < to; row++) for (let k = 0; k < n; k++) out[(row - from) * n + k] = a[row * n + k] * (1 + 0.2 * Math.cos(2 * inner(w, row)))
    },
  }
}

function random(length: number, seed: number): Float64Array {
  const { next } = philox(seed, 0)
  return Float64Array.from({ length }, () => 2 * next() - 1)
}

describe("gaussNewton", () => {
  it("solves a linear problem in one step: the residual is orthogonal to the columns, and the step to the kernel", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.nat(), (count, n, seed) => {
      // Far from square, so that the condition number stays small.
      if (Math.abs(count - n) < 5) return
      const a = random(count * n, seed)
      const problem = linear(a, random(count, seed + 1))
      const weights = new Float64Array(n)
      expect(gaussNewtonStep(gaussNewtonStart(1e-13), weights, problem).accepted).toBe(true)
      const r = new Float64Array(count)
      problem.residuals(weights, r)
      if (count < n) expect(Math.hypot(...r)).toBeLessThan(1e-9)
      for (let k = 0; k < n; k++) expect(r.reduce((sum, x, row) => sum + a[row * n + k] * x, 0)).toBeCloseTo(0, 9)
    }), { numRuns: 60 })
  })

  it("takes the same step in the space of weights and of residuals", () => {
    const [count, n] = [4, 9]
    const a = random(count * n, 1)
    const b = random(count, 2)
    // Residuals of zero change nothing, but make weights the smaller space.
    const zeros = new Float64Array((n - count) * n)
    const tall = linear(Float64Array.of(...a, ...zeros), Float64Array.of(...b, ...new Float64Array(n - count)))
    const [dual, primal] = [new Float64Array(n), new Float64Array(n)]
    gaussNewtonStep(gaussNewtonStart(0.1 / n), dual, linear(a, b))
    gaussNewtonStep(gaussNewtonStart(0.1 / count), primal, tall)
    // The damping is relative to trace / size: n / count apart, as the starts are.
    dual.forEach((w, k) => expect(w).toBeCloseTo(primal[k], 12))
  })

  it("descends the valley of Rosenbrock, from a clone as from the state", () => {
    const weights = Float64Array.of(-1.2, 1)
    const state = gaussNewtonStart()
    let before = Infinity
    for (let k = 0; k < 40; k++) {
      const clone = structuredClone({ state, weights })
      const report = gaussNewtonStep(state, weights, rosenbrock)
      expect(gaussNewtonStep(clone.state, clone.weights, rosenbrock)).toEqual(report)
      expect(clone).toEqual({ state, weights })
      expect(report.loss).toBeLessThanOrEqual(before)
      before = report.loss
    }
    expect(Math.hypot(weights[0] - 1, weights[1] - 1)).toBeLessThan(1e-10)
  })

  it.each([[20, "fewer"], [60, "more"]])("fits a net to %i values, %s than weights, to 1e-10", (n) => {
    const shape: Shape = { inputs: 1, hidden: [6, 4], activation: "tanh" }
    const net = kernelJets("float64").net(shape, { first: [], second: [] }, n)
    const points = Float64Array.from({ length: n }, (_, p) => (2 * p) / n - 1)
    const values = new Float64Array(n)
    net.forward(initialWeights(shape, philox(2, 0).next), points, n, values)
    const ones = new Float64Array(n).fill(1)
    const problem: LeastSquares = {
      count: n,
      residuals(weights, out) {
        net.forward(weights, points, n, out)
        for (let p = 0; p < n; p++) out[p] -= values[p]
      },
      jacobian(weights, out, from, to) { net.jacobian(weights, points.slice(from, to), to - from, ones, out) },
    }
    expect(weightCount(shape)).toBeGreaterThan(20)
    expect(weightCount(shape)).toBeLessThan(60)
    const weights = initialWeights(shape, philox(3, 0).next)
    const state = gaussNewtonStart()
    for (let k = 0; k < 200 && !(state.loss < 1e-10); k++) gaussNewtonStep(state, weights, problem)
    expect(state.loss).toBeLessThan(1e-10)
  })

  it("raises the damping within a step where the model fails, and moves on", () => {
    // The full step from 3 leaves the domain of the square root.
    const problem: LeastSquares = {
      count: 1,
      residuals([x], out) { out[0] = Math.sqrt(x) - 0.1 },
      jacobian([x], out) { out[0] = 0.5 / Math.sqrt(x) },
    }
    const weights = Float64Array.of(3)
    const state = gaussNewtonStart(1e-6)
    const report = gaussNewtonStep(state, weights, problem, { trials: 30 })
    expect(report.accepted).toBe(true)
    expect(report.trials).toBeGreaterThan(1)
    for (let k = 0; k < 30; k++) gaussNewtonStep(state, weights, problem)
    expect(weights[0]).toBeCloseTo(0.01, 8)
  })

  it("takes the same step from batches of rows as from the whole Jacobian, and asks for no more at a time", () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 200 }), fc.boolean(), fc.nat(), (count, n, batch, accelerate, seed) => {
      const whole = curved(count, n, seed)
      let most = 0
      const watched: LeastSquares = { ...whole, jacobian: (w, out, from, to) => { most = Math.max(most, (to - from) * n); whole.jacobian(w, out, from, to) } }
      const [once, parts] = [random(n, seed + 2), random(n, seed + 2)]
      const [a, b] = [gaussNewtonStart(), gaussNewtonStart()]
      const reports = [gaussNewtonStep(a, once, whole, { accelerate }), gaussNewtonStep(b, parts, watched, { accelerate, batch })]
      expect(reports[1].accepted).toBe(reports[0].accepted)
      expect(reports[1].trials).toBe(reports[0].trials)
      parts.forEach((w, k) => expect(w).toBeCloseTo(once[k], 8))
      // The space of residuals takes the whole Jacobian where that is small.
      if (count >= n || 2 * count > n && count * n > 8 * batch) expect(most).toBeLessThanOrEqual(Math.max(batch, n))
    }), { numRuns: 80 })
  })

  it("takes the same step where residuals and Jacobian come at once, and asks for neither again", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 12 }), fc.nat(), (count, n, seed) => {
      const turn = curved(count, n, seed)
      let asked = 0
      const once: LeastSquares = {
        ...turn, jacobian: () => { throw new Error("not again") },
        linearise: (w, residuals, jacobian) => { asked++; turn.residuals(w, residuals); turn.jacobian(w, jacobian, 0, count) },
      }
      const [a, b] = [random(n, seed + 2), random(n, seed + 2)]
      expect(gaussNewtonStep(gaussNewtonStart(), b, once)).toEqual(gaussNewtonStep(gaussNewtonStart(), a, turn))
      expect(b).toEqual(a)
      expect(asked).toBe(1)
    }), { numRuns: 40 })
  })

  it("follows the bend of a parametrisation: with acceleration the first step leaves an error of third order, not of second", () => {
    // r = exp(w) - 1 - h from w = 0: the root is log(1 + h) = h - h^2/2 + h^3/3.
    const errors = [false, true].map(accelerate => [0.1, 0.05, 0.025].map(h => {
      const problem: LeastSquares = { count: 1, residuals: ([w], out) => { out[0] = Math.exp(w) - 1 - h }, jacobian: ([w], out) => { out[0] = Math.exp(w) } }
      const weights = Float64Array.of(0)
      gaussNewtonStep(gaussNewtonStart(1e-14), weights, problem, { accelerate })
      return Math.abs(weights[0] - Math.log(1 + h))
    }))
    const order = (e: number[]): number => Math.log2(e[1] / e[2])
    expect(order(errors[0])).toBeCloseTo(2, 1)
    expect(order(errors[1])).toBeCloseTo(3, 1)
  })

  it("is led down the valley of Rosenbrock in fewer steps by acceleration", () => {
    const steps = [false, true].map(accelerate => {
      const weights = Float64Array.of(-1.2, 1), state = gaussNewtonStart(1)
      let k = 0
      for (; k < 200 && !(state.loss < 1e-16); k++) gaussNewtonStep(state, weights, rosenbrock, { accelerate })
      expect(Math.hypot(weights[0] - 1, weights[1] - 1)).toBeLessThan(1e-6)
      return k
    })
    expect(steps[1]).toBeLessThan(steps[0])
  })

  it("raises the damping where the second order exceeds three quarters of the first", () => {
    // r = w^2 from w = 1 + e with a target far below: d = -r/(2w) is large against w, whose bend is as large.
    const problem: LeastSquares = { count: 1, residuals: ([w], out) => { out[0] = w * w + 100 }, jacobian: ([w], out) => { out[0] = 2 * w } }
    const weights = Float64Array.of(1), state = gaussNewtonStart(1e-8)
    const report = gaussNewtonStep(state, weights, problem, { accelerate: true, trials: 30 })
    expect(report.trials).toBeGreaterThan(3)
    expect(report.accepted).toBe(true)
  })

  it("stays where no step is left, and says so", () => {
    const weights = Float64Array.of(1, 1)
    expect(gaussNewtonStep(gaussNewtonStart(), weights, rosenbrock)).toMatchObject({ loss: 0, accepted: false })
    expect(weights).toEqual(Float64Array.of(1, 1))
    const broken: LeastSquares = { ...rosenbrock, residuals(_weights, out) { out.fill(NaN) } }
    expect(gaussNewtonStep(gaussNewtonStart(), weights, broken)).toMatchObject({ loss: NaN, accepted: false, trials: 0 })
  })
})
