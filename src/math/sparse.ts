import { dissection, symmetric, type Dissection, type Pattern } from "./dissection.ts"
import { eliminate } from "./front.ts"

/**
 * Direct solution of sparse unsymmetric systems by the multifrontal method (Duff & Reid 1983): each set of the dissection
 * is eliminated in a small dense matrix (its front), whose rest is handed to the front above. Rows are exchanged inside a
 * front; a column without an acceptable pivot there is handed upward too, so that zero diagonals do no harm.
 *
 * The analysis of a pattern is done once, for any number of matrices. Sums run in a fixed order.
 */
export interface SparseLu {
  readonly pattern: Pattern
  /**
   * Factors the matrix with these entries (in the order of `pattern.columns`). False where it is singular or not finite.
   */
  factor(values: Float64Array): boolean
  /** Solves A x = b with the last factors, in place. */
  solve(right: Float64Array): void
  /** What the last factors took: entries, and multiplications with additions. */
  readonly cost: { readonly entries: number; readonly products: number }
}

/** What is known of a front before any number is. */
interface Front {
  /** Unknowns that it eliminates, then those above it that it touches, in the order of elimination. */
  readonly members: Int32Array
  readonly own: number
  readonly children: readonly number[]
  /** For each unknown of the rest of a child, in the order of `children`: its place here. */
  readonly takes: readonly Int32Array[]
  /** Entries of the matrix that are added here: where they stand in the values, and their row and column. */
  readonly entries: Int32Array
  readonly rows: Int32Array
  readonly columns: Int32Array
}

/** A front after elimination. */
interface Factor {
  readonly size: number
  readonly pivots: number
  /** Complete rows that found no pivot. */
  readonly left: number
  /** Names of rows and columns, pivots first. */
  readonly rows: Int32Array
  readonly columns: Int32Array
  /** Where its numbers begin: pivot rows (with multipliers left of the diagonal), then the multipliers of the other rows. */
  readonly at: number
}

/** @param places for each axis of the grid, the coordinate of every unknown. */
export function sparseLu(pattern: Pattern, places: readonly Int32Array[]): SparseLu {
  const graph = symmetric(pattern)
  const fronts = analyse(pattern, graph, dissection(graph, places))
  const scaleRow = new Float64Array(pattern.size), scaleColumn = new Float64Array(pattern.size), held = new Float64Array(pattern.size)
  // As long as every column finds its pivot in its own front; else they grow.
  const { stored: most, widest, deepest } = sizesOf(fronts)
  let store = new Float64Array(most), front = new Float64Array(widest), rest = new Float64Array(deepest)
  let factors: Factor[] = []
  let cost = { entries: 0, products: 0 }

  const factor = (values: Float64Array): boolean => {
    if (!equilibrate(pattern, values, scaleRow, scaleColumn)) return false
    factors = []
    let stored = 0, free = 0, products = 0
    for (const { members, own, children, takes, entries, rows, columns } of fronts) {
      const late = children.reduce((sum, c) => sum + factors[c].left, 0)
      const size = members.length + late, ready = own + late
      front = atLeast(front, size * size)
      front.fill(0, 0, size * size)
      const rowNames = new Int32Array(size), columnNames = new Int32Array(size)
      for (let k = 0; k < members.length; k++) rowNames[k < own ? k : k + late] = columnNames[k < own ? k : k + late] = members[k]
      addEntries(front, size, own, late, entries, rows, columns, members, values, scaleRow, scaleColumn)
      // The rests of the children lie on the stack in their order.
      let at = free - children.reduce((sum, c) => sum + (factors[c].size - factors[c].pivots) ** 2, 0), next = own
      free = at
      for (let c = 0; c < children.length; c++) {
        const child = factors[children[c]], n = child.size - child.pivots
        const place = new Int32Array(n)
        for (let k = 0; k < child.left; k++, next++) {
          place[k] = next
          rowNames[next] = child.rows[child.pivots + k]
          columnNames[next] = child.columns[child.pivots + k]
        }
        for (let k = child.left; k < n; k++) { const p = takes[c][k - child.left]; place[k] = p < own ? p : p + late }
        addRest(front, size, rest, at, place)
        at += n * n
      }
      const pivots = eliminate(front, size, ready, rowNames, columnNames), n = size - pivots
      factors.push({ size, pivots, left: ready - pivots, rows: rowNames, columns: columnNames, at: stored })
      store = atLeast(store, stored + pivots * (size + n), stored)
      rest = atLeast(rest, free + n * n, free)
      for (let i = 0; i < pivots; i++) copy(front, i * size, store, stored + i * size, size)
      stored += pivots * size
      for (let i = pivots; i < size; i++) {
        copy(front, i * size, store, stored, pivots)
        copy(front, i * size + pivots, rest, free, n)
        stored += pivots
        free += n
      }
      products += pivots * n * (n + pivots) + pivots ** 3 / 3
    }
    cost = { entries: stored, products }
    return factors.length === 0 || (factors[factors.length - 1].left === 0 && allFinite(store, stored))
  }

  const solve = (right: Float64Array): void => {
    for (let i = 0; i < right.length; i++) right[i] *= scaleRow[i]
    for (const f of factors) forward(f, store, right)
    for (let f = factors.length - 1; f >= 0; f--) backward(factors[f], store, right, held)
    for (let i = 0; i < right.length; i++) right[i] = held[i] * scaleColumn[i]
  }
  return { pattern, factor, solve, get cost() { return cost } }
}

