/**
 * What the best single price would gain against the prices that others post, with a share valued at the theory's price: the mean over the
 * prices x that were met of
 *   g(p) = (1 - P) for x < p (one buys),   (P - 1) for x > p (one sells),   P the settlement of p and x, all in units of p*,
 * at the best p. It is 0 where everybody posts p*, about d where everybody posts a price d away from it, and what an agent gains in a
 * step, in the price of a lot, who alone deviates. Candidates are the prices met, and prices just beyond each.
 */
export function bestResponseGain(met: Float64Array, settlement: (own: number, other: number) => number): number {
  if (met.length === 0) return 0
  const x = met.slice().sort()
  const candidates = new Set<number>()
  for (let k = 0; k <= CANDIDATES; k++) {
    const at = x[Math.round((k / CANDIDATES) * (x.length - 1))]
    for (const p of [at * (1 - EDGE), at, at * (1 + EDGE)]) candidates.add(p)
  }
  let best = 0
  for (const p of candidates) {
    let sum = 0
    for (let k = 0; k < x.length; k++) {
      if (x[k] < p) sum += 1 - settlement(p, x[k])
      else if (x[k] > p) sum += settlement(p, x[k]) - 1
    }
    best = Math.max(best, sum / x.length)
  }
  return best
}

const CANDIDATES = 100
/** "Just above" and "just below": far less than any tick. */
const EDGE = 1e-6
