import { philox } from "../math/random.ts"
import { frozenWidth, type Problem } from "../model/problem.ts"
import { numberText } from "../run/numberText.ts"
import type { Procedure, Row } from "../run/run.ts"
import { table, type Table } from "../run/table.ts"
import { linearPde } from "./aliens/coefficients.ts"
import { kinkOf, switchCurves, type Curve } from "./aliens/curves.ts"
import { lawOf, startPaths, walk } from "./aliens/ergodicPaths.ts"
import { isKinked, netFor, netTrainer, outputOf, TARGET_CHANGE, type NetTask, type NetWork } from "./aliens/netTask.ts"
import { boundaryPoints, TERMS, type Counts, type Term } from "./aliens/sample.ts"
import { SETTINGS } from "./aliens/settings.ts"
import { newTrainer, type Trainer } from "./aliens/trainNet.ts"
import type { ValueJets } from "./block/staticBlock.ts"
import { kinksOn } from "./facts.ts"
import { gridPoints } from "./grid/gridPoints.ts"
import { guessOn, lattice, placeText } from "./grid/lattice.ts"
import { method } from "./method.ts"
import { netResiduals } from "./netResiduals.ts"
import { dataOf } from "./problemData.ts"
import type { Solution } from "./solution.ts"
import { tabulate } from "./tabulate.ts"
import { exponential, pointsAt, steepEnd } from "./valueNet.ts"

/**
 * ALIENs: actively-learning, informed, equilibrium neural nets (Gopalakrishna 2021), in one state or two.
 *
 * Value functions J_i are nets of (states, t). Time runs backward in steps of dt. Each outer step
 * 1. solves the static block exactly on a grid at the values J_i(., 0) just found (prices, shares, volatilities),
 * 2. freezes the coefficients of the HJB lines there: J_t + b J_z + d J_zz + l J + s = 0 on [0, dt] (b J_z a sum over states, d J_zz over pairs), with log J inside l at
 *    its last value, so that the PDE is linear,
 * 3. finds the active region Omega_c again: a band about every switch, where d jumps; about the curve z*(a) in two states,
 * 4. trains each net on the five losses (7) (`aliens/loss.ts`) with J_i(., dt) = the last values: Adam on fresh points every
 *    epoch, then Gauss-Newton or L-BFGS in float64, from the weights of the last step (`aliens/netTask.ts`: tasks that threads may share),
 * 5. takes J_i(., 0) as the new values and stops when they no longer change and the PDE holds.
 * The length of a step follows the change, which is to be about `TARGET_CHANGE`, up to the longest allowed.
 */
