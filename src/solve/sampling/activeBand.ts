import type { Random } from "../../math/random.ts"
import type { Box, Columns } from "./box.ts"

/**
 * `count` points within `width` of the places where an equation switches (in each dimension; clipped to the box): the active region
 * Omega_c of ALIENs (Gopalakrishna, 2021), where a kink of the solution makes residuals large. The places are points of the
 * switching surface, taken in turn; none, and there are no points.
 */
export function activeBand({ from, to }: Box, switches: Columns, width: number, count: number, random: Pick<Random, "next">): Columns {
  const places = switches[0]?.length ?? 0
  if (places === 0) return from.map(() => new Float64Array(0))
  const offset = random.next()
  return from.map((low, d) => Float64Array.from({ length: count }, (_, k) => {
    const at = switches[d][Math.min(places - 1, Math.floor(((k + offset) / count) * places))]
    const least = Math.max(low, at - width), most = Math.min(to[d], at + width)
    return least + (most - least) * random.next()
  }))
}
