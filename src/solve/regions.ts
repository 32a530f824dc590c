import { differenceWeights } from "../math/differences.ts"
import { centralSecond, emptyStencil, setDifference, type Stencil } from "./stencil.ts"

/**
 * Derivatives of prices and shares, which have kinks where a complementarity line changes side. The regime of a node is a
 * set of bits, one for each complementarity line: 1 where its first side binds. In a regime whose active equations hold a
 * derivative the static block is a differential equation and is marched upward: its derivatives look back.
 */
export interface RegionStencils {
  /** Backward everywhere: for the static block. A node's own side does not choose its stencil, so that the side is well defined. */
  readonly march: Stencil
  /** As `march` where the block marches, else centred inside the region: for all that uses the solution. */
  readonly first: Stencil
  /** Second derivatives inside a region; at its edges that of the neighbour. */
  readonly second: Stencil
}

export function regionStencils(nodes: Float64Array, regime: Uint8Array, marches: (regime: number) => boolean, start?: number): RegionStencils {
  const n = nodes.length
  const march = emptyStencil(n, 3), first = emptyStencil(n, 3), second = emptyStencil(n, 3)
  const plain = centralSecond(nodes, "natural")
  for (let i = 0; i < n; i++) {
    setBackward(march, nodes, regime, i, start)
    const low = i > 0 && regime[i - 1] === regime[i] ? i - 1 : i
    const high = i < n - 1 && regime[i + 1] === regime[i] ? i + 1 : i
    if (marches(regime[i]) || low === high) copyRow(march, first, i)
    else setDifference(first, nodes, i, low < i && high > i ? [low, i, high] : [low, high], 1)
    const inner = low < i && high > i ? i : low < i ? i - 1 : i + 1
    if (inner > 0 && inner < n - 1 && regime[inner - 1] === regime[inner + 1]) copyRow(plain, second, i, inner)
  }
  return { march, first, second }
}

/** Two steps (order 2) where the nodes behind have one regime; one where a switch lies between them; none at the first node without a start. */
function setBackward(stencil: Stencil, nodes: Float64Array, regime: Uint8Array, i: number, start: number | undefined): void {
  const back = start !== undefined && start < nodes[0] ? -1 : 0
  const reach = i - 2 >= back && (i < 2 || regime[i - 2] === regime[i - 1]) ? 2 : i - 1 >= back ? 1 : 0
  setDifference(stencil, nodes, i, [i], 0, 0)
  if (reach === 0) return
  const over = Array.from({ length: reach + 1 }, (_, k) => i - k)
  const weights = differenceWeights(nodes[i], over.map(k => (k < 0 ? start! : nodes[k])), 1)
  over.forEach((k, at) => {
    if (k < 0) stencil.ghost[i] = weights[at]
    else {
      stencil.columns[i * 3 + at] = k
      stencil.weights[i * 3 + at] = weights[at]
    }
  })
}

function copyRow(from: Stencil, to: Stencil, row: number, source = row): void {
  for (let k = 0; k < 3; k++) {
    to.columns[row * 3 + k] = from.columns[source * 3 + k]
    to.weights[row * 3 + k] = from.weights[source * 3 + k]
  }
  to.ghost[row] = from.ghost[source]
}