export const aliens = method("aliens", "actively-learning, informed, equilibrium neural nets beside an exact static block; one or two states", SETTINGS, refusal, (problem, settings, runner): Procedure<State, Solution> => {
  const { states } = problem
  const [{ from, to }] = states
  const grid = lattice(problem, gridPoints("aliens", problem, settings.grid, "grid", [[1000], states[0].start ? [150, 31] : [60]]).points)
  const { axes, values } = grid
  const perState = (points: number): number => points * states.length
  const ofBoundary = boundaryPoints(states.length)
  const tolerance = settings.tolerance * states.length
  const kinked = isKinked(problem, settings)
  const net = netFor(problem, settings, "float64", grid.size), train = netTrainer(problem, settings, axes, net)
  const work: NetWork = { kind: "nets of aliens", problem: dataOf(problem), settings, axes }
  const onGrid = pointsAt(states, grid.inputs.states)
  const outputs = problem.unknowns.slice(0, values).map(u => outputOf(u, settings))
  const lambdas: Record<Term, number> = { f: settings.lambda_f, j: settings.lambda_j, b: settings.lambda_b, c1: settings.lambda_c1, c2: settings.lambda_c2 }

  return {
    start: seed => {
      const random = philox(seed, 0)
      const guess = guessOn(grid)
      const trainers = outputs.map((output, i) => newTrainer(net.initial(random.next), output === "log" ? 1 : sizeOf(guess[i])))
      return { seed, used: 0, outer: 0, dt: settings.firstStep, lastDt: settings.firstStep, longest: settings.largestStep, time: 0, past: [], change: -1, moved: -1, kinks: [], trainers, samples: [], prices: [], paths: settings.sampling === "simulation" ? startPaths(states, random) : [] }
    },
    step: state => {
      const equilibrium = solveBlock(state)
      if ("failed" in equilibrium) return equilibrium
      const { switches, breaks, coefficients, old } = equilibrium
      const banded = switches.length > 0 || settings.sampling !== "active" ? perState(settings.active) : 0
      const counts: Counts = { f: perState(settings.points), j: perState(settings.terminal), b: ofBoundary, c1: banded, c2: banded }
      const { dt, seed, outer, change, paths } = state, last = { dt: state.lastDt, kinks: state.kinks }
      const kinks = kinked ? breaks.map(curve => kinkOf(problem, axes, curve)) : []
      if (settings.sampling === "simulation") {
        const random = philox(seed, 1, state.used)
        walk(paths, lawOf(grid, breaks), states, random)
        state.used = random.used
      }
      const width = frozenWidth(states.length)
      const trained = runner.run(work, state.trainers.map((trainer, i): NetTask => ({
        net: i, seed, outer, trainer, dt, kinks, last, change, size: sizeOf(old[i].value), counts, switches, breaks, coefficients: coefficients.slice(i * width, (i + 1) * width), paths,
      })), train)
      state.trainers = trained.map(({ trainer }) => trainer)
      const terms = Object.fromEntries(TERMS.map(term => [`loss_${term}`, trained.reduce((sum, one) => sum + one.terms[term], 0)]))
      const loss = trained.reduce((sum, one) => TERMS.reduce((s, term) => s + lambdas[term] * one.terms[term], sum), 0)
      const { spent, sample } = trained[trained.length - 1]
      state.outer++
      state.lastDt = dt
      state.kinks = kinks
      state.samples = [...state.samples.slice(0, 1), { outer: state.outer, dt, points: sample }]
      state.prices = equilibrium.prices
      return closeStep(state, old, { loss, terms, switches, counts, dt, spent })
    },
    finish: (state, ending) => {
      const found = state.outer > 0 ? solveBlock(state) : undefined
      const settled = found && !("failed" in found) ? found : undefined
      const values = valuesOf(state)
      const prices = settled?.prices ?? (state.prices.length > 0 ? state.prices : guessOn(grid).slice(values.length))
      const regime = settled?.regime ?? new Uint8Array(grid.size), start = settled?.start ?? new Float64Array(0)
      const unknowns = [...values.map(j => j.value), ...prices]
      grid.setRegime(regime, start)
      return tabulate(grid, {
        name: "aliens", settings, ending, seed: state.seed, residual: state.moved < 0 ? NaN : state.moved, tolerance,
        measure: "largest relative change of a value function over the longest step",
        unknowns, values, regime, start, rows: netResiduals(grid, unknowns, values), samples: samplesOf(state),
      })
    },
  }

  /** Value functions on the grid at t = 0 of the last step; the guesses before the first. */
  function valuesOf(state: State): ValueJets[] {
    if (state.outer === 0) return grid.valueJets(guessOn(grid))
    return state.trainers.map(({ weights, scale }, i) => {
      const jets = net.jets(weights, { scale, dt: state.lastDt, kinks: state.kinks }, onGrid)
      return outputs[i] === "log" ? exponential(jets) : jets
    })
  }

  /** Static block, switches and frozen coefficients at the present values. */
  function solveBlock(state: State): Equilibrium | (Row & { failed: true }) {
    const old = valuesOf(state)
    const bad = old.findIndex(j => !j.value.every(Number.isFinite))
    if (bad >= 0) return { failed: true, detail: `\`${problem.unknowns[bad].name}\` is not finite at step ${state.outer}` }
    const negative = problem.unknowns.slice(0, values).findIndex((u, i) => u.positive && !old[i].value.every(x => x > 0))
    if (negative >= 0) return { failed: true, detail: `\`${problem.unknowns[negative].name}\` became negative at ${placeText(grid, old[negative].value.findIndex(x => !(x > 0)))} in outer step ${state.outer}` }
    const block = grid.march(old, state.prices.length > 0 ? state.prices : undefined)
    if (block.failure) return { failed: true, detail: `[${block.failure.label}] could not be solved at ${placeText(grid, block.failure.node)} in outer step ${state.outer + 1} (residual ${numberText(block.failure.residual)})` }
    grid.setRegime(block.regime, block.start)
    grid.fillStatic([...old.map(o => o.value), ...block.values], old, "hjb")
    const switches = switchCurves(grid, block.regime)
    const near = (k: number): boolean => switches.some(c => Math.abs(c.rows[0] - k) <= 1e-3 * (to - from))
    const breaks = states.length > 1 ? switches : [...switches, ...kinksOn(grid).filter(k => !near(k)).map(k => ({ rows: Float64Array.of(k) }))].sort((a, b) => a.rows[0] - b.rows[0])
    return { old, switches, breaks, coefficients: linearPde(problem, grid, old, settings.coefficients as "frozen" | "linearised"), prices: block.values, regime: block.regime, start: block.start }
  }

  /** What changed, and how long the next step shall be. */
  function closeStep(state: State, old: readonly ValueJets[], made: { loss: number; terms: Record<string, number>; switches: readonly Curve[]; counts: Counts; dt: number; spent: number }): Row {
    const now = concatenated(valuesOf(state)), last = concatenated(old)
    const { change, at } = largestChange(last, now)
    if (settings.adaptive) {
      // Longer steps than the coupling with prices bears blow up or die out slowly, and the noise of training grows with the step:
      // then the longest step is shortened for good.
      if (made.dt === state.longest && change > (states.length > 1 ? tolerance : UNSTABLE) && change > 0.8 * state.change) state.longest = Math.max(state.longest / 2, settings.largestStep / 8)
      const factor = Math.min(MOST_GROWTH, Math.max(1 / MOST_GROWTH, TARGET_CHANGE / change))
      state.dt = Math.min(Math.max(made.dt * factor, settings.firstStep / 8), state.longest)
    }
    state.change = change
    state.time += made.dt
    // A short step changes little whatever the values are: what counts is the change over the longest step.
    const horizon = settings.adaptive ? settings.largestStep : settings.firstStep
    state.past = [...state.past, { time: state.time - made.dt, values: last }]
    while (state.past.length > 1 && state.past[1].time <= state.time - horizon) state.past = state.past.slice(1)
    const reached = state.past[0].time <= state.time - horizon
    const moved = reached ? largestChange(state.past[0].values, now).change : change
    state.moved = moved
    const done = reached && moved <= tolerance && Math.sqrt(made.terms.loss_f / values) <= settings.misfit
    return {
      outer: state.outer, loss: made.loss, ...made.terms, change: moved, change_of_step: change, tolerance, time_step: made.dt,
      active_points: made.counts.c2, points_epochs: made.spent, ...activeRange(made.switches), done, detail: `${problem.unknowns[Math.floor(at / grid.size)].name} moves most, at ${placeText(grid, at % grid.size)}`,
    }
  }

  function activeRange(switches: readonly Curve[]): Record<string, number> {
    const places = switches.flatMap(c => [...c.rows])
    if (settings.active === 0 || places.length === 0) return {}
    return { active_from: Math.max(from, Math.min(...places) - settings.band), active_to: Math.min(to, Math.max(...places) + settings.band) }
  }

  /** The points of the first and the last outer step, one below the other: how the band about the switches moved. */
  function samplesOf(state: State): Table | undefined {
    if (state.samples.length === 0) return undefined
    const uniform = perState(settings.points + settings.terminal) + ofBoundary
    const joined = (of: (step: Sample, n: number) => Float64Array): Float64Array => Float64Array.from(state.samples.flatMap(step => [...of(step, step.points.length / (states.length + 1))]))
    const column = (k: number): Float64Array => joined(({ points }, n) => points.slice(k * n, (k + 1) * n))
    return table({
      ...Object.fromEntries(states.map(({ name }, s) => [name, column(s)])), t: column(states.length),
      active: joined((_, n) => Float64Array.from({ length: n }, (_, p) => (p >= uniform ? 1 : 0))),
      terminal: joined(({ points, dt }, n) => points.slice(states.length * n).map(t => (t === dt ? 1 : 0))),
      outer: joined(({ outer }, n) => new Float64Array(n).fill(outer)),
    })
  }
})

