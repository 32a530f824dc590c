import { countOf, indicesOf, type Cells } from "./cells.ts"
import { fieldReader } from "./field.ts"
import { crisisChannel, varianceAcross, type Law } from "./law.ts"

/**
 * Cells, divided where a break cuts them: at a break the diffusion jumps and the density with it, so that the density times
 * the variance of the distance to the break is continuous. The parts of a cell hold its mass in proportion to their length over
 * their own such variance.
 */
export interface Parts {
  /** The parts of cell c are those from starts[c] to starts[c + 1]. */
  readonly starts: Int32Array
  readonly cell: Int32Array
  /** Of the mass of its cell. */
  readonly share: Float64Array
  /** The middle of the part, by state. */
  readonly points: readonly Float64Array[]
  /** 1 where the middle lies in the crisis region. */
  readonly crisis: Uint8Array
}

export function partsOf(law: Law, cells: Cells): Parts {
  const { states, field } = law
  const { marched, breaks } = field
  const size = countOf(cells), reader = fieldReader(field)
  const out = new Float64Array(field.channels), point = new Float64Array(states), slopes = new Float64Array(states - 1)
  const starts = new Int32Array(size + 1)
  const cell: number[] = [], share: number[] = [], crisis: number[] = [], points: number[][] = []
  for (let c = 0; c < size; c++) {
    const indices = indicesOf(cells, c)
    indices.forEach((i, s) => { point[s] = cells.centres[s][i] })
    const low = cells.edges[marched][indices[marched]], high = cells.edges[marched][indices[marched] + 1]
    const cuts = [low, ...cutsBetween(low, high), high]
    let total = 0
    for (let p = 0; p + 1 < cuts.length; p++) {
      if (cuts.length > 2) point[marched] = (cuts[p] + cuts[p + 1]) / 2
      reader.at(point, out)
      const weight = (cuts[p + 1] - cuts[p]) / Math.max(varianceAcross(law, out, slopes), LEAST_VARIANCE)
      total += weight
      cell.push(c)
      share.push(weight)
      points.push(Array.from(point))
      crisis.push(out[crisisChannel(law)] > 0 ? 1 : 0)
    }
    for (let p = starts[c]; p < cell.length; p++) share[p] /= total
    starts[c + 1] = cell.length
  }
  return {
    starts, cell: Int32Array.from(cell), share: Float64Array.from(share), crisis: Uint8Array.from(crisis),
    points: Array.from({ length: states }, (_, s) => Float64Array.from(points, p => p[s])),
  }

  function cutsBetween(low: number, high: number): number[] {
    const cuts: number[] = []
    for (let b = 0; b < breaks.length; b++) {
      reader.inRegion(point, b, out)
      const cut = reader.ends[1]
      if (!(cut > low && cut < high && cut > (cuts.at(-1) ?? low))) continue
      cuts.push(cut)
      reader.slopes(b, slopes)
    }
    return cuts
  }
}

/** Where the variance vanishes on one side of a break. */
const LEAST_VARIANCE = 1e-12

/** The part of every cell's mass that lies in the crisis region. */
export function crisisShares({ starts, share, crisis }: Parts): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, c) => {
    let sum = 0
    for (let p = starts[c]; p < starts[c + 1]; p++) sum += crisis[p] * share[p]
    return sum
  })
}

/** The mass of every part: cells' masses divided by the shares of their parts. */
export const partMasses = ({ cell, share }: Parts, masses: ArrayLike<number>): Float64Array => share.map((part, p) => part * masses[cell[p]])

/**
 * The mass of every part, from masses counted by cell outside the crisis and in it (alternating): each goes to the parts on its
 * own side of the break, or to all where the cell has none there.
 */
export function countedMasses({ starts, share, crisis }: Parts, counted: ArrayLike<number>): Float64Array {
  const out = new Float64Array(share.length)
  for (let c = 0; c + 1 < starts.length; c++)
    for (const side of [0, 1]) {
      const mass = counted[2 * c + side]
      if (mass === 0) continue
      let own = 0
      for (let p = starts[c]; p < starts[c + 1]; p++) if (crisis[p] === side) own += share[p]
      for (let p = starts[c]; p < starts[c + 1]; p++) if (own === 0 || crisis[p] === side) out[p] += (mass * share[p]) / (own || 1)
    }
  return out
}
