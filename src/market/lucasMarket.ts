import { philoxNormals } from "../math/random.ts"
import { book, type Book, type Purse, type Terms } from "./book.ts"
import { callAuction } from "./callAuction.ts"
import { dividendAt, meanDividend, stratified } from "./dividends.ts"
import { endow } from "./endowments.ts"
import { UNITS_PER_LOT, goodsOf } from "./goods.ts"
import { hindsightOf } from "./hindsight.ts"
import { priceAt, type Market, type PriceSpace } from "./market.ts"
import type { Mechanism } from "./mechanism.ts"
import { observer } from "./observer.ts"
import { postedPrices } from "./postedPrices.ts"
import { checkRules, featuresOf, lawOf, priceSpaces, type Rules } from "./rules.ts"
import { tatonnement } from "./tatonnement.ts"
import { equalTraits, isUniform, type Traits } from "./traits.ts"
import { marginalUtility, utility } from "./utility.ts"

/** The mechanisms by name. */
export const MECHANISMS: Readonly<Record<string, Mechanism>> = { posted: postedPrices, auction: callAuction, tatonnement }

/** Streams of random words in one episode; dividends and pairing have one a period, so that no draw depends on how many others are made. */
const STREAM = { endowment: 1, strata: 2, dividend: 3, pairing: 4 } as const
const PER_PERIOD = 8

/**
 * The Lucas tree as a market (Lucas 1978; the dissertation's sections 2.1 and 2.3). In each period an agent has w = b + s y + e in goods, posts
 * a price p for shares and q for bonds, trades at most a lot of each, and consumes what is left:
 * c = b + s y + e - p (s' - s) - q b'. Bonds pay 1 in the next period; b' begins at nothing. The reward is u(c).
 *
 * All arrays are typed, allocated once, and a step allocates nothing that grows with the number of agents.
 */
