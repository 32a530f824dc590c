import type { Theory } from "../market/declaration.ts"
import type { Market } from "../market/market.ts"
import { table, type Table } from "../run/table.ts"

/** How many agents are followed in figures, as in the dissertation. */
export const TRACKED = 10

/** What followed agents posted and held in one greedy episode, and what theory says: rows of `steps`, an agent after another. */
export interface Path {
  readonly episode: number
  readonly price: Float64Array
  readonly shares: Float64Array
  /** Shares at the start of the episode. */
  readonly endowed: Float64Array
  readonly bondPrice: Float64Array
  readonly bonds: Float64Array
  readonly theoryPrice: Float64Array
  readonly theoryBond: Float64Array
}

export function newPath(episode: number, steps: number, agents: number): Path {
  const column = (): Float64Array => new Float64Array(steps * Math.min(TRACKED, agents))
  return { episode, price: column(), shares: column(), endowed: column(), bondPrice: column(), bonds: column(), theoryPrice: column(), theoryBond: column() }
}

/** Writes step `step` of the followed agents, the first ones. */
export function follow(path: Path, { ledger: { books: [shares, bonds], dividend } }: Market, theory: Theory, step: number, steps: number): void {
  for (let k = 0; k * steps < path.price.length; k++) {
    const at = k * steps + step
    path.price[at] = shares.posted[k]
    path.shares[at] = shares.holdings[k] * shares.unit
    path.endowed[at] = step === 0 ? (shares.holdings[k] - shares.traded[k]) * shares.unit : path.endowed[k * steps]
    path.bondPrice[at] = bonds.posted[k]
    path.bonds[at] = bonds.holdings[k] * bonds.unit
    path.theoryPrice[at] = theory.price(dividend[k])
    path.theoryBond[at] = theory.bond(dividend[k])
  }
}

/** One table of all paths: columns episode, agent, step, price, shares, shares_start, bond_price, bonds, theory_price, theory_bond_price. */
export function pathTable(paths: readonly Path[], steps: number): Table {
  const of = (pick: (path: Path) => ArrayLike<number>): Float64Array => Float64Array.from(paths.flatMap(path => Array.from(pick(path))))
  return table({
    episode: of(p => p.price.map(() => p.episode)), agent: of(p => p.price.map((_, i) => Math.floor(i / steps) + 1)), step: of(p => p.price.map((_, i) => (i % steps) + 1)),
    price: of(p => p.price), shares: of(p => p.shares), shares_start: of(p => p.endowed), bond_price: of(p => p.bondPrice), bonds: of(p => p.bonds),
    theory_price: of(p => p.theoryPrice), theory_bond_price: of(p => p.theoryBond),
  })
}

/** What agents saw in greedy episodes, a column a feature, and what they then posted (`posted_price`, `posted_bond_price`); a row an agent and step. */
export interface Policy {
  take(prices: Float64Array): void
  table(): Table
}

/** Keeps about `most` rows out of so many steps, evenly over steps and agents (by the golden section, so that no cycle of incomes is met in step). */
export function policyOf({ agents: n, spaces: { observation: features, action }, observation }: Market, steps: number, most = 3000): Policy {
  const names = [...features.map(({ name }) => name), ...action.map(({ name }) => `posted_${name}`)], columns = names.map(() => [] as number[])
  const each = Math.min(n, Math.max(1, Math.floor(most / steps))), every = Math.max(1, Math.ceil(steps / most))
  let step = 0
  return {
    take(prices) {
      if (step % every === 0)
        for (let k = 0; k < each; k++) {
          const i = Math.floor(((step * GOLDEN + k / each) % 1) * n)
          features.forEach((_, f) => { columns[f].push(observation[f * n + i]) })
          action.forEach((_, a) => { columns[features.length + a].push(prices[a * n + i]) })
        }
      step++
    },
    table: () => table(Object.fromEntries(names.map((name, k) => [name, Float64Array.from(columns[k])]))),
  }
}

const GOLDEN = (Math.sqrt(5) - 1) / 2

/** Columns shares, bonds, price, bond_price and income (1 high, -1 low, where it alternates), of at most so many agents. */
export function crossSection({ agents, ledger: { books: [shares, bonds], time } }: Market, most = 5000): Table {
  const count = Math.min(agents, most)
  const of = (pick: (i: number) => number): Float64Array => Float64Array.from({ length: count }, (_, k) => pick(Math.floor((k * agents) / count)))
  return table({
    shares: of(i => shares.holdings[i] * shares.unit), bonds: of(i => bonds.holdings[i] * bonds.unit), price: of(i => shares.posted[i]), bond_price: of(i => bonds.posted[i]),
    income: of(i => (((i + time) & 1) === 1 ? 1 : -1)),
  })
}
