/**
 * A multilayer perceptron with rectified units and many linear outputs, and the adjoint of it, in plain loops. The engine's jets have one output
 * and smooth units with input derivatives; a network of Q values over a price grid has hundreds of outputs and needs values only. Blocks
 * of two points by four units keep the arithmetic busy.
 */
export interface HeadsNet {
  /** How many weights: layer by layer, W row-major [units][fanIn], then b[units]. */
  readonly size: number
  readonly outputs: number
  /** He-normal weights and zero biases; the output layer starts a tenth as large. `normal` gives standard normals. */
  initial(normal: () => number): Float64Array
  /** Writes outputs `from` to `to` of `n` points, point by point; points are given input by input, `x[i * n + p]`. */
  forward(weights: Float64Array, x: Float64Array, n: number, out: Float64Array, from?: number, to?: number): void
  /** Adds the derivative of the sum of cotangent times output to `gradient`, for the points and outputs of the last `forward`. */
  backward(weights: Float64Array, cotangent: Float64Array, gradient: Float64Array): void
}

export function headsNet(inputs: number, hidden: readonly number[], outputs: number, capacity: number): HeadsNet {
  const widths = [inputs, ...hidden, outputs], layers = widths.length - 1
  const starts: number[] = []
  let size = 0
  for (let l = 0; l < layers; l++) { starts.push(size); size += (widths[l] + 1) * widths[l + 1] }
  /** What went into each layer, point by point. */
  const held = widths.slice(0, -1).map(width => new Float64Array(width * capacity))
  const down = widths.slice(0, -1).map(width => new Float64Array(width * capacity))
  let count = 0, first = 0, last = outputs
  return {
    size, outputs,
    initial(normal) {
      const weights = new Float64Array(size)
      for (let l = 0; l < layers; l++) {
        const deviation = Math.sqrt(2 / widths[l]) * (l === layers - 1 ? 0.1 : 1)
        for (let k = 0; k < widths[l] * widths[l + 1]; k++) weights[starts[l] + k] = deviation * normal()
      }
      return weights
    },
    forward(weights, x, n, out, from = 0, to = outputs) {
      count = n
      first = from
      last = to
      for (let p = 0; p < n; p++) for (let i = 0; i < inputs; i++) held[0][p * inputs + i] = x[i * n + p]
      for (let l = 0; l < layers - 1; l++) {
        product(weights, starts[l], held[l], widths[l], widths[l + 1], n, held[l + 1], 0, widths[l + 1])
        rectify(held[l + 1], n * widths[l + 1])
      }
      product(weights, starts[layers - 1], held[layers - 1], widths[layers - 1], outputs, n, out, from, to)
    },
    backward(weights, cotangent, gradient) {
      let above = cotangent
      for (let l = layers - 1; l >= 0; l--) {
        const [from, to] = l === layers - 1 ? [first, last] : [0, widths[l + 1]]
        adjoint(weights, gradient, starts[l], held[l], widths[l], widths[l + 1], count, above, from, to, l > 0 ? down[l] : undefined)
        if (l > 0) for (let k = 0; k < count * widths[l]; k++) if (held[l][k] <= 0) down[l][k] = 0
        above = down[l]
      }
    },
  }
}

/** out[p][o] = W[o] . h[p] + b[o], for units `from` to `to`. */
function product(weights: Float64Array, at: number, h: Float64Array, fanIn: number, units: number, n: number, out: Float64Array, from: number, to: number): void {
  const biases = at + fanIn * units, width = to - from
  for (let p = 0; p < n; p += 2) {
    const a = p * fanIn, b = p + 1 < n ? a + fanIn : a
    const outA = p * width - from, outB = p + 1 < n ? outA + width : outA
    let o = from
    for (; o + 4 <= to; o += 4) {
      const w0 = at + o * fanIn, w1 = w0 + fanIn, w2 = w1 + fanIn, w3 = w2 + fanIn
      let a0 = weights[biases + o], a1 = weights[biases + o + 1], a2 = weights[biases + o + 2], a3 = weights[biases + o + 3]
      let b0 = a0, b1 = a1, b2 = a2, b3 = a3
      for (let k = 0; k < fanIn; k++) {
        const ha = h[a + k], hb = h[b + k], v0 = weights[w0 + k], v1 = weights[w1 + k], v2 = weights[w2 + k], v3 = weights[w3 + k]
        a0 += ha * v0; a1 += ha * v1; a2 += ha * v2; a3 += ha * v3
        b0 += hb * v0; b1 += hb * v1; b2 += hb * v2; b3 += hb * v3
      }
      out[outB + o] = b0; out[outB + o + 1] = b1; out[outB + o + 2] = b2; out[outB + o + 3] = b3
      out[outA + o] = a0; out[outA + o + 1] = a1; out[outA + o + 2] = a2; out[outA + o + 3] = a3
    }
    for (; o < to; o++) {
      const w = at + o * fanIn
      let sumA = weights[biases + o], sumB = sumA
      for (let k = 0; k < fanIn; k++) { sumA += h[a + k] * weights[w + k]; sumB += h[b + k] * weights[w + k] }
      out[outB + o] = sumB
      out[outA + o] = sumA
    }
  }
}

function rectify(values: Float64Array, n: number): void {
  for (let k = 0; k < n; k++) if (values[k] < 0) values[k] = 0
}

/** Gradients of the weights of one layer, and (where asked for) of what went into it. */
function adjoint(weights: Float64Array, gradient: Float64Array, at: number, h: Float64Array, fanIn: number, units: number, n: number, cotangent: Float64Array, from: number, to: number, below: Float64Array | undefined): void {
  const biases = at + fanIn * units, width = to - from
  below?.fill(0, 0, n * fanIn)
  for (let p = 0; p < n; p++) {
    const base = p * fanIn
    for (let o = from; o < to; o++) {
      const g = cotangent[p * width + o - from]
      if (g === 0) continue
      const w = at + o * fanIn
      gradient[biases + o] += g
      for (let k = 0; k < fanIn; k++) gradient[w + k] += g * h[base + k]
      if (below) for (let k = 0; k < fanIn; k++) below[base + k] += g * weights[w + k]
    }
  }
}