/** Entries of the matrix, scaled, into their front; its columns after the first `own` are moved up by `late`. */
function addEntries(front: Float64Array, size: number, own: number, late: number, entries: Int32Array, rows: Int32Array, columns: Int32Array, members: Int32Array,
  values: Float64Array, scaleRow: Float64Array, scaleColumn: Float64Array): void {
  for (let k = 0; k < entries.length; k++) {
    const row = rows[k], column = columns[k], i = row < own ? row : row + late, j = column < own ? column : column + late
    front[i * size + j] += values[entries[k]] * scaleRow[members[row]] * scaleColumn[members[column]]
  }
}

/** The rest of a child, from the stack, at its places in the front. */
function addRest(front: Float64Array, size: number, rest: Float64Array, from: number, place: Int32Array): void {
  const n = place.length
  for (let i = 0, at = from; i < n; i++) {
    const row = place[i] * size
    for (let j = 0; j < n; j++, at++) front[row + place[j]] += rest[at]
  }
}

function copy(from: Float64Array, at: number, to: Float64Array, place: number, n: number): void {
  for (let k = 0; k < n; k++) to[place + k] = from[at + k]
}

/** L y = b on the rows of a front. */
function forward({ size, pivots, rows, at }: Factor, store: Float64Array, right: Float64Array): void {
  for (let k = 1; k < size; k++) {
    const row = k < pivots ? at + k * size : at + pivots * size + (k - pivots) * pivots, end = Math.min(k, pivots)
    let sum = right[rows[k]]
    for (let j = 0; j < end; j++) sum -= store[row + j] * right[rows[j]]
    right[rows[k]] = sum
  }
}

/** U x = y on the pivots of a front. */
function backward({ size, pivots, rows, columns, at }: Factor, store: Float64Array, right: Float64Array, x: Float64Array): void {
  for (let k = pivots - 1; k >= 0; k--) {
    const row = at + k * size
    let sum = right[rows[k]]
    for (let j = k + 1; j < size; j++) sum -= store[row + j] * x[columns[j]]
    x[columns[k]] = sum / store[row + k]
  }
}

/** The fronts of a dissection: who touches whom, and where every entry goes. */
function analyse({ size, starts, columns }: Pattern, graph: Pattern, { sets, parent }: Dissection): Front[] {
  const rank = new Int32Array(size), owner = new Int32Array(size)
  let next = 0
  sets.forEach((set, s) => set.forEach(u => { rank[u] = next++; owner[u] = s }))
  const children = sets.map((): number[] => [])
  parent.forEach((p, s) => { if (p >= 0) children[p].push(s) })

  const seen = new Int32Array(size).fill(-1)
  const members = sets.map((): Int32Array => new Int32Array(0))
  sets.forEach((set, s) => {
    const above: number[] = []
    const touch = (u: number): void => { if (owner[u] !== s && seen[u] !== s) { seen[u] = s; above.push(u) } }
    for (const u of set) for (let k = graph.starts[u]; k < graph.starts[u + 1]; k++) if (rank[graph.columns[k]] > rank[u]) touch(graph.columns[k])
    for (const c of children[s]) for (let k = sets[c].length; k < members[c].length; k++) touch(members[c][k])
    members[s] = Int32Array.from([...set, ...above.sort((a, b) => rank[a] - rank[b])])
  })

  // An entry belongs to the front that eliminates its row or its column first.
  const counts = new Int32Array(sets.length + 1), home = new Int32Array(starts[size]), rowOf = new Int32Array(starts[size])
  for (let i = 0; i < size; i++) for (let k = starts[i]; k < starts[i + 1]; k++) {
    rowOf[k] = i
    home[k] = owner[rank[i] < rank[columns[k]] ? i : columns[k]]
    counts[home[k] + 1]++
  }
  for (let s = 0; s < sets.length; s++) counts[s + 1] += counts[s]
  const sorted = new Int32Array(starts[size]), fill = counts.slice()
  for (let k = 0; k < starts[size]; k++) sorted[fill[home[k]]++] = k

  const local = new Int32Array(size)
  return sets.map((set, s) => {
    members[s].forEach((u, k) => { local[u] = k })
    const entries = sorted.slice(counts[s], counts[s + 1])
    return {
      members: members[s], own: set.length, children: children[s],
      takes: children[s].map(c => members[c].slice(sets[c].length).map(u => local[u])),
      entries, rows: entries.map(k => local[rowOf[k]]), columns: entries.map(k => local[columns[k]]),
    }
  })
}

/** Numbers that the factors, the largest front, and the stack of rests take. */
function sizesOf(fronts: readonly Front[]): { stored: number; widest: number; deepest: number } {
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

/** Scales that bring the largest entry of every row, then of every column, to 1, so that sizes can be compared for pivots. */
function equilibrate({ size, starts, columns }: Pattern, values: Float64Array, row: Float64Array, column: Float64Array): boolean {
  column.fill(0)
  for (let i = 0; i < size; i++) {
    let most = 0
    for (let k = starts[i]; k < starts[i + 1]; k++) most = Math.max(most, Math.abs(values[k]))
    if (!(most > 0 && most < Infinity)) return false
    row[i] = 1 / most
    for (let k = starts[i]; k < starts[i + 1]; k++) column[columns[k]] = Math.max(column[columns[k]], Math.abs(values[k]) * row[i])
  }
  for (let i = 0; i < size; i++) {
    if (!(column[i] > 0)) return false
    column[i] = 1 / column[i]
  }
  return true
}

/** The array, or a longer one with its first `kept` numbers. */
function atLeast(array: Float64Array<ArrayBuffer>, length: number, kept = 0): Float64Array<ArrayBuffer> {
  if (array.length >= length) return array
  const longer = new Float64Array(Math.max(length, 2 * array.length))
  longer.set(array.subarray(0, kept))
  return longer
}

function allFinite(array: Float64Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (!Number.isFinite(array[i])) return false
  return true
}
