import { TRACKED } from "../../learn/paths.ts"
import { table, type Table } from "../../run/table.ts"
import { rounded } from "./training.ts"

/** Paths of tracked agents as JSON: what is posted and held at every so-many-th step, episode after episode and agent after agent. */
export type Paths = {
  readonly episodes: readonly number[]
  readonly steps: readonly number[]
  readonly agents: number
  readonly price: readonly number[]
  /** Relative to the start of the episode. */
  readonly shares: readonly number[]
  readonly bond_price: readonly number[]
  readonly bonds: readonly number[]
  /** Theory's prices, which are the same for all agents: episode after episode. */
  readonly theory_price: readonly number[]
  readonly theory_bond_price: readonly number[]
}

/** Steps between those kept: odd, so that both incomes are met where they alternate. */
const EVERY = 5

/** Thins the table of paths of a training. */
export function packed({ columns: c, length }: Table): Paths {
  const episodes = [...new Set(c.episode)], agents = Math.min(TRACKED, new Set(c.agent).size), kept: number[] = [], shared: number[] = []
  for (let i = 0; i < length; i++) {
    if ((c.step[i] - 1) % EVERY !== 0) continue
    kept.push(i)
    if (c.agent[i] === 1) shared.push(i)
  }
  const of = (column: Float64Array, rows = kept): number[] => rows.map(i => rounded(column[i]))
  return {
    episodes, steps: [...new Set(kept.map(i => c.step[i]))], agents, price: of(c.price), shares: kept.map(i => rounded(c.shares[i] / c.shares_start[i])),
    bond_price: of(c.bond_price), bonds: of(c.bonds), theory_price: of(c.theory_price, shared), theory_bond_price: of(c.theory_bond_price, shared),
  }
}

/** The table again, at the steps kept; shares are relative to a start of 1. */
export function unpacked({ episodes, steps, agents, price, shares, bond_price, bonds, theory_price, theory_bond_price }: Paths): Table {
  const length = episodes.length * agents * steps.length
  const by = (of: (episode: number, agent: number, step: number) => number): Float64Array =>
    Float64Array.from({ length }, (_, i) => of(Math.floor(i / (agents * steps.length)), Math.floor(i / steps.length) % agents, i % steps.length))
  return table({
    episode: by(e => episodes[e]), agent: by((_, a) => a + 1), step: by((_e, _a, s) => steps[s]),
    price: Float64Array.from(price), shares: Float64Array.from(shares), shares_start: by(() => 1), bond_price: Float64Array.from(bond_price), bonds: Float64Array.from(bonds),
    theory_price: by((e, _, s) => theory_price[e * steps.length + s]), theory_bond_price: by((e, _, s) => theory_bond_price[e * steps.length + s]),
  })
}
