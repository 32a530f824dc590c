/**
 * A binary tree of sums over `capacity` leaves in one array: leaf k at `offset + k`, the total at 1. Draws in proportion to priorities in
 * O(log n). Sums are computed anew from both children, never by differences, so that rounding does not build up.
 */
export function sumTree(capacity: number): Float64Array {
  return new Float64Array(2 * leavesOf(capacity))
}

function leavesOf(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, capacity)))
}

export function setPriority(tree: Float64Array, leaf: number, priority: number): void {
  let at = tree.length / 2 + leaf
  tree[at] = priority
  for (at >>= 1; at >= 1; at >>= 1) tree[at] = tree[2 * at] + tree[2 * at + 1]
}

export function priorityOf(tree: Float64Array, leaf: number): number {
  return tree[tree.length / 2 + leaf]
}

export function totalPriority(tree: Float64Array): number {
  return tree[1]
}

/** The leaf under `mass` of the total, for a mass from 0 up to the total. */
export function leafAt(tree: Float64Array, mass: number): number {
  const leaves = tree.length / 2
  let at = 1, left = mass
  while (at < leaves) {
    at *= 2
    // Rounding may leave mass beyond the right child: an empty branch is never entered.
    if (left >= tree[at] && tree[at + 1] > 0) { left -= tree[at]; at++ }
  }
  return at - leaves
}
