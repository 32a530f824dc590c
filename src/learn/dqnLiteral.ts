import { philox } from "../math/random.ts"
import { priceAt } from "../market/market.ts"
import { adamStart, adamStep, type AdamState } from "../nets/adam.ts"
import { initialWeights, weightCount } from "../nets/mlp.ts"
import { kernelJets } from "../nets/kernelJets.ts"
import { table } from "../run/table.ts"
import { widths } from "../run/widths.ts"
import { cohorts, SHARING } from "./cohorts.ts"
import { explore, exploreBlocks } from "./exploration.ts"
import { learner, type Traders } from "./learner.ts"
import { insert, maySample, newTable, sample, type TableState } from "./replay/table.ts"

/**
 * Deep Q-learning to the letter of the dissertation (sections 2.6, 3.1.3-3.1.5): a network Q(x, p, q) of four layers of 50 rectified units, Adam
 * with rate 1e-3 on the squared Bellman error (2.11),
 *   (r + beta max_a Q(x', a) - Q(x, a))^2,
 * the same network on both sides; agents always post the prices of the largest Q. It is here to be held against `dqn`, not to be used.
 *
 * Details, where the text is silent: (1) the largest Q is found by a scan of the product of both grids; (2) one network for each agent, since
 * with one for all, equal states give equal prices and nobody ever trades (market notes, E15); (3) no exploration (`epsilon`; the library it
 * was written with would default to 0.1); (4) a batch of 64 from a table of the most recent items, one batch for each 64 items; (5) inputs as
 * the market gives them, actions as prices; (6) "7,850 parameters" counts weights without biases: with them the network of six inputs has 8,051.
 */
