import { describe, expect, it } from "vitest"
import { lbfgsStart, lbfgsStep, type Objective } from "../../src/nets/lbfgs.ts"

const rosenbrock: Objective = ([x, y], gradient) => {
  gradient[0] += -400 * x * (y - x * x) - 2 * (1 - x)
  gradient[1] += 200 * (y - x * x)
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2
}

describe("lbfgs", () => {
  it("finds the minimum of Rosenbrock, from a clone as from the state", () => {
    const weights = Float64Array.of(-1.2, 1)
    const state = lbfgsStart(2)
    let report = lbfgsStep(state, weights, rosenbrock)
    for (let k = 0; k < 60 && report.gradient > 1e-10; k++) {
      const clone = structuredClone({ state, weights })
      const { loss } = report
      report = lbfgsStep(state, weights, rosenbrock)
      expect(lbfgsStep(clone.state, clone.weights, rosenbrock)).toEqual(report)
      expect(clone).toEqual({ state, weights })
      expect(report.loss).toBeLessThanOrEqual(loss)
    }
    expect(report.gradient).toBeLessThan(1e-10)
    expect(weights[0]).toBeCloseTo(1, 10)
    expect(weights[1]).toBeCloseTo(1, 10)
  })

  it("minimises a quadratic of condition 100 with a memory of three", () => {
    const n = 30
    const curvature = Float64Array.from({ length: n }, (_, k) => 100 ** (k / (n - 1)))
    const weights = new Float64Array(n)
    const state = lbfgsStart(n, { memory: 3 })
    const quadratic: Objective = (w, gradient) => w.reduce((sum, x, k) => {
      gradient[k] += curvature[k] * (x - k)
      return sum + 0.5 * curvature[k] * (x - k) ** 2
    }, 0)
    let report = lbfgsStep(state, weights, quadratic)
    for (let k = 0; k < 300 && report.gradient > 1e-8; k++) report = lbfgsStep(state, weights, quadratic)
    expect(report.gradient).toBeLessThan(1e-8)
    expect(state.moves).toHaveLength(3)
    weights.forEach((w, k) => expect(w).toBeCloseTo(k, 7))
  })

  it("passes a wall of values that are not finite", () => {
    const weights = Float64Array.of(5)
    const state = lbfgsStart(1)
    const walled: Objective = ([x], gradient) => {
      gradient[0] += 1 - 1 / x
      return x - Math.log(x)
    }
    for (let k = 0; k < 30; k++) lbfgsStep(state, weights, walled)
    expect(weights[0]).toBeCloseTo(1, 8)
  })

  it("stays at a minimum, and says so", () => {
    const weights = Float64Array.of(1, 1)
    expect(lbfgsStep(lbfgsStart(2), weights, rosenbrock)).toMatchObject({ loss: 0, gradient: 0, accepted: false })
    expect(weights).toEqual(Float64Array.of(1, 1))
  })
})
