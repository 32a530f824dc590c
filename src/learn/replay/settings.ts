import { newTable, type Order, type TableState } from "./table.ts"
import { power } from "../../math/power.ts"

/** The settings of replay, the same for every learner with a table; how much it holds is each learner's own. */
export const REPLAY = {
  replay: { value: "uniform", is: "which items are drawn: evenly, by priority (their last errors), or from the oldest on", among: ["uniform", "prioritised", "fifo"] },
  priority: { value: 0.6, is: "alpha: items are drawn by their error to this power, where replay=prioritised", least: 0, most: 2 },
  correction: { value: 1, is: "beta: items count by their chance to the power of minus this, where replay=prioritised; 1 takes all bias out", least: 0, most: 1 },
  remover: { value: "fifo", is: "which item leaves a full table", among: ["fifo", "uniform", "prioritised"] },
  mostSamples: { value: 0, is: "draws after which an item leaves; 0 for never", least: 0, whole: true },
  samplesPerInsert: { value: 8, is: "draws for each item inserted", above: 0, most: 10_000 },
} as const

/** Values of `REPLAY`. */
export interface ReplayValues {
  readonly replay: string
  readonly priority: number
  readonly remover: string
  readonly mostSamples: number
  readonly samplesPerInsert: number
}

/** A table for a learner that draws batches of `batch`. */
export function replayTable(values: ReplayValues, { capacity, width, batch, seed, stream }: { capacity: number; width: number; batch: number; seed: number; stream: number }): TableState {
  const { replay, priority, remover, mostSamples, samplesPerInsert } = values
  return newTable({ capacity, width, selector: replay as Order, remover: remover as Order, exponent: priority, mostSamples, least: Math.min(capacity, batch), samplesPerInsert, seed, stream })
}

/**
 * Importance weights of items drawn with such chances relative to an even draw (Schaul et al. 2016): w = chance^-beta over the largest of the batch. At beta = 1
 * the weighted mean over draws is the mean over the table, whatever the priorities.
 */
export function importance(chances: Float64Array, beta: number, into: Float64Array): void {
  let least = Infinity
  for (const chance of chances) least = Math.min(least, chance)
  for (let b = 0; b < chances.length; b++) into[b] = power(least / chances[b], beta)
}
