import { chainOf, expectedAfter, meanTimesTo, type Chain } from "../math/jumpChain.ts"
import { sellingDirections } from "../math/selling.ts"
import { cellAt, countOf, indicesOf, type Cells } from "./cells.ts"
import { fieldReader } from "./field.ts"
import { driftChannel, noiseChannel, type Law } from "./law.ts"
import { crisisShares, type Parts } from "./parts.ts"

/**
 * The Kolmogorov equations on cells: a Markov chain that jumps between them with the drift and the covariance of the process
 * (Kushner & Dupuis 2001). Its forward equation conserves mass and keeps densities non-negative; no jump leaves the domain
 * (reflection).
 *
 * With D half the covariance in units of cells, D = sum w e e^T along whole vectors e (Selling), jumps by +e and -e have rates
 * w B(-e.l) and w B(e.l), B(x) = x/(exp(x) - 1), which moves by D l in the mean. In one state D l is the drift, and these are the fitted
 * fluxes of Scharfetter & Gummel (1969). In two, a drift across which there is little diffusion would need a long l, and make
 * diffusion of its own along long e: there l = (D + r I)^-1 drift with the least r that keeps every |e.l| below one, and the rest of the
 * drift, r l, goes to the next cell along each axis (upwind). Drift and covariance are means over the parts of a cell (`parts.ts`), which makes the mean
 * of a variance that jumps its harmonic mean.
 */
export interface Kolmogorov {
  readonly chain: Chain
  /** The part of the covariance that jumps of bounded length can carry, by cell; 1 where it is exact. */
  readonly kept: Float64Array
}

/** Jumps go at most so many cells along the state in which the numbers of cells run fastest, and along the other: the band of the chain is as many rows of cells wide as the second says. */
const FAR = 4
const HIGH = 3

/** @throws RangeError for more than two states: a chain with positive rates for any correlation is known for two. */
export function kolmogorovOf(law: Law, cells: Cells, parts: Parts): Kolmogorov {
  const { states } = law
  if (states > 2) throw new RangeError("the forward equation is solved for one or two states")
  const momentsOf = momentsOver(law, parts)
  const kept = new Float64Array(countOf(cells))
  const chain = chainOf(countOf(cells), (cell, jump) => {
    const indices = indicesOf(cells, cell)
    const { directions, lambda, upwind, left } = ratesOf(momentsOf(cell), indices, cells)
    kept[cell] = left
    for (const { offset, weight } of directions) {
      const x = along(offset, lambda)
      jump(neighbour(indices, offset, 1, cells), weight * bernoulli(-x))
      jump(neighbour(indices, offset, -1, cells), weight * bernoulli(x))
    }
    upwind.forEach((rate, s) => { jump(neighbour(indices, AXES[s], Math.sign(rate), cells), Math.abs(rate)) })
  })
  return { chain, kept }
}

/** Mean drifts and covariances (upper triangle, row by row) over a cell. The array is used again at the next call. */
function momentsOver(law: Law, parts: Parts): (cell: number) => Float64Array {
  const { states, shocks, field } = law
  const reader = fieldReader(field), out = new Float64Array(field.channels), point = new Float64Array(states)
  const mean = new Float64Array(states + (states * (states + 1)) / 2)
  return cell => {
    mean.fill(0)
    for (let p = parts.starts[cell]; p < parts.starts[cell + 1]; p++) {
      for (let s = 0; s < states; s++) point[s] = parts.points[s][p]
      reader.at(point, out)
      for (let s = 0, at = states; s < states; s++) {
        mean[s] += parts.share[p] * out[driftChannel(s)]
        for (let r = s; r < states; r++, at++)
          for (let k = 0; k < shocks; k++) mean[at] += parts.share[p] * out[noiseChannel(law, s, k)] * out[noiseChannel(law, r, k)]
      }
    }
    return mean
  }
}

interface Rates {
  readonly directions: readonly { readonly offset: readonly number[]; readonly weight: number }[]
  readonly lambda: readonly number[]
  /** What is left of the drift, by state. */
  readonly upwind: readonly number[]
  readonly left: number
}

