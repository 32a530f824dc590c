import { philox } from "../math/random.ts"
import { frozenWidth, type Problem } from "../model/problem.ts"
import type { Activation } from "../nets/mlp.ts"
import { wasmJets } from "../nets/wasmJets.ts"
import { numberText } from "../run/numberText.ts"
import type { Procedure, Row } from "../run/run.ts"
import { table, type Table } from "../run/table.ts"
import { buildLoss, lossTerms, type Loss, type Output } from "./aliensLoss.ts"
import { kinksOn, switchesOf } from "./facts.ts"
import { linearPde } from "./coefficients.ts"
import { guessOn, lattice } from "./lattice.ts"
import { method } from "./method.ts"
import { netResiduals } from "./netResiduals.ts"
import { outputsFor } from "./pointInputs.ts"
import { activeBands, drawSample, TERMS, type Band, type Counts, type Term } from "./sampling.ts"
import type { Solution } from "./solution.ts"
import { tabulate } from "./tabulate.ts"
import { newTrainer, trainNet, type Trainer } from "./trainNet.ts"
import { widths } from "../run/widths.ts"
import { exponential, pointsAt, steepEnd, valueNet, type Frame, type Points, type ValueNet } from "./valueNet.ts"
import type { ValueJets } from "./staticBlock.ts"

/**
 * ALIENs: actively-learning, informed, equilibrium neural nets (Gopalakrishna 2021), in one state.
 *
 * Value functions J_i are nets of (z, t). Time runs backward in steps of dt. Each outer step
 * 1. solves the static block exactly on a grid at the values J_i(., 0) just found (prices, shares, volatilities),
 * 2. freezes the coefficients of the HJB lines there: J_t + b J_z + d J_zz + l J + s = 0 on [0, dt], with log J inside l at
 *    its last value, so that the PDE is linear,
 * 3. finds the active region Omega_c again: a band about every switch, where d jumps,
 * 4. trains each net on the five losses (7) (`aliensLoss.ts`) with J_i(., dt) = the last values: Adam on fresh points every
 *    epoch, then Gauss-Newton or L-BFGS in float64, from the weights of the last step,
 * 5. takes J_i(., 0) as the new values and stops when they no longer change and the PDE holds.
 * The length of a step follows the change, which is to be about `TARGET_CHANGE`, up to the longest allowed.
 */
