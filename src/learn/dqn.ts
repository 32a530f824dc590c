import { philox, philoxNormals, philoxWord } from "../math/random.ts"
import { levelOf, priceAt, type Hindsight } from "../market/market.ts"
import { adamStart, adamStep, type AdamState } from "../nets/adam.ts"
import { table } from "../run/table.ts"
import { widths } from "../run/widths.ts"
import { chooseFollowed, cohorts, gather, SHARING } from "./cohorts.ts"
import { best, greedyLevels, valuesAt, type Heads } from "./doubleQ.ts"
import { cosineRate, explorationRate, explore, exploreBlocks } from "./exploration.ts"
import { headsNet } from "./headsNet.ts"
import { itemOf, type ItemShape } from "./dqnItem.ts"
import { learner, type Traders } from "./learner.ts"
import { importance, REPLAY, replayTable } from "./replay/settings.ts"
import { insert, maySample, reprioritise, sample, type TableState } from "./replay/table.ts"
import { close, keptOf, newTrail, record, type Trail } from "./replay/trail.ts"

/**
 * Deep Q-learning over price grids (Mnih et al. 2013), as it should be for a market.
 *
 *   Q(x, p, q) = V(x) + G_1(x, p) + G_2(x, q)
 *
 * V is the value of not trading now and G_a(x, .) what posting each price of asset a adds to it: a dueling network (Wang et al. 2016) with one head
 * for each asset (Tavakoli et al. 2018), whose baseline is an outcome and so identified. All outputs share a trunk. Three losses (Huber):
 * 1. n steps of the agent's own rewards and double Q-learning after them (van Hasselt et al. 2016): the price is chosen by the network, valued by
 *    the target network, which follows slowly;
 * 2. hindsight: the price that decided is known after the step, so that one step scores every price of the grid,
 *      G_a(x, l) <- r_l - r_0 + beta (V'(x'_l) - V'(x'_0)),
 *    x'_l what the trade at level l would have led to;
 * 3. windfalls: what one more lot of an asset would have added,
 *      V(x + e_a) - V(x) <- r(with e_a) - r + beta (V'(x' with what is left of e_a) - V'(x')),
 *    divided by the lot: values are learned with their slopes (Czarnecki et al. 2017), on which prices depend.
 *
 * Details: (1) V' is the target network; its greedy value V + max G_1 + max G_2 enters loss 1 alone; (2) Adam, a rate that falls along half a cosine,
 * gradients clipped by norm; (3) a truncated episode bootstraps, a terminated one has no future; (4) of prices that promise the same
 * the lowest is posted; in an auction all bids above the clearing price are alike, which leaves prices undetermined: clearing prices are
 * replayed with errors (`jitter`; the payment moves with the price), and the best bid is then what a lot is worth; (5) old items stay
 * valid: what others did decides the outcome of a price, whoever posts it now.
 */
