import { philox } from "../math/random.ts"
import { QUANTUM } from "./goods.ts"
import type { Market } from "./market.ts"

/**
 * The contract of a market as a test, in the spirit of PettingZoo's api, parallel and seed tests: plays random episodes and returns every
 * rule that is broken, in words; nothing where all hold. `make` gives a fresh market each time, of as many agents as asked for.
 */
export function conformance(make: (agents?: number) => Market, { seed = 0, steps = 50 }: { seed?: number; steps?: number } = {}): string[] {
  const broken = new Set<string>()
  const must = (holds: boolean, rule: string): void => { if (!holds) broken.add(rule) }
  const market = make(), { agents: n, spaces } = market
  const throws = (work: () => void): boolean => {
    try { work() } catch { return true }
    return false
  }

  must(new Set(spaces.observation.map(({ name }) => name)).size === spaces.observation.length, "features have names of their own")
  must(spaces.observation.every(({ low, high }) => low < high), "features have a low bound below a high one")
  must(spaces.action.every(({ low, high, levels, lot }) => low < high && levels !== 1 && levels >= 0 && lot > 0), "prices have a low end below a high one, no grid of one level, and a lot")
  must(market.observation.length === spaces.observation.length * n && market.reward.length === n && market.discount.length === n, "arrays have an entry for each agent and feature")
  must(throws(() => { market.step(new Float64Array(spaces.action.length * n)) }), "no step before `reset`")

  const random = philox(seed, 77)
  const draw = (m: Market): Float64Array => {
    const prices = new Float64Array(spaces.action.length * m.agents)
    spaces.action.forEach(({ low, high }, a) => { for (let i = 0; i < m.agents; i++) prices[a * m.agents + i] = low + (high - low) * random.next() })
    return prices
  }
  const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, x) => sum + x, 0)
  market.reset(seed)
  must(!market.terminated && !market.truncated && market.ledger.time === 0, "an episode begins open, at time 0")
  must(market.observation.every(Number.isFinite), "observations are finite")
  const held = market.ledger.books.map(({ holdings }) => sumOf(holdings))
  const outside = draw(market)
  outside[0] = spaces.action[0].high + 1
  must(throws(() => { market.step(outside) }), "no price outside its space")
  outside[0] = NaN
  must(throws(() => { market.step(outside) }), "no price that is not a number")
  market.reset(seed)

  const twin = make()
  twin.reset(seed)
  let played = 0
  while (!market.terminated && !market.truncated && played < steps) {
    const prices = draw(market), before = market.ledger.cash.slice()
    market.step(prices)
    twin.step(prices)
    played++
    must(same(market.observation, twin.observation) && same(market.reward, twin.reward), "the same seed and prices give the same bits")
    must(market.observation.every(Number.isFinite) && market.reward.every(Number.isFinite), "observations and rewards are finite")
    must(!(market.terminated && market.truncated), "an episode is not both terminated and truncated")
    must(market.discount.every(d => d >= 0 && d <= 1), "discounts lie between 0 and 1")
    must(!market.terminated || market.discount.every(d => d === 0), "a market that terminated has no future")
    must(market.terminated || market.discount.every(d => d > 0), "a market that goes on, seen or unseen, has a future")
    market.ledger.books.forEach(({ holdings, least, matures }, k) => {
      must(sumOf(holdings) === (matures ? 0 : held[k]), "shares are conserved, and bonds owed are bonds held")
      must(holdings.every(units => units >= least), "nobody holds less than is allowed")
    })
    must(quanta(market.ledger.consumption) === quanta(before), "what is consumed is what there was, to the last bit")
  }
  if (market.terminated || market.truncated) must(throws(() => { market.step(draw(market)) }), "no step after the end")

  const other = make()
  other.reset(seed + 1)
  market.reset(seed)
  must(!same(market.observation, other.observation), "another seed gives other draws")
  const larger = make(n + 2)
  larger.reset(seed)
  // Endowments come in pairs; of an odd number of agents the last has no other half.
  const paired = n - (n % 2)
  must(spaces.observation.every((_, f) => same(market.observation.subarray(f * n, f * n + paired), larger.observation.subarray(f * (n + 2), f * (n + 2) + paired))), "the draws of an agent do not depend on how many there are")
  return [...broken]
}

/** The sum in quanta, exactly. */
function quanta(goods: Float64Array): bigint {
  let sum = 0n
  for (const x of goods) sum += BigInt(x / QUANTUM)
  return sum
}

const same = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((x, i) => Object.is(x, b[i]))