export function lucasMarket(name: string, rules: Rules, traits: Traits = equalTraits(rules.agents, rules.gamma, rules.beta)): Market {
  checkRules(rules)
  const { agents: n, horizon, floor } = rules
  const law = lawOf(rules), mean = meanDividend(law)
  const action = priceSpaces(rules)
  const grids = action.map(space => Float64Array.from({ length: space.levels }, (_, k) => priceAt(space, k)))
  const shares = book("shares", n, { unit: rules.lot / UNITS_PER_LOT, lot: UNITS_PER_LOT, least: 0, matures: false })
  const bondUnit = rules.bondLot / UNITS_PER_LOT
  const bonds = book("bonds", n, { unit: bondUnit, lot: UNITS_PER_LOT, least: -Math.floor(rules.debt / bondUnit + 1e-9), matures: true })
  const books: readonly Book[] = [shares, bonds]
  const cash = new Float64Array(n)
  const dividends = new Float64Array(n), nextDividends = new Float64Array(n)
  const payoff = goodsOf(bondUnit)
  const purse: Purse = { cash, funds: rules.funds === "cash" ? cash : nextDividends, refused: new Uint8Array(n), traded: new Uint8Array(n) }
  const terms: Terms = {
    buyer: rules.buyer === "higher" ? "higher" : "lower", ties: rules.ties === "trade", once: rules.trades === "one", split: rules.split,
    remainder: rules.gamma > 0 && rules.funds === "cash" ? floor : 0, power: isUniform(traits.power) ? undefined : traits.power,
  }
  const { make, ownPriceCounts } = MECHANISMS[rules.mechanism]
  const clearing = make(n)
  /** How far up from the lower of two prices they settle: `split` is the buyer's share. */
  const up = rules.buyer === "higher" ? rules.split : 1 - rules.split
  const consumption = new Float64Array(n), reward = new Float64Array(n), discount = traits.patience.slice()
  const incomes = [goodsOf(rules.income + rules.incomeGap / 2), goodsOf(rules.income - rules.incomeGap / 2)]
  const { riskAversion } = traits
  const uniformGamma = isUniform(riskAversion) ? riskAversion[0] : undefined
  const usual = rules.income + mean
  /** One good is worth this much reward, at usual consumption: rewards come in lots of shares. */
  const scaleOf = (gamma: number): number => (rules.baseline ? 1 / (marginalUtility(gamma, usual, floor) * rules.lot) : 1)
  const scales = riskAversion.map(scaleOf)
  const own = rules.dividends === "own", draws = new Float64Array(own ? n : 1), words = new Uint32Array(2 * draws.length)
  const reference = new Float64Array(2)
  const slices = rules.draws === "stratified" && law.kind === "lognormal" && !own
  let strata: Float64Array = new Float64Array(0)
  let seed = 0, time = 0, terminated = false, truncated = false, opened = false
  const observed = observer(featuresOf(rules), rules, n, mean)
  const observation = new Float64Array(observed.features.length * n)

  /** u of what agent i would consume besides trade with one share, its own income and no bonds, in the period of `dividends`. */
  const referenceOf = (i: number, at: number): number => {
    if (!rules.baseline) return 0
    if (uniformGamma !== undefined && !own) return reference[(i + at) & 1]
    return utility(riskAversion[i], incomes[(i + at) & 1] + dividends[i], floor)
  }
  const valueOf = (i: number, c: number, at: number): number => (utility(riskAversion[i], c, floor) - referenceOf(i, at)) * scales[i]

  /** Draws the dividends of a period into `nextDividends`. */
  const drawDividends = (period: number): void => {
    if (law.kind === "fixed") { nextDividends.fill(mean); return }
    if (strata.length > period) { nextDividends.fill(dividendAt(law, strata[period])); return }
    philoxNormals(seed, STREAM.dividend + PER_PERIOD * period, 0, words, draws)
    if (own) for (let i = 0; i < n; i++) nextDividends[i] = dividendAt(law, draws[i])
    else nextDividends.fill(dividendAt(law, draws[0]))
  }

  /** What each agent has at the start of a period, exactly. */
  const collect = (period: number): void => {
    const { unit, holdings } = shares, owed = bonds.holdings
    let paid = goodsOf(nextDividends[0] * unit)
    for (let i = 0; i < n; i++) {
      if (own) paid = goodsOf(nextDividends[i] * unit)
      cash[i] = holdings[i] * paid + owed[i] * payoff + incomes[(i + period) & 1]
    }
  }

  const ledger = {
    get time() { return time }, books, cash, consumption, dividend: dividends, nextDividend: nextDividends, refused: purse.refused,
    marginal: (i: number) => marginalUtility(riskAversion[i], consumption[i], floor),
    settlement: (own: number, decided: number) => (ownPriceCounts ? Math.min(own, decided) + up * Math.abs(own - decided) : decided),
  }
  /** The penalty of one refusal, as a reward. */
  const fineOf = (i: number): number => rules.penalty * rules.lot * marginalUtility(riskAversion[i], usual, floor) * scales[i]
  const back = hindsightOf({ books, action, terms, consumption, fineOf, refused: purse.refused, observed, valueOf, nextDividends, observation, ledger })

  return {
    name, agents: n, spaces: { observation: observed.features, action }, traits, observation, reward, discount, ledger,
    get terminated() { return terminated }, get truncated() { return truncated },

    reset(given) {
      seed = given
      time = 0
      terminated = truncated = false
      opened = true
      discount.set(traits.patience)
      endow(rules, seed, STREAM.endowment, shares, bonds)
      for (const b of books) { b.traded.fill(0); b.decided.fill(NaN); b.open.fill(0) }
      purse.refused.fill(0)
      if (slices) strata = stratified(seed, STREAM.strata, horizon)
      drawDividends(0)
      collect(0)
      observed.write(observation, { shares, bonds, cash, dividends: nextDividends, time, traits })
    },

    step(prices) {
      if (!opened || terminated || truncated) throw new RangeError(`\`${name}\` has ${opened ? "ended" : "not begun"}; expected \`reset\` before \`step\``)
      for (let k = 0; k < books.length; k++) post(books[k], action[k], grids[k], prices, k * n)
      dividends.set(nextDividends)
      bonds.holdings.fill(0)
      purse.refused.fill(0)
      purse.traded.fill(0)
      clearing.clear(books, purse, terms, { seed, stream: STREAM.pairing + PER_PERIOD * time, block: 0 })
      for (let k = 0; k < 2; k++) reference[k] = uniformGamma === undefined ? 0 : utility(uniformGamma, incomes[k] + dividends[0], floor)
      consume(time)
      time++
      drawDividends(time)
      collect(time)
      if (time >= horizon) {
        terminated = rules.truncation === "terminal"
        truncated = !terminated
        if (terminated) discount.fill(0)
      }
      observed.write(observation, { shares, bonds, cash, dividends: nextDividends, time, traits })
    },

    afterstate: (lots, out) => { observed.after(lots, { shares, bonds, time }, out) },
    rewardOf(payment, out) {
      // Before trade the period's dividends are the next ones still.
      const ahead = rules.baseline
      for (let i = 0; i < n; i++) {
        const base = ahead ? utility(riskAversion[i], incomes[(i + time) & 1] + nextDividends[i], floor) : 0
        out[i] = (utility(riskAversion[i], cash[i] - payment[i], floor) - base) * scales[i]
      }
    },
    ...back,
  }

  /** Rounds prices to the tick and books them. */
  function post({ posted, name: asset }: Book, { low, high }: PriceSpace, grid: Float64Array, prices: Float64Array, from: number): void {
    const perTick = (grid.length - 1) / (high - low), free = grid.length === 0
    for (let i = 0; i < n; i++) {
      const p = prices[from + i]
      if (!(p >= low && p <= high)) throw new RangeError(`agent ${i} posted ${p} for ${asset}; expected a price from ${low} to ${high}`)
      posted[i] = free ? p : grid[((p - low) * perTick + 0.5) | 0]
    }
  }

  /** Consumption is what is left; its utility is the reward, less penalties. */
  function consume(at: number): void {
    const { refused } = purse
    if (uniformGamma !== undefined && !own) {
      const gamma = uniformGamma, scale = scales[0], cost = fineOf(0)
      const [even, odd] = at % 2 === 0 ? [reference[0], reference[1]] : [reference[1], reference[0]]
      const evenBase = rules.baseline ? even : 0, oddBase = rules.baseline ? odd : 0
      for (let i = 0; i < n; i++) {
        const c = cash[i]
        consumption[i] = c
        reward[i] = (utility(gamma, c, floor) - ((i & 1) === 0 ? evenBase : oddBase)) * scale - cost * refused[i]
      }
      return
    }
    for (let i = 0; i < n; i++) {
      consumption[i] = cash[i]
      reward[i] = valueOf(i, cash[i], at) - fineOf(i) * refused[i]
    }
  }
}
