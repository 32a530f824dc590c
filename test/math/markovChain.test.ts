import fc from "fast-check"
import { expect, test } from "vitest"
import { chainFault, chainMoments, expectation, stationaryDistribution, type MarkovChain } from "../../src/math/markovChain.ts"

const chain = (values: number[], rows: number[][]): MarkovChain => ({ values: Float64Array.from(values), transitions: Float64Array.from(rows.flat()) })
const twoStates = (p: number, q: number) => chain([0, 1], [[1 - p, p], [q, 1 - q]])

test("two states: the distribution is (q, p)/(p + q), the autocorrelation 1 - p - q", () => {
  fc.assert(fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (p, q) => {
    const pi = stationaryDistribution(twoStates(p, q))!
    expect(pi[0]).toBeCloseTo(q / (p + q), 13)
    expect(pi[1]).toBeCloseTo(p / (p + q), 13)
    expect(chainMoments(twoStates(p, q))!.autocorrelation).toBeCloseTo(1 - p - q, 11)
  }))
})

const somewhere = fc.integer({ min: 2, max: 7 }).chain(n => fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: n * n, maxLength: n * n }).map(raw => {
  const rows = Array.from({ length: n }, (_, i) => raw.slice(i * n, (i + 1) * n))
  return chain(rows.map((_, i) => i), rows.map(row => row.map(x => x / row.reduce((a, b) => a + b))))
}))

test("the stationary distribution stays, and means are kept by conditioning", () => {
  fc.assert(fc.property(somewhere, given => {
    const n = given.values.length, pi = stationaryDistribution(given)!
    expect(pi.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
    for (let j = 0; j < n; j++) expect(pi.reduce((sum, p, i) => sum + p * given.transitions[i * n + j], 0)).toBeCloseTo(pi[j], 12)
    const f = given.values.map(x => Math.sin(3 * x)), next = expectation(given, f)
    expect(pi.reduce((sum, p, i) => sum + p * (next[i] - f[i]), 0)).toBeCloseTo(0, 12)
    expect(chainFault(n, given.transitions)).toBeUndefined()
  }))
})

test("states that are left for good have no mass; two separate chains have no one distribution", () => {
  const pi = stationaryDistribution(chain([0, 1, 2], [[0.5, 0.5, 0], [0, 0, 1], [0, 1, 0]]))!
  ;[0, 0.5, 0.5].forEach((p, i) => expect(pi[i]).toBeCloseTo(p, 15))
  expect(stationaryDistribution(chain([0, 1], [[1, 0], [0, 1]]))).toBeUndefined()
})

test("what is wrong with a row is said", () => {
  expect(chainFault(2, [0.5, 0.4, 0, 1])).toBe("row 1 sums to 0.9; the probabilities of a row sum to 1")
  expect(chainFault(2, [0.5, 0.5, -0.1, 1.1])).toBe("row 2 has the probability `-0.1`; expected numbers from 0 to 1")
  expect(chainFault(1, [NaN])).toContain("row 1 has the probability `NaN`")
})
