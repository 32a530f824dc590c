import { philox, philoxWord } from "../math/random.ts"
import type { Activation } from "../nets/mlp.ts"
import { table } from "../run/table.ts"
import { cohorts, gather, scatter, SHARING } from "./cohorts.ts"
import { cosineRate, explorationRate, explore, exploreBlocks } from "./exploration.ts"
import { learner, type Face, type Traders } from "./learner.ts"
import { insert, maySample, newTable, reprioritise, sample, type Order, type TableState } from "./replay/table.ts"
import { close, keptOf, newTrail, record, type Trail } from "./replay/trail.ts"
import { follow, valueFunction, type ValueWeights } from "./valueFunction.ts"
import { widths } from "../run/widths.ts"

/**
 * Shadow prices: learn what one's holdings are worth, post what a lot is worth to oneself.
 *
 * W(x) is the value of what an agent carries into a period (shares, bonds, the state of its income: an *afterstate*; Sutton and Barto
 * 2018, section 6.8), before that period's shocks. It is learned by n-step temporal differences from the agents' own rewards,
 *   W(x_t) <- r_t + beta r_{t+1} + ... + beta^n W(x_{t+n}),
 * and the price posted is the one at which a lot is worth buying and selling alike: with the reward R(m) of giving up m goods now,
 *   R(m) + beta W(x with a lot more) = R(0) + beta W(x),   R(-m') + beta W(x with a lot less) = R(0) + beta W(x),   p = (m + m')/(2 lot).
 * An agent knows its own tastes and its own purse (R) and nothing of the law of dividends, of other agents or of theory.
 *
 * Details: (1) W is a net with a linear part (`valueFunction.ts`), Adam, a slowly following target net; (2) items come from a few agents drawn
 * anew each episode, so that a table spans many episodes; (3) a truncated episode bootstraps, a terminated one has no future;
 * (4) random endowments make shares and bonds vary, without which their values are not identified; prices need no exploration,
 * but some is kept so that trades vary; (5) bonds are bought with the shares held as they are, and the reverse: the interaction of
 * two lots is a hundredth of either.
 */
