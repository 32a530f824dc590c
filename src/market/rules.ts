import type { Settings, Values } from "../run/settings.ts"
import { Mistake } from "../run/mistake.ts"
import { meanDividend, type DividendLaw } from "./dividends.ts"
import { MOST_GOODS } from "./goods.ts"
import type { PriceSpace } from "./market.ts"

/**
 * Everything that can be chosen of a Lucas market. Where the dissertation is ambiguous or wrong its reading is one of the
 * values; the default is the one that makes sense.
 */
export const RULES = {
  agents: { value: 1200, is: "agents", least: 2, most: 1_000_000, whole: true },
  mechanism: { value: "posted", is: "how prices become trades: random pairs, a call auction, or groping by demand schedules", among: ["posted", "auction", "tatonnement"] },
  horizon: { value: 300, is: "steps of an episode", least: 2, most: 100_000, whole: true },
  truncation: { value: "bootstrap", is: "what the horizon is: the end of what is seen, or (terminal) of the world", among: ["bootstrap", "terminal"] },
  beta: { value: 0.95, is: "discount factor", above: 0, most: 0.9999 },
  gamma: { value: 0, is: "relative risk aversion; 0 is linear utility, 1 logarithmic", least: 0, most: 20 },
  income: { value: 0, is: "mean income of an agent besides its dividends, goods a period", least: 0, most: 100 },
  incomeGap: { value: 0, is: "odd and even agents' incomes alternate between half this above and below the mean", least: 0, most: 50 },
  dividend: { value: "lognormal", is: "dividend of a share: drawn each period, or its mean for ever", among: ["lognormal", "fixed"] },
  dividendMu: { value: 1, is: "mean of the logarithm of the dividend", least: -20, most: 5 },
  dividendSigma: { value: 1, is: "standard deviation of the logarithm of the dividend", least: 0, most: 3 },
  dividendScale: { value: 0.01, is: "factor of the dividend", above: 0, most: 100 },
  dividends: { value: "common", is: "one dividend for all, or each agent's own", among: ["common", "own"] },
  draws: { value: "independent", is: "dividends of an episode: independent draws, or (stratified, common ones only) one from each of as many slices of the law as there are steps", among: ["independent", "stratified"] },
  lot: { value: 0.01, is: "shares in a trade", above: 0, most: 10 },
  bondLot: { value: 0.01, is: "bonds in a trade", above: 0, most: 10 },
  priceLow: { value: 0, is: "lowest price of a share", least: 0 },
  priceHigh: { value: 2, is: "highest price of a share", above: 0, most: 1000 },
  priceLevels: { value: 201, is: "prices of a share on the grid; 0 for any price between", least: 0, most: 100_001, whole: true },
  bondLow: { value: 0, is: "lowest price of a bond", least: 0 },
  bondHigh: { value: 1.5, is: "highest price of a bond", above: 0, most: 1000 },
  bondLevels: { value: 151, is: "prices of a bond on the grid; 0 for any price between", least: 0, most: 100_001, whole: true },
  buyer: { value: "higher", is: "who buys of two prices; the dissertation's definition names the lower, its results the higher", among: ["higher", "lower"] },
  ties: { value: "rest", is: "whether equal prices of a pair trade", among: ["rest", "trade"] },
  funds: { value: "cash", is: "what pays for a purchase: all goods at hand, or the dividend of one share", among: ["cash", "dividend"] },
  trades: { value: "each", is: "whether an agent may trade each asset in a step, or one asset at all", among: ["each", "one"] },
  split: { value: 0.5, is: "k: share of the buyer's price in the price settled, p = k p_buyer + (1 - k) p_seller", least: 0, most: 1 },
  debt: { value: 0.1, is: "bonds that may be owed; no more (no Ponzi schemes)", least: 0, most: 100 },
  penalty: { value: 0.1, is: "penalty of an order that is refused, in goods by the lot", least: 0 },
  endowments: { value: "random", is: "shares and bonds at the start: drawn about the mean for each agent, or the same for all", among: ["random", "equal"] },
  spreadShares: { value: 0.5, is: "half-width of the endowment of shares about 1", least: 0, most: 1 },
  spreadBonds: { value: 0.05, is: "half-width of the endowment of bonds about 0", least: 0, most: 100 },
  observe: { value: "shares,bonds,dividend,income", is: "what agents see, of shares, bonds, dividend, income, cash, time, price (the last one)" },
  normalise: { value: true, is: "observations in units of order one" },
  baseline: { value: true, is: "rewards less the utility of one share's dividend and own income, which no action changes, in units of the marginal utility of a lot" },
  floor: { value: 1e-3, is: "consumption below this counts as this in utility where gamma > 0", above: 0, most: 1 },
} as const satisfies Settings

