import { philox, philoxWord } from "../math/random.ts"
import type { Activation } from "../nets/mlp.ts"
import { table } from "../run/table.ts"
import { chooseFollowed, cohorts, gather, scatter, SHARING } from "./cohorts.ts"
import { explorationRate, explore, exploreBlocks } from "./exploration.ts"
import { learner, type Traders } from "./learner.ts"
import { importance, REPLAY, replayTable } from "./replay/settings.ts"
import { insert, maySample, reprioritise, sample, type TableState } from "./replay/table.ts"
import { valueFunction, type ValueWeights } from "./valueFunction.ts"
import { widths } from "../run/widths.ts"

/**
 * Shadow prices: learn what one more lot of each asset is worth, post it.
 *
 * W(x) is the value of what an agent carries into a period (shares, bonds, the state of its income: an *afterstate*; Sutton and Barto
 * 2018, section 6.8), before that period's shocks. Learned are its differences, by temporal differences: after a step an agent knows what one
 * more lot of asset a, e_a, would have added to its reward, and what it would carry on,
 *   W(x + e_a) - W(x) <- r(with e_a) - r + beta (W(x' with what is left of e_a) - W(x')),
 * trades held as they were. That is the derivative of Bellman's equation by the envelope theorem (Benveniste and Scheinkman 1979), and a
 * critic of derivatives (dual heuristic programming; Werbos 1992; Fairbank and Alonso 2012) in steps of a lot. The price posted is
 * the one at which a lot is worth buying and selling alike: with the reward R(m) of giving up m goods now,
 *   R(m) + beta W(x + e_a) = R(0) + beta W(x),   R(-m') + beta W(x - e_a) = R(0) + beta W(x),   p = (m + m')/(2 lot).
 * An agent knows its own tastes and its own purse and nothing of the law of dividends, of other agents or of theory.
 *
 * Details: (1) why differences: what one gains by trading with those who err, changes with their errors, and is as large as what a lot is
 * worth; W itself, fitted to rewards, takes that for a value of holdings. And along one's own trades a share is worth what it is resold for,
 * which supports whatever price there is; a lot that is kept is not resold; (2) fitted value iteration: each round is a least-squares fit
 * on a fresh batch (`valueFunction.ts`), agents post by a running mean of the weights; (3) items come from a few agents drawn anew each
 * episode, so that a table spans many draws of a dividend that all share; (4) a truncated episode bootstraps, a terminated one has no
 * future; (5) holdings vary since endowments are random and some prices are posted at random.
 */
