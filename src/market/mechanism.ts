import type { Book, Purse, Terms } from "./book.ts"

/**
 * A way to make trades of posted prices. Clears the books of one step in place: holdings, cash, `decided`, `settled`, `traded`, `open`
 * and refusals. Units and goods are conserved exactly.
 */
export interface Mechanism {
  readonly name: string
  readonly is: string
  /** Whether one's own price enters the price one pays. */
  readonly ownPriceCounts: boolean
  make(n: number): Clearing
}

/** One market's instance of a mechanism: it keeps scratch arrays between steps, and nothing else. */
export interface Clearing {
  /** `draw` is the step's random address: (seed, stream, first block). Books are cleared in their order. */
  clear(books: readonly Book[], purse: Purse, terms: Terms, draw: Draw): void
}

export interface Draw {
  readonly seed: number
  readonly stream: number
  readonly block: number
}