/** From drift and covariances in levels to jumps between cells: Itô's lemma for the coordinates that count cells. */
function ratesOf(mean: Float64Array, indices: readonly number[], cells: Cells): Rates {
  const n = indices.length
  const first = indices.map((i, s) => cells.first[s][i]), second = indices.map((i, s) => cells.second[s][i])
  const variance = n === 1 ? [mean[1]] : [mean[2], mean[4]]
  const drift = indices.map((_, s) => first[s] * mean[s] + 0.5 * second[s] * variance[s])
  // A trace of diffusion keeps every cell reachable.
  const d = indices.map((_, s) => 0.5 * first[s] ** 2 * variance[s] + TRACE * (Math.abs(drift[s]) + TRACE))
  if (n === 1) return { directions: [{ offset: [1], weight: d[0] }], lambda: [drift[0] / d[0]], upwind: [], left: 1 }
  const reach = cells.strides[0] === 1 ? [FAR, HIGH] as const : [HIGH, FAR] as const
  const { directions, kept } = sellingDirections(d[0], 0.5 * first[0] * first[1] * mean[3], d[1], reach)
  const used = [...directions.filter(({ weight }) => weight > 0), { offset: [1, 0], weight: TRACE * d[0] }, { offset: [0, 1], weight: TRACE * d[1] }]
  return { directions: used, ...split(drift, used), left: kept }
}

/** Divides a drift into D l, with every |e.l| at most one, and the rest: by the least ridge r that does it, to a factor of two. */
function split(drift: readonly number[], directions: Rates["directions"]): Pick<Rates, "lambda" | "upwind"> {
  let a = 0, b = 0, c = 0
  for (const { offset: [x, y], weight } of directions) { a += weight * x * x; b += weight * x * y; c += weight * y * y }
  for (let r = 0; ; r = r === 0 ? TRACE * (a + c) : 2 * r) {
    const determinant = (a + r) * (c + r) - b * b
    const lambda = [((c + r) * drift[0] - b * drift[1]) / determinant, ((a + r) * drift[1] - b * drift[0]) / determinant]
    if (directions.every(({ offset }) => Math.abs(along(offset, lambda)) <= 1)) return { lambda, upwind: lambda.map(l => r * l) }
  }
}

const along = (offset: readonly number[], lambda: readonly number[]): number => offset.reduce((sum, e, s) => sum + e * lambda[s], 0)
const AXES = [[1, 0], [0, 1]]

const TRACE = 1e-9

/** The cell a jump leads to; what would leave the domain is thrown back from its end. */
function neighbour(indices: readonly number[], offset: readonly number[], sign: number, cells: Cells): number {
  return cellAt(cells, indices.map((i, s) => {
    const to = i + sign * offset[s], n = cells.shape[s]
    return to < 0 ? -1 - to : to >= n ? 2 * n - 1 - to : to
  }))
}

/** x/(exp(x) - 1); not quite zero for large x, so that against any drift there is a way back. */
function bernoulli(x: number): number {
  return Math.max(LEAST_RATE, Math.abs(x) < 1e-5 ? 1 - x / 2 + (x * x) / 12 : x / Math.expm1(x))
}

const LEAST_RATE = 1e-60

/** How often the crisis is entered, a year, when the state is looked at every `dt` years; undefined where that is too much work. */
export function entryRate({ chain }: Kolmogorov, parts: Parts, masses: Float64Array, dt: number): number | undefined {
  const crisis = crisisShares(parts)
  const later = expectedAfter(chain, crisis, dt)
  return later && masses.reduce((sum, mass, i) => sum + mass * (1 - crisis[i]) * later[i], 0) / dt
}

/** The mean time until a path from each cell first meets a cell that lies in the crisis region by more than half; undefined where some never do. */
export function yearsToCrisis({ chain }: Kolmogorov, parts: Parts): Float64Array | undefined {
  const crisis = crisisShares(parts)
  return crisis.some(share => share > 0.5) ? meanTimesTo(chain, cell => crisis[cell] > 0.5) : undefined
}
