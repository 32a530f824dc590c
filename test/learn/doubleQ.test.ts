import { expect, test } from "vitest"
import { philox } from "../../src/math/random.ts"
import { best, greedyLevels, valuesAt, type Heads } from "../../src/learn/doubleQ.ts"

/** Outputs V, G_1 over three prices, G_2 over two; two points. */
const HEADS: Heads = { outputs: 6, starts: [1, 4], levels: [3, 2] }
const online = Float64Array.from([1, /**/ 0, 0.5, 0.2, /**/ 0.1, 0, /**/ -2, /**/ 3, 3, 1, /**/ -1, -0.5])
const target = Float64Array.from([2, /**/ 3, -1, 5, /**/ 4, 7, /**/ 10, /**/ 1, 2, 8, /**/ 6, 9])

test("double Q: the network chooses, the target network values; computed by hand", () => {
  const chosen = new Int32Array(4), values = new Float64Array(2)
  greedyLevels(online, 2, HEADS, chosen)
  // Of equals the lowest.
  expect([...chosen]).toEqual([1, 0, 0, 1])
  valuesAt(target, 2, HEADS, chosen, 0.5, values)
  expect([...values]).toEqual([2 + 0.5 * (-1 + 4), 10 + 0.5 * (1 + 9)])
  // A target of two steps with rewards 0.3 and 0.2 and beta = 0.9: 0.3 + 0.18 + 0.81 * 3.5.
  expect(0.3 + 0.9 * 0.2 + 0.9 ** 2 * values[0]).toBeCloseTo(3.315, 12)
  // Where the target network chooses too, values are its own largest: never lower.
  greedyLevels(target, 2, HEADS, chosen)
  valuesAt(target, 2, HEADS, chosen, 0.5, values)
  expect([...values]).toEqual([2 + 0.5 * (5 + 7), 10 + 0.5 * (8 + 9)])
})

/** Thrun and Schwartz (1993): the mean of the largest of noisy values that are all 0 is positive; chosen by other noise it is 0. */
test("values chosen by other noise than their own are not too high", () => {
  let single = 0, double = 0
  const { next } = philox(0, 1), noise = (): Float64Array => Float64Array.from({ length: 10 }, () => 2 * next() - 1)
  for (let trial = 0; trial < 2000; trial++) {
    const one = noise(), two = noise()
    single += one[best(one, 0, 10)] / 2000
    double += two[best(one, 0, 10)] / 2000
  }
  // The mean of the largest of ten even draws from [-1, 1]: 9/11.
  expect(single).toBeCloseTo(9 / 11, 1)
  expect(Math.abs(double)).toBeLessThan(0.06)
})