const MOST_GROWTH = 2
/** In one state changes below this are the noise of training. */
const UNSTABLE = 0.02

interface State {
  seed: number
  /** Random words that simulated paths have used so far. */
  used: number
  outer: number
  /** Length of the next step and of the last one. */
  dt: number
  lastDt: number
  /** The longest step allowed now. */
  longest: number
  /** Years of pseudo-time so far, and the value functions on the grid over the last of them. */
  time: number
  past: { time: number; values: Float64Array }[]
  /** Largest relative change in the last step, and over the longest; -1 before the first. */
  change: number
  moved: number
  /** The switches that the nets know of, in their coordinates: see \`Frame\`. */
  kinks: number[][]
  trainers: Trainer[]
  /** Training points of the first and of the last outer step. */
  samples: Sample[]
  /** Where simulated paths are now and were before, by state: what \`sampling=simulation\` draws from. */
  paths: Float64Array[]
  /** Prices and shares on the grid, to start the next static block from. */
  prices: Float64Array[]
}

/** The last epoch of Adam in an outer step: all points of each state in turn, then their times within [0, dt]. */
interface Sample {
  outer: number
  dt: number
  points: Float64Array
}

interface Equilibrium {
  readonly old: readonly ValueJets[]
  readonly switches: readonly Curve[]
  /** Switches and, in one state, other kinks of the coefficients. */
  readonly breaks: readonly Curve[]
  readonly coefficients: readonly Float64Array[]
  readonly prices: Float64Array[]
  readonly regime: Uint8Array
  readonly start: Float64Array
}

const concatenated = (jets: readonly ValueJets[]): Float64Array => Float64Array.from(jets.flatMap(j => [...j.value]))

function largestChange(before: Float64Array, after: Float64Array): { change: number; at: number } {
  let change = 0, at = 0
  before.forEach((x, k) => {
    const c = Math.abs(after[k] - x) / Math.abs(x)
    if (!(c <= change)) { change = c; at = k }
  })
  return { change, at }
}

function refusal(problem: Problem): string | undefined {
  const name = problem.economy.name
  if (problem.states.length > 2) return `\`aliens\` solves economies with one or two states; \`${name}\` has ${problem.states.length}. Use \`network\`.`
  const steep = steepEnd(problem)
  if (steep) return `\`aliens\` works in the coordinate of the grid, and \`states.${steep}.grid\` has slope zero at an end; mix in an even part, as in \`0.1*s + 0.9*(3*s^2 - 2*s^3)\``
  if (problem.hjb.labels.length === 0) return `\`aliens\` learns value functions; \`${name}\` has none. Use \`fd\`.`
  return undefined
}

const sizeOf = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1