export const shadow = learner("shadow", "shadow prices: temporal differences on the value of holdings, posting the price of indifference", {
  hidden: { value: "16,16", is: "widths of the hidden layers, separated by commas" },
  activation: { value: "tanh", is: "activation of the hidden layers", among: ["tanh", "swish", "softplus"] },
  steps: { value: 10, is: "n: rewards summed before the net's own value is used", least: 1, most: 300, whole: true },
  rate: { value: 3e-3, is: "learning rate of Adam at the start", above: 0, most: 1 },
  lastRate: { value: 3e-5, is: "and at the end; half a cosine between", above: 0, most: 1 },
  tau: { value: 0.01, is: "part of the way that the target net moves with each batch", above: 0, most: 1 },
  batch: { value: 256, is: "items in a batch", least: 1, most: 65_536, whole: true },
  follow: { value: 32, is: "agents followed in an episode, of each network", least: 1, most: 100_000, whole: true },
  capacity: { value: 100_000, is: "items in the replay table of each network", least: 1, most: 10_000_000, whole: true },
  selector: { value: "uniform", is: "which items are drawn", among: ["uniform", "prioritised", "fifo"] },
  remover: { value: "fifo", is: "which item leaves a full table", among: ["fifo", "uniform", "prioritised"] },
  mostSamples: { value: 0, is: "draws after which an item leaves; 0 for never", least: 0, whole: true },
  samplesPerInsert: { value: 16, is: "draws for each item inserted", above: 0, most: 10_000 },
  epsilon: { value: 1, is: "share of prices posted at random at first", least: 0, most: 1 },
  lastEpsilon: { value: 0.02, is: "and later", least: 0, most: 1 },
  explored: { value: 0.3, is: "part of the episodes over which it falls", least: 0, most: 1 },
  ...SHARING,
}, spaces => spaces.observation.every(({ shock }) => shock) ? "`shadow` learns the value of what agents carry over, and they see nothing of it; add `shares` to `observe`" : undefined,
(market, episodes, settings): Traders<State> => {
  const { agents: n, spaces } = market
  const features = spaces.observation.filter(({ shock }) => !shock), width = features.length
  const rows = spaces.observation.flatMap(({ shock }, row) => (shock ? [] : [row]))
  const members = cohorts(n, settings.sharing, settings.groups)
  const capacity = Math.max(settings.batch, ...members.map(all => all.length))
  const W = valueFunction(features, widths("shadow", settings.hidden), settings.activation as Activation, capacity)
  const followed = Math.min(settings.follow, ...members.map(all => all.length))
  const shape = { agents: followed, width, steps: settings.steps }
  const item = 2 * width + 2
  const value = { after: new Float64Array(width * n), own: new Float64Array(width * capacity), cohort: new Float64Array(capacity) }
  const hold = new Float64Array(n), other = new Float64Array(n), payment = new Float64Array(n), at0 = new Float64Array(n), at = new Float64Array(n), slope = new Float64Array(n)
  const batch = batchOf(settings.batch, width)

  const valuesOf = (state: State, lots: readonly number[], out: Float64Array): void => {
    market.afterstate(lots, value.after)
    members.forEach((all, c) => {
      const { weights, scale } = state.networks[c].value
      const x = gather(value.after, n, all, value.own)
      W.values(weights, scale, x, all.length, all.length === n ? out : value.cohort)
      if (all.length < n) scatter(value.cohort, all, out)
    })
  }
  const beta = market.traits.patience

  return {
    start(seed) {
      return {
        seed, episode: 0, batches: 0, rate: 1, block: 0,
        networks: members.map((_, c) => ({
          value: W.initial(philox(seed, NETS + c).next), trail: newTrail(shape), agents: new Int32Array(followed),
          table: newTable({
            capacity: settings.capacity, width: item, selector: settings.selector as Order, remover: settings.remover as Order, mostSamples: settings.mostSamples,
            least: Math.min(settings.capacity, settings.batch), samplesPerInsert: settings.samplesPerInsert, seed, stream: TABLES + c,
          }),
        })),
      }
    },
    begin(state, episode) {
      state.episode = episode
      state.rate = explorationRate(episode, episodes, { first: settings.epsilon, last: settings.lastEpsilon, over: settings.explored })
      state.networks.forEach((network, c) => {
        network.trail.steps = 0
        choose(members[c], philoxWord(state.seed, CHOICES + c, episode), network.agents)
      })
    },
    post(state, exploring, prices) {
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
      for (const { trail, agents } of state.networks) agents.forEach((i, k) => {
        const kept = keptOf(trail, shape, trail.steps, k)
        rows.forEach((row, f) => { kept[f] = market.observation[row * n + i] })
      })
    },
    learn(state) {
      const ended = market.terminated || market.truncated
      let loss = 0, batches = 0
      for (const network of state.networks) {
        take(network, market, rows, shape, ended)
        while (network.table.inserted >= FIRST && maySample(network.table, settings.batch)) {
          if (network.value.scale === 0) network.value.scale = spreadOf(network.table, width)
          const done = (state.episode + (ended ? 1 : 0)) / episodes
          loss += improve(network, cosineRate(done, settings.rate, settings.lastRate))
          batches++
        }
      }
      state.batches += batches
      return batches > 0 ? loss / batches : undefined
    },
    slices: state => ({ value: slice(state) }),
  }

  /** One batch: targets by the target net, a step of Adam, the target net follows. */
  function improve({ value: own, table: replay }: Network, rate: number): number {
    const { slots, chances, begun, reached, targets, ahead, errors } = batch, m = settings.batch
    sample(replay, slots, chances)
    for (let b = 0; b < m; b++) {
      const from = slots[b] * item
      for (let f = 0; f < width; f++) {
        begun[f * m + b] = replay.rows[from + f]
        reached[f * m + b] = replay.rows[from + width + f]
      }
    }
    W.values(own.target, own.scale, reached, m, ahead)
    let least = Infinity
    for (let b = 0; b < m; b++) {
      const from = slots[b] * item + 2 * width
      targets[b] = replay.rows[from] + replay.rows[from + 1] * ahead[b]
      least = Math.min(least, chances[b])
    }
    // Importance weights of prioritised draws, the largest 1 (Schaul et al. 2016).
    for (let b = 0; b < m; b++) chances[b] = least / chances[b]
    const loss = W.fit(own, begun, m, targets, chances, rate, errors)
    for (let b = 0; b < m; b++) reprioritise(replay, slots[b], Math.abs(errors[b]) + 1e-3)
    follow(own, settings.tau)
    return loss
  }

  /** W of the first network over each feature, the others in the middle. */
  function slice(state: State) {
    const points = 41, { weights, scale } = state.networks[0].value
    const columns: Record<string, Float64Array> = {}
    features.forEach(({ name, low, high }, f) => {
      const x = new Float64Array(width * points)
      features.forEach((other, g) => { x.fill((other.low + other.high) / 2, g * points, (g + 1) * points) })
      for (let k = 0; k < points; k++) x[f * points + k] = low + ((high - low) * k) / (points - 1)
      const out = new Float64Array(points)
      for (let k = 0; k < points; k += capacity) W.values(weights, scale || 1, x, points, out)
      columns[name] = x.slice(f * points, (f + 1) * points)
      columns[`W_of_${name}`] = out
    })
    return table(columns)
  }
})