export type Rules = Values<typeof RULES>

export const FEATURES = ["shares", "bonds", "dividend", "income", "cash", "time", "price"] as const
export type FeatureName = (typeof FEATURES)[number]

export function lawOf(rules: Rules): DividendLaw {
  const { dividend, dividendMu: mu, dividendSigma: sigma, dividendScale: scale } = rules
  return { kind: dividend === "fixed" ? "fixed" : "lognormal", mu, sigma, scale }
}

/** The prices of both assets. */
export function priceSpaces(rules: Rules): readonly [PriceSpace, PriceSpace] {
  return [
    { name: "price", is: "price of a share", low: rules.priceLow, high: rules.priceHigh, levels: rules.priceLevels, lot: rules.lot },
    { name: "bond_price", is: "price of a bond that pays 1 next period", low: rules.bondLow, high: rules.bondHigh, levels: rules.bondLevels, lot: rules.bondLot },
  ]
}

/** What agents see, in the order named; income is left out where it never changes. */
export function featuresOf(rules: Rules): FeatureName[] {
  const names = rules.observe.split(",").map(name => name.trim()).filter(Boolean)
  for (const name of names)
    if (!(FEATURES as readonly string[]).includes(name)) throw new Mistake(`\`observe\` names \`${name}\`; expected some of ${FEATURES.join(", ")} with commas between`)
  if (new Set(names).size < names.length) throw new Mistake(`\`observe\` is \`${rules.observe}\`; expected each name once`)
  return (names as FeatureName[]).filter(name => name !== "income" || rules.incomeGap > 0)
}

/** Refuses rules that contradict each other. @throws Mistake */
export function checkRules(rules: Rules): void {
  for (const { name, low, high, levels } of priceSpaces(rules)) {
    if (!(low < high)) throw new Mistake(`the grid of \`${name}\` goes from ${low} to ${high}; expected its low end below its high end`)
    if (levels === 1) throw new Mistake(`the grid of \`${name}\` has 1 level; expected at least 2, or 0 for any price between`)
  }
  const least = rules.endowments === "equal" ? 1 : 1 - rules.spreadShares
  if (rules.lot > least) throw new Mistake(`\`lot\` is ${rules.lot} shares, more than the smallest endowment, ${least}; expected a trade that every agent can make`)
  if (rules.incomeGap > 2 * rules.income) throw new Mistake(`\`incomeGap\` is ${rules.incomeGap} and \`income\` ${rules.income}: incomes would be negative; expected a gap of at most twice the income`)
  if (rules.spreadBonds > rules.debt && rules.endowments === "random")
    throw new Mistake(`\`spreadBonds\` is ${rules.spreadBonds} and \`debt\` ${rules.debt}: some would begin with more debt than is allowed; expected a spread of at most the debt`)
  if (rules.mechanism !== "posted" && rules.ties === "trade") throw new Mistake(`\`ties=trade\` is a rule for pairs; the mechanism is \`${rules.mechanism}\`, in which prices at the money are rationed`)
  featuresOf(rules)
  const most = rules.income + rules.incomeGap + 100 * meanDividend(lawOf(rules))
  if (most > MOST_GOODS) throw new Mistake(`incomes and dividends reach ${most} goods; expected at most ${MOST_GOODS}, so that goods are counted exactly (see \`dividendScale\`, \`income\`)`)
}
