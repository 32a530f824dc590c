/**
 * The order in which the unknowns of a sparse system on a grid are eliminated: nested dissection (George 1973). A box of
 * the grid is cut in two by the fewest lines of nodes that part it; both halves go before the lines, and are cut in turn.
 */

/** Where a sparse square matrix may have entries: row i holds `columns[starts[i]..starts[i + 1])`, increasing. */
export interface Pattern {
  readonly size: number
  readonly starts: Int32Array
  readonly columns: Int32Array
}

/** Sets of unknowns that are eliminated together, each after its children (postorder). */
export interface Dissection {
  readonly sets: readonly Int32Array[]
  /** The set that comes next above, or -1. */
  readonly parent: Int32Array
}

/** Boxes of at most so many unknowns are not cut: smaller sets cost more than they save. */
const LEAST = 32

/**
 * @param graph who has an entry with whom, in either direction (`symmetric`).
 * @param places for each axis of the grid, the coordinate of every unknown (whole numbers from 0 on).
 */
export function dissection(graph: Pattern, places: readonly Int32Array[], least = LEAST): Dissection {
  const side = new Uint8Array(graph.size)
  const reach = places.map(place => reachOf(graph, place))
  const sets: Int32Array[] = [], parents: number[] = []

  const put = (set: Int32Array, children: readonly number[]): number => {
    const at = sets.push(set) - 1
    parents.push(-1)
    for (const child of children) parents[child] = at
    return at
  }
  const cut = (members: Int32Array): number => {
    const { axis, low, high } = longest(members, places)
    if (members.length <= least || high - low < 2) return put(members, [])
    const place = places[axis], at = (low + high + 1) >> 1
    for (const u of members) side[u] = place[u] < at ? BELOW : place[u] === at ? LINE : ABOVE
    // Stencils that reach over the line leave pairs of neighbours on its two sides: the fewer ends of these join the line.
    const meets = (u: number, other: number): boolean => {
      for (let k = graph.starts[u]; k < graph.starts[u + 1]; k++) if (side[graph.columns[k]] === other) return true
      return false
    }
    const near = members.filter(u => side[u] !== LINE && Math.abs(place[u] - at) < reach[axis])
    const below = near.filter(u => side[u] === BELOW && meets(u, ABOVE)), above = near.filter(u => side[u] === ABOVE && meets(u, BELOW))
    for (const u of below.length <= above.length ? below : above) side[u] = LINE
    const [first, line, last] = [BELOW, LINE, ABOVE].map(which => members.filter(u => side[u] === which))
    for (const u of members) side[u] = 0
    return put(line, [first, last].filter(part => part.length > 0).map(cut))
  }
  if (graph.size > 0) cut(Int32Array.from({ length: graph.size }, (_, u) => u))
  return { sets, parent: Int32Array.from(parents) }
}

const BELOW = 1, LINE = 2, ABOVE = 3

function longest(members: Int32Array, places: readonly Int32Array[]): { axis: number; low: number; high: number } {
  let best = { axis: 0, low: 0, high: 0 }
  places.forEach((place, axis) => {
    let low = Infinity, high = -Infinity
    for (const u of members) { low = Math.min(low, place[u]); high = Math.max(high, place[u]) }
    if (high - low > best.high - best.low) best = { axis, low, high }
  })
  return best
}

/** The largest distance of two neighbours along an axis. */
function reachOf({ size, starts, columns }: Pattern, place: Int32Array): number {
  let reach = 0
  for (let u = 0; u < size; u++) for (let k = starts[u]; k < starts[u + 1]; k++) reach = Math.max(reach, Math.abs(place[columns[k]] - place[u]))
  return reach
}

/** The pattern of A + A'. */
export function symmetric({ size, starts, columns }: Pattern): Pattern {
  const into = new Int32Array(size + 1)
  for (let k = 0; k < starts[size]; k++) into[columns[k] + 1]++
  for (let i = 0; i < size; i++) into[i + 1] += into[i]
  const rows = new Int32Array(starts[size]), next = into.slice()
  for (let i = 0; i < size; i++) for (let k = starts[i]; k < starts[i + 1]; k++) rows[next[columns[k]]++] = i
  const both = new Int32Array(2 * starts[size]), bounds = new Int32Array(size + 1)
  let end = 0
  for (let i = 0; i < size; i++) {
    let a = starts[i], b = into[i]
    while (a < starts[i + 1] || b < into[i + 1]) {
      const left = a < starts[i + 1] ? columns[a] : size, right = b < into[i + 1] ? rows[b] : size
      both[end++] = Math.min(left, right)
      if (left <= right) a++
      if (right <= left) b++
    }
    bounds[i + 1] = end
  }
  return { size, starts: bounds, columns: both.slice(0, end) }
}
