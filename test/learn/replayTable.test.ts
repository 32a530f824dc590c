import fc from "fast-check"
import { expect, test } from "vitest"
import { importance } from "../../src/learn/replay/settings.ts"
import { insert, maySample, newTable, reprioritise, sample, type TableOptions, type TableState } from "../../src/learn/replay/table.ts"
import { leafAt, setPriority, sumTree, totalPriority } from "../../src/learn/replay/sumTree.ts"

const OPTIONS: TableOptions = { capacity: 8, width: 1, selector: "uniform", remover: "fifo", mostSamples: 0, least: 1, samplesPerInsert: 0, seed: 3, stream: 7 }
const tableOf = (given: Partial<TableOptions> = {}): TableState => newTable({ ...OPTIONS, ...given })

/** Puts in items that hold their own number. */
function fill(table: TableState, count: number, priority: (k: number) => number = () => 1): TableState {
  for (let k = 0; k < count; k++) insert(table, priority(k))[0] = k
  return table
}

/** The numbers of the items drawn. */
function draw(table: TableState, count: number): { items: number[]; chances: Float64Array } {
  const slots = new Int32Array(count), chances = new Float64Array(count)
  sample(table, slots, chances)
  return { items: Array.from(slots, slot => table.rows[slot]), chances }
}

/** Numbers of the items held, the oldest first, by the links; checked against the list of slots in use. */
function held(table: TableState): number[] {
  const items: number[] = []
  for (let slot = table.oldest, before = -1; slot >= 0; before = slot, slot = table.younger[slot]) {
    expect(table.older[slot]).toBe(before)
    items.push(table.rows[slot])
  }
  const listed = Array.from(table.dense.subarray(0, table.size), slot => table.rows[slot])
  expect(listed.slice().sort((a, b) => a - b)).toEqual(items.slice().sort((a, b) => a - b))
  return items
}

/** Pearson's statistic of counts against a law; its mean is the degrees of freedom, its variance twice that. */
const pearson = (items: readonly number[], law: readonly number[]): number =>
  law.reduce((sum, p, k) => sum + (items.filter(item => item === k).length - p * items.length) ** 2 / (p * items.length), 0)

test("an even selector draws by an even law", () => {
  const { items, chances } = draw(fill(tableOf(), 8), 40_000)
  // Five standard deviations above its mean of 7.
  expect(pearson(items, Array<number>(8).fill(1 / 8))).toBeLessThan(7 + 5 * Math.sqrt(14))
  expect(chances.every(chance => chance === 1)).toBe(true)
})

test("a prioritised selector draws by priorities, and says each chance", () => {
  const priorities = [1, 2, 3, 4, 5, 6, 7, 0.5], total = 28.5
  const { items, chances } = draw(fill(tableOf({ selector: "prioritised" }), 8, k => priorities[k]), 40_000)
  expect(pearson(items, priorities.map(p => p / total))).toBeLessThan(7 + 5 * Math.sqrt(14))
  items.forEach((item, k) => { if (Math.abs(chances[k] - (priorities[item] * 8) / total) > 1e-12) throw new Error(`chance of item ${item} is ${chances[k]}`) })
  // Weighed by one over its chance every item counts alike: the mean of the items is the even one, 3.5.
  const weight = chances.reduce((sum, c) => sum + 1 / c, 0), mean = items.reduce((sum, item, k) => sum + item / chances[k], 0) / weight
  expect(Math.abs(mean - 3.5)).toBeLessThan(0.1)
})

test("with exponent alpha items are drawn by priority to that power", () => {
  const priorities = [0.1, 1, 2, 3, 4, 5, 6, 7], alpha = 0.6, mass = priorities.map(p => p ** alpha), total = mass.reduce((a, b) => a + b, 0)
  const { items, chances } = draw(fill(tableOf({ selector: "prioritised", exponent: alpha }), 8, k => priorities[k]), 40_000)
  expect(pearson(items, mass.map(p => p / total))).toBeLessThan(7 + 5 * Math.sqrt(14))
  items.forEach((item, k) => { if (Math.abs(chances[k] - (mass[item] * 8) / total) > 1e-12) throw new Error(`chance of item ${item} is ${chances[k]}`) })
  expect(draw(fill(tableOf({ selector: "prioritised", exponent: 0 }), 8, k => priorities[k]), 10).chances.every(chance => chance === 1)).toBe(true)
})

/**
 * Two items, 0 and 1, of priorities 1 and 3. What minimises the squared error over draws is their weighted mean: 3/4 without weights, and with weights
 * chance^-beta it is 3^(1 - beta)/(1 + 3^(1 - beta)): 1/2, the mean of the table, at beta = 1.
 */
test.each([0, 0.5, 1])("importance weights of beta = %d take the bias out as the closed form says", beta => {
  const table = fill(tableOf({ selector: "prioritised" }), 2, k => (k === 0 ? 1 : 3)), weights = new Float64Array(64)
  let sum = 0, mass = 0
  for (let batch = 0; batch < 400; batch++) {
    const { items, chances } = draw(table, 64)
    importance(chances, beta, weights)
    expect(Math.max(...weights)).toBe(1)
    items.forEach((item, k) => { sum += weights[k] * item; mass += weights[k] })
  }
  const expected = 3 ** (1 - beta) / (1 + 3 ** (1 - beta))
  // Standard error of a mean of 25,600 draws with weights at most three times each other: below 0.005.
  expect(Math.abs(sum / mass - expected)).toBeLessThan(0.02)
})

