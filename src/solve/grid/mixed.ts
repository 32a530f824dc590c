import { emptyStencil, type Stencil } from "./stencil.ts"

/**
 * The mixed second derivative by two states on seven of the nine points about a node: the mean of the two cross differences
 * on the diagonal along which the states move together. Its corners then have the sign of the covariance, so that
 * the generator of the states stays monotone where variances outweigh the covariance in both (for equal steps). Second
 * order on smoothly spaced nodes. Zero at all ends: at natural ones the diffusion is left out, at reflecting ones the slope
 * is zero all along.
 */
export interface Mixed {
  readonly stencil: Stencil
  /** Chooses the diagonal at every node. */
  turn(covariance: Float64Array): void
}

/** A state of the grid: its nodes, and how many nodes of the grid apart neighbours along it are. */
export interface Axis { readonly nodes: Float64Array; readonly stride: number }

export function mixed(a: Axis, b: Axis, size: number): Mixed {
  const stencil = emptyStencil(size, 9), { columns, weights } = stencil
  const inside = ({ nodes, stride }: Axis, node: number): number => { const i = Math.floor(node / stride) % nodes.length; return i > 0 && i < nodes.length - 1 ? i : -1 }
  for (let node = 0; node < size; node++) {
    const inner = inside(a, node) > 0 && inside(b, node) > 0
    for (let k = 0; k < 9; k++) columns[node * 9 + k] = inner ? node + (Math.floor(k / 3) - 1) * a.stride + ((k % 3) - 1) * b.stride : node
  }
  const turn = (covariance: Float64Array): void => {
    for (let node = 0; node < size; node++) {
      const i = inside(a, node), j = inside(b, node)
      if (i < 0 || j < 0) continue
      const up = a.nodes[i + 1] - a.nodes[i], down = a.nodes[i] - a.nodes[i - 1], right = b.nodes[j + 1] - b.nodes[j], left = b.nodes[j] - b.nodes[j - 1]
      const at = node * 9
      weights.fill(0, at, at + 9)
      if (covariance[node] >= 0) {
        const upper = 0.5 / (up * right), lower = 0.5 / (down * left)
        weights[at] = lower
        weights[at + 1] = weights[at + 3] = -lower
        weights[at + 4] = lower + upper
        weights[at + 5] = weights[at + 7] = -upper
        weights[at + 8] = upper
      } else {
        const upper = 0.5 / (up * left), lower = 0.5 / (down * right)
        weights[at + 2] = -lower
        weights[at + 1] = weights[at + 5] = lower
        weights[at + 4] = -lower - upper
        weights[at + 3] = weights[at + 7] = upper
        weights[at + 6] = -upper
      }
    }
  }
  turn(new Float64Array(size))
  return { stencil, turn }
}
