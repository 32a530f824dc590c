import { philox } from "../math/random.ts"
import { frozenWidth, type Problem } from "../model/problem.ts"
import type { Activation } from "../nets/mlp.ts"
import { wasmJets } from "../nets/wasmJets.ts"
import { numberText } from "../run/numberText.ts"
import type { Procedure, Row } from "../run/run.ts"
import { table, type Table } from "../run/table.ts"
import { absoluteResiduals, buildLoss, lossTerms, type Loss, type Output } from "./aliens/loss.ts"
import { kinksOn } from "./facts.ts"
import { linearPde } from "./aliens/coefficients.ts"
import { gridPoints, POINTS } from "./grid/gridPoints.ts"
import { guessOn, lattice, placeText } from "./grid/lattice.ts"
import { method } from "./method.ts"
import { netResiduals } from "./netResiduals.ts"
import { outputsFor } from "./pointInputs.ts"
import { candidates, placementOf, SAMPLINGS, type Sampling } from "./aliens/placement.ts"
import { boundaryPoints, drawSample, TERMS, type Active, type Counts, type Placement, type Term } from "./aliens/sample.ts"
import { lawOf, startPaths, walk } from "./aliens/ergodicPaths.ts"
import { kinkOf, lookUp, switchCurves, type Curve } from "./aliens/curves.ts"
import type { Solution } from "./solution.ts"
import { tabulate } from "./tabulate.ts"
import { newTrainer, trainNet, type Trainer } from "./aliens/trainNet.ts"
import { widths } from "../run/widths.ts"
import { exponential, pointsAt, pointsBetween, steepEnd, valueNet, type Frame, type Points, type ValueNet } from "./valueNet.ts"
import type { ValueJets } from "./block/staticBlock.ts"

/**
 * ALIENs: actively-learning, informed, equilibrium neural nets (Gopalakrishna 2021), in one state or two.
 *
 * Value functions J_i are nets of (states, t). Time runs backward in steps of dt. Each outer step
 * 1. solves the static block exactly on a grid at the values J_i(., 0) just found (prices, shares, volatilities),
 * 2. freezes the coefficients of the HJB lines there: J_t + b J_z + d J_zz + l J + s = 0 on [0, dt] (b J_z a sum over states, d J_zz over pairs), with log J inside l at
 *    its last value, so that the PDE is linear,
 * 3. finds the active region Omega_c again: a band about every switch, where d jumps; about the curve z*(a) in two states,
 * 4. trains each net on the five losses (7) (`aliens/loss.ts`) with J_i(., dt) = the last values: Adam on fresh points every
 *    epoch, then Gauss-Newton or L-BFGS in float64, from the weights of the last step,
 * 5. takes J_i(., 0) as the new values and stops when they no longer change and the PDE holds.
 * The length of a step follows the change, which is to be about `TARGET_CHANGE`, up to the longest allowed.
 */
