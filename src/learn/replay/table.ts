import { philoxStream } from "../../math/random.ts"
import { power } from "../../math/power.ts"
import { leafAt, priorityOf, setPriority, sumTree, totalPriority } from "./sumTree.ts"

/**
 * A replay table after Reverb (Cassirer et al. 2021): items are rows of numbers; a *selector* draws them, a *remover* makes room, a
 * *rate limiter* keeps samples in a fixed ratio to inserts, and an item leaves after `mostSamples` draws. In process, in
 * batches, and plain data with its random state: a clone is a checkpoint that goes on to the same bits.
 */
export interface TableState {
  readonly options: TableOptions
  /** Items, row by row of `width`. */
  readonly rows: Float32Array
  /** All slots: those in use in the first `size` entries, then the free ones; and where a slot in use stands there, else -1. */
  readonly dense: Int32Array
  readonly place: Int32Array
  /** Slots by age: the next younger and the next older of each, -1 at the ends. */
  readonly younger: Int32Array
  readonly older: Int32Array
  readonly times: Int32Array
  /** Priorities, where a part of the table goes by them; else empty. */
  readonly tree: Float64Array
  /** The highest priority so far: new items begin with it, so that each is drawn before long. */
  highest: number
  size: number
  oldest: number
  youngest: number
  inserted: number
  sampled: number
  /** Random blocks used. */
  block: number
}

export type Order = "uniform" | "prioritised" | "fifo"

export interface TableOptions {
  readonly capacity: number
  readonly width: number
  readonly selector: Order
  readonly remover: Order
  /** Alpha: items are drawn, and removed, by priority to this power. Default 1. */
  readonly exponent?: number
  /** Draws after which an item leaves; 0 for never. */
  readonly mostSamples: number
  /** Items below which nothing may be drawn. */
  readonly least: number
  /** Draws for each item inserted; 0 for no limit. */
  readonly samplesPerInsert: number
  readonly seed: number
  readonly stream: number
}

export function newTable(options: TableOptions): TableState {
  const { capacity, width, selector, remover } = options
  const ints = (): Int32Array => new Int32Array(capacity).fill(-1)
  return {
    options, rows: new Float32Array(capacity * width), dense: Int32Array.from({ length: capacity }, (_, slot) => slot), place: ints(), younger: ints(), older: ints(), times: new Int32Array(capacity),
    tree: selector === "prioritised" || remover === "prioritised" ? sumTree(capacity) : new Float64Array(0),
    highest: 1, size: 0, oldest: -1, youngest: -1, inserted: 0, sampled: 0, block: 0,
  }
}

/** Puts an item in, after one that is in the way was taken out by the remover. Its row, to be written by the caller. Default priority: the highest so far. */
export function insert(table: TableState, priority = table.highest): Float32Array {
  const { capacity, width, remover } = table.options
  if (table.size === capacity) remove(table, slotBy(table, remover, -1, uniforms(table, 1)[0]))
  const slot = table.dense[table.size]
  table.place[slot] = table.size++
  table.older[slot] = table.youngest
  table.younger[slot] = -1
  if (table.youngest >= 0) table.younger[table.youngest] = slot
  else table.oldest = slot
  table.youngest = slot
  table.times[slot] = 0
  table.inserted++
  prioritise(table, slot, priority)
  return table.rows.subarray(slot * width, (slot + 1) * width)
}

/** Whether the limiter lets `count` items be drawn now. */
export function maySample({ options: { least, samplesPerInsert }, size, inserted, sampled }: TableState, count: number): boolean {
  return size >= Math.max(1, least) && (samplesPerInsert === 0 || sampled + count <= (inserted - least) * samplesPerInsert)
}

/**
 * Draws items: writes their slots, and their chance relative to an even draw (1 where draws are even). Items are drawn with replacement; an
 * item that reaches its most draws leaves after the batch, its row intact until the next insert.
 */
export function sample(table: TableState, slots: Int32Array, chances: Float64Array): void {
  const { selector, mostSamples } = table.options
  const draws = uniforms(table, slots.length)
  let next = -1
  for (let k = 0; k < slots.length; k++) {
    const slot = next = slotBy(table, selector, next, draws[k])
    slots[k] = slot
    chances[k] = selector === "prioritised" ? (priorityOf(table.tree, slot) * table.size) / totalPriority(table.tree) : 1
    table.times[slot]++
  }
  table.sampled += slots.length
  if (mostSamples > 0) for (const slot of slots) if (table.place[slot] >= 0 && table.times[slot] >= mostSamples) remove(table, slot)
}

/** Sets the priority of an item, if it is still there. */
export function reprioritise(table: TableState, slot: number, priority: number): void {
  if (table.place[slot] >= 0) prioritise(table, slot, priority)
}

function prioritise(table: TableState, slot: number, priority: number): void {
  if (table.tree.length === 0) return
  const { exponent = 1 } = table.options
  setPriority(table.tree, slot, exponent === 1 ? priority : power(priority, exponent))
  table.highest = Math.max(table.highest, priority)
}

/** `fifo` goes from the oldest on, within a batch to the next younger. */
function slotBy(table: TableState, order: Order, last: number, draw: number): number {
  if (order === "uniform") return table.dense[Math.floor(draw * table.size)]
  if (order === "prioritised") return leafAt(table.tree, draw * totalPriority(table.tree))
  const next = last >= 0 ? table.younger[last] : table.oldest
  return next >= 0 ? next : table.oldest
}

function remove(table: TableState, slot: number): void {
  const { dense, place, younger, older } = table
  const at = place[slot], moved = dense[--table.size]
  dense[at] = moved
  place[moved] = at
  // The slot that left is the first of the free ones.
  dense[table.size] = slot
  place[slot] = -1
  if (older[slot] >= 0) younger[older[slot]] = younger[slot]
  else table.oldest = younger[slot]
  if (younger[slot] >= 0) older[younger[slot]] = older[slot]
  else table.youngest = older[slot]
  if (table.tree.length > 0) setPriority(table.tree, slot, 0)
}

function uniforms(table: TableState, count: number): Float64Array {
  const words = new Uint32Array(count)
  philoxStream(table.options.seed, table.options.stream, table.block, words)
  table.block += Math.ceil(count / 4)
  return Float64Array.from(words, word => word * 2 ** -32)
}
