import { philoxWord } from "../math/random.ts"
import { power } from "../math/power.ts"
import { priceAt, type Hindsight } from "../market/market.ts"
import { table } from "../run/table.ts"
import { chooseFollowed } from "./cohorts.ts"
import { explorationRate, explore, exploreBlocks } from "./exploration.ts"
import { learner, type Traders } from "./learner.ts"

/**
 * Tabular Q-learning (Watkins 1989; the dissertation's equation 2.10) over grids of states and prices,
 *   Q(x, a) <- (1 - alpha) Q(x, a) + alpha (r + beta max_a' Q(x', a')),   Q(x, p, q) = V(x) + G_1(x, p) + G_2(x, q),
 * with V the value of not trading now, so that a table has nodes times (1 + prices of either) entries and not their product. All agents share
 * one table; a few learn in an episode, as they go, without replay.
 *
 * Details: (1) states between nodes are read, and written, by multilinear interpolation; (2) a lot is far smaller than a cell: what one more lot
 * of asset a is worth has a table of its own, D_a(x) <- r(with e_a) - r + beta D_a(x') (nothing of the last for an asset that matures), and the
 * table of V is used for it where `windfall` is off; (3) every price is scored by what it would have brought (`hindsight`), as in `dqn`,
 *   G_a(x, l) <- r_l - r_0 + beta side_l D_a(x');
 * (4) alpha falls as 1/(1 + updates/halving), which averages noise out.
 */