export const shadow = learner("shadow", "shadow prices: temporal differences on what one more lot is worth, posted as the price", {
  hidden: { value: "none", is: "widths of the hidden layers of a net on top of the quadratic form of values, separated by commas" },
  activation: { value: "tanh", is: "activation of the hidden layers", among: ["tanh", "swish", "softplus"] },
  batch: { value: 1024, is: "items in a fit", least: 1, most: 65_536, whole: true },
  memory: { value: 0.25, is: "part of all rounds that the mean of the weights looks back on", least: 0, most: 1 },
  follow: { value: 8, is: "agents followed in an episode, of each network", least: 1, most: 100_000, whole: true },
  capacity: { value: 300_000, is: "items in the replay tables of all networks", least: 1, most: 10_000_000, whole: true },
  ...REPLAY,
  epsilon: { value: 0.1, is: "share of prices posted at random at first", least: 0, most: 1 },
  lastEpsilon: { value: 0.1, is: "and later", least: 0, most: 1 },
  explored: { value: 0.3, is: "part of the episodes over which it changes", least: 0, most: 1 },
  ...SHARING,
}, spaces => spaces.observation.every(({ shock }) => shock) ? "`shadow` learns the value of what agents carry over, and they see nothing of it; add `shares` to `observe`" : undefined,
(market, episodes, settings): Traders<State> => {
  const { agents: n, spaces } = market
  const features = spaces.observation.filter(({ shock }) => !shock), width = features.length
  const rows = spaces.observation.flatMap(({ shock }, row) => (shock ? [] : [row]))
  const members = cohorts(n, settings.sharing, settings.groups)
  const capacity = Math.max(SLICE, 2 * spaces.action.length * settings.batch, ...members.map(all => all.length))
  const W = valueFunction(features, settings.hidden === "none" ? [] : widths("shadow", settings.hidden), settings.activation as Activation, capacity)
  const followed = Math.min(settings.follow, ...members.map(all => all.length))
  const assets = spaces.action.length
  // What was carried, what is carried next; for each asset what a lot more adds to the reward and what would be carried next; the discount.
  const item = 2 * width + assets * (1 + width) + 1
  const lots = new Float64Array(assets * width)
  const perTable = Math.ceil(settings.capacity / members.length)
  const value = { after: new Float64Array(width * n), own: new Float64Array(width * capacity), cohort: new Float64Array(capacity) }
  const hold = new Float64Array(n), other = new Float64Array(n), payment = new Float64Array(n), at0 = new Float64Array(n), at = new Float64Array(n), slope = new Float64Array(n)
  const batch = batchOf(settings.batch * assets, width)

  const valuesOf = (state: State, lots: readonly number[], out: Float64Array): void => {
    market.afterstate(lots, value.after)
    members.forEach((all, c) => {
      const { mean, scale } = state.networks[c].value
      const x = gather(value.after, n, all, value.own)
      W.values(mean, scale, x, all.length, all.length === n ? out : value.cohort)
      if (all.length < n) scatter(value.cohort, all, out)
    })
  }
  const beta = market.traits.patience

  return {
    start(seed) {
      return {
        seed, episode: 0, batches: 0, rate: 1, block: 0,
        networks: members.map((_, c) => ({
          value: W.initial(philox(seed, NETS + c).next), begun: new Float64Array(followed * width), agents: new Int32Array(followed),
          table: replayTable(settings, { capacity: perTable, width: item, batch: settings.batch, seed, stream: TABLES + c }),
        })),
      }
    },
    begin(state, episode) {
      state.episode = episode
      state.rate = explorationRate(episode, episodes, { first: settings.epsilon, last: settings.lastEpsilon, over: settings.explored })
      state.networks.forEach((network, c) => {
        chooseFollowed(members[c], philoxWord(state.seed, CHOICES + c, episode), network.agents)
      })
    },
    post(state, exploring, prices) {
      measureLots()
      valuesOf(state, NOTHING, hold)
      market.rewardOf(payment.fill(0), at0)
      market.rewardOf(payment.fill(PROBE), slope)
      for (let i = 0; i < n; i++) slope[i] = (at0[i] - slope[i]) / PROBE
      spaces.action.forEach(({ low, high, lot }, asset) => {
        for (const side of [1, -1]) {
          valuesOf(state, spaces.action.map((_, k) => (k === asset ? side : 0)), other)
          // Newton from the linear answer: R is smooth and a lot is a small part of consumption, so that one step is exact to 1e-6.
          for (let i = 0; i < n; i++) payment[i] = (beta[i] * (other[i] - hold[i])) / slope[i]
          market.rewardOf(payment, at)
          for (let i = 0; i < n; i++) {
            const p = (side * (payment[i] + (at[i] - at0[i] + beta[i] * (other[i] - hold[i])) / slope[i])) / lot
            prices[asset * n + i] = side === 1 ? p : (prices[asset * n + i] + p) / 2
          }
        }
        // Early values can lie anywhere; those learned are inside, where this is slack.
        for (let i = asset * n; i < (asset + 1) * n; i++) prices[i] = Math.min(high, Math.max(low, Number.isNaN(prices[i]) ? low : prices[i]))
      })
      if (!exploring) return
      explore(prices, spaces.action, state.rate, { seed: state.seed, stream: EXPLORATION, block: state.block })
      state.block += exploreBlocks(prices.length)
      for (const { begun, agents } of state.networks) agents.forEach((i, k) => {
        rows.forEach((row, f) => { begun[k * width + f] = market.observation[row * n + i] })
      })
    },
    learn(state) {
      let loss = 0, batches = 0
      for (const network of state.networks) {
        take(network)
        while (network.table.inserted >= Math.min(FIRST, perTable) && maySample(network.table, settings.batch)) {
          if (network.value.scale === 0) network.value.scale = sizeOf(network.table, 2 * width) / Math.max(...lots)
          loss += improve(network)
          batches++
        }
      }
      state.batches += batches
      return batches > 0 ? loss / batches : undefined
    },
    slices: state => ({ value: slice(state), "shadow-price": shadowPrices(state) }),
  }

  /** What one more lot of each asset adds to the features carried: the same for every agent and period. */
  function measureLots(): void {
    if (lots.some(shift => shift !== 0)) return
    const nothing = new Float64Array(width * n), more = new Float64Array(width * n)
    market.afterstate(NOTHING, nothing)
    spaces.action.forEach((_, asset) => {
      market.afterstate(one(asset, assets), more)
      features.forEach((_, f) => { lots[asset * width + f] = more[f * n] - nothing[f * n] })
    })
  }

  /** Puts what came of the step into the table, for the agents followed. */
  function take({ begun, agents, table: replay }: Network): void {
    const { observation, reward, discount } = market, next = new Float64Array(spaces.observation.length)
    agents.forEach((i, k) => {
      const row = insert(replay)
      row.set(begun.subarray(k * width, (k + 1) * width))
      rows.forEach((from, f) => { row[width + f] = observation[from * n + i] })
      for (let asset = 0; asset < assets; asset++) {
        const at = 2 * width + asset * (1 + width)
        row[at] = market.windfall(asset, i, next) - reward[i]
        rows.forEach((from, f) => { row[at + 1 + f] = next[from] })
      }
      row[item - 1] = discount[i]
    })
  }

  /** One round of value iteration: targets by the weights as they are, then a fit. */
  function improve({ value: own, table: replay }: Network): number {
    const { slots, chances, counts, points, reached, targets, ahead, errors, weight } = batch, m = settings.batch, all = m * assets
    sample(replay, slots.subarray(0, m), chances)
    importance(chances.subarray(0, m), settings.correction, counts)
    for (let b = 0; b < m; b++) {
      const from = slots[b] * item
      for (let asset = 0; asset < assets; asset++) {
        const k = asset * m + b, at = from + 2 * width + asset * (1 + width)
        for (let f = 0; f < width; f++) {
          const x = replay.rows[from + f]
          points[f * 2 * all + k] = x + lots[asset * width + f]
          points[f * 2 * all + all + k] = x
          reached[f * 2 * all + k] = replay.rows[at + 1 + f]
          reached[f * 2 * all + all + k] = replay.rows[from + width + f]
        }
        weight[k] = counts[b]
      }
    }
    W.values(own.weights, own.scale, reached, 2 * all, ahead)
    for (let asset = 0; asset < assets; asset++)
      for (let b = 0; b < m; b++) {
        const k = asset * m + b, from = slots[b] * item
        targets[k] = replay.rows[from + 2 * width + asset * (1 + width)] + replay.rows[from + item - 1] * (ahead[k] - ahead[all + k])
      }
    const loss = W.fit(own, points, all, targets, weight, errors)
    for (let b = 0; b < m; b++) reprioritise(replay, slots[b], Math.abs(errors[b]) + LEAST_PRIORITY)
    own.rounds++
    const part = 1 / Math.max(1, settings.memory * own.rounds)
    for (let k = 0; k < own.mean.length; k++) own.mean[k] += part * (own.weights[k] - own.mean[k])
    return loss
  }

  /** Points over one feature, the others in the middle. */
  function along(f: number): Float64Array {
    const x = new Float64Array(width * SLICE)
    features.forEach(({ low, high }, g) => { x.fill((low + high) / 2, g * SLICE, (g + 1) * SLICE) })
    const { low, high } = features[f]
    for (let k = 0; k < SLICE; k++) x[f * SLICE + k] = low + ((high - low) * k) / (SLICE - 1)
    return x
  }

  /** W of the first network at points. */
  function valuesAt({ networks: [{ value: { mean, scale } }] }: State, x: Float64Array): Float64Array {
    const out = new Float64Array(SLICE)
    W.values(mean, scale || 1, x, SLICE, out)
    return out
  }

  /** W of the first network over each feature. */
  function slice(state: State) {
    return table(Object.fromEntries(features.flatMap(({ name }, f) => {
      const x = along(f)
      return [[name, x.slice(f * SLICE, (f + 1) * SLICE)], [`W_of_${name}`, valuesAt(state, x)]]
    })))
  }

  /** What one more lot is worth in goods, by the unit: beta (W(x + e_a) - W(x)) over the marginal reward of a lot's worth of goods, as now at its mean over agents. */
  function shadowPrices(state: State) {
    measureLots()
    market.rewardOf(payment.fill(0), at0)
    market.rewardOf(payment.fill(PROBE), slope)
    let perGood = 0, patience = 0
    for (let i = 0; i < n; i++) { perGood += (at0[i] - slope[i]) / PROBE / n; patience += beta[i] / n }
    return table(Object.fromEntries(features.flatMap(({ name }, f) => {
      const x = along(f), W0 = valuesAt(state, x)
      return [[name, x.slice(f * SLICE, (f + 1) * SLICE)], ...spaces.action.map(({ name: asset, lot }, a): [string, Float64Array] => {
        const more = valuesAt(state, x.map((value, k) => value + lots[a * width + Math.floor(k / SLICE)]))
        return [`${asset}_of_${name}`, more.map((value, k) => (patience * (value - W0[k])) / (perGood * lot))]
      })]
    })))
  }
})