export const aliens = method("aliens", "actively-learning, informed, equilibrium neural nets beside an exact static block; one state", {
  hidden: { value: "16,16", is: "widths of the hidden layers, separated by commas" },
  activation: { value: "tanh", is: "activation of the hidden layers", among: ["tanh", "swish", "softplus"] },
  output: { value: "log", is: "what a net of a positive value function J stands for: log J, or J itself", among: ["log", "linear"] },
  coefficients: { value: "frozen", is: "of the PDE: all definitions frozen at the last values, or the line linearised about them", among: ["frozen", "linearised"] },
  precision: { value: "float64", is: "precision of Adam; the finish is float64", among: ["float32", "float64"] },
  points: { value: 300, is: "points of the PDE loss, each epoch", least: 8, most: 100_000, whole: true },
  terminal: { value: 120, is: "points of the terminal loss, each epoch", least: 4, most: 100_000, whole: true },
  active: { value: 80, is: "points of each active loss; 0 switches active learning off", least: 0, most: 100_000, whole: true },
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
  finishSteps: { value: 6, is: "steps of the finish (five times as many in the first outer step)", least: 0, whole: true },
  grid: { value: 1000, is: "grid points of the static block", least: 50, most: 200_000, whole: true },
  tolerance: { value: 1e-3, is: "stop when no value changes by more than this part of itself in a step (of the longest length)", above: 0 },
  misfit: { value: 0.03, is: "and the PDE holds: root mean square of its residual over a step, as a part of the value", above: 0 },
  maxSteps: { value: 150, is: "most outer steps", least: 1, whole: true },
}, refusal, (problem, settings): Procedure<State, Solution> => {
  const [axis] = problem.states
  const { name: stateName, from, to } = axis
  const grid = lattice(problem, settings.grid)
  const { nodes, values } = grid
  const hidden = widths("aliens", settings.hidden)
  const most = Math.max(settings.grid, settings.finishPoints * (settings.points + settings.terminal + BOUNDARY_POINTS + 2 * settings.active))
  const kinked = settings.kinks && (problem.kinks.outputs > 0 || problem.block.residuals.some(r => r.second >= 0))
  const netsOf = (precision: "float32" | "float64"): ValueNet[] => {
    const engine = wasmJets(precision)
    return problem.unknowns.slice(0, values).map(() => valueNet(engine, { hidden, activation: settings.activation as Activation, timed: true, kink: kinked ? 2 : 0 }, most))
  }
  const nets = netsOf("float64"), adamNets = settings.precision === "float32" ? netsOf("float32") : nets
  const kinksAt = (switches: readonly number[]): number[] => (kinked && switches.length > 0 ? [...pointsAt(axis.coordinate, Float64Array.from(switches), new Float64Array(switches.length)).x] : [])
  const onGrid = pointsAt(axis.coordinate, nodes, new Float64Array(nodes.length))
  const outputs: Output[] = problem.unknowns.slice(0, values).map(u => (u.positive && settings.output === "log" ? "log" : "linear"))
  const lambdas: Record<Term, number> = { f: settings.lambda_f, j: settings.lambda_j, b: settings.lambda_b, c1: settings.lambda_c1, c2: settings.lambda_c2 }

  return {
    start: seed => {
      const random = philox(seed, 0)
      const guess = guessOn(grid)
      const trainers = nets.map((net, i) => newTrainer(net.initial(random.next), outputs[i] === "log" ? 1 : sizeOf(guess[i])))
      return { seed, used: random.used, outer: 0, dt: settings.firstStep, lastDt: settings.firstStep, change: -1, kinks: [], trainers, samples: new Float64Array(0), prices: [] }
    },
    step: state => {
      const equilibrium = solveBlock(state)
      if ("failed" in equilibrium) return equilibrium
      const random = philox(state.seed, 1, state.used)
      const { switches, breaks, coefficients, old } = equilibrium
      const bands = settings.active > 0 ? activeBands(switches, settings.band, from, to) : []
      const counts: Counts = { f: settings.points, j: settings.terminal, b: BOUNDARY_POINTS, c1: bands.length > 0 ? settings.active : 0, c2: bands.length > 0 ? settings.active : 0 }
      const { dt } = state
      const kinks = kinksAt(breaks)
      const draw = (times: number): Points => drawSample(random, multiple(counts, times), axis, bands, dt)
      const fixed = [draw(1), draw(settings.finishPoints)]
      const terms: Record<string, number> = {}
      let loss = 0, last = fixed[0]
      nets.forEach((net, i) => {
        const trainer = state.trainers[i]
        const before = oldValues(net, trainer, state, i)
        if (!settings.warm) trainer.weights.set(net.initial(random.next))
        if (outputs[i] === "linear") {
          net.rescale(trainer.weights, trainer.scale / sizeOf(old[i].value))
          trainer.scale = sizeOf(old[i].value)
        }
        const own = coefficients.slice(i * frozenWidth(1), (i + 1) * frozenWidth(1))
        const nextLoss = (finish: boolean): Loss => {
          const times = finish ? settings.finishPoints : 1
          const points = settings.fresh ? draw(times) : fixed[finish ? 1 : 0]
          if (!finish) last = points
          return buildLoss({ points, counts: multiple(counts, times), weights: lambdas, output: outputs[i], dt, ends: axis.ends, nodes, columns: own, breaks, old: before(points) })
        }
        const first = state.outer === 0 ? 5 : 1
        const final = trainNet({ adam: adamNets[i], finish: net }, trainer, { scale: trainer.scale, dt, kinks }, nextLoss, { epochs: settings.epochs * first, rate: settings.rate * Math.min(1, state.change < 0 ? 1 : state.change / TARGET_CHANGE), finish: settings.finish, finishSteps: settings.finishSteps * first, warm: settings.warm })
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
      state.samples = Float64Array.from([...last.z, ...last.t])
      state.prices = equilibrium.prices
      return closeStep(state, old, { loss, terms, bands, counts, dt })
    },
    finish: (state, ending) => {
      const found = state.outer > 0 ? solveBlock(state) : undefined
      const settled = found && !("failed" in found) ? found : undefined
      const values = valuesOf(state)
      const prices = settled?.prices ?? (state.prices.length > 0 ? state.prices : guessOn(grid).slice(values.length))
      const regime = settled?.regime ?? new Uint8Array(nodes.length), start = settled?.start ?? new Float64Array(0)
      const unknowns = [...values.map(j => j.value), ...prices]
      grid.setRegime(regime, start)
      return tabulate(grid, {
        name: "aliens", settings, ending, seed: state.seed, residual: state.change < 0 ? NaN : state.change, tolerance: settings.tolerance,
        measure: "largest relative change of a value function in the last outer step",
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
    if (negative >= 0) return { failed: true, detail: `\`${problem.unknowns[negative].name}\` became negative at ${stateName} = ${numberText(nodes[old[negative].value.findIndex(x => !(x > 0))])} in outer step ${state.outer}` }
    const block = grid.march(old, state.prices.length > 0 ? state.prices : undefined)
    if (block.failure) return { failed: true, detail: `[${block.failure.label}] could not be solved at ${stateName} = ${numberText(nodes[block.failure.node])} in outer step ${state.outer + 1} (residual ${numberText(block.failure.residual)})` }
    grid.setRegime(block.regime, block.start)
    grid.fillStatic([...old.map(o => o.value), ...block.values], old, "hjb")
    const switches = switchesOf(grid, block.regime).map(s => s.at)
    const breaks = [...switches, ...kinksOn(grid).filter(k => switches.every(s => Math.abs(s - k) > 1e-3 * (to - from)))].sort((a, b) => a - b)
    return { old, switches, breaks, coefficients: linearPde(problem, grid, old, settings.coefficients as "frozen" | "linearised"), prices: block.values, regime: block.regime, start: block.start }
  }

  /** N at the end of the last step and its slope at any points, from the weights before this step: the net itself, not a table. */
  function oldValues(net: ValueNet, trainer: Trainer, state: State, i: number): (points: Points) => { value: Float64Array; first: Float64Array } {
    if (state.outer === 0) return points => guessAt(points.z, i)
    const weights = trainer.weights.slice(), frame = frameOf(state, i)
    return points => net.jets(weights, frame, { ...points, t: new Float64Array(points.n) })
  }
  function guessAt(points: Float64Array, i: number): { value: Float64Array; first: Float64Array } {
    const n = points.length, step = 1e-6 * (to - from)
    const at = (shift: number): Float64Array => {
      const inputs = [points.map(z => Math.min(to, Math.max(from, z + shift))), ...Object.values(problem.parameters), ...problem.jets.map(() => 0)]
      const out = outputsFor(problem.guess, n)
      problem.guess.run(inputs, n, out)
      return out[i]
    }
    const [low, high] = [at(-step), at(step)]
    const value = at(0), first = high.map((h, p) => (h - low[p]) / (2 * step))
    return outputs[i] === "log" ? { value: value.map(Math.log), first: first.map((f, p) => f / value[p]) } : { value, first }
  }

  /** What changed, and how long the next step shall be. */
  function closeStep(state: State, old: readonly ValueJets[], made: { loss: number; terms: Record<string, number>; bands: readonly Band[]; counts: Counts; dt: number }): Row {
    const now = valuesOf(state)
    let change = 0
    now.forEach((jets, i) => jets.value.forEach((x, k) => { change = Math.max(change, Math.abs(x - old[i].value[k]) / Math.abs(old[i].value[k])) }))
    if (settings.adaptive) {
      const factor = Math.min(MOST_GROWTH, Math.max(1 / MOST_GROWTH, TARGET_CHANGE / change))
      state.dt = Math.min(Math.max(made.dt * factor, settings.firstStep / 8), settings.largestStep)
    }
    state.change = change
    // A short step changes little whatever the values are: the change counts as it would over the longest step.
    const longest = settings.adaptive ? settings.largestStep : settings.firstStep
    const done = (change * longest) / made.dt <= settings.tolerance && Math.sqrt(made.terms.loss_f / values) <= settings.misfit
    return {
      outer: state.outer, loss: made.loss, ...made.terms, change, tolerance: settings.tolerance, time_step: made.dt,
      active_points: made.counts.c2, ...(made.bands.length > 0 ? { active_from: made.bands[0].from, active_to: made.bands[made.bands.length - 1].to } : {}), done,
    }
  }

  function samplesOf(state: State): Table | undefined {
    const n = state.samples.length / 2
    if (n === 0) return undefined
    const z = state.samples.slice(0, n), t = state.samples.slice(n)
    const uniform = settings.points + settings.terminal + BOUNDARY_POINTS
    return table({
      [stateName]: z, t,
      active: z.map((_, p) => (p >= uniform ? 1 : 0)),
      terminal: t.map(x => (x === state.lastDt ? 1 : 0)),
    })
  }
})

/** The step of time is chosen so that values change by about this part of themselves. */
const TARGET_CHANGE = 0.5
const MOST_GROWTH = 2
/** Two for the slopes at t = dt, the others for what holds at the ends. */
const BOUNDARY_POINTS = 10

interface State {
  seed: number
  /** Random words used so far. */
  used: number
  outer: number
  /** Length of the next step and of the last one. */
  dt: number
  lastDt: number
  /** Largest relative change in the last step; -1 before the first. */
  change: number
  /** The switches that the nets know of, in their coordinate. */
  kinks: number[]
  trainers: Trainer[]
  /** Training points of the last epoch: states, then times. */
  samples: Float64Array
  /** Prices and shares on the grid, to start the next static block from. */
  prices: Float64Array[]
}

interface Equilibrium {
  readonly old: readonly ValueJets[]
  readonly switches: readonly number[]
  /** Switches and other kinks of the coefficients. */
  readonly breaks: readonly number[]
  readonly coefficients: readonly Float64Array[]
  readonly prices: Float64Array[]
  readonly regime: Uint8Array
  readonly start: Float64Array
}

function refusal(problem: Problem): string | undefined {
  const name = problem.economy.name
  if (problem.states.length !== 1) return `\`aliens\` solves economies with one state; \`${name}\` has ${problem.states.length}`
  if (steepEnd(problem)) return `\`aliens\` works in the coordinate of the grid, and \`states.${problem.states[0].name}.grid\` has slope zero at an end; mix in an even part, as in \`0.1*s + 0.9*(3*s^2 - 2*s^3)\``
  if (problem.hjb.labels.length === 0) return `\`aliens\` learns value functions; \`${name}\` has none. Use \`fd\`.`
  return undefined
}

const multiple = (counts: Counts, times: number): Counts => Object.fromEntries(TERMS.map(term => [term, times * counts[term]])) as Record<Term, number>

const sizeOf = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1
