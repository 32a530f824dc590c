import { differenceWeights } from "../../math/differences.ts"
import { pairs } from "../../model/problem.ts"
import { behind, sizeOf, stridesOf } from "./behind.ts"
import { centralSecond, emptyStencil, spread, type Stencil } from "./stencil.ts"

/**
 * Derivatives of prices and shares, which have kinks where a complementarity line changes side. The regime of a node is a
 * set of bits, one for each complementarity line: 1 where its first side binds. In a regime whose active equations hold a
 * derivative the static block is a differential equation and is marched upward: its derivatives look back. Along each
 * state, nodes of one regime that follow each other are a region.
 */
export interface RegionStencils {
  /** One stencil a state: backward everywhere: for the static block. A node's own side does not choose its stencil, so that the side is well defined. */
  readonly march: readonly Stencil[]
  /** One a state: as `march` where the block marches, else centred inside the region: for all that uses the solution. */
  readonly first: readonly Stencil[]
  /** One a pair of states: second derivatives inside a region; at its edges that of the neighbour. Made when asked for. */
  second(): readonly Stencil[]
  /** Takes the stencils to other regimes, in place. */
  set(regime: Uint8Array): void
}

/** @param start where state 0 starts, if below its first node. */
export function regionStencils(axes: readonly Float64Array[], marches: (regime: number) => boolean, start?: number): RegionStencils {
  const strides = stridesOf(axes), size = sizeOf(axes)
  const back = behind(axes, start)
  const first = axes.map(() => emptyStencil(size, 3))
  const inner = axes.map(insideWeights)
  let held = new Uint8Array(size), seconds: readonly Stencil[] | undefined

  const along = (s: number, node: number): number => Math.floor(node / strides[s]) % axes[s].length
  const alike = (s: number, node: number, by: -1 | 1): boolean =>
    (by < 0 ? along(s, node) > 0 : along(s, node) < axes[s].length - 1) && held[node + by * strides[s]] === held[node]

  const set = (regime: Uint8Array): void => {
    held = regime.slice()
    seconds = undefined
    for (let node = 0; node < size; node++) {
      back.set(node, regime)
      const march = marches(regime[node])
      for (let s = 0; s < axes.length; s++) {
        const low = alike(s, node, -1), high = alike(s, node, 1)
        if (march || !(low || high)) copyRow(back.stencils[s], first[s], node)
        else inner[s].set(first[s], node, along(s, node), strides[s], low, high)
      }
    }
  }
  const second = (): readonly Stencil[] => (seconds ??= pairs(axes.length).map(([s, r]) => {
    if (s !== r) return composed(first[s], first[r], strides[s])
    const plain = spread(centralSecond(axes[s], "natural"), strides[s], size), out = emptyStencil(size, 3)
    for (let node = 0; node < size; node++) {
      const low = alike(s, node, -1), high = alike(s, node, 1), centre = low === high ? node : node + (low ? -strides[s] : strides[s])
      if ((low || high) && alike(s, centre, -1) && alike(s, centre, 1)) copyRow(plain, out, node, centre)
    }
    return out
  }))
  set(held)
  return { march: back.stencils, first, second, set }
}

/** Weights of the first derivative over a node and its neighbours, of whichever there are. */
function insideWeights(axis: Float64Array): { set(stencil: Stencil, node: number, i: number, stride: number, low: boolean, high: boolean): void } {
  const n = axis.length
  const of = (from: number, to: number): Float64Array => {
    const all = new Float64Array(n * (to - from + 1))
    for (let i = -from; i < n - to; i++) all.set(differenceWeights(axis[i], Array.from({ length: to - from + 1 }, (_, k) => axis[i + from + k]), 1), i * (to - from + 1))
    return all
  }
  const both = of(-1, 1), below = of(-1, 0), above = of(0, 1)
  return {
    set: ({ columns, weights, ghost }, node, i, stride, low, high) => {
      const from = low ? -1 : 0, count = low && high ? 3 : 2, table = low && high ? both : low ? below : above
      for (let k = 0; k < 3; k++) {
        columns[node * 3 + k] = k < count ? node + (from + k) * stride : node
        weights[node * 3 + k] = k < count ? table[i * count + k] : 0
      }
      ghost[node] = 0
    },
  }
}

/** The derivative of a derivative. Where the outer one reaches to the start, which has no inner one, that of the next node stands. */
function composed(outer: Stencil, inner: Stencil, stride: number): Stencil {
  const size = outer.ghost.length, out = emptyStencil(size, 9)
  for (let node = 0; node < size; node++) {
    let from = node
    while (outer.ghost[from] !== 0 && from + stride < size) from += stride
    for (let k = 0; k < 3; k++) for (let l = 0; l < 3; l++) {
      const at = outer.columns[from * 3 + k] * 3 + l
      out.columns[node * 9 + 3 * k + l] = inner.columns[at]
      out.weights[node * 9 + 3 * k + l] = outer.weights[from * 3 + k] * inner.weights[at]
    }
  }
  return out
}

function copyRow(from: Stencil, to: Stencil, row: number, source = row): void {
  for (let k = 0; k < 3; k++) {
    to.columns[row * 3 + k] = from.columns[source * 3 + k]
    to.weights[row * 3 + k] = from.weights[source * 3 + k]
  }
  to.ghost[row] = from.ghost[source]
}