const NOTHING = [0, 0]
/** Points of a slice. */
const SLICE = 41
/** Goods given up to measure the slope of the reward. */
const PROBE = 1e-6
/** Random streams; the many are one a network. */
const EXPLORATION = 1, NETS = 1_000_000, TABLES = 2_000_000, CHOICES = 3_000_000
/** Items before the first batch: the scale of values is measured on these. */
const FIRST = 1000
/** Keeps every item drawable. */
const LEAST_PRIORITY = 1e-3

interface State {
  readonly seed: number
  episode: number
  batches: number
  /** Share of prices posted at random. */
  rate: number
  /** Random blocks of exploration used. */
  block: number
  readonly networks: Network[]
}

interface Network {
  readonly value: ValueWeights
  /** What the agents followed carried into this step, agent by agent. */
  readonly begun: Float64Array
  /** Agents followed in this episode. */
  readonly agents: Int32Array
  readonly table: TableState
}

function batchOf(size: number, width: number) {
  const one = (): Float64Array => new Float64Array(size)
  return { slots: new Int32Array(size), chances: one(), counts: one(), targets: one(), errors: one(), weight: one(), points: new Float64Array(2 * size * width), reached: new Float64Array(2 * size * width), ahead: new Float64Array(2 * size) }
}

/** One lot of one asset. */
const one = (asset: number, assets: number): number[] => Array.from({ length: assets }, (_, k) => (k === asset ? 1 : 0))

/** What a lot may be worth: what it adds to rewards, root mean square, carried on for ever. */
function sizeOf({ rows, size, dense, options }: TableState, from: number): number {
  let square = 0, discount = 0
  for (let k = 0; k < size; k++) {
    const at = dense[k] * options.width
    square += rows[at + from] ** 2 / size
    discount += rows[at + options.width - 1] / size
  }
  return (Math.sqrt(square) || 1) / Math.max(0.01, 1 - discount)
}
