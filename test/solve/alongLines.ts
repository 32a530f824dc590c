import { pairs } from "../../src/model/problem.ts"
import type { Flow } from "../../src/nets/jet.ts"

/**
 * What a function with these channels (value, slopes, by time, second derivatives by pairs) gives along lines in states and time: its value,
 * its derivative along each shock, and the generator. By the definition.
 */
export function alongLines(channels: Float64Array, { n, directions, factors }: Flow, states: number): Float64Array {
  const out = new Float64Array((2 + states) * n), channel = (c: number, p: number): number => channels[c * n + p]
  for (let p = 0; p < n; p++) {
    const along = (k: number, input: number): number => directions[(k * (states + 1) + input) * n + p]
    out[p] = channel(0, p)
    let generator = 0
    for (let input = 0; input <= states; input++) generator += along(states, input) * channel(1 + input, p)
    for (let k = 0; k < states; k++) {
      for (let s = 0; s < states; s++) out[(1 + k) * n + p] += along(k, s) * channel(1 + s, p)
      pairs(states).forEach(([s, r], j) => { generator += (s === r ? 1 : 2) * factors[k * n + p] * along(k, s) * along(k, r) * channel(2 + states + j, p) })
    }
    out[(1 + states) * n + p] = generator
  }
  return out
}
