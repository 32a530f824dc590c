import { expect, test } from "vitest"
import { close, keptOf, newTrail, record } from "../../src/learn/replay/trail.ts"

interface Item { begun: number; returned: number; discount: number; kept: number }

/** The items of one episode of two agents; the second's rewards are tenfold. */
function items(steps: number, rewards: readonly number[], discounts: readonly number[], agent: number): Item[] {
  const shape = { agents: 2, width: 1, steps }, trail = newTrail(shape), out: Item[] = []
  rewards.forEach((reward, step) => {
    for (const k of [0, 1]) {
      keptOf(trail, shape, step, k)[0] = 100 * k + step
      record(trail, shape, step, k, reward * (k === 0 ? 1 : 10), discounts[step])
      close(trail, shape, step, step === rewards.length - 1, k, (begun, returned, discount) => {
        if (k === agent) out.push({ begun, returned, discount, kept: keptOf(trail, shape, begun, k)[0] })
      })
    }
  })
  return out
}

test("three steps of rewards by hand, the episode truncated: every item closes on the last observation", () => {
  const b = 0.5
  expect(items(3, [1, 2, 4, 8], [b, b, b, b], 0)).toEqual([
    { begun: 0, returned: 1 + 2 * b + 4 * b * b, discount: b ** 3, kept: 0 },
    { begun: 1, returned: 2 + 4 * b + 8 * b * b, discount: b ** 3, kept: 1 },
    { begun: 2, returned: 4 + 8 * b, discount: b ** 2, kept: 2 },
    { begun: 3, returned: 8, discount: b, kept: 3 },
  ])
})

test("the same terminated: items that reach the end have no future, earlier ones do", () => {
  const b = 0.5, made = items(3, [1, 2, 4, 8], [b, b, b, 0], 1)
  expect(made.map(item => item.discount)).toEqual([b ** 3, 0, 0, 0])
  expect(made.map(item => item.returned)).toEqual([20 * 1.5, 10 * (2 + 2 + 2), 80, 80])
  expect(made.map(item => item.kept)).toEqual([100, 101, 102, 103])
})

test("each step begins one item, whatever n and the length; along a constant reward the target is the closed form", () => {
  const b = 0.95
  for (const [n, length] of [[1, 1], [1, 5], [5, 3], [5, 5], [5, 12]]) {
    const made = items(n, Array<number>(length).fill(1), Array<number>(length).fill(b), 0)
    expect(made.map(item => item.begun)).toEqual(Array.from({ length }, (_, k) => k))
    // A value of 1/(1 - b) at the end makes the target the same number for any n and any item.
    for (const { returned, discount } of made) expect(returned + discount / (1 - b)).toBeCloseTo(1 / (1 - b), 12)
  }
})
