import { cellFinder, countOf, type Cells } from "./cells.ts"
import { walker, type Walk } from "./walker.ts"

/** Many paths, looked at once every period, after a time to forget where they began. Plain data. */
export interface Occupation {
  readonly walk: Walk
  readonly cells: Cells
  readonly start: Float64Array
  /** Periods before a path counts, and those that count. */
  readonly burn: number
  readonly periods: number
}

/** Counts are whole numbers in doubles, so that they add up to the same bits in any order. */
export const COUNTS = {
  /** Looks at paths. */
  looks: 0,
  /** Looks that found the crisis, and their square summed over paths. */
  crisis: 1, crisisSquared: 2,
  /** Looks that found a path in crisis which was not in crisis at the look before. */
  entries: 3,
  steps: 4,
  /** Paths that were absorbed. */
  absorbed: 5,
  /** Then the looks by cell: outside the crisis and in it. */
  cells: 6,
} as const

/** The stream of random numbers of these paths. */
export const OCCUPATION = 0

export const countsLength = (cells: Cells): number => COUNTS.cells + 2 * countOf(cells)

/** Follows paths `first` to `end`-1 and adds what they did to `counts`. */
export function occupy({ walk, cells, start, burn, periods }: Occupation, first: number, end: number, counts: Float64Array): void {
  const legs = walker(walk, OCCUPATION), cellOf = cellFinder(cells)
  const { point } = legs
  for (let path = first; path < end; path++) {
    point.set(start)
    let was = true, crises = 0, alive = true
    for (let period = 0; period < burn + periods && alive; period++) {
      const is = legs.look()
      if (period >= burn) {
        if (is) crises++
        if (is && !was) counts[COUNTS.entries]++
        was = is
        counts[COUNTS.looks]++
        counts[COUNTS.cells + 2 * cellOf(point) + (is ? 1 : 0)]++
      }
      alive = legs.period(path, period)
    }
    if (!alive) counts[COUNTS.absorbed]++
    counts[COUNTS.crisis] += crises
    counts[COUNTS.crisisSquared] += crises * crises
  }
  counts[COUNTS.steps] += legs.steps
}
