import { expect, test } from "vitest"
import { wilsonInterval } from "../../src/math/wilson.ts"

test("Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29", () => {
  for (const [r, n, low, high] of [[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611], [1, 29, 0.0061, 0.1718]] as const) {
    const [from, to] = wilsonInterval(r, n)
    expect(from).toBeCloseTo(low, 4)
    expect(to).toBeCloseTo(high, 4)
  }
})

test("its ends solve |share - p| = z sqrt(p (1 - p)/n), and all of n mirrors none", () => {
  const [low, high] = wilsonInterval(13, 16, 0.9), z = 1.6448536269514722
  for (const p of [low, high]) expect(Math.abs(13 / 16 - p)).toBeCloseTo(z * Math.sqrt(p * (1 - p) / 16), 12)
  expect(wilsonInterval(16, 16)).toEqual([1 - wilsonInterval(0, 16)[1], 1])
  expect(wilsonInterval(0, 0)).toEqual([0, 1])
})
