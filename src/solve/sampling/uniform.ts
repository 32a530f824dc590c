import type { Random } from "../../math/random.ts"
import { shuffle, type Box, type Columns } from "./box.ts"

/**
 * `count` points, uniform on a box, by Latin hypercubes (McKay, Beckman and Conover, 1979): along each dimension one point in each of
 * `count` equal intervals, matched at random. The expectation of an average is that of independent draws, and the noise of the part of
 * the integrand that is additive is far less; in one dimension the points come in increasing order.
 */
export function uniform({ from, to }: Box, count: number, random: Pick<Random, "next">): Columns {
  return from.map((low, d) => {
    const column = Float64Array.from({ length: count }, (_, k) => low + ((to[d] - low) * (k + random.next())) / count)
    if (d > 0) shuffle(column, random)
    return column
  })
}
