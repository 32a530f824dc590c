import { differenceWeights } from "../math/differences.ts"
import { emptyStencil, type Stencil } from "./stencil.ts"

/**
 * First derivatives that look back, for the march of a static block: along state 0, where it runs upward, and along each other
 * state, whose lower rows are solved before. Nodes are numbered row by row, the last state fastest.
 *
 * Two steps back where the nodes behind have one regime (order 2), one where a switch lies between them. Along another state
 * the row below may lie beyond the switch curve while the last node of this row does not: then the derivative is that of the
 * last node, on this side of the curve. At the first node of another state there is none: its diffusion has to vanish there.
 * A node's own regime never chooses its stencil, so that the side that binds there is well defined.
 */
export interface Behind {
  /** One stencil a state; row k holds once `set` was called for node k with the regimes of all nodes behind it. */
  readonly stencils: readonly Stencil[]
  set(node: number, regime: Uint8Array): void
}

/** How many nodes apart neighbours along each state are. */
export function stridesOf(axes: readonly Float64Array[]): number[] {
  const strides = axes.map(() => 1)
  for (let s = axes.length - 2; s >= 0; s--) strides[s] = strides[s + 1] * axes[s + 1].length
  return strides
}

export const sizeOf = (axes: readonly Float64Array[]): number => axes.reduce((n, axis) => n * axis.length, 1)

/** `start` is where state 0 starts, below its first node; its values are the `known` of `applyStencil`. */
export function behind(axes: readonly Float64Array[], start: number | undefined): Behind {
  const strides = stridesOf(axes), size = sizeOf(axes)
  const stencils = axes.map(() => emptyStencil(size, REACH))
  const ghost = start !== undefined && start < axes[0][0] ? start : undefined
  return {
    stencils,
    set: (node, regime) => {
      const along = Math.floor(node / strides[0])
      setRow(stencils[0], axes[0], node, along, strides[0], along < 2 || regime[node - 2 * strides[0]] === regime[node - strides[0]] ? 2 : 1, ghost)
      for (let s = 1; s < axes.length; s++) {
        const stride = strides[s], at = Math.floor(node / stride) % axes[s].length
        const last = node - strides[0]
        if (at > 0 && along > 0 && regime[node - stride] !== regime[last]) copyRow(stencils[s], node, last)
        else setRow(stencils[s], axes[s], node, at, stride, at < 2 || regime[node - 2 * stride] === regime[node - stride] ? 2 : 1, undefined)
      }
    },
  }
}

const REACH = 3

function setRow(stencil: Stencil, axis: Float64Array, node: number, at: number, stride: number, most: number, ghost: number | undefined): void {
  const reach = Math.min(most, at + (ghost === undefined ? 0 : 1))
  stencil.columns.fill(node, node * REACH, node * REACH + REACH)
  stencil.weights.fill(0, node * REACH, node * REACH + REACH)
  stencil.ghost[node] = 0
  if (reach === 0) return
  const weights = differenceWeights(axis[at], Array.from({ length: reach + 1 }, (_, k) => (at - k < 0 ? ghost! : axis[at - k])), 1)
  weights.forEach((w, k) => {
    if (at - k < 0) stencil.ghost[node] = w
    else {
      stencil.columns[node * REACH + k] = node - k * stride
      stencil.weights[node * REACH + k] = w
    }
  })
}

function copyRow({ columns, weights, ghost }: Stencil, to: number, from: number): void {
  columns.copyWithin(to * REACH, from * REACH, from * REACH + REACH)
  weights.copyWithin(to * REACH, from * REACH, from * REACH + REACH)
  ghost[to] = ghost[from]
}