const NOTHING = [0, 0]
/** Goods given up to measure the slope of the reward. */
const PROBE = 1e-6
/** Random streams; the many are one a network. */
const EXPLORATION = 1, NETS = 1_000_000, TABLES = 2_000_000, CHOICES = 3_000_000
/** Items before the first batch: the scale of values is measured on these. */
const FIRST = 1000

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
  readonly trail: Trail
  /** Agents followed in this episode. */
  readonly agents: Int32Array
  readonly table: TableState
}

function batchOf(size: number, width: number) {
  const one = (): Float64Array => new Float64Array(size)
  return { slots: new Int32Array(size), chances: one(), targets: one(), ahead: one(), errors: one(), begun: new Float64Array(size * width), reached: new Float64Array(size * width) }
}

/** Followed agents: evenly spaced among all, from one drawn at random; neighbours differ in kind, and both kinds are followed. */
function choose(all: Int32Array, word: number, into: Int32Array): void {
  const start = word % all.length, stride = Math.max(1, Math.floor(all.length / into.length)) | 1
  for (let k = 0; k < into.length; k++) into[k] = all[(start + k * stride) % all.length]
}

/** Records the step for the agents followed and puts the items that it completes into the table. */
function take({ trail, agents, table: replay }: Network, market: Face, rows: readonly number[], shape: { agents: number; width: number; steps: number }, ended: boolean): void {
  const { agents: n, observation, reward, discount } = market, last = trail.steps++
  agents.forEach((i, k) => {
    record(trail, shape, last, k, reward[i], discount[i])
    close(trail, shape, last, ended, k, (begun, returned, factor) => {
      const row = insert(replay)
      row.set(keptOf(trail, shape, begun, k))
      rows.forEach((from, f) => { row[shape.width + f] = observation[from * n + i] })
      row[2 * shape.width] = returned
      row[2 * shape.width + 1] = factor
    })
  })
}

/** What values may be like: the spread of the returns, carried on for ever. */
function spreadOf({ rows, size, dense, options }: TableState, width: number): number {
  let sum = 0, square = 0, factor = 0
  for (let k = 0; k < size; k++) {
    const from = dense[k] * options.width + 2 * width
    sum += rows[from]
    square += rows[from] ** 2
    factor += rows[from + 1]
  }
  const spread = Math.sqrt(Math.max(0, square / size - (sum / size) ** 2))
  return (spread || 1) / Math.max(0.01, 1 - factor / size)
}
