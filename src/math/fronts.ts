import type { Dissection, Pattern } from "./dissection.ts"

/** A front of the multifrontal method, as far as it is known before any number is: who is eliminated in it, and what comes into it from where. */
export interface Front {
  /** Unknowns that it eliminates, then those above it that it touches, in the order of elimination. */
  readonly members: Int32Array
  readonly own: number
  readonly children: readonly number[]
  /** For each unknown of the rest of a child, in the order of `children`: its place among the members. */
  readonly takes: readonly Int32Array[]
  /** Entries of the matrix that are added here, and where: row times the number of members, plus column. */
  readonly entries: Int32Array
  readonly at: Int32Array
}

/**
 * The fronts of a dissection, children first.
 *
 * @param graph the pattern of A + A'.
 */
export function frontsOf({ size, starts, columns }: Pattern, graph: Pattern, { sets, parent }: Dissection): Front[] {
  const rank = new Int32Array(size), owner = new Int32Array(size)
  let next = 0
  sets.forEach((set, s) => { for (const u of set) { rank[u] = next++; owner[u] = s } })
  const children = sets.map((): number[] => [])
  parent.forEach((p, s) => { if (p >= 0) children[p].push(s) })
  const members = membersOf(graph, sets, children, rank, owner)

  // An entry belongs to the front that eliminates its row or its column first.
  const bounds = new Int32Array(sets.length + 1)
  for (let i = 0; i < size; i++) for (let k = starts[i]; k < starts[i + 1]; k++) bounds[owner[rank[i] < rank[columns[k]] ? i : columns[k]] + 1]++
  for (let s = 0; s < sets.length; s++) bounds[s + 1] += bounds[s]
  const entries = new Int32Array(starts[size]), rows = new Int32Array(starts[size]), fill = bounds.slice()
  for (let i = 0; i < size; i++) for (let k = starts[i]; k < starts[i + 1]; k++) {
    const to = fill[owner[rank[i] < rank[columns[k]] ? i : columns[k]]]++
    entries[to] = k
    rows[to] = i
  }

  const local = new Int32Array(size)
  return sets.map((set, s) => {
    const all = members[s], own = entries.subarray(bounds[s], bounds[s + 1]), at = new Int32Array(own.length)
    for (let k = 0; k < all.length; k++) local[all[k]] = k
    for (let k = 0; k < own.length; k++) at[k] = local[rows[bounds[s] + k]] * all.length + local[columns[own[k]]]
    const takes = children[s].map(c => members[c].slice(sets[c].length))
    for (const rest of takes) for (let k = 0; k < rest.length; k++) rest[k] = local[rest[k]]
    return { members: all, own: set.length, children: children[s], takes, entries: own, at }
  })
}

/** For each set its own unknowns, then those above that it or its children touch, by rank. */
function membersOf(graph: Pattern, sets: readonly Int32Array[], children: readonly (readonly number[])[], rank: Int32Array, owner: Int32Array): Int32Array[] {
  const seen = new Int32Array(graph.size).fill(-1), above = new Int32Array(graph.size), order = new Int32Array(graph.size)
  for (let u = 0; u < graph.size; u++) order[rank[u]] = u
  const members: Int32Array[] = []
  sets.forEach((set, s) => {
    let count = 0
    for (const u of set) for (let k = graph.starts[u]; k < graph.starts[u + 1]; k++) {
      const v = graph.columns[k]
      if (rank[v] > rank[u] && owner[v] !== s && seen[v] !== s) { seen[v] = s; above[count++] = rank[v] }
    }
    for (const c of children[s]) for (let k = sets[c].length; k < members[c].length; k++) {
      const v = members[c][k]
      if (owner[v] !== s && seen[v] !== s) { seen[v] = s; above[count++] = rank[v] }
    }
    const all = new Int32Array(set.length + count)
    all.set(set)
    above.subarray(0, count).sort()
    for (let k = 0; k < count; k++) all[set.length + k] = order[above[k]]
    members.push(all)
  })
  return members
}

/** Numbers that the factors, the largest front, and the stack of rests take, as long as every column finds its pivot in its own front. */
export function sizesOf(fronts: readonly Front[]): { stored: number; widest: number; deepest: number } {
  let stored = 0, widest = 0, free = 0, deepest = 0
  for (const { members, own, children } of fronts) {
    for (const c of children) free -= (fronts[c].members.length - fronts[c].own) ** 2
    free += (members.length - own) ** 2
    stored += own * (2 * members.length - own)
    widest = Math.max(widest, members.length ** 2)
    deepest = Math.max(deepest, free)
  }
  return { stored, widest, deepest }
}
