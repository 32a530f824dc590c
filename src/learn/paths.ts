import type { Market } from "../market/market.ts"
import { table, type Table } from "../run/table.ts"

/** How many agents are followed in figures, as in the dissertation. */
export const TRACKED = 10

/** What followed agents posted and held in one greedy episode: rows of `steps`, an agent after another. */
export interface Path {
  readonly episode: number
  readonly price: Float64Array
  readonly shares: Float64Array
  readonly bondPrice: Float64Array
  readonly bonds: Float64Array
}

export function newPath(episode: number, steps: number, agents: number): Path {
  const size = steps * Math.min(TRACKED, agents)
  return { episode, price: new Float64Array(size), shares: new Float64Array(size), bondPrice: new Float64Array(size), bonds: new Float64Array(size) }
}

/** Writes step `step` of the followed agents, the first ones. */
export function follow(path: Path, { ledger: { books: [shares, bonds] } }: Market, step: number, steps: number): void {
  for (let k = 0; k * steps < path.price.length; k++) {
    const at = k * steps + step
    path.price[at] = shares.posted[k]
    path.shares[at] = shares.holdings[k] * shares.unit
    path.bondPrice[at] = bonds.posted[k]
    path.bonds[at] = bonds.holdings[k] * bonds.unit
  }
}

/** One table of all paths: columns episode, agent, step, price, shares, bond_price, bonds. */
export function pathTable(paths: readonly Path[], steps: number): Table {
  const of = (pick: (path: Path) => ArrayLike<number>): Float64Array => Float64Array.from(paths.flatMap(path => Array.from(pick(path))))
  return table({
    episode: of(p => p.price.map(() => p.episode)), agent: of(p => p.price.map((_, i) => Math.floor(i / steps) + 1)), step: of(p => p.price.map((_, i) => (i % steps) + 1)),
    price: of(p => p.price), shares: of(p => p.shares), bond_price: of(p => p.bondPrice), bonds: of(p => p.bonds),
  })
}

/** Columns shares, bonds, price, bond_price and income (1 high, -1 low, where it alternates), of at most so many agents. */
export function crossSection({ agents, ledger: { books: [shares, bonds], time } }: Market, most = 5000): Table {
  const count = Math.min(agents, most)
  const of = (pick: (i: number) => number): Float64Array => Float64Array.from({ length: count }, (_, k) => pick(Math.floor((k * agents) / count)))
  return table({
    shares: of(i => shares.holdings[i] * shares.unit), bonds: of(i => bonds.holdings[i] * bonds.unit), price: of(i => shares.posted[i]), bond_price: of(i => bonds.posted[i]),
    income: of(i => (((i + time) & 1) === 1 ? 1 : -1)),
  })
}
