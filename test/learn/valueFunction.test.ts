import { expect, test } from "vitest"
import { valueFunction } from "../../src/learn/valueFunction.ts"
import { philox } from "../../src/math/random.ts"

const feature = (name: string, low: number, high: number) => ({ name, is: "", low, high, shock: false })
const FEATURES = [feature("shares", 0, 2), feature("bonds", -1, 3)]
const beta = 0.95, dividend = 0.05

/** Points on a scatter; a lot of the first feature more in the first half. */
function pairs(m: number, lot: number, seed: number): Float64Array {
  const { next } = philox(seed, 0), x = new Float64Array(2 * 2 * m)
  FEATURES.forEach(({ low, high }, f) => {
    for (let i = 0; i < m; i++) {
      const z = low + (high - low) * next()
      x[f * 2 * m + m + i] = z
      x[f * 2 * m + i] = z + (f === 0 ? lot : 0)
    }
  })
  return x
}

test("values: a quadratic form of features brought to [-1, 1], times the scale", () => {
  const W = valueFunction(FEATURES, [], "tanh", 4)
  expect(W.size).toBe(2 + 3)
  const out = new Float64Array(2)
  // Points (2, 1) and (1.5, 3) come to (1, 0) and (0.5, 1).
  W.values(Float64Array.of(2, 3, 5, 7, 11), 10, Float64Array.of(2, 1.5, 1, 3), 2, out)
  expect(out[0]).toBeCloseTo(10 * (2 + 5), 12)
  expect(out[1]).toBeCloseTo(10 * (1 + 3 + 5 * 0.25 + 7 * 0.5 + 11), 12)
})

test("a fit brings differences of a quadratic to their exact values", () => {
  const W = valueFunction(FEATURES, [], "tanh", 400), m = 200, lot = 0.3
  const state = W.initial(philox(5, 1).next)
  state.scale = 2
  const exact = (x: number): number => 4 * x - 0.7 * x * x
  const x = pairs(m, lot, 1), targets = Float64Array.from({ length: m }, (_, i) => exact(x[i]) - exact(x[m + i])), errors = new Float64Array(m)
  let loss = Infinity
  for (let k = 0; k < 60; k++) loss = W.fit(state, x, m, targets, new Float64Array(m).fill(1), errors)
  expect(Math.sqrt(loss)).toBeLessThan(1e-6)
  const out = new Float64Array(2)
  W.values(state.weights, state.scale, Float64Array.of(1.2, 0.4, 0, 0), 2, out)
  expect(out[0] - out[1]).toBeCloseTo(exact(1.2) - exact(0.4), 4)
})

test("fitted value iteration where a share pays y for ever: its shadow price is the closed form y/(1 - beta)", () => {
  const m = 200, lot = 0.01
  for (const hidden of [[], [8]]) {
    const W = valueFunction(FEATURES, hidden, "tanh", 2 * m), state = W.initial(philox(5, 1).next)
    state.scale = lot
    const targets = new Float64Array(m), out = new Float64Array(2 * m), errors = new Float64Array(m)
    for (let round = 0; round < 400; round++) {
      const x = pairs(m, lot, round)
      W.values(state.weights, state.scale, x, 2 * m, out)
      for (let i = 0; i < m; i++) targets[i] = lot * dividend + beta * (out[i] - out[m + i])
      W.fit(state, x, m, targets, new Float64Array(m).fill(1), errors)
    }
    W.values(state.weights, state.scale, Float64Array.of(1 + lot, 1, 1, 1), 2, out)
    expect((out[0] - out[1]) / lot / (dividend / (1 - beta))).toBeCloseTo(1, 3)
  }
})

test("a clone of the weights goes on to the same bits", () => {
  const m = 50, W = valueFunction(FEATURES, [4], "tanh", 2 * m), state = W.initial(philox(5, 1).next)
  state.scale = 1
  const x = pairs(m, 0.1, 3), targets = Float64Array.from({ length: m }, (_, i) => Math.sin(x[i]) - Math.sin(x[m + i])), even = new Float64Array(m).fill(1), errors = new Float64Array(m)
  const first = W.fit(state, x, m, targets, even, errors)
  const copy = structuredClone(state)
  for (let k = 0; k < 5; k++) expect(W.fit(state, x, m, targets, even, errors)).toBe(W.fit(copy, x, m, targets, even, errors))
  expect(copy).toEqual(state)
  expect(W.fit(state, x, m, targets, even, errors)).toBeLessThan(first)
})