test("new items begin with the highest priority so far", () => {
  const table = fill(tableOf({ selector: "prioritised" }), 4)
  reprioritise(table, table.oldest, 9)
  insert(table)[0] = 4
  const { items, chances } = draw(table, 4000)
  expect(pearson(items, [9, 1, 1, 1, 9].map(p => p / 21))).toBeLessThan(4 + 5 * Math.sqrt(8))
  expect(chances[items.indexOf(4)]).toBeCloseTo((9 * 5) / 21, 12)
})

test("new priorities count from the next draw on", () => {
  const table = fill(tableOf({ selector: "prioritised" }), 8)
  for (let slot = 0; slot < 8; slot++) reprioritise(table, slot, table.rows[slot] === 5 ? 1 : 0)
  expect(new Set(draw(table, 200).items)).toEqual(new Set([5]))
})

test("a fifo selector goes from the oldest on and begins again after the youngest", () => {
  expect(draw(fill(tableOf({ selector: "fifo" }), 4), 6).items).toEqual([0, 1, 2, 3, 0, 1])
  expect(draw(fill(tableOf({ selector: "fifo" }), 11), 3).items).toEqual([3, 4, 5])
})

test("a fifo remover keeps the youngest, an even one keeps each with the chance of its age", () => {
  expect(held(fill(tableOf(), 21))).toEqual([13, 14, 15, 16, 17, 18, 19, 20])
  // The first of 8 survives 8 removals with chance (7/8)^8.
  const trials = 2000
  let survived = 0
  for (let seed = 0; seed < trials; seed++) if (held(fill(tableOf({ remover: "uniform", seed }), 16)).includes(0)) survived++
  const p = (7 / 8) ** 8
  expect(Math.abs(survived / trials - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / trials))
})

test("a prioritised remover takes what has all the priority", () => {
  const table = fill(tableOf({ remover: "prioritised" }), 8, k => (k === 2 ? 1 : 0))
  insert(table, 0)[0] = 99
  expect(held(table)).toEqual([0, 1, 3, 4, 5, 6, 7, 99])
})

test("an item leaves after its most draws, its row intact until the next insert", () => {
  const table = fill(tableOf({ selector: "fifo", mostSamples: 2 }), 4)
  expect(draw(table, 2).items).toEqual([0, 1])
  expect(held(table)).toEqual([0, 1, 2, 3])
  expect(draw(table, 3).items).toEqual([0, 1, 2])
  expect(held(table)).toEqual([2, 3])
  expect(draw(table, 1).items).toEqual([2])
  expect(held(table)).toEqual([3])
})

test("the limiter keeps draws in a fixed ratio to inserts beyond the least", () => {
  const table = fill(tableOf({ least: 3, samplesPerInsert: 2 }), 3)
  expect(maySample(table, 1)).toBe(false)
  fill(table, 1)
  expect([maySample(table, 2), maySample(table, 3)]).toEqual([true, false])
  draw(table, 2)
  expect(maySample(table, 1)).toBe(false)
  fill(table, 50)
  let drawn = 2
  for (; maySample(table, 1); drawn++) draw(table, 1)
  expect(drawn).toBe((54 - 3) * 2)
  expect(maySample(fill(tableOf({ least: 3 }), 2), 1)).toBe(false)
  expect(maySample(tableOf({ least: 0 }), 1)).toBe(false)
})

test("any course of inserts and draws keeps the links, the list and the sums; a clone goes on to the same bits", () => {
  const order = fc.constantFrom("uniform" as const, "prioritised" as const, "fifo" as const)
  fc.assert(fc.property(order, order, fc.nat(3), fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 5 })), { minLength: 20, maxLength: 60 }), (selector, remover, mostSamples, course) => {
    const play = (table: TableState, moves: typeof course): number[] => moves.flatMap(([inserts, count]) => {
      if (inserts) { fill(table, count, k => k + 0.5); return [] }
      return maySample(table, count) ? draw(table, count).items : []
    })
    const table = tableOf({ selector, remover, mostSamples })
    play(table, course.slice(0, 10))
    const copy = structuredClone(table)
    expect(play(table, course.slice(10))).toEqual(play(copy, course.slice(10)))
    expect(copy).toEqual(table)
    expect(held(table)).toHaveLength(table.size)
    if (table.tree.length > 0) {
      const leaves = table.tree.subarray(table.tree.length / 2)
      expect(totalPriority(table.tree)).toBeCloseTo(leaves.reduce((sum, p) => sum + p, 0), 12)
      leaves.slice(0, 8).forEach((p, slot) => { expect(p > 0).toBe(table.place[slot] >= 0) })
    }
  }), { numRuns: 60 })
})

test("the tree finds the leaf that cumulative sums find, and never an empty one", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 13 }), fc.double({ min: 0, max: 1, noNaN: true }), (priorities, u) => {
    fc.pre(priorities.some(p => p > 0))
    const tree = sumTree(priorities.length)
    priorities.forEach((p, k) => { setPriority(tree, k, p) })
    const mass = u * totalPriority(tree), leaf = leafAt(tree, mass)
    expect(priorities[leaf]).toBeGreaterThan(0)
    const below = priorities.slice(0, leaf).reduce((sum, p) => sum + p, 0)
    expect(below).toBeLessThanOrEqual(mass)
    expect(below + priorities[leaf]).toBeGreaterThanOrEqual(mass)
  }))
})