export const dqn = learner("dqn", "deep Q-learning: dueling heads over price grids, double, n-step, every price scored by hindsight", {
  hidden: { value: "32,32", is: "widths of the hidden layers, separated by commas" },
  steps: { value: 5, is: "n: rewards summed before the network's own value is used", least: 1, most: 300, whole: true },
  rate: { value: 1e-3, is: "learning rate of Adam at the start", above: 0, most: 1 },
  lastRate: { value: 1e-5, is: "and at the end; half a cosine between", above: 0, most: 1 },
  tau: { value: 0.01, is: "part of the way that the target network moves with each batch", above: 0, most: 1 },
  batch: { value: 64, is: "items in a batch", least: 1, most: 65_536, whole: true },
  double: { value: true, is: "let the network choose the price that the target network values; else the target network does both" },
  hindsight: { value: true, is: "score every price of the grid by what it would have brought; else the one posted alone" },
  jitter: { value: 0.05, is: "clearing prices are replayed with errors of this part of themselves (standard deviation)", least: 0, most: 1 },
  windfall: { value: true, is: "learn slopes of the value from what one more lot would have added" },
  follow: { value: 8, is: "agents followed in an episode, of each network", least: 1, most: 100_000, whole: true },
  capacity: { value: 100_000, is: "items in the replay tables of all networks", least: 1, most: 10_000_000, whole: true },
  ...REPLAY,
  epsilon: { value: 1, is: "share of prices posted at random at first", least: 0, most: 1 },
  lastEpsilon: { value: 0.05, is: "and later", least: 0, most: 1 },
  explored: { value: 0.3, is: "part of the episodes over which it changes", least: 0, most: 1 },
  clip: { value: 10, is: "largest norm of a gradient", above: 0 },
  ...SHARING,
}, spaces => {
  const free = spaces.action.find(({ levels }) => levels === 0)
  return free === undefined ? undefined : `\`dqn\` scores prices of a grid, and any \`${free.name}\` may be posted here; set its levels (priceLevels, bondLevels), or use \`shadow\``
}, (market, episodes, settings): Traders<State> => {
  const { agents: n, spaces: { observation: features, action } } = market
  const F = features.length, assets = action.length
  const starts = action.map((_, a) => 1 + action.slice(0, a).reduce((sum, { levels }) => sum + levels, 0))
  const outputs = 1 + action.reduce((sum, { levels }) => sum + levels, 0)
  const heads: Heads = { outputs, starts, levels: action.map(({ levels }) => levels) }
  const members = cohorts(n, settings.sharing, settings.groups)
  const batch = settings.batch, capacity = Math.max(batch * (1 + 4 * assets), Math.min(ACT, Math.max(...members.map(all => all.length))))
  const net = headsNet(F, widths("dqn", settings.hidden), outputs, capacity)
  const followed = Math.min(settings.follow, ...members.map(all => all.length))
  const shape: ItemShape = { features: F, assets }
  const item = itemOf(shape)
  const trailShape = { agents: followed, width: item.width, steps: settings.steps }
  const perTable = Math.ceil(settings.capacity / members.length)
  const middle = features.map(({ low, high }) => (low + high) / 2), perHalf = features.map(({ low, high }) => 2 / (high - low))
  const q = new Float64Array(capacity * outputs), inputs = new Float64Array(capacity * F), own = new Float64Array(F * n)
  const buffers = { slots: new Int32Array(batch), chances: new Float64Array(batch), weight: new Float64Array(batch), chosen: new Int32Array(batch * assets), returns: new Float64Array(batch), errors: new Float64Array(batch), cotangent: new Float64Array(batch * outputs), gradient: new Float64Array(net.size), point: new Float64Array(F) }
  const noise = new Float64Array(batch * assets), noiseWords = new Uint32Array(2 * noise.length)
  const many = { x: new Float64Array(F * capacity), v: new Float64Array(capacity), cotangent: new Float64Array(capacity) }

  /** Outputs `from` to `to` at `m` points, rows of features; writes to `out`. */
  const evaluate = (weights: Float64Array, x: Float64Array, m: number, out: Float64Array, from = 0, to = outputs, stride = m, first = 0): void => {
    for (let f = 0; f < F; f++) for (let p = 0; p < m; p++) inputs[f * m + p] = (x[f * stride + first + p] - middle[f]) * perHalf[f]
    net.forward(weights, inputs, m, out, from, to)
  }

  return {
    start(seed) {
      return {
        seed, episode: 0, rate: 1, block: 0,
        networks: members.map((_, c) => {
          const weights = net.initial(philox(seed, NETS + c).normal)
          return {
            weights, target: weights.slice(), adam: adamStart(net.size), scale: 0, lotScale: 0, batches: 0, trail: newTrail(trailShape), agents: new Int32Array(followed),
            table: replayTable(settings, { capacity: perTable, width: item.width, batch, seed, stream: TABLES + c }),
          }
        }),
      }
    },
    begin(state, episode) {
      state.episode = episode
      state.rate = explorationRate(episode, episodes, { first: settings.epsilon, last: settings.lastEpsilon, over: settings.explored })
      state.networks.forEach((network, c) => {
        network.trail.steps = 0
        chooseFollowed(members[c], philoxWord(state.seed, CHOICES + c, episode), network.agents)
      })
    },
    post(state, exploring, prices) {
      members.forEach((all, c) => {
        const x = gather(market.observation, n, all, own), { weights } = state.networks[c]
        for (let from = 0; from < all.length; from += ACT) {
          const m = Math.min(ACT, all.length - from)
          evaluate(weights, x, m, q, 0, outputs, all.length, from)
          for (let p = 0; p < m; p++) action.forEach((space, a) => {
            prices[a * n + all[from + p]] = priceAt(space, best(q, p * outputs + starts[a], space.levels))
          })
        }
      })
      if (!exploring) return
      explore(prices, action, state.rate, { seed: state.seed, stream: EXPLORATION, block: state.block })
      state.block += exploreBlocks(prices.length)
      for (const { trail, agents } of state.networks) agents.forEach((i, k) => {
        const kept = keptOf(trail, trailShape, trail.steps, k)
        for (let f = 0; f < F; f++) kept[item.begun + f] = market.observation[f * n + i]
        action.forEach((space, a) => { kept[item.asset(a).level] = levelOf(space, prices[a * n + i]) })
      })
    },
    learn(state) {
      const ended = market.terminated || market.truncated
      let loss = 0, batches = 0
      for (const network of state.networks) {
        take(network, ended)
        while (network.table.inserted >= Math.min(FIRST, perTable) && maySample(network.table, batch)) {
          if (network.scale === 0) Object.assign(network, item.scales(network.table))
          loss += improve(network, cosineRate((state.episode + (ended ? 1 : 0)) / episodes, settings.rate, settings.lastRate))
          batches++
        }
      }
      return batches > 0 ? loss / batches : undefined
    },
    slices: state => ({ Q: slice(state) }),
  }

  /** Keeps what the step brought the agents followed, and puts the items that it completes into the table. */
  function take({ trail, agents, table: replay }: Network, ended: boolean): void {
    const { observation, reward, discount } = market, last = trail.steps++, { point } = buffers
    agents.forEach((i, k) => {
      const kept = keptOf(trail, trailShape, last, k)
      record(trail, trailShape, last, k, reward[i], discount[i])
      for (let f = 0; f < F; f++) kept[item.next + f] = observation[f * n + i]
      kept[item.discount] = discount[i]
      for (let a = 0; a < assets; a++) {
        const at = item.asset(a)
        market.hindsight(a, i, seen)
        item.writeHindsight(kept, a, seen)
        for (const [side, to] of [[0, at.none], [1, at.bought]] as const) {
          market.counterfactual(a, i, side, point)
          kept.set(point, to)
        }
        kept[at.gain] = market.windfall(a, i, point) - reward[i]
        kept.set(point, at.left)
      }
      close(trail, trailShape, last, ended, k, (begun, returned, factor) => {
        const row = insert(replay)
        row.set(keptOf(trail, trailShape, begun, k))
        row[item.returned] = returned
        row[item.factor] = factor
        for (let f = 0; f < F; f++) row[item.reached + f] = observation[f * n + i]
      })
    })
  }

  /** One batch: three losses, a step of Adam, the target network follows. */
  function improve(network: Network, rate: number): number {
    const { weights, target, adam, scale, lotScale, table: replay } = network, part = lotScale / scale
    const { slots, chances, weight, chosen, returns, errors, cotangent, gradient } = buffers
    const { rows } = replay, at = (b: number): number => slots[b] * item.width
    sample(replay, slots, chances)
    importance(chances, settings.correction, weight)
    gradient.fill(0)
    philoxNormals(replay.options.seed, JITTER, network.batches++ * Math.ceil(noise.length / 2), noiseWords, noise)

    // Loss 1: the targets first, since a forward pass is forgotten by the next.
    for (let b = 0; b < batch; b++) for (let f = 0; f < F; f++) many.x[f * batch + b] = rows[at(b) + item.reached + f]
    evaluate(settings.double ? weights : target, many.x, batch, q)
    greedyLevels(q, batch, heads, chosen)
    if (settings.double) evaluate(target, many.x, batch, q)
    valuesAt(q, batch, heads, chosen, part, returns)
    for (let b = 0; b < batch; b++) returns[b] = rows[at(b) + item.returned] / scale + rows[at(b) + item.factor] * returns[b]
    // Values of what each side and each windfall would have led to, by the target network: V alone.
    const kinds = 1 + 3 * assets
    item.afterstates(rows, slots, batch, many.x)
    evaluate(target, many.x, batch * kinds, many.v, 0, 1)

    // Losses 1 and 2 at the states themselves.
    for (let b = 0; b < batch; b++) for (let f = 0; f < F; f++) many.x[f * batch + b] = rows[at(b) + item.begun + f]
    evaluate(weights, many.x, batch, q)
    cotangent.fill(0)
    let loss = 0
    for (let b = 0; b < batch; b++) {
      const from = b * outputs, row = at(b), counts = weight[b] / batch
      let value = q[from]
      for (let a = 0; a < assets; a++) value += q[from + starts[a] + rows[row + item.asset(a).level]] * part
      errors[b] = value - returns[b]
      loss += huber(errors[b]) / batch
      const pull = counts * huberSlope(errors[b])
      cotangent[from] += pull
      for (let a = 0; a < assets; a++) {
        cotangent[from + starts[a] + rows[row + item.asset(a).level]] += pull * part
        if (!settings.hindsight) continue
        const discount = rows[row + item.discount], rest = many.v[(1 + 3 * a) * batch + b]
        const bought = discount * (many.v[(2 + 3 * a) * batch + b] - rest), sold = discount * (2 * rest - many.v[(2 + 3 * a) * batch + b] - rest)
        const { levels } = action[a], share = HEADS * counts / levels, stretch = Math.max(0, 1 + settings.jitter * noise[b * assets + a])
        for (let l = 0; l < levels; l++) {
          const { reward, side } = item.gainAt(rows, row, a, priceAt(action[a], l), action[a], stretch)
          const wanted = reward / lotScale + (side > 0 ? bought : side < 0 ? sold : 0) / part
          cotangent[from + starts[a] + l] += share * huberSlope(q[from + starts[a] + l] - wanted)
        }
      }
    }
    net.backward(weights, cotangent, gradient)

    // Loss 3 at pairs of states a lot apart.
    if (settings.windfall) for (let a = 0; a < assets; a++) {
      item.pairs(rows, slots, batch, a, many.x)
      evaluate(weights, many.x, 2 * batch, many.cotangent, 0, 1)
      for (let b = 0; b < batch; b++) {
        const row = at(b), counts = weight[b] / batch
        const wanted = rows[row + item.asset(a).gain] / scale + rows[row + item.discount] * (many.v[(3 + 3 * a) * batch + b] - many.v[b])
        const pull = counts * huberSlope((many.cotangent[b] - many.cotangent[batch + b] - wanted) / part) * SLOPES
        many.cotangent[b] = pull
        many.cotangent[batch + b] = -pull
      }
      net.backward(weights, many.cotangent, gradient)
    }
    clip(gradient, settings.clip)
    adamStep(adam, weights, gradient, { rate })
    for (let k = 0; k < weights.length; k++) target[k] += settings.tau * (weights[k] - target[k])
    for (let b = 0; b < batch; b++) reprioritise(replay, slots[b], Math.abs(errors[b]) + LEAST_PRIORITY)
    return loss
  }

  /** The heads of the first network over their prices, every feature in the middle. */
  function slice(state: State) {
    const { weights, lotScale } = state.networks[0], out = new Float64Array(outputs)
    evaluate(weights, Float64Array.from(middle), 1, out)
    const most = Math.max(...action.map(({ levels }) => levels))
    const column = (of: (l: number) => number, levels: number): Float64Array => Float64Array.from({ length: most }, (_, l) => (l < levels ? of(l) : NaN))
    return table(Object.fromEntries(action.flatMap((space, a) => [
      [space.name, column(l => priceAt(space, l), space.levels)], [`Q_of_${space.name}`, column(l => out[starts[a] + l] * (lotScale || 1), space.levels)],
    ])))
  }
})

