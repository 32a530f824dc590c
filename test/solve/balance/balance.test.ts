import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { philox } from "../../../src/math/random.ts"
import { gradientNorm } from "../../../src/solve/balance/gradientNorm.ts"
import { relobralo, relobraloStart } from "../../../src/solve/balance/relobralo.ts"

const never = { next: () => 0.9999999 }, always = { next: () => 0 }
const losses = fc.array(fc.double({ min: 1e-9, max: 1e3, noNaN: true }), { minLength: 3, maxLength: 3 })

describe("relobralo", () => {
  it("has weights that are positive and sum to the number of losses, whatever these do", () => {
    fc.assert(fc.property(fc.array(losses, { minLength: 1, maxLength: 12 }), fc.nat(), (path, seed) => {
      const state = relobraloStart(), random = philox(seed, 0)
      for (const now of path) {
        const weights = relobralo(state, now, random, { memory: 0.5, lookback: 0.5 })
        expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(3, 10)
        expect(weights.every(w => w >= 0)).toBe(true)
      }
    }), { numRuns: 60 })
  })

  it("is the published formula: by hand for two losses", () => {
    const state = relobraloStart(), options = { temperature: 1, memory: 0.5, lookback: 0.5 }
    expect(relobralo(state, [4, 4], never, options)).toEqual([1, 1])
    // Ratios 1/2 and 1: softmax gives each its part of 2.
    const part = 2 / (1 + Math.exp(0.5))
    // rho = 0: the past is the progress since the first step, which is also the last.
    expect(relobralo(state, [2, 4], never, options)[0]).toBeCloseTo(part, 12)
    // rho = 1: half the running weights, half the progress since the last step (1/2 and 1/2: equal).
    expect(relobralo(state, [1, 2], always, options)[0]).toBeCloseTo(0.5 * part + 0.5, 12)
  })

  it("gives more to a loss that falls less, the more so the colder", () => {
    const weigh = (temperature: number): number => {
      const state = relobraloStart()
      relobralo(state, [1, 1], never, { temperature })
      return relobralo(state, [0.5, 0.9], never, { temperature, memory: 0 })[1]
    }
    expect(weigh(1)).toBeGreaterThan(1)
    expect(weigh(0.1)).toBeGreaterThan(weigh(1))
  })

  it("does not care for the units of the losses", () => {
    fc.assert(fc.property(losses, losses, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (first, second, unit) => {
      const [a, b] = [relobraloStart(), relobraloStart()]
      relobralo(a, first, never)
      relobralo(b, first.map((x, i) => (i === 1 ? unit * x : x)), never)
      const plain = relobralo(a, second, never), scaled = relobralo(b, second.map((x, i) => (i === 1 ? unit * x : x)), never)
      plain.forEach((w, i) => expect(scaled[i]).toBeCloseTo(w, 6))
    }), { numRuns: 40 })
  })
})

describe("gradientNorm", () => {
  it("brings the mean size of every gradient to the largest entry of the first", () => {
    const gradients = [Float64Array.of(3, -6), Float64Array.of(1, 0), Float64Array.of(-20, 20)]
    expect(gradientNorm([1, 1, 1], gradients, 1)).toEqual([1, 12, 0.3])
    let weights = [1, 1, 1]
    for (let k = 0; k < 200; k++) weights = gradientNorm(weights, gradients)
    expect(weights[1]).toBeCloseTo(12, 6)
    expect(weights[2]).toBeCloseTo(0.3, 6)
  })

  it("moves by its rate, and keeps the weight of a loss without gradient", () => {
    expect(gradientNorm([1, 2, 5], [Float64Array.of(4), Float64Array.of(1), Float64Array.of(0)], 0.25)).toEqual([1, 2.5, 5])
    expect(gradientNorm([1, 2], [Float64Array.of(0), Float64Array.of(1)])).toEqual([1, 2])
  })
})
