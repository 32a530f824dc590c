import { describe, expect, test } from "vitest"
import { continuousTime } from "../../src/economies/index.ts"
import { problem } from "../../src/model/compileProblem.ts"
import { METHODS } from "../../src/solve/index.ts"
import { philox } from "../../src/math/random.ts"
import { endsOf, faces, secondsAsked, switchBand } from "../../src/solve/network/points.ts"
import { netStart } from "../../src/solve/network/start.ts"
import { pairs } from "../../src/model/problem.ts"

const two = (parameters = {}) => problem(continuousTime["gopalakrishna-2021"], { calibration: "paper", parameters })
const four = problem(continuousTime["gopalakrishna-2021-aliens"])
const row = (p: typeof four, others: readonly number[], along = 400) => netStart(p, along, others.map(x => Float64Array.of(x, x)), 0)

/** Where the share reaches one on the first row. */
const starOf = (p: typeof four, others: readonly number[]): number => {
  const { switches, failure } = row(p, others)
  expect(failure).toBe("")
  return p.states[0].coordinate.stateAt(Float64Array.of((switches[0][0] + 1) / 2))[0]
}

describe("netStart", () => {
  // At a_l and a_u the risk of productivity vanishes, and the block at J = 1 is the published one in one state.
  test.each([[0.1, 0.65, 0.1419], [0.2, 0.65, 0.1888], [0.1, 1, 0.2458], [0.2, 1, 0.3097]])("two states, a = %s, alpha = %s: the share is one from z = %s on", (a, alpha, star) =>
    expect(Math.abs(starOf(two({ alpha }), [a]) - star)).toBeLessThan(0.002))

  // With sigma sqrt(s) = 0.06, whatever growth is.
  test.each([[-0.04, 0.1, 0.2458], [0, 0.1, 0.2458], [0.03, 0.2, 0.3097]])("four states, g = %s, a = %s: from z = %s on", (g, a, star) =>
    expect(Math.abs(starOf(four, [g, 0.16, a]) - star)).toBeLessThan(0.002))

  test("switches of many rows lie on the surface that is fitted to them", () => {
    const a = Float64Array.from({ length: 12 }, (_, k) => 0.1 + (0.1 * (k + 0.5)) / 12)
    const { switches: [curve] } = netStart(two(), 200, [a], 3), random = philox(1, 0)
    const p = two(), [z, at] = switchBand(p.states, [curve], 1e-9, 40, random)
    for (let k = 0; k < z.length; k++) expect(Math.abs(z[k] - starOf(p, [at[k]]))).toBeLessThan(0.002)
  })
})

describe("points in several states", () => {
  test("faces come in the order of their states, each point on its own", () => {
    const places = endsOf(four), all = faces(four.states, philox(2, 0)), count = all[0][0].length
    expect(places.length).toBe(all.length * count)
    all.forEach((columns, k) => columns[places[k * count]].forEach(x => expect(x).toBe(k % 2 === 0 ? four.states[k >> 1].from : four.states[k >> 1].to)))
  })

  test("of value functions those second derivatives are asked for whose states move together, of shares none", () => {
    const asked = secondsAsked(four, 0).map(k => pairs(4)[k].join())
    expect(asked).toEqual(["0,0", "0,1", "0,2", "0,3", "1,1", "2,2", "3,3"])
    expect(secondsAsked(four, 2)).toEqual([])
  })
})

test("methods on a grid refuse four states by name, with the reason and what to use", () => {
  expect(METHODS.fd.refuses(four)).toMatch(/`fd` solves economies with up to three states; `gopalakrishna-2021-aliens` has 4, and a grid over them would be too large. Use `network`/)
  expect(METHODS.aliens.refuses(four)).toMatch(/one or two states; `gopalakrishna-2021-aliens` has 4. Use `network`/)
  expect(METHODS.network.refuses(four)).toBeUndefined()
})
