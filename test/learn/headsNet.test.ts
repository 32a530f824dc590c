import { expect, test } from "vitest"
import { headsNet } from "../../src/learn/headsNet.ts"
import { philox } from "../../src/math/random.ts"

const inputs = 3, hidden = [5, 6], outputs = 9, n = 5
const net = headsNet(inputs, hidden, outputs, n)
const normal = philox(11, 0).normal
const weights = net.initial(normal).map(w => w + 0.1 * normal()), x = Float64Array.from({ length: inputs * n }, normal)

/** The same network written out as it is defined. */
function plain(w: Float64Array): number[][] {
  return Array.from({ length: n }, (_, p) => {
    let h = Array.from({ length: inputs }, (_, i) => x[i * n + p]), at = 0
    ;[...hidden, outputs].forEach((units, layer) => {
      const fanIn = h.length, below = h
      h = Array.from({ length: units }, (_, o) => below.reduce((sum, z, k) => sum + z * w[at + o * fanIn + k], w[at + units * fanIn + o]))
      if (layer < hidden.length) h = h.map(z => Math.max(0, z))
      at += (fanIn + 1) * units
    })
    return h
  })
}

test("the outputs are those of the network written out, all of them and any range", () => {
  const expected = plain(weights)
  for (const [from, to] of [[0, outputs], [0, 1], [2, 8]]) {
    const width = to - from, out = new Float64Array(n * width)
    net.forward(weights, x, n, out, from, to)
    for (let p = 0; p < n; p++) for (let o = from; o < to; o++) expect(out[p * width + o - from]).toBeCloseTo(expected[p][o], 13)
  }
})

test("the gradient is that of differences, all outputs and a range of them, and is added", () => {
  for (const [from, to] of [[0, outputs], [0, 1], [3, 8]]) {
    const width = to - from, out = new Float64Array(n * width), cotangent = Float64Array.from({ length: n * width }, normal)
    net.forward(weights, x, n, out, from, to)
    const gradient = new Float64Array(net.size).fill(1)
    net.backward(weights, cotangent, gradient)
    const value = (w: Float64Array): number => {
      net.forward(w, x, n, out, from, to)
      return out.reduce((sum, z, k) => sum + z * cotangent[k], 0)
    }
    for (let k = 0; k < net.size; k++) {
      const step = 1e-5, up = weights.slice(), down = weights.slice()
      up[k] += step
      down[k] -= step
      // Piecewise linear in each weight: differences are exact away from kinks, but for rounding.
      expect(Math.abs(gradient[k] - 1 - (value(up) - value(down)) / (2 * step))).toBeLessThan(1e-8)
    }
  }
})
