import { table, type Table } from "../../run/table.ts"
import type { Misfit, Solution } from "../solution.ts"
import { utility, type OnChain } from "./onChain.ts"
import { power } from "../../math/power.ts"

/**
 * The agent's problem, equation (2.5) of the dissertation, on a grid of holdings. Who holds s shares in state x and ends the
 * period with s' consumes c + (s - 1) d - p (s' - s), where c is what everyone consumes without trade:
 *
 *   V(s, x) = max over s' of  u(c + (s - 1) d - p(x) (s' - s)) + E[beta growth^(1-gamma) V(s', x') | x].
 *
 * Bonds are in no net supply; they are priced at the margin, (2.7). The price is the one at which the market clears, that is, at
 * which who holds one share keeps it. Its first-order condition is u'(c) p = dE[...]/ds' at s' = 1: the derivative of the
 * continuation there, taken between the two holdings next to one share. Prices so found are those of the grid up to the
 * square of its finest step.
 */
export interface Holdings {
  /** Increasing, symmetric about 1. */
  readonly grid: Float64Array
  /** Which one is 1. */
  readonly one: number
  /** From 1 to its neighbours. */
  readonly tick: number
}

export const HOLDING_SETTINGS = {
  width: { value: 0.1, is: "how far holdings of shares reach on each side of one", above: 0, most: 0.9 },
  tick: { value: 1e-5, is: "the step of holdings next to one share; steps grow geometrically outward", above: 0, most: 0.1 },
} as const

/** `count` holdings (an odd number, 3 or more). */
export function holdings(count: number, width: number, tick: number): Holdings {
  const side = (count - 1) / 2
  const off = (k: number): number => tick * power(Math.max(width, tick) / tick, side === 1 ? 0 : (k - 1) / (side - 1))
  const grid = Float64Array.from({ length: count }, (_, a) => (a === side ? 1 : a > side ? 1 + off(a - side) : 1 - off(side - a)))
  return { grid, one: side, tick }
}

/** Values and continuations: at holding a and node i, [a*n + i]. */
export interface Agent {
  readonly on: OnChain
  readonly holdings: Holdings
  /** What a holding is worth at the end of the period: E[beta growth^(1-gamma) V(s', x') | x]. */
  continuation(V: Float64Array): Float64Array
  /** Its derivative in shares at one share: the price in utility that clears the market. */
  share(continuation: Float64Array): Float64Array
  /** The best holding for each holding and node at prices p, and what it gives. Ties go to keeping what one has. */
  best(continuation: Float64Array, p: Float64Array): { policy: Int32Array; value: Float64Array }
  /** Utility of going from holding a to holding b at node i. */
  reward(i: number, a: number, b: number, p: number): number
  /** The derivative of V in shares at one share, at the nodes. */
  slope(V: Float64Array): Float64Array
}

export function agentOn(on: OnChain, held: Holdings): Agent {
  const { grid, one, tick } = held
  const n = on.nodes.length, { gamma } = on.problem, rounding = ROUNDING / (1 - on.modulus)
  const reward = (i: number, a: number, b: number, p: number): number => utility(on.consumption[i] + (grid[a] - 1) * on.dividend[i] - p * (grid[b] - grid[a]), gamma)
  const slope = (V: Float64Array): Float64Array => on.nodes.map((_, i) => (V[(one + 1) * n + i] - V[(one - 1) * n + i]) / (2 * tick))
  return {
    on, holdings: held, reward, slope, share: slope,
    continuation(V) {
      const out = new Float64Array(V.length)
      for (let a = 0; a < grid.length; a++) out.set(on.apply(V.subarray(a * n, (a + 1) * n).map((v, j) => v + on.levelWorth[j])), a * n)
      return out
    },
    best(continuation, p) {
      const policy = new Int32Array(continuation.length), value = new Float64Array(continuation.length)
      for (let a = 0; a < grid.length; a++)
        for (let i = 0; i < n; i++) {
          const keep = reward(i, a, a, p[i]) + continuation[a * n + i]
          let choice = a, most = keep
          for (let b = 0; b < grid.length; b++) {
            const gain = reward(i, a, b, p[i]) + continuation[b * n + i]
            if (gain > most && gain - keep > rounding * Math.abs(keep) * (1 + Math.abs(grid[b] - grid[a]) / tick)) { choice = b; most = gain }
          }
          policy[a * n + i] = choice
          value[a * n + i] = most
        }
      return { policy, value }
    },
  }
}

/** Rounding in a period's utility and in sums over states, relative; values gather it. That of prices is larger by 1/tick, since they are differences: gains from trade below it are ties. */
const ROUNDING = 4e-15

/** How well (2.5) holds for V at prices p, and whether who holds one share keeps it. */
export function bellmanMisfits({ on, holdings: { grid, one } }: Agent, V: Float64Array, { policy, value }: { policy: Int32Array; value: Float64Array }): Misfit[] {
  const n = on.nodes.length, { name } = on.problem.state
  const gaps = value.map((v, k) => (v - V[k]) / Math.max(1, Math.abs(V[k])))
  const trades = Float64Array.from({ length: n }, (_, i) => grid[policy[one * n + i]] - 1)
  return [
    worst("Bellman equation (2.5)", gaps, k => ({ holding: grid[Math.floor(k / n)], [name]: on.nodes[k % n] })),
    worst("market clearing: trade of who holds one share", trades, i => ({ [name]: on.nodes[i] })),
  ]
}

/** V_s = u'(c)(p + d): the theorem of Benveniste and Scheinkman, which was not imposed. Relative, at the nodes shown. */
export function envelopeCheck({ on }: Agent, slope: Float64Array, share: Float64Array): Solution["checks"] {
  const gaps = Float64Array.from(on.shown, i => slope[i] / (share[i] + on.marginal[i] * on.dividend[i]) - 1)
  return [{ ...worst("Benveniste-Scheinkman", gaps, k => ({ [on.problem.state.name]: on.nodes[on.shown[k]] })), is: "derivative of the value in shares over u'(c)(p + d), less one" }]
}

function worst(label: string, column: Float64Array, where: (k: number) => Record<string, number>): Misfit {
  const at = column.reduce((most, x, k) => (Math.abs(x) > Math.abs(column[most]) ? k : most), 0)
  return { label, largest: Math.abs(column[at]), mean: column.reduce((sum, x) => sum + Math.abs(x), 0) / column.length, where: where(at) }
}

/** Every holding, its best successor and its value at the nodes shown. */
export function policyTable({ on, holdings: { grid } }: Agent, policy: Int32Array, V: Float64Array): Table {
  const n = on.nodes.length
  const cells = Array.from(grid.keys()).flatMap(a => on.shown.map(i => a * n + i))
  return table({
    holding: Float64Array.from(cells, k => grid[Math.floor(k / n)]), [on.problem.state.name]: Float64Array.from(cells, k => on.nodes[k % n]),
    next: Float64Array.from(cells, k => grid[policy[k]]), value: Float64Array.from(cells, k => V[k]),
  })
}
