/** Seconds that one call takes: the least of several rounds, each long enough for the clock. */
export function secondsOf(now: () => number, work: () => void, { rounds = 6, least = 250 } = {}): number {
  let calls = 1, best = Infinity
  // Doubling is the warming up, too.
  while (elapsed(now, work, calls) < least) calls *= 2
  for (let round = 0; round < rounds; round++) best = Math.min(best, elapsed(now, work, calls) / calls)
  return best / 1000
}

/** Milliseconds. */
function elapsed(now: () => number, work: () => void, calls: number): number {
  const begun = now()
  for (let call = 0; call < calls; call++) work()
  return now() - begun
}
