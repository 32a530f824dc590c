import { dissection, symmetric, type Pattern } from "./dissection.ts"
import { eliminate } from "./front.ts"
import { frontsOf, sizesOf, type Front } from "./fronts.ts"

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

/** The numbers of one system. They are worked on by functions of the module, not by closures: an engine would have to warm up each closure anew. */
interface Numbers {
  readonly pattern: Pattern
  readonly fronts: readonly Front[]
  readonly scaleRow: Float64Array
  readonly scaleColumn: Float64Array
  /** Entries of the matrix, scaled. */
  readonly scaled: Float64Array
  readonly held: Float64Array
  store: Float64Array<ArrayBuffer>
  front: Float64Array<ArrayBuffer>
  /** Rests of fronts that are not taken yet, one on the other. */
  rest: Float64Array<ArrayBuffer>
  factors: Factor[]
  cost: { entries: number; products: number }
}

/** @param places for each axis of the grid, the coordinate of every unknown. */
export function sparseLu(pattern: Pattern, places: readonly Int32Array[]): SparseLu {
  const graph = symmetric(pattern), fronts = frontsOf(pattern, graph, dissection(graph, places))
  const { stored, widest, deepest } = sizesOf(fronts), { size } = pattern
  const numbers: Numbers = {
    pattern, fronts, scaleRow: new Float64Array(size), scaleColumn: new Float64Array(size), scaled: new Float64Array(pattern.columns.length), held: new Float64Array(size),
    store: new Float64Array(stored), front: new Float64Array(widest), rest: new Float64Array(deepest), factors: [], cost: { entries: 0, products: 0 },
  }
  return { pattern, factor: values => factor(numbers, values), solve: right => solve(numbers, right), get cost() { return numbers.cost } }
}

function factor(n: Numbers, values: Float64Array): boolean {
  if (!equilibrate(n.pattern, values, n.scaleRow, n.scaleColumn, n.scaled)) return false
  n.factors = []
  n.cost = { entries: 0, products: 0 }
  let free = 0
  for (const front of n.fronts) free = factorFront(n, front, free)
  return n.factors.length === 0 || (n.factors[n.factors.length - 1].left === 0 && allFinite(n.store, n.cost.entries))
}

/** Gathers, eliminates and stores one front; `free` is where the stack of rests ends. Returns where it ends then. */
function factorFront(n: Numbers, { members, own, children, takes, entries, at }: Front, free: number): number {
  const { factors } = n
  let late = 0, from = free
  for (const c of children) { late += factors[c].left; from -= (factors[c].size - factors[c].pivots) ** 2 }
  const size = members.length + late, ready = own + late
  n.front = atLeast(n.front, size * size)
  n.front.fill(0, 0, size * size)
  const rows = new Int32Array(size)
  for (let k = 0; k < own; k++) rows[k] = members[k]
  for (let k = own; k < members.length; k++) rows[k + late] = members[k]
  const columns = rows.slice()
  if (late === 0) addEntries(n.front, n.scaled, entries, at)
  else addEntries(n.front, n.scaled, entries, shifted(at, members.length, own, late))
  // The rests of the children lie on the stack in their order.
  let next = own, top = from
  for (let c = 0; c < children.length; c++) {
    const child = factors[children[c]], k = child.size - child.pivots
    addRest(n.front, size, n.rest, top, late === 0 ? takes[c] : placesOf(child, takes[c], own, late, next))
    for (let j = 0; j < child.left; j++, next++) { rows[next] = child.rows[child.pivots + j]; columns[next] = child.columns[child.pivots + j] }
    top += k * k
  }
  const pivots = eliminate(n.front, size, ready, rows, columns), k = size - pivots, begin = n.cost.entries
  factors.push({ size, pivots, left: ready - pivots, rows, columns, at: begin })
  n.store = atLeast(n.store, begin + pivots * (size + k), begin)
  n.rest = atLeast(n.rest, from + k * k, from)
  put(n.front, size, pivots, n.store, begin, n.rest, from)
  n.cost.entries += pivots * (size + k)
  n.cost.products += pivots * k * (k + pivots) + pivots ** 3 / 3
  return from + k * k
}

/** Where the rest of a child goes: its rows without pivot after the front's own, `next` on, and what follows them moved up by `late`. */
function placesOf({ left, size, pivots }: Factor, takes: Int32Array, own: number, late: number, next: number): Int32Array {
  const place = new Int32Array(size - pivots)
  for (let k = 0; k < left; k++) place[k] = next + k
  for (let k = left; k < place.length; k++) { const p = takes[k - left]; place[k] = p < own ? p : p + late }
  return place
}

/** Places in a front that has `late` rows and columns more after its own. */
function shifted(at: Int32Array, count: number, own: number, late: number): Int32Array {
  return at.map(k => {
    const row = Math.floor(k / count), column = k - row * count
    return (row < own ? row : row + late) * (count + late) + (column < own ? column : column + late)
  })
}

function addEntries(front: Float64Array, scaled: Float64Array, entries: Int32Array, at: Int32Array): void {
  for (let k = 0; k < entries.length; k++) front[at[k]] += scaled[entries[k]]
}

/** The rest of a child, from the stack, at its places in the front. */
function addRest(front: Float64Array, size: number, rest: Float64Array, from: number, place: Int32Array): void {
  const n = place.length
  for (let i = 0, at = from; i < n; i++) {
    const row = place[i] * size
    for (let j = 0; j < n; j++, at++) front[row + place[j]] += rest[at]
  }
}

/** The factors of a front to the store, its rest to the stack. */
function put(front: Float64Array, size: number, pivots: number, store: Float64Array, begin: number, rest: Float64Array, from: number): void {
  let to = begin
  for (let k = 0; k < pivots * size; k++) store[to++] = front[k]
  for (let i = pivots, free = from; i < size; i++) {
    let k = i * size
    for (const end = k + pivots; k < end; k++) store[to++] = front[k]
    for (const end = (i + 1) * size; k < end; k++) rest[free++] = front[k]
  }
}

function solve({ scaleRow, scaleColumn, factors, store, held }: Numbers, right: Float64Array): void {
  for (let i = 0; i < right.length; i++) right[i] *= scaleRow[i]
  for (const f of factors) forward(f, store, right)
  for (let f = factors.length - 1; f >= 0; f--) backward(factors[f], store, right, held)
  for (let i = 0; i < right.length; i++) right[i] = held[i] * scaleColumn[i]
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

/** Scales that bring the largest entry of every row, then of every column, to 1, so that sizes can be compared for pivots; and the entries, scaled. */
function equilibrate({ size, starts, columns }: Pattern, values: Float64Array, row: Float64Array, column: Float64Array, scaled: Float64Array): boolean {
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
  for (let i = 0; i < size; i++) for (let k = starts[i]; k < starts[i + 1]; k++) scaled[k] = values[k] * row[i] * column[columns[k]]
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
