import { expect, test } from "vitest"
import { gaussHermite } from "../../src/math/gaussHermite.ts"

const mean = (n: number, f: (z: number) => number): number => {
  const { nodes, weights } = gaussHermite(n)
  return nodes.reduce((sum, z, i) => sum + weights[i] * f(z), 0)
}
/** E Z^k: 1, 0, 1, 0, 3, 0, 15, ... */
const moment = (k: number): number => (k === 0 ? 1 : k % 2 === 1 ? 0 : (k - 1) * moment(k - 2))

test.each([1, 2, 3, 5, 8, 13, 20])("%i nodes are exact for polynomials of degree 2n - 1, and no further", n => {
  for (let k = 0; k <= 2 * n - 1; k++) expect(Math.abs(mean(n, z => z ** k) - moment(k)) / moment(k + (k % 2)), `degree ${k}`).toBeLessThan(1e-12)
  expect(moment(2 * n) - mean(n, z => z ** (2 * n))).toBeGreaterThan(0.5) // n! exactly
})

test("three nodes are 0 and the roots of three, with weights 2/3 and 1/6", () => {
  const { nodes, weights } = gaussHermite(3)
  ;[-Math.sqrt(3), 0, Math.sqrt(3)].forEach((z, i) => expect(nodes[i]).toBeCloseTo(z, 15))
  ;[1 / 6, 2 / 3, 1 / 6].forEach((w, i) => expect(weights[i]).toBeCloseTo(w, 15))
})

test.each([50, 151, 300])("%i nodes increase, are symmetric, have positive weights, and give lognormal moments", n => {
  const { nodes, weights } = gaussHermite(n)
  nodes.forEach((z, i) => {
    if (i > 0) expect(z).toBeGreaterThan(nodes[i - 1])
    expect(z + nodes[n - 1 - i]).toBe(0)
    expect(weights[i]).toBeGreaterThan(0)
  })
  for (const k of [-3, 1, 2.5]) expect(mean(n, z => Math.exp(k * z)) / Math.exp((k * k) / 2)).toBeCloseTo(1, 12)
})

test("what is no rule is refused", () => {
  for (const n of [0, -1, 2.5, 301, NaN]) expect(() => gaussHermite(n)).toThrow(RangeError)
})
