import { differenceWeights } from "../../math/differences.ts"
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
  const steps = axes.map((axis, s) => stepsOn(axis, s === 0 && start !== undefined && start < axis[0] ? start : undefined))
  return {
    stencils,
    set: (node, regime) => {
      const along = Math.floor(node / strides[0])
      setRow(stencils[0], steps[0], node, along, strides[0], along < 2 || regime[node - 2 * strides[0]] === regime[node - strides[0]] ? 2 : 1)
      for (let s = 1; s < axes.length; s++) {
        const stride = strides[s], at = Math.floor(node / stride) % axes[s].length
        const last = node - strides[0]
        if (at > 0 && along > 0 && regime[node - stride] !== regime[last]) copyRow(stencils[s], node, last)
        else setRow(stencils[s], steps[s], node, at, stride, at < 2 || regime[node - 2 * stride] === regime[node - stride] ? 2 : 1)
      }
    },
  }
}

const REACH = 3

/** Weights over a node and the nodes behind it, for each number of steps back that there can be: made once for an axis. */
interface Steps { readonly most: Uint8Array; readonly one: Float64Array; readonly two: Float64Array }

function stepsOn(axis: Float64Array, ghost: number | undefined): Steps {
  const steps = { most: new Uint8Array(axis.length), one: new Float64Array(axis.length * 2), two: new Float64Array(axis.length * 3) }
  axis.forEach((x, at) => {
    steps.most[at] = Math.min(2, at + (ghost === undefined ? 0 : 1))
    const over = [0, 1, 2].map(k => (at - k < 0 ? ghost! : axis[at - k]))
    if (steps.most[at] >= 1) steps.one.set(differenceWeights(x, over.slice(0, 2), 1), at * 2)
    if (steps.most[at] >= 2) steps.two.set(differenceWeights(x, over, 1), at * 3)
  })
  return steps
}

function setRow({ columns, weights, ghost }: Stencil, { most, one, two }: Steps, node: number, at: number, stride: number, wanted: number): void {
  const reach = Math.min(wanted, most[at]), table = reach === 2 ? two : one
  ghost[node] = 0
  for (let k = 0, to = node * REACH; k < REACH; k++, to++) {
    const weight = k <= reach && reach > 0 ? table[at * (reach + 1) + k] : 0
    columns[to] = k <= reach && at >= k ? node - k * stride : node
    weights[to] = at >= k ? weight : 0
    if (at < k && weight !== 0) ghost[node] = weight
  }
}

function copyRow({ columns, weights, ghost }: Stencil, to: number, from: number): void {
  columns.copyWithin(to * REACH, from * REACH, from * REACH + REACH)
  weights.copyWithin(to * REACH, from * REACH, from * REACH + REACH)
  ghost[to] = ghost[from]
}
