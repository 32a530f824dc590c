import { describe, expect, it } from "vitest"
import { adamStart, adamStep } from "../../src/nets/adam.ts"

describe("adam", () => {
  it("follows the algorithm as written for one number", () => {
    const state = adamStart(1)
    const weights = Float64Array.of(0.3)
    let [theta, m, v] = [0.3, 0, 0]
    for (let t = 1; t <= 50; t++) {
      const g = Math.sin(3 * t) + theta
      adamStep(state, weights, Float64Array.of(Math.sin(3 * t) + weights[0]), { rate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 1e-3 })
      m = 0.8 * m + 0.2 * g
      v = 0.99 * v + 0.01 * g * g
      theta -= (0.01 * (m / (1 - 0.8 ** t))) / (Math.sqrt(v / (1 - 0.99 ** t)) + 1e-3)
      expect(weights[0]).toBeCloseTo(theta, 13)
    }
  })

  it("starts with a step of the rate, whatever the scale of the gradient", () => {
    const weights = Float64Array.of(1, 1)
    adamStep(adamStart(2), weights, Float64Array.of(1e6, -1e-2), { rate: 0.1 })
    expect(weights[0]).toBeCloseTo(0.9, 6)
    expect(weights[1]).toBeCloseTo(1.1, 6)
  })

  it("minimises a badly scaled quadratic, and goes on from a clone as it would have", () => {
    let state = adamStart(2)
    let weights = Float64Array.of(3, -2)
    const step = (s: typeof state, w: Float64Array, rate: number) =>
      adamStep(s, w, Float64Array.of(100 * (w[0] - 1), 0.1 * (w[1] - 2)), { rate })
    for (let t = 0; t < 1000; t++) step(state, weights, 0.05 * 0.99 ** t + 1e-3)
    const clone = structuredClone({ state, weights })
    for (let t = 0; t < 3000; t++) {
      step(state, weights, 1e-2 * 0.998 ** t)
      step(clone.state, clone.weights, 1e-2 * 0.998 ** t)
    }
    expect(clone).toEqual({ state, weights })
    expect(weights[0]).toBeCloseTo(1, 4)
    expect(weights[1]).toBeCloseTo(2, 3)
  })
})