export const dqnLiteral = learner("dqn-literal", "deep Q-learning to the letter of the dissertation: Q of states and prices, always greedy", {
  hidden: { value: "50,50,50,50", is: "widths of the hidden layers, separated by commas" },
  rate: { value: 1e-3, is: "learning rate of Adam", above: 0, most: 1 },
  batch: { value: 64, is: "items in a batch", least: 1, most: 65_536, whole: true },
  tau: { value: 1, is: "part of the way that the target network moves with each batch; 1 is none", above: 0, most: 1 },
  capacity: { value: 1000, is: "items in the replay table of each network: the most recent ones", least: 1, most: 1_000_000, whole: true },
  samplesPerInsert: { value: 1, is: "draws for each item inserted", above: 0, most: 10_000 },
  epsilon: { value: 0, is: "share of prices posted at random", least: 0, most: 1 },
  ...SHARING, sharing: { ...SHARING.sharing, value: "individual" },
}, ({ action }) => {
  const pairs = action.reduce((product, { levels }) => product * levels, 1)
  if (pairs === 0) return "`dqn-literal` scans the grids of prices, and any price may be posted here; set `priceLevels` and `bondLevels`"
  return pairs <= MOST_PAIRS ? undefined : `\`dqn-literal\` scans all ${pairs} pairs of prices at every decision; expected at most ${MOST_PAIRS}, as with \`--set priceLevels=21 --set bondLevels=21\``
}, (market, _episodes, settings): Traders<State> => {
  const { agents: n, spaces: { observation: features, action } } = market
  const F = features.length, A = action.length, inputs = F + A
  const pairs = action.reduce((product, { levels }) => product * levels, 1)
  const members = cohorts(n, settings.sharing, settings.groups)
  const batch = settings.batch, capacity = pairs * Math.max(1, Math.floor(MOST_POINTS / pairs))
  const shape = { inputs, hidden: widths("dqn-literal", settings.hidden), activation: "relu" as const }
  const net = kernelJets("float32").net(shape, { first: [], second: [] }, Math.max(capacity, batch))
  const size = weightCount(shape), width = 2 * F + A + 2
  const prices = Array.from({ length: pairs }, (_, k) => levelsOf(k, action.map(({ levels }) => levels)).map((l, a) => priceAt(action[a], l)))
  const points = new Float64Array(inputs * Math.max(capacity, batch)), values = new Float64Array(Math.max(capacity, batch)), gradient = new Float64Array(size)
  const slots = new Int32Array(batch), chances = new Float64Array(batch)

  /** For each of `m` states, which pair of prices has the largest Q, and that Q. */
  const greedy = (weights: Float64Array, m: number, feature: (p: number, f: number) => number, tell: (p: number, pair: number, value: number) => void): void => {
    const most = capacity / pairs
    for (let from = 0; from < m; from += most) {
      const count = Math.min(most, m - from), total = count * pairs
      for (let p = 0; p < count; p++) for (let k = 0; k < pairs; k++) {
        for (let f = 0; f < F; f++) points[f * total + p * pairs + k] = feature(from + p, f)
        for (let a = 0; a < A; a++) points[(F + a) * total + p * pairs + k] = prices[k][a]
      }
      net.forward(weights, points, total, values)
      for (let p = 0; p < count; p++) {
        let best = p * pairs
        for (let k = best + 1; k < (p + 1) * pairs; k++) if (values[k] > values[best]) best = k
        tell(from + p, best - p * pairs, values[best])
      }
    }
  }

  return {
    start: seed => ({
      seed, block: 0,
      networks: members.map((_, c) => {
        const weights = initialWeights(shape, philox(seed, NETS + c).next)
        return {
          weights, target: weights.slice(), adam: adamStart(size), begun: new Float64Array(members[c].length * inputs),
          table: newTable({ capacity: settings.capacity, width, selector: "uniform", remover: "fifo", mostSamples: 0, least: Math.min(batch, settings.capacity), samplesPerInsert: settings.samplesPerInsert, seed, stream: TABLES + c }),
        }
      }),
    }),
    begin() {},
    post(state, exploring, posted) {
      members.forEach((all, c) => {
        greedy(state.networks[c].weights, all.length, (p, f) => market.observation[f * n + all[p]], (p, pair) => { for (let a = 0; a < A; a++) posted[a * n + all[p]] = prices[pair][a] })
      })
      if (!exploring) return
      if (settings.epsilon > 0) {
        explore(posted, action, settings.epsilon, { seed: state.seed, stream: EXPLORATION, block: state.block })
        state.block += exploreBlocks(posted.length)
      }
      members.forEach((all, c) => all.forEach((i, k) => {
        for (let f = 0; f < F; f++) state.networks[c].begun[k * inputs + f] = market.observation[f * n + i]
        for (let a = 0; a < A; a++) state.networks[c].begun[k * inputs + F + a] = posted[a * n + i]
      }))
    },
    learn(state) {
      let loss = 0, batches = 0
      members.forEach((all, c) => {
        const network = state.networks[c]
        all.forEach((i, k) => {
          const row = insert(network.table)
          row.set(network.begun.subarray(k * inputs, (k + 1) * inputs))
          for (let f = 0; f < F; f++) row[inputs + f] = market.observation[f * n + i]
          row[width - 2] = market.reward[i]
          row[width - 1] = market.discount[i]
        })
        while (maySample(network.table, batch)) { loss += improve(network); batches++ }
      })
      return batches > 0 ? loss / batches : undefined
    },
    slices: state => ({ Q: slice(state) }),
  }

  /** One batch: a step of Adam on the mean squared Bellman error. */
  function improve({ weights, target, adam, table: replay }: Network): number {
    const { rows } = replay
    sample(replay, slots, chances)
    const wanted = new Float64Array(batch)
    greedy(target, batch, (b, f) => rows[slots[b] * width + inputs + f], (b, _, value) => { wanted[b] = rows[(slots[b] + 1) * width - 2] + rows[(slots[b] + 1) * width - 1] * value })
    for (let b = 0; b < batch; b++) for (let f = 0; f < inputs; f++) points[f * batch + b] = rows[slots[b] * width + f]
    net.forward(weights, points, batch, values)
    let loss = 0
    for (let b = 0; b < batch; b++) {
      const error = values[b] - wanted[b]
      loss += (error * error) / batch
      values[b] = (2 * error) / batch
    }
    gradient.fill(0)
    net.backward(weights, points, batch, values, gradient)
    adamStep(adam, weights, gradient, { rate: settings.rate })
    for (let k = 0; k < size; k++) target[k] += settings.tau * (weights[k] - target[k])
    return loss
  }

  /** Q of the first network over the price of a share, the bond's and all features in the middle. */
  function slice(state: State) {
    const { levels, name } = action[0], out = new Float64Array(levels), x = new Float64Array(inputs * levels)
    features.forEach(({ low, high }, f) => { x.fill((low + high) / 2, f * levels, (f + 1) * levels) })
    action.forEach(({ low, high }, a) => { x.fill((low + high) / 2, (F + a) * levels, (F + a + 1) * levels) })
    const price = Float64Array.from({ length: levels }, (_, l) => priceAt(action[0], l))
    x.set(price, F * levels)
    net.forward(state.networks[0].weights, x, levels, out)
    return table({ [name]: price, [`Q_of_${name}`]: out })
  }
})

/** Random streams; the many are one a network. */
const EXPLORATION = 1, NETS = 1_000_000, TABLES = 2_000_000
/** Pairs of prices worth scanning, and points a call. */
const MOST_PAIRS = 2000, MOST_POINTS = 20_000

interface State {
  readonly seed: number
  block: number
  readonly networks: Network[]
}

interface Network {
  readonly weights: Float64Array
  readonly target: Float64Array
  readonly adam: AdamState
  /** What each member saw and posted in this step. */
  readonly begun: Float64Array
  readonly table: TableState
}

/** The digits of `k` in mixed bases, the last fastest. */
function levelsOf(k: number, bases: readonly number[]): number[] {
  const digits = new Array<number>(bases.length)
  let rest = k
  for (let a = bases.length - 1; a >= 0; a--) { digits[a] = rest % bases[a]; rest = Math.floor(rest / bases[a]) }
  return digits
}
