import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../src/math/random.ts"
import { weightCount, type Shape } from "../../src/nets/mlp.ts"
import { spreadWeights } from "../../src/nets/nguyenWidrow.ts"
import { kernelJets } from "../../src/nets/kernelJets.ts"

const shapes = fc.record({ inputs: fc.integer({ min: 1, max: 4 }), hidden: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }), activation: fc.constant("tanh" as const) })

describe("spreadWeights", () => {
  it("gives first-layer units one length and bends that are spread over the box, one in each stratum", () => {
    fc.assert(fc.property(shapes, fc.nat(), (shape, seed) => {
      const weights = spreadWeights(shape, philox(seed, 0)), { inputs, hidden: [units] } = shape
      expect(weights.length).toBe(weightCount(shape))
      const length = 0.7 * units ** (1 / inputs)
      for (let k = 0; k < units; k++) {
        expect(Math.hypot(...weights.subarray(k * inputs, (k + 1) * inputs))).toBeCloseTo(length, 12)
        // The distance of the bend from the origin along the unit's direction.
        const place = (weights[inputs * units + k] / length + 1) / 2
        expect(place * units).toBeGreaterThan(k - 1e-9)
        expect(place * units).toBeLessThan(k + 1 + 1e-9)
      }
    }), { numRuns: 60 })
  })

  it("has upper layers of Glorot's variance and zero biases", () => {
    const shape: Shape = { inputs: 1, hidden: [60, 60], activation: "tanh" }
    const upper = spreadWeights(shape, philox(1, 0)).subarray(120, 120 + 3600), biases = spreadWeights(shape, philox(1, 0)).subarray(3720, 3780)
    expect(upper.reduce((sum, w) => sum + w * w, 0) / 3600).toBeCloseTo(2 / 120, 2)
    expect(biases.every(b => b === 0)).toBe(true)
  })

  it("spreads the bends of a net of one input over its interval: the last layer alone then fits what zero biases cannot", () => {
    const shape: Shape = { inputs: 1, hidden: [12], activation: "tanh" }
    const net = kernelJets("float64").net(shape, { first: [], second: [] }, 41)
    const x = Float64Array.from({ length: 41 }, (_, k) => k / 20 - 1)
    /** The even part of the hidden units: an even function needs it, and units without a bias are odd. */
    const even = (weights: Float64Array): number => {
      const out = new Float64Array(41)
      let most = 0
      for (let unit = 0; unit < 12; unit++) {
        const single = weights.slice()
        single.fill(0, 24)
        single[24 + unit] = 1
        net.forward(single, x, 41, out)
        for (let k = 0; k < 20; k++) most = Math.max(most, Math.abs(out[k] + out[40 - k]) / 2)
      }
      return most
    }
    expect(even(spreadWeights(shape, philox(3, 0)))).toBeGreaterThan(0.5)
    const unbiased = spreadWeights(shape, philox(3, 0)).fill(0, 12, 24)
    expect(even(unbiased)).toBeLessThan(1e-12)
  })

  it("is the same for the same seed", () => {
    const shape: Shape = { inputs: 2, hidden: [5], activation: "tanh" }
    expect(spreadWeights(shape, philox(4, 0))).toEqual(spreadWeights(shape, philox(4, 0)))
    expect(spreadWeights(shape, philox(4, 0))).not.toEqual(spreadWeights(shape, philox(5, 0)))
  })
})
