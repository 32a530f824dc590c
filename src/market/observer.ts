import type { Book } from "./book.ts"
import type { Feature } from "./market.ts"
import type { FeatureName, Rules } from "./rules.ts"
import type { Traits } from "./traits.ts"

/** What observations are made of. */
export interface Seen {
  readonly shares: Book
  readonly bonds: Book
  readonly cash: Float64Array
  readonly dividends: Float64Array
  readonly time: number
  readonly traits: Traits
}

export interface Observer {
  readonly names: readonly FeatureName[]
  readonly features: readonly Feature[]
  write(out: Float64Array, seen: Seen): void
  /** The features without shocks in the next period, after trades of so many lots. */
  after(lots: readonly number[], seen: Pick<Seen, "shares" | "bonds" | "time">, out: Float64Array): void
  /** What a trade of one unit of share or bond adds to a feature, at a dividend. */
  shift(name: FeatureName, asset: number, dividend: number): number
}

/**
 * Features and their scales. Normalised: shares in their mean endowment, bonds in the most that may be owed, the dividend in its mean, cash in what
 * is usual, time in the horizon; income is 1 in the high and -1 in the low state.
 */
export function observer(names: readonly FeatureName[], rules: Rules, n: number, mean: number): Observer {
  const scaled = rules.normalise
  const bondScale = scaled ? 1 / (rules.debt || rules.bondLot) : 1
  const dividendScale = scaled ? 1 / mean : 1
  const cashScale = scaled ? 1 / (rules.income + mean) : 1
  const timeScale = scaled ? 1 / rules.horizon : 1
  const usual = rules.income + mean
  const bondsMost = (rules.debt || rules.bondLot) * bondScale
  const about: Readonly<Record<FeatureName, Omit<Feature, "name">>> = {
    shares: { is: "shares held, in mean endowments", low: 1 - rules.spreadShares, high: 1 + rules.spreadShares, shock: false },
    bonds: { is: "bonds held, in the most that may be owed", low: -bondsMost, high: bondsMost, shock: false },
    dividend: { is: "dividend of a share, in its mean", low: 0, high: 4 * mean * dividendScale, shock: true },
    income: { is: "1 in periods of high income, -1 in periods of low", low: -1, high: 1, shock: false },
    cash: { is: "goods at hand before trade, in what is usual", low: 0, high: 3 * usual * cashScale, shock: true },
    time: { is: "steps made, in the horizon", low: 0, high: rules.horizon * timeScale, shock: false },
    price: { is: "the last price of a share that was met: of the partner, or the clearing price", low: rules.priceLow, high: rules.priceHigh, shock: true },
  }
  const middle = (rules.priceLow + rules.priceHigh) / 2
  const fill = (name: FeatureName, out: Float64Array, from: number, { shares, bonds, cash, dividends, time, traits }: Seen): void => {
    switch (name) {
      case "shares": for (let i = 0; i < n; i++) out[from + i] = shares.holdings[i] * shares.unit; return
      case "bonds": for (let i = 0; i < n; i++) out[from + i] = bonds.holdings[i] * bonds.unit * bondScale; return
      case "dividend": for (let i = 0; i < n; i++) out[from + i] = (mean + traits.information[i] * (dividends[i] - mean)) * dividendScale; return
      case "income": for (let i = 0; i < n; i++) out[from + i] = ((i + time) & 1) === 0 ? 1 : -1; return
      case "cash": for (let i = 0; i < n; i++) out[from + i] = cash[i] * cashScale; return
      case "time": out.fill(time * timeScale, from, from + n); return
      case "price": for (let i = 0; i < n; i++) out[from + i] = Number.isNaN(shares.decided[i]) ? middle : shares.decided[i]; return
    }
  }
  return {
    names, features: names.map(name => ({ name, ...about[name] })),
    write(out, seen) { names.forEach((name, row) => { fill(name, out, row * n, seen) }) },
    after([shareLots, bondLots], { shares, bonds, time }, out) {
      let row = 0
      for (const name of names) {
        if (about[name].shock) continue
        const from = row++ * n
        if (name === "shares") for (let i = 0; i < n; i++) out[from + i] = (shares.holdings[i] + shareLots * shares.lot) * shares.unit
        else if (name === "bonds") out.fill(bondLots * bonds.lot * bonds.unit * bondScale, from, from + n)
        else if (name === "income") for (let i = 0; i < n; i++) out[from + i] = ((i + time + 1) & 1) === 0 ? 1 : -1
        else out.fill((time + 1) * timeScale, from, from + n)
      }
    },
    shift(name, asset, dividend) {
      const unit = asset === 0 ? rules.lot : rules.bondLot
      if (name === "shares") return asset === 0 ? unit : 0
      if (name === "bonds") return asset === 1 ? unit * bondScale : 0
      if (name === "cash") return unit * (asset === 0 ? dividend : 1) * cashScale
      return 0
    },
  }
}
