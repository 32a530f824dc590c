import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { initialWeights, weightCount, type Shape } from "../../src/nets/mlp.ts"

describe("mlp", () => {
  const shape: Shape = { inputs: 3, hidden: [50, 40], activation: "tanh" }

  it("counts weights and biases", () => {
    expect(weightCount(shape)).toBe(4 * 50 + 51 * 40 + 41)
    expect(weightCount({ inputs: 2, hidden: [], activation: "relu" })).toBe(3)
  })

  it("starts with Glorot's variance, layer by layer, and zero biases", () => {
    const weights = initialWeights(shape, philox(1, 0).next)
    expect(weights).toHaveLength(weightCount(shape))
    const middle = weights.subarray(200, 2200)
    const variance = middle.reduce((sum, w) => sum + w * w, 0) / 2000
    // The relative deviation of a sample variance is sqrt(2 / 2000), about 3 per cent.
    expect(variance * ((50 + 40) / 2)).toBeGreaterThan(0.87)
    expect(variance * ((50 + 40) / 2)).toBeLessThan(1.13)
    expect([...weights.subarray(150, 200), ...weights.subarray(2200, 2240), weights[2280]].every((b) => b === 0)).toBe(true)
  })

  it("is finite for a stream that gives zero", () => {
    expect(initialWeights(shape, () => 0).every(Number.isFinite)).toBe(true)
  })
})
