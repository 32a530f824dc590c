import { philoxStream } from "../math/random.ts"
import type { PriceSpace } from "../market/market.ts"

/** The share of prices posted at random in an episode: from `first` down to `last` over the first `over` of all episodes, linearly. */
export function explorationRate(episode: number, episodes: number, { first, last, over }: { first: number; last: number; over: number }): number {
  const done = over > 0 ? episode / (over * episodes) : 1
  return done >= 1 ? last : first + (last - first) * done
}

/**
 * Replaces each price with probability `rate` by one drawn evenly from its space, each asset by itself. Draws are addressed by (seed, stream,
 * block): two words a price, so that the same block gives the same.
 */
export function explore(prices: Float64Array, spaces: readonly PriceSpace[], rate: number, { seed, stream, block }: { seed: number; stream: number; block: number }): void {
  const n = prices.length / spaces.length
  const words = new Uint32Array(2 * prices.length)
  philoxStream(seed, stream, block, words)
  spaces.forEach(({ low, high }, row) => {
    for (let i = row * n; i < (row + 1) * n; i++)
      if (words[2 * i] * 2 ** -32 < rate) prices[i] = low + (high - low) * words[2 * i + 1] * 2 ** -32
  })
}

/** How many blocks `explore` uses for so many prices. */
export const exploreBlocks = (prices: number): number => Math.ceil(prices / 2)

/** A learning rate that falls from `first` to `last` along half a cosine. */
export function cosineRate(done: number, first: number, last: number): number {
  return last + (first - last) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, done))))
}
