/** Seconds that one call takes: the least of several rounds, each long enough for the clock. */
export function secondsOf(now: () => number, work: () => void, options: Rounds = {}): number {
  return secondsOfEach(now, [work], options)[0]
}

export interface Rounds { readonly rounds?: number; readonly least?: number }

/** The same for several, which take their rounds in turn: a machine whose speed drifts is as fast for one as for another. */
export function secondsOfEach(now: () => number, works: readonly (() => void)[], { rounds = 6, least = 250 }: Rounds = {}): number[] {
  const calls = works.map(work => {
    let count = 1
    // Doubling is the warming up, too.
    while (elapsed(now, work, count) < least) count *= 2
    return count
  })
  const best = works.map(() => Infinity)
  for (let round = 0; round < rounds; round++) works.forEach((work, k) => { best[k] = Math.min(best[k], elapsed(now, work, calls[k]) / calls[k]) })
  return best.map(milliseconds => milliseconds / 1000)
}

/** Milliseconds. */
function elapsed(now: () => number, work: () => void, calls: number): number {
  const begun = now()
  for (let call = 0; call < calls; call++) work()
  return now() - begun
}
