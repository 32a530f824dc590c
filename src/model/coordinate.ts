import { compile } from "../formula/compile.ts"
import { derivative } from "../formula/derive.ts"
import type { Graph, Node } from "../formula/graph.ts"
import { Mistake } from "../run/mistake.ts"
import type { Coordinate } from "./problem.ts"

/**
 * The coordinate of a state: z = low + (high - low) m(s), with the declared grid formula m. It resolves what the grid
 * resolves, so that nets and samples use it too.
 *
 * @throws Mistake where m does not increase from 0 to 1.
 */
export function coordinateOf(g: Graph, map: Node, low: number, high: number, parameters: Readonly<Record<string, number>>, place: string): Coordinate {
  const slope = derivative(g, map, "s")
  // In a grid formula `s` is the coordinate, also where a parameter has that name.
  const { s: _, ...others } = parameters
  const kernel = compile([map, slope, derivative(g, slope, "s")], ["s", ...Object.keys(others)])
  const values = Object.values(others)
  const width = high - low
  const evaluate = (s: Float64Array): Float64Array[] => {
    const out = [0, 1, 2].map(() => new Float64Array(s.length))
    kernel.run([s, ...values], s.length, out)
    return out
  }
  const probe = Float64Array.from({ length: 1001 }, (_, i) => i / 1000)
  const [mapped] = evaluate(probe)
  const bad = mapped.findIndex((m, i) => !(i === 0 ? Math.abs(m) < 1e-9 : m > mapped[i - 1] && (i < 1000 || Math.abs(m - 1) < 1e-9)))
  if (bad >= 0)
    throw new Mistake(`${place}: does not increase from 0 to 1 (it is ${mapped[bad]} at s = ${probe[bad]}); expected a formula in \`s\` such as \`0.1*s + 0.9*(3*s^2 - 2*s^3)\``)
  return {
    stateAt: s => evaluate(s)[0].map(m => Math.min(high, Math.max(low, low + width * m))),
    of: z => {
      const s = z.map(x => inverse(mapped, (x - low) / width))
      let [m, m1, m2] = evaluate(s)
      // Newton's method from the table is at rounding after two steps, but where the slope is small.
      for (let k = 0, largest = 1; k < 4 && largest > SETTLED; k++) {
        largest = 0
        for (let i = 0; i < s.length; i++) if (m1[i] > 0) {
          const next = Math.min(1, Math.max(0, s[i] - (m[i] - (z[i] - low) / width) / m1[i]))
          largest = Math.max(largest, Math.abs(next - s[i]))
          s[i] = next
        }
        ;[m, m1, m2] = evaluate(s)
      }
      return { s, first: m1.map(d => 1 / (width * d)), second: m2.map((d, i) => -d / (width * width * m1[i] * m1[i] * m1[i])) }
    },
  }
}

/** A step of Newton's method that is shorter leaves an error of its square. */
const SETTLED = 1e-9

/** The coordinate of a mapped value by linear interpolation of a table over [0, 1]. */
function inverse(table: Float64Array, m: number): number {
  let low = 0, high = table.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (table[middle] <= m) low = middle
    else high = middle
  }
  return (low + Math.min(1, Math.max(0, (m - table[low]) / (table[high] - table[low])))) / (table.length - 1)
}