const seen: Hindsight = { decided: NaN, none: 0, above: { near: 0, far: 0, side: 0 }, below: { near: 0, far: 0, side: 0 } }
/** Random streams; the many are one a network. */
const EXPLORATION = 1, JITTER = 2, NETS = 1_000_000, TABLES = 2_000_000, CHOICES = 3_000_000
/** Items before the first batch, and agents scored at a time. */
const FIRST = 1000, ACT = 256
/** Weights of losses 2 and 3 beside loss 1. */
const HEADS = 10, SLOPES = 1
/** Keeps every item drawable. */
const LEAST_PRIORITY = 1e-3

interface State {
  readonly seed: number
  episode: number
  /** Share of prices posted at random. */
  rate: number
  /** Random blocks of exploration used. */
  block: number
  readonly networks: Network[]
}

interface Network {
  readonly weights: Float64Array
  readonly target: Float64Array
  readonly adam: AdamState
  /** What an output of 1 is worth in rewards, of V and of the heads; 0 until they are set. */
  scale: number
  lotScale: number
  batches: number
  readonly trail: Trail
  readonly agents: Int32Array
  readonly table: TableState
}

const huber = (error: number): number => (Math.abs(error) <= 1 ? (error * error) / 2 : Math.abs(error) - 0.5)
const huberSlope = (error: number): number => Math.min(1, Math.max(-1, error))

function clip(gradient: Float64Array, most: number): void {
  let square = 0
  for (let k = 0; k < gradient.length; k++) square += gradient[k] * gradient[k]
  const norm = Math.sqrt(square)
  if (norm > most) for (let k = 0; k < gradient.length; k++) gradient[k] *= most / norm
}
