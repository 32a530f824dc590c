import { philoxStream } from "../math/random.ts"
import type { Book } from "./book.ts"
import type { Rules } from "./rules.ts"

/**
 * Shares and bonds at the start of an episode. Random ones are drawn for pairs of neighbours, one as far above the mean as the other below, so
 * that there is one share a head and no net debt in every episode; an odd one out has the mean. The draws of an agent do not
 * depend on how many agents there are.
 */
export function endow(rules: Rules, seed: number, stream: number, shares: Book, bonds: Book): void {
  const n = shares.holdings.length
  const mean = Math.round(1 / shares.unit)
  shares.holdings.fill(mean)
  bonds.holdings.fill(0)
  if (rules.endowments === "equal") return
  const words = new Uint32Array(2 * (n >> 1))
  philoxStream(seed, stream, 0, words)
  for (let pair = 0; pair < n >> 1; pair++) {
    const s = Math.trunc((rules.spreadShares / shares.unit) * (words[2 * pair] * 2 ** -31 - 1))
    const b = Math.trunc((rules.spreadBonds / bonds.unit) * (words[2 * pair + 1] * 2 ** -31 - 1))
    shares.holdings[2 * pair] = mean + s
    shares.holdings[2 * pair + 1] = mean - s
    bonds.holdings[2 * pair] = b
    bonds.holdings[2 * pair + 1] = -b
  }
}
