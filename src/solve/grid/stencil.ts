import { differenceWeights } from "../../math/differences.ts"

/**
 * A linear map from the values of a function at the nodes of a grid to one number a node:
 * (S f)_i = ghost[i] * g + sum_k weights[i*reach + k] * f[columns[i*reach + k]], where g is a known value of f off the grid
 * (the start of a march, one for each row of the other states). Unused places have weight 0.
 */
export interface Stencil {
  readonly reach: number
  readonly columns: Int32Array
  readonly weights: Float64Array
  readonly ghost: Float64Array
}

export type Ends = "natural" | "reflecting"

export function emptyStencil(nodes: number, reach: number): Stencil {
  return { reach, columns: new Int32Array(nodes * reach), weights: new Float64Array(nodes * reach), ghost: new Float64Array(nodes) }
}

export function applyStencil({ reach, columns, weights, ghost }: Stencil, values: Float64Array, out: Float64Array, known: Float64Array = NOTHING): void {
  const rows = known.length
  if (rows === 0 && reach === 3) {
    for (let i = 0, at = 0; i < out.length; i++, at += 3) out[i] = weights[at] * values[columns[at]] + weights[at + 1] * values[columns[at + 1]] + weights[at + 2] * values[columns[at + 2]]
    return
  }
  for (let i = 0, at = 0; i < out.length; i++) {
    let sum = rows === 0 || ghost[i] === 0 ? 0 : ghost[i] * known[i % rows]
    for (let k = 0; k < reach; k++, at++) sum += weights[at] * values[columns[at]]
    out[i] = sum
  }
}
const NOTHING = new Float64Array(0)

/** Replaces row i by the differentiation of order `order` at `nodes[i]` over the nodes with the given indices. */
export function setDifference(stencil: Stencil, nodes: Float64Array, i: number, over: readonly number[], order: number, scale = 1): void {
  const weights = differenceWeights(nodes[i], over.map(k => nodes[k]), order)
  for (let k = 0; k < stencil.reach; k++) {
    stencil.columns[i * stencil.reach + k] = k < over.length ? over[k] : i
    stencil.weights[i * stencil.reach + k] = k < over.length ? scale * weights[k] : 0
  }
  stencil.ghost[i] = 0
}

/**
 * First derivative at every node (zero on a single one): three points about it inside, two at the ends (zero there where the ends reflect).
 * Second order on smoothly spaced nodes.
 */
export function centralFirst(nodes: Float64Array, ends: Ends): Stencil {
  const n = nodes.length
  const stencil = emptyStencil(n, 3)
  if (n === 1) return stencil
  for (let i = 0; i < n; i++) setDifference(stencil, nodes, i, window(i, n), 1)
  setDifference(stencil, nodes, 0, [0, 1], 1, ends === "natural" ? 1 : 0)
  setDifference(stencil, nodes, n - 1, [n - 2, n - 1], 1, ends === "natural" ? 1 : 0)
  return stencil
}

/**
 * Second derivative at every node (zero on a single one). At natural ends, where the diffusion vanishes, it is left out; at reflecting ends the
 * grid is mirrored: 2 (f_1 - f_0)/h^2.
 */
export function centralSecond(nodes: Float64Array, ends: Ends): Stencil {
  const n = nodes.length
  const stencil = emptyStencil(n, 3)
  if (n === 1) return stencil
  for (let i = 1; i < n - 1; i++) setDifference(stencil, nodes, i, window(i, n), 2)
  for (const [i, inner] of [[0, 1], [n - 1, n - 2]]) {
    setDifference(stencil, nodes, i, [i, inner], 1, 0)
    if (ends === "natural") continue
    const curvature = 2 / (nodes[inner] - nodes[i]) ** 2
    stencil.weights[i * 3] = -curvature
    stencil.weights[i * 3 + 1] = curvature
  }
  return stencil
}

/** The three neighbouring nodes about i, moved inside the grid at its ends. */
const window = (i: number, n: number): number[] => {
  const first = Math.min(Math.max(i - 1, 0), n - 3)
  return [first, first + 1, first + 2]
}

/** A stencil over the nodes of one state, at every node of the grid of all: `stride` apart are neighbours along that state. */
export function spread(line: Stencil, stride: number, size: number): Stencil {
  const { reach } = line, n = line.ghost.length
  const whole = emptyStencil(size, reach)
  for (let node = 0; node < size; node++) {
    const i = Math.floor(node / stride) % n
    whole.ghost[node] = line.ghost[i]
    for (let k = 0; k < reach; k++) {
      whole.columns[node * reach + k] = node + (line.columns[i * reach + k] - i) * stride
      whole.weights[node * reach + k] = line.weights[i * reach + k]
    }
  }
  return whole
}

/**
 * First derivative inside a drift term, fitted exponentially (Allen & Southwell 1955; Il'in 1969): between the central
 * difference (weight of the upwind one p/3 for small cell Peclet numbers p = |mu| h / sigma^2, so that the order is 2 where
 * there is diffusion) and the upwind difference (where there is none). The matrix stays monotone. Turns `stencil`, which
 * began as `centralFirst` along the state, by its drift and variance at every node of the grid; its ends stay.
 */
export function turnUpwind({ weights }: Stencil, axis: Float64Array, stride: number, drift: Float64Array, variance: Float64Array): void {
  const n = axis.length
  for (let node = 0; node < drift.length; node++) {
    const i = Math.floor(node / stride) % n
    if (i === 0 || i === n - 1) continue
    const below = axis[i] - axis[i - 1], above = axis[i + 1] - axis[i]
    const up = drift[node] >= 0
    const share = upwindShare(Math.abs(drift[node]) * (up ? above : below), variance[node])
    const at = node * 3, central = 1 - share, forward = up ? share / above : 0, backward = up ? 0 : share / below
    weights[at] = (-central * above) / (below * (below + above)) - backward
    weights[at + 1] = (central * (above - below)) / (below * above) + backward - forward
    weights[at + 2] = (central * below) / (above * (below + above)) + forward
  }
}

/**
 * coth(p) - 1/p for p = advection/variance, between 0 and 1; its series below 1e-2, where the difference would cancel. It has no
 * jump anywhere: Newton's method would go to and fro across it.
 */
function upwindShare(advection: number, variance: number): number {
  if (advection === 0) return 0
  if (variance <= 0) return 1
  const p = advection / variance
  if (p < 1e-2) return p / 3
  // coth is 1 to rounding.
  return p < 20 ? 1 / Math.tanh(p) - 1 / p : 1 - 1 / p
}