export const tabular = learner("tabular", "tabular Q-learning on grids of states and prices, interpolated between nodes", {
  nodes: { value: 3, is: "nodes of the grid for each feature", least: 2, most: 50, whole: true },
  alpha: { value: 0.2, is: "learning rate at first", above: 0, most: 1 },
  halving: { value: 10_000, is: "updates after which the rate is half of that", above: 0 },
  windfall: { value: true, is: "learn what one more lot is worth from what it would have added; else from differences of V" },
  follow: { value: 16, is: "agents that learn in an episode", least: 1, most: 100_000, whole: true },
  epsilon: { value: 1, is: "share of prices posted at random at first", least: 0, most: 1 },
  lastEpsilon: { value: 0.05, is: "and later", least: 0, most: 1 },
  explored: { value: 0.3, is: "part of the episodes over which it changes", least: 0, most: 1 },
}, ({ observation, action }) => {
  const free = action.find(({ levels }) => levels === 0)
  if (free !== undefined) return `\`tabular\` has an entry for each price of a grid, and any \`${free.name}\` may be posted here; set its levels (priceLevels, bondLevels), or use \`shadow\``
  return observation.length <= 6 ? undefined : `\`tabular\` has a grid over all features, and agents see ${observation.length}; expected at most 6 in \`observe\``
}, (market, episodes, settings): Traders<State> => {
  const { agents: n, spaces: { observation: features, action } } = market
  const F = features.length, A = action.length, nodes = settings.nodes, cells = power(nodes, F), corners = 2 ** F
  const starts = action.map((_, a) => 1 + A + action.slice(0, a).reduce((sum, { levels }) => sum + levels, 0))
  const outputs = 1 + A + action.reduce((sum, { levels }) => sum + levels, 0)
  const followed = Math.min(settings.follow, n)
  const everyone = Int32Array.from({ length: n }, (_, i) => i)
  const here = stencil(corners), there = stencil(corners)
  const next = new Float64Array(F), point = new Float64Array(F), heads = new Float64Array(outputs)
  const seen: Hindsight = { decided: NaN, none: 0, above: { near: 0, far: 0, side: 0 }, below: { near: 0, far: 0, side: 0 } }

  /** Where a point lies in the grid: its corners and their weights. States beyond the bounds count as on them. */
  const place = (x: Float64Array, to: Stencil): void => {
    to.at.fill(0)
    to.weight.fill(1)
    features.forEach(({ low, high }, f) => {
      const t = Math.min(nodes - 1, Math.max(0, ((x[f] - low) / (high - low)) * (nodes - 1))), node = Math.min(nodes - 2, Math.floor(t)), up = t - node
      for (let c = 0; c < corners; c++) {
        const high = (c >> f) & 1
        to.at[c] = to.at[c] * nodes + node + high
        to.weight[c] *= high ? up : 1 - up
      }
    })
  }
  const read = (values: Float64Array, { at, weight }: Stencil, output: number): number => {
    let sum = 0
    for (let c = 0; c < corners; c++) sum += weight[c] * values[at[c] * outputs + output]
    return sum
  }
  const outputAt = (values: Float64Array, x: Float64Array, output: number): number => { place(x, there); return read(values, there, output) }

  return {
    start: seed => ({ seed, episode: 0, rate: 1, block: 0, updates: 0, values: new Float64Array(cells * outputs), agents: new Int32Array(followed), begun: new Float64Array(followed * F) }),
    begin(state, episode) {
      state.episode = episode
      state.rate = explorationRate(episode, episodes, { first: settings.epsilon, last: settings.lastEpsilon, over: settings.explored })
      chooseFollowed(everyone, philoxWord(state.seed, CHOICES, episode), state.agents)
    },
    post(state, exploring, prices) {
      for (let i = 0; i < n; i++) {
        for (let f = 0; f < F; f++) point[f] = market.observation[f * n + i]
        place(point, here)
        heads.fill(0)
        for (let c = 0; c < corners; c++) {
          const w = here.weight[c], from = here.at[c] * outputs
          if (w !== 0) for (let o = 1 + A; o < outputs; o++) heads[o] += w * state.values[from + o]
        }
        action.forEach((space, a) => {
          let best = 0
          for (let l = 1; l < space.levels; l++) if (heads[starts[a] + l] > heads[starts[a] + best]) best = l
          prices[a * n + i] = priceAt(space, best)
        })
      }
      if (!exploring) return
      explore(prices, action, state.rate, { seed: state.seed, stream: EXPLORATION, block: state.block })
      state.block += exploreBlocks(prices.length)
      state.agents.forEach((i, k) => { for (let f = 0; f < F; f++) state.begun[k * F + f] = market.observation[f * n + i] })
    },
    learn(state) {
      let loss = 0
      state.agents.forEach((i, k) => { loss += update(state, i, state.begun.subarray(k * F, (k + 1) * F)) / followed })
      return loss
    },
    slices: state => ({ Q: slice(state) }),
  }

  /** One agent's step; the squared error of V. */
  function update(state: State, i: number, x: Float64Array): number {
    const { values } = state, discount = market.discount[i]
    const alpha = settings.alpha / (1 + state.updates++ / settings.halving)
    place(x, here)
    let best = 0, none = 0
    for (let a = 0; a < A; a++) {
      market.hindsight(a, i, seen)
      if (a === 0) none = seen.none
      market.counterfactual(a, i, 0, next)
      const lot = discount * worthOf(values, a, i)
      const gain = ({ near, far, side }: Hindsight["above"], share: number): number => near + share * (far - near) - seen.none + side * lot
      const space = action[a]
      for (let l = 0; l < space.levels; l++) {
        const p = priceAt(space, l)
        const wanted = p > seen.decided ? gain(seen.above, (p - seen.decided) / (space.high - seen.decided)) : p < seen.decided ? gain(seen.below, (seen.decided - p) / (seen.decided - space.low)) : 0
        move(values, here, starts[a] + l, alpha * (wanted - read(values, here, starts[a] + l)))
      }
      best += Math.max(0, gain(seen.above, 0), gain(seen.below, 0))
      const gained = market.windfall(a, i, next) - market.reward[i]
      for (let f = 0; f < F; f++) point[f] = market.observation[f * n + i]
      const stays = next.some((z, f) => z !== point[f])
      move(values, here, 1 + a, alpha * (gained + (stays ? discount * outputAt(values, point, 1 + a) : 0) - read(values, here, 1 + a)))
    }
    for (let f = 0; f < F; f++) point[f] = market.observation[f * n + i]
    const error = none + best + discount * outputAt(values, point, 0) - read(values, here, 0)
    move(values, here, 0, alpha * error)
    return error * error
  }

  /** What one more lot of an asset is worth at the state `next`, which has none of this step's trade in it. */
  function worthOf(values: Float64Array, a: number, i: number): number {
    if (settings.windfall) return outputAt(values, next, 1 + a)
    const rest = outputAt(values, next, 0)
    market.counterfactual(a, i, 1, point)
    return outputAt(values, point, 0) - rest
  }

  function move(values: Float64Array, { at, weight }: Stencil, output: number, by: number): void {
    for (let c = 0; c < corners; c++) values[at[c] * outputs + output] += weight[c] * by
  }

  /** The heads over their prices, every feature in the middle. */
  function slice({ values }: State) {
    features.forEach(({ low, high }, f) => { point[f] = (low + high) / 2 })
    place(point, here)
    const most = Math.max(...action.map(({ levels }) => levels))
    const column = (of: (l: number) => number, levels: number): Float64Array => Float64Array.from({ length: most }, (_, l) => (l < levels ? of(l) : NaN))
    return table(Object.fromEntries(action.flatMap((space, a) => [
      [space.name, column(l => priceAt(space, l), space.levels)], [`Q_of_${space.name}`, column(l => read(values, here, starts[a] + l), space.levels)],
    ])))
  }
})

/** Random streams. */
const EXPLORATION = 1, CHOICES = 3_000_000

interface Stencil { readonly at: Int32Array; readonly weight: Float64Array }

const stencil = (corners: number): Stencil => ({ at: new Int32Array(corners), weight: new Float64Array(corners) })

interface State {
  readonly seed: number
  episode: number
  /** Share of prices posted at random. */
  rate: number
  /** Random blocks of exploration used. */
  block: number
  updates: number
  /** V and the heads at each node, node after node. */
  readonly values: Float64Array
  readonly agents: Int32Array
  readonly begun: Float64Array
}