export const aliens = method("aliens", "actively-learning, informed, equilibrium neural nets beside an exact static block; one or two states", {
  hidden: { value: "16,16", is: "widths of the hidden layers, separated by commas" },
  activation: { value: "tanh", is: "activation of the hidden layers", among: ["tanh", "swish", "softplus"] },
  output: { value: "log", is: "what a net of a positive value function J stands for: log J, or J itself", among: ["log", "linear"] },
  coefficients: { value: "frozen", is: "of the PDE: all definitions frozen at the last values, or the line linearised about them", among: ["frozen", "linearised"] },
  precision: { value: "float64", is: "precision of Adam; the finish is float64", among: ["float32", "float64"] },
  points: { value: 300, is: "points of the PDE loss, each epoch, times the number of states", least: 8, most: 100_000, whole: true },
  terminal: { value: 120, is: "points of the terminal loss, each epoch, times the number of states", least: 4, most: 100_000, whole: true },
  active: { value: 80, is: "points of each active loss, times the number of states; 0 switches active learning off", least: 0, most: 100_000, whole: true },
  sampling: { value: "active", is: "where the points of the active losses lie: in the band about the switches, anywhere, where residuals are large (greedily or by density), or (with all others) on simulated paths", among: SAMPLINGS },
  band: { value: 0.05, is: "half-width of the active band about a switch", above: 0 },
  kinks: { value: true, is: "let second derivatives of the nets jump where coefficients do or have kinks" },
  lambda_f: { value: 1, is: "weight of the PDE loss", least: 0 },
  lambda_j: { value: 1, is: "weight of the terminal loss", least: 0 },
  lambda_b: { value: 1, is: "weight of the boundary loss: slopes and end conditions at the two ends", least: 0 },
  lambda_c1: { value: 1, is: "weight of the terminal loss in the active region", least: 0 },
  lambda_c2: { value: 1, is: "weight of the PDE loss in the active region", least: 0 },
  fresh: { value: true, is: "new points every epoch; else once an outer step" },
  warm: { value: true, is: "start from the weights of the last step; else from new ones" },
  adaptive: { value: true, is: "let the time step adapt; else keep the first" },
  firstStep: { value: 1, is: "first time step, in years", above: 0 },
  largestStep: { value: 20, is: "longest time step, in years; log J at its last value needs about 1/rho or less", above: 0 },
  epochs: { value: 20, is: "epochs of Adam in each outer step", least: 0, whole: true },
  rate: { value: 0.001, is: "learning rate of Adam", above: 0 },
  finish: { value: "gauss-newton", is: "second-order finish of each outer step", among: ["gauss-newton", "l-bfgs", "none"] },
  finishPoints: { value: 2, is: "times as many points in each step of the finish as in an epoch", least: 1, most: 100, whole: true },
  finishSteps: { value: 9, is: "steps of the finish (five times as many in the first outer step)", least: 0, whole: true },
  inexact: { value: 0.02, is: "the finish ends early where the root of the loss is below this part of the last change of the values; 0 for all its steps", least: 0, most: 1 },
  grid: { ...POINTS, is: POINTS.is.replace("grid points", "grid points of the static block").replace("240,31", "150,31") },
  tolerance: { value: 1e-3, is: "stop when no value changes by more than this part of itself (twice as much in two states) over the longest step", above: 0 },
  misfit: { value: 0.03, is: "and the PDE holds: root mean square of its residual over a step, as a part of the value", above: 0 },
  maxSteps: { value: 150, is: "most outer steps", least: 1, whole: true },
}, refusal, (problem, settings): Procedure<State, Solution> => {
  const { states } = problem
  const [{ from, to }] = states
  const grid = lattice(problem, gridPoints("aliens", problem, settings.grid, "grid", [[1000], states[0].start ? [150, 31] : [60]]).points)
  const { axes, values } = grid
  const perState = (points: number): number => points * states.length
  const ofBoundary = boundaryPoints(states.length)
  const tolerance = settings.tolerance * states.length
  const hidden = widths("aliens", settings.hidden)
  const most = Math.max(grid.size, settings.finishPoints * (perState(settings.points + settings.terminal + 2 * settings.active) + ofBoundary), settings.finishPoints * perState(candidates(settings.sampling as Sampling, settings.active)))
  const kinked = settings.kinks && (problem.kinks.outputs > 0 || problem.block.residuals.some(r => r.second >= 0))
  const netsOf = (precision: "float32" | "float64"): ValueNet[] => {
    const engine = wasmJets(precision)
    return problem.unknowns.slice(0, values).map(() => valueNet(engine, { states: states.length, hidden, activation: settings.activation as Activation, timed: true, kink: kinked ? 2 : 0 }, most))
  }
  const nets = netsOf("float64"), adamNets = settings.precision === "float32" ? netsOf("float32") : nets
  const onGrid = pointsAt(states, grid.inputs.states)
  const outputs: Output[] = problem.unknowns.slice(0, values).map(u => (u.positive && settings.output === "log" ? "log" : "linear"))
  const lambdas: Record<Term, number> = { f: settings.lambda_f, j: settings.lambda_j, b: settings.lambda_b, c1: settings.lambda_c1, c2: settings.lambda_c2 }

  return {
    start: seed => {
      const random = philox(seed, 0)
      const guess = guessOn(grid)
      const trainers = nets.map((net, i) => newTrainer(net.initial(random.next), outputs[i] === "log" ? 1 : sizeOf(guess[i])))
      return { seed, used: random.used, outer: 0, dt: settings.firstStep, lastDt: settings.firstStep, longest: settings.largestStep, time: 0, past: [], change: -1, moved: -1, kinks: [], trainers, samples: [], prices: [], paths: settings.sampling === "simulation" ? startPaths(states, random) : [] }
    },
    step: state => {
      const equilibrium = solveBlock(state)
      if ("failed" in equilibrium) return equilibrium
      const random = philox(state.seed, 1, state.used)
      const { switches, breaks, coefficients, old } = equilibrium
      const active: Active = { axes, switches, width: settings.band }
      const banded = switches.length > 0 || settings.sampling !== "active" ? perState(settings.active) : 0
      const counts: Counts = { f: perState(settings.points), j: perState(settings.terminal), b: ofBoundary, c1: banded, c2: banded }
      const { dt } = state
      const kinks = kinked ? breaks.map(curve => kinkOf(problem, axes, curve)) : []
      if (settings.sampling === "simulation") walk(state.paths, lawOf(grid, breaks), states, random)
      const draw = (times: number, placement: Placement): Points => drawSample(random, multiple(counts, times), states, active, dt, placement)
      const terms: Record<string, number> = {}
      const first = state.outer === 0 ? 5 : 1
      let loss = 0, spent = 0, last: Points | undefined
      nets.forEach((net, i) => {
        const trainer = state.trainers[i]
        const before = oldValues(net, trainer, state, i)
        if (!settings.warm) trainer.weights.set(net.initial(random.next))
        if (outputs[i] === "linear") {
          net.rescale(trainer.weights, trainer.scale / sizeOf(old[i].value))
          trainer.scale = sizeOf(old[i].value)
        }
        const own = lookUp(axes, coefficients.slice(i * frozenWidth(states.length), (i + 1) * frozenWidth(states.length)), breaks)
        const frame: Frame = { scale: trainer.scale, dt, kinks }
        const lossAt = (points: Points, counts: Counts): Loss => buildLoss({ points, counts, weights: lambdas, output: outputs[i], dt, ends: states.map(s => s.ends), coefficients: own, old: before(points, counts.f + counts.j, counts.f + counts.j + counts.b) })
        const score = (points: Points, term: "f" | "j"): Float64Array => absoluteResiduals(net, trainer.weights, frame, lossAt(points, { ...NO_POINTS, [term]: points.n }))
        const placed = [false, true].map(() => placementOf(settings.sampling as Sampling, { states, dt, random, score, paths: state.paths }))
        const fixed = new Map<boolean, Points>()
        const nextLoss = (finish: boolean): Loss => {
          const times = finish ? settings.finishPoints : 1
          const points = (settings.fresh ? undefined : fixed.get(finish)) ?? draw(times, placed[Number(finish)])
          fixed.set(finish, points)
          if (!finish) last = points
          return lossAt(points, multiple(counts, times))
        }
        const final = trainNet({ adam: adamNets[i], finish: net }, trainer, frame, nextLoss, { epochs: settings.epochs * first, rate: settings.rate * Math.min(1, state.change < 0 ? 1 : state.change / TARGET_CHANGE), finish: settings.finish, finishSteps: settings.finishSteps * first, warm: settings.warm, enough: settings.inexact * (state.change < 0 ? TARGET_CHANGE : state.change) })
        spent = final.spent
        const each = lossTerms(final.loss, final.residuals)
        for (const term of TERMS) {
          terms[`loss_${term}`] = (terms[`loss_${term}`] ?? 0) + each[term]
          loss += lambdas[term] * each[term]
        }
      })
      state.outer++
      state.lastDt = dt
      state.kinks = kinks
      state.used = random.used
      state.samples = [...state.samples.slice(0, 1), { outer: state.outer, dt, points: Float64Array.from([...last!.states.flatMap(z => [...z]), ...last!.t]) }]
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
    return nets.map((net, i) => {
      const jets = net.jets(state.trainers[i].weights, frameOf(state, i), onGrid)
      return outputs[i] === "log" ? exponential(jets) : jets
    })
  }
  function frameOf(state: State, i: number): Frame {
    return { scale: state.trainers[i].scale, dt: state.lastDt, kinks: state.kinks }
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

  /** N at the end of the last step at any points, and its slopes at those from `low` to `high`, from the weights before this step: the net itself, not a table. */
  function oldValues(net: ValueNet, trainer: Trainer, state: State, i: number): (points: Points, low: number, high: number) => { value: Float64Array; first: readonly Float64Array[] } {
    if (state.outer === 0) return points => guessAt(points.states, i)
    const weights = trainer.weights.slice(), frame = frameOf(state, i)
    return (given, low, high) => {
      const points = { ...given, t: new Float64Array(given.n) }, slopes = net.jets(weights, frame, pointsBetween(points, low, high)).first
      return { value: net.values(weights, frame, points), first: slopes.map(row => { const all = new Float64Array(points.n); all.set(row, low); return all }) }
    }
  }
  function guessAt(points: readonly Float64Array[], i: number): { value: Float64Array; first: Float64Array[] } {
    const n = points[0].length
    const at = (s: number, shift: number): Float64Array => {
      const moved = points.map((z, r) => (r === s ? z.map(x => Math.min(states[r].to, Math.max(states[r].from, x + shift))) : z))
      const out = outputsFor(problem.guess, n)
      problem.guess.run([...moved, ...Object.values(problem.parameters), ...problem.jets.map(() => 0)], n, out)
      return out[i]
    }
    const value = at(0, 0)
    const first = states.map((state, s) => {
      const step = 1e-6 * (state.to - state.from), [low, high] = [at(s, -step), at(s, step)]
      return high.map((h, p) => (h - low[p]) / (2 * step))
    })
    return outputs[i] === "log" ? { value: value.map(Math.log), first: first.map(f => f.map((x, p) => x / value[p])) } : { value, first }
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

/** The step of time is chosen so that values change by about this part of themselves. */
const TARGET_CHANGE = 0.5
const MOST_GROWTH = 2
/** In one state changes below this are the noise of training. */
const UNSTABLE = 0.02

interface State {
  seed: number
  /** Random words used so far. */
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

const NO_POINTS: Counts = { f: 0, j: 0, b: 0, c1: 0, c2: 0 }

const multiple = (counts: Counts, times: number): Counts => Object.fromEntries(TERMS.map(term => [term, times * counts[term]])) as Record<Term, number>

const sizeOf = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1
