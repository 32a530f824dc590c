import { quantile } from "../math/select.ts"
import type { Theory } from "../market/declaration.ts"
import type { Market } from "../market/market.ts"
import { bestResponseGain } from "./bestResponse.ts"

/** How far learned prices are from theory; all relative, 0 at the theory. */
export interface Metrics {
  /** |median of p/p* - 1| over agents and steps. */
  readonly price_error: number
  /** Interquartile range of p/p*. */
  readonly price_iqr: number
  /** |median of q/q* - 1|. */
  readonly bond_error: number
  /** |1 - beta E[u'(c')(p' + y')]/(u'(c) p)|, E over time and agents with the same income, then the mean over incomes. */
  readonly euler_gap: number
  /** Lots of shares traded by an agent in a step. */
  readonly trade_rate: number
  /** What an agent gains by the best single price, others' prices given; per step, in the theory's price of a lot (`bestResponse.ts`). */
  readonly best_response_gain: number
}

/** The bounds that learned prices must keep to count as those of theory. */
export const GATE = { price_error: 0.025, price_iqr: 0.05, bond_error: 0.025, euler_gap: 0.025 } as const

/** Which bounds are broken, as words; empty where none is. */
export function broken(metrics: Metrics): string[] {
  return (Object.keys(GATE) as (keyof typeof GATE)[]).filter(name => !(metrics[name] <= GATE[name]))
    .map(name => `${name} ${Number(metrics[name].toPrecision(3))} above ${GATE[name]}`)
}

/** Watches a market step by step. */
export interface Gauge {
  /** Forgets the step before: a new episode begins. */
  cut(): void
  /** Takes in the step just made. */
  add(): void
  result(): { readonly metrics: Metrics; readonly quartiles: Quartiles }
}

/** Quartiles of the prices themselves. */
export interface Quartiles {
  readonly price: readonly [number, number, number]
  readonly bond: readonly [number, number, number]
}

/** Prices kept for quantiles, and those met for best responses; more are thinned evenly. */
const MOST_KEPT = 400_000, MOST_MET = 20_000

export function gauge(market: Market, theory: Theory, steps: number): Gauge {
  const { agents: n, ledger, traits } = market
  const { books: [shares, bonds], dividend } = ledger
  const stride = Math.max(1, Math.ceil((n * steps) / MOST_KEPT))
  const most = Math.ceil((n * steps) / stride) + n
  const kept = { price: new Float64Array(most), bond: new Float64Array(most), priceRatio: new Float64Array(most), bondRatio: new Float64Array(most) }
  const ratios = [0, 0], counts = [0, 0]
  const before = new Float64Array(n), scratch = new Float64Array(n)
  const met = new Float64Array(MOST_MET + n), everyMet = Math.max(1, Math.ceil((n * steps) / MOST_MET))
  let metCount = 0, seen = 0
  let count = 0, offset = 0, lots = 0, agentSteps = 0, priceBefore = NaN
  return {
    cut() { priceBefore = NaN },
    add() {
      const y = dividend[0], p = theory.price(y), q = theory.bond(y)
      for (let i = offset; i < n && count < most; i += stride) {
        kept.price[count] = shares.posted[i]
        kept.bond[count] = bonds.posted[i]
        kept.priceRatio[count] = shares.posted[i] / p
        kept.bondRatio[count++] = bonds.posted[i] / q
      }
      offset = (offset + stride - (n % stride)) % stride
      for (let i = 0; i < n; i++) if (seen++ % everyMet === 0 && !Number.isNaN(shares.decided[i])) met[metCount++] = shares.decided[i] / p
      for (let i = 0; i < n; i++) lots += Math.abs(shares.traded[i]) / shares.lot
      agentSteps += n
      scratch.set(shares.posted)
      const price = quantile(scratch, 0.5)
      if (!Number.isNaN(priceBefore))
        for (let i = 0; i < n; i++) {
          // The income of the period before: it alternates.
          const kind = (i + ledger.time) & 1
          ratios[kind] += (traits.patience[i] * ledger.marginal(i) * (price + dividend[i])) / (before[i] * priceBefore)
          counts[kind]++
        }
      for (let i = 0; i < n; i++) before[i] = ledger.marginal(i)
      priceBefore = price
    },
    result() {
      const quartiles = (values: Float64Array): [number, number, number] => [quantile(values, 0.25, count), quantile(values, 0.5, count), quantile(values, 0.75, count)]
      const p = quartiles(kept.priceRatio), q = quartiles(kept.bondRatio)
      const gaps = ratios.map((sum, kind) => Math.abs(1 - sum / counts[kind]))
      return {
        metrics: {
          price_error: Math.abs(p[1] - 1), price_iqr: p[2] - p[0], bond_error: Math.abs(q[1] - 1), euler_gap: (gaps[0] + gaps[1]) / 2, trade_rate: lots / agentSteps,
          best_response_gain: bestResponseGain(met.subarray(0, metCount), ledger.settlement),
        },
        quartiles: { price: quartiles(kept.price), bond: quartiles(kept.bond) },
      }
    },
  }
}
