import { chebyshev } from "../math/chebyshev.ts"
import { philox, type Random } from "../math/random.ts"
import { gaussNewtonStart, gaussNewtonStep, type GaussNewtonState } from "../nets/gaussNewton.ts"
import type { Activation } from "../nets/mlp.ts"
import { kernelJets } from "../nets/kernelJets.ts"
import { Mistake } from "../run/mistake.ts"
import { numberText } from "../run/numberText.ts"
import type { Procedure, Row } from "../run/run.ts"
import { widths } from "../run/widths.ts"
import { gradientNorm } from "./balance/gradientNorm.ts"
import { relobralo, relobraloStart, type RelobraloState } from "./balance/relobralo.ts"
import { COMPLEMENTARITY, FORMULAS, type Complementarity } from "./network/complementarity.ts"
import { kinksOn } from "./facts.ts"
import { gridPoints, POINTS } from "./grid/gridPoints.ts"
import { lattice, middleRow } from "./grid/lattice.ts"
import { method } from "./method.ts"
import { endsOf, facePoints, faces, lowerFace, secondsAsked, switchBand, toStates } from "./network/points.ts"
import { netResiduals } from "./netResiduals.ts"
import { netStart } from "./network/start.ts"
import { heldShare, netSystem, SHORT, type NetSystem, type NetUnknown, type SystemInput } from "./network/system.ts"
import { outputsFor } from "./pointInputs.ts"
import { relaxation, type RelaxationState } from "./newton/relaxation.ts"
import { join, unitBox, type Columns, type Score } from "./sampling/box.ts"
import { rarD } from "./sampling/rarD.ts"
import { rarG } from "./sampling/rarG.ts"
import { uniform } from "./sampling/uniform.ts"
import type { Solution } from "./solution.ts"
import { staticBlock, type ValueJets } from "./block/staticBlock.ts"
import { tabulate } from "./tabulate.ts"
import { channelsBetween, channelsOf, exponential, pointsAt, pointsBetween, steepEnd, valueNet, type Points, type ValueNet } from "./valueNet.ts"

const SAMPLINGS = ["uniform", "active", "rar-g", "rar-d"] as const

/**
 * All unknowns as nets of the state, all equations minimised together (`network/system.ts`) by Levenberg-Marquardt with geodesic
 * acceleration on the per-point Jacobian, in float64.
 *
 * 1. The nets begin with units that bend all over the domain, and are fitted to the guesses of the value functions and the static
 *    block solved exactly at them, which chooses the branch of prices on which the economy lives. In several states value functions begin
 *    as those of the economy on one row, where the other states stand still, and the block on rows through sampled points (`network/start.ts`).
 * 2. Each step draws fresh points, uniform in the grid's coordinate and more where `sampling` puts them, and takes one
 *    Levenberg-Marquardt step. No grid over the states is made but for the table of the solution at the end.
 * 3. Where a complementarity line changes side is an unknown of that step: a number in one state, a surface over the other states in
 *    several. Nets of prices and shares may have a kink there, those of value functions a jump in the second derivative. In one state it is
 *    checked after each step that there are as many switches as the nets say: the share continued from below reaches its bound there.
 *    In several states the number of switches stays that of the start.
 * 4. It stops when the mean squared residual on the step's own uniform points, before they are trained on, is below the tolerance, and
 *    then that on 2,000 others.
 */
export const network = method("network", "all unknowns as nets, all equations at once, by Levenberg-Marquardt; any number of states", {
  hidden: { value: "auto", is: "widths of the hidden layers of each net, separated by commas; auto: 10,10 in one state, 14,14 in two, 18,18 in more" },
  activation: { value: "tanh", is: "activation of the hidden layers", among: ["tanh", "swish", "softplus"] },
  points: { value: 150, is: "uniform points of a step, times the number of states", least: 16, most: 100_000, whole: true },
  active: { value: 40, is: "more points, where `sampling` puts them, times the number of states", least: 0, most: 100_000, whole: true },
  sampling: { value: "active", is: "where more points are: anywhere, in bands about the switches, at the largest residuals, or by a density of residuals", among: SAMPLINGS },
  band: { value: 0.05, is: "half-width of the bands", above: 0 },
  balance: { value: "fixed", is: "weights of the equations: all one, by the fall of their losses, or by their gradients", among: ["fixed", "relobralo", "gradient-norm"] },
  complementarity: { value: "min", is: "how complementarity lines become equations", among: COMPLEMENTARITY },
  fit: { value: 10, is: "most steps that fit the guesses; five times as many in several states", least: 1, whole: true },
  grid: { ...POINTS, numbers: { ...POINTS.numbers, least: 5 }, is: "grid points of the table: one number for every state, or one for each, as in 100,41; auto: 400 for one state, 120,31 for two, 60,11,11 for three, 40,7,7,7 for four" },
  tolerance: { value: "auto", numbers: { above: 0 }, is: "largest mean squared residual accepted, on fresh points; auto: 1e-8 in one state, 3e-7 in two, 1e-6 in more" },
  maxSteps: { value: 800, is: "most steps", least: 1, whole: true },
}, problem => {
  const steep = steepEnd(problem)
  return steep ? `\`network\` works in the coordinate of the grid, and \`states.${steep}.grid\` has slope zero at an end; mix in an even part, as in \`0.1*s + 0.9*(3*s^2 - 2*s^3)\`` : undefined
},
(problem, settings): Procedure<State, Solution> => {
  const { states } = problem, [axis] = states, one = states.length === 1
  const tolerance = settings.tolerance === "auto" ? (one ? 1e-8 : states.length === 2 ? 3e-7 : 1e-6) : Number(settings.tolerance)
  if (Number.isNaN(tolerance)) throw new Mistake(`network: \`tolerance\` is \`${settings.tolerance}\`; expected one number`)
  const tablePoints = gridPoints("network", problem, settings.grid, "grid", TABLE).points
  const grid = lattice(problem, tablePoints)
  const { nodes, values } = grid
  const hidden = widths("network", settings.hidden === "auto" ? (one ? "10,10" : states.length === 2 ? "14,14" : "18,18") : settings.hidden)
  const engine = kernelJets("float64")
  const complementarity = settings.complementarity as Complementarity
  const switching = problem.block.residuals.some(r => r.second >= 0), bending = switching || (one && problem.kinks.outputs > 0)
  const evenCount = settings.points * states.length, moreCount = settings.active * states.length
  const fitRows = one ? 1 : ROWS * (states.length - 1), fitNodes = one ? tablePoints[0] : NODES
  const capacity = Math.max(evenCount + moreCount + (2 * states.length + 1) * facePoints(states.length), POOL * moreCount, TEST_POINTS, fitRows * fitNodes)
  const netsOf = (most: number, second: (u: number) => readonly number[] | undefined): ValueNet[] => problem.unknowns.map((_, u) => valueNet(engine, {
    states: states.length, hidden, activation: settings.activation as Activation, timed: false, kink: u < values ? (bending ? 2 : 0) : switching ? 1 : 0, second: second(u) }, most))
  /** Nets that carry the derivatives that the equations ask for, and the same with all for the table. */
  const nets = netsOf(capacity, u => secondsAsked(problem, u)), whole = netsOf(grid.size, () => undefined)
  /** In several states: the economy on one row, for the level and shape of the value functions. */
  const rowGrid = one || values === 0 ? undefined : middleRow(problem, fitNodes), row = rowGrid && relaxation(rowGrid, { tolerance: ROW_TOLERANCE, firstStep: 1 })
  const offsets = nets.map((_, u) => nets.slice(0, u).reduce((sum, net) => sum + net.weightCount, 0))
  const isLog = problem.unknowns.map(u => u.positive)
  const at = (columns: readonly Float64Array[]): Points => pointsAt(states, columns)
  const onGrid = at(grid.inputs.states)
  const ends = endsOf(problem), STARTS = facePoints(states.length)

  const toCoordinate = (zs: readonly number[]): number[] => [...pointsAt([axis], [Float64Array.from(zs)]).x[0]]
  const frameOf = (state: State, u: number): NetUnknown["frame"] => {
    const bends = u < values && one ? toCoordinate(state.bends) : [], size = state.switches[0]?.length ?? 1
    return flat => ({ scale: 1, dt: 1, kinks: [...Array.from({ length: flat.length / size }, (_, k) => flat.slice(k * size, (k + 1) * size)), ...bends.map(x => [x])] })
  }
  const part = (state: State, u: number): Float64Array => state.weights.subarray(offsets[u], offsets[u] + nets[u].weightCount)
  /** Unknowns and all their derivatives on the grid. */
  const jetsOnGrid = (state: State, kinks = true): ValueJets[] => whole.map((net, u) => {
    const frame = frameOf(state, u)(state.switches.flat())
    const jets = net.jets(part(state, u), kinks ? frame : { ...frame, kinks: [] }, onGrid)
    return isLog[u] ? exponential(jets) : jets
  })
  const systemAt = (state: State, points: Points, more: Pick<SystemInput, "ends" | "start" | "rate" | "balance">): NetSystem => netSystem({
    problem, points, complementarity, switches: state.switches.flat().length, sizes: state.sizes as [number, number][],
    unknowns: nets.map((net, u) => ({ net, frame: frameOf(state, u), log: isLog[u], offset: offsets[u] })), ...more,
  })
  /** All weights, then the coefficients of the switches. */
  const unknownsOf = (state: State): Float64Array => Float64Array.of(...state.weights, ...state.switches.flat())
  /** Residuals of all equations at points that are not trained on, given by their coordinates in [0, 1]. */
  const misfitsAt = (state: State, coordinates: Columns): readonly Float64Array[] => {
    const system = systemAt(state, at(toStates(states, coordinates)), { ends: [], start: new Float64Array(0), rate: 0 })
    system.residuals(unknownsOf(state), new Float64Array(system.count))
    return system.misfits
  }

  return {
    start: seed => {
      const random = philox(seed, 0)
      const weights = Float64Array.from(nets.flatMap(net => [...net.spread(random)]))
      const state: State = { seed, used: 0, tested: 0, steps: 0, phase: row ? "row" : "fit", row: row?.start() ?? null, weights, gauss: gaussNewtonStart(), sample: [], target: [], fits: nets.map(() => gaussNewtonStart(FIT_DAMPING)), sizes: [], switches: [],
        bends: [], rate: 1, added: states.map(() => new Float64Array(0)), balance: [], relobralo: relobraloStart(), failure: "", residual: -1 }
      if (!row) begin(state)
      return state
    },
    step: state => {
      if (state.failure !== "") return { failed: true, detail: state.failure }
      state.steps++
      return state.phase === "row" ? along(state) : state.phase === "fit" ? fit(state) : improve(state)
    },
    finish: (state, ending) => {
      const free = jetsOnGrid(state)
      const surface = chebyshev(states.length - 1)
      const regime = Uint8Array.from({ length: grid.size }, (_, i) => state.switches.reduce((bits, c, k) => {
        surface.at(c, onGrid.x.slice(1).map(x => x[i]))
        return bits | (Number(onGrid.x[0][i] > surface.value) << (one ? 0 : k))
      }, 0))
      const held = heldShare(problem, state.switches.length)
      const jets = free.map((jet, u) => (u === held?.unknown ? heldAt(jet, regime, held.bound) : jet)), unknowns = jets.map(j => j.value)
      return tabulate(grid, { name: "network", settings, ending, seed: state.seed, residual: state.residual < 0 ? NaN : state.residual, tolerance,
        measure: `mean squared residual of all equations on fresh points${switching ? `; complementarity as ${FORMULAS[complementarity]}` : ""}`, unknowns, values: jets, regime, start: new Float64Array(0), rows: netResiduals(grid, unknowns, jets) })
    },
  }

  /** One step of the economy on one row, where all but the first state stand still: `fd` there. Where it fails the nets begin at the guesses. */
  function along(state: State): Row {
    const report = row!.step(state.row!)
    if (report.done || report.failed) begin(state, report.done ? rowGrid!.valueJets(state.row!.unknowns) : undefined)
    return { row_residual: report.residual as number, tolerance, detail: report.detail }
  }
  /** What the nets are fitted to: the static block at the guesses of the value functions, or at those of one row. */
  function begin(state: State, values?: readonly ValueJets[]): void {
    const random = philox(state.seed, 4)
    const others = one ? [] : toStates(states, [new Float64Array(fitRows), ...uniform(unitBox(states.length - 1), fitRows, random)]).slice(1)
    const from = netStart(problem, fitNodes, others, one ? 0 : SWITCH_DEGREE[Math.min(states.length, SWITCH_DEGREE.length - 1)], values)
    // On several rows every few nodes are enough, others on each row.
    const thin = (column: Float64Array): Float64Array => (one ? column.slice() : column.filter((_, k) => (k + Math.floor(k / fitNodes)) % THIN === 0))
    state.phase = "fit"
    state.steps = 0
    state.sample = from.states.map(thin)
    state.target = from.target.map(thin)
    state.sizes = from.sizes
    state.switches = from.switches.map(c => [...c])
    state.failure = from.failure
    if (!one) return
    grid.setRegime(from.regime, from.start)
    grid.fill(from.target, "table")
    state.bends = bendsOn(state.switches)
  }

  /** One step of fitting every net to the guess, or to the block at it; before the first its mean is set right. */
  function fit(state: State): Row {
    let loss = 0
    const points = at(state.sample), n = points.n, switches = state.switches.flat()
    const cotangent = new Float64Array(channelsOf(states.length) * n).fill(1 / Math.sqrt(n), 0, n)
    nets.forEach((net, u) => {
      const frame = frameOf(state, u)(switches), weights = part(state, u).slice()
      const aim = isLog[u] ? state.target[u].map(Math.log) : state.target[u]
      const residuals = (w: Float64Array, out: Float64Array): void => {
        const { value } = net.jets(w, frame, points)
        for (let p = 0; p < n; p++) out[p] = (value[p] - aim[p]) / Math.sqrt(n)
      }
      if (state.steps === 1) {
        const errors = new Float64Array(n)
        residuals(weights, errors)
        weights[weights.length - 1] -= errors.reduce((sum, e) => sum + e, 0) / Math.sqrt(n)
      }
      const report = gaussNewtonStep(one ? gaussNewtonStart(FIT_DAMPING) : state.fits[u], weights, {
        count: n, residuals,
        jacobian: (w, out, from, to) => net.rows(w, frame, pointsBetween(points, from, to), channelsBetween(cotangent, n, from, to), out),
      })
      state.weights.set(weights, offsets[u])
      loss += 2 * report.loss
    })
    if (loss < FIT_ENOUGH || state.steps >= settings.fit * (one ? 1 : MORE_FIT)) state.phase = "solve"
    return { fit_residual: loss, tolerance }
  }

  function improve(state: State): Row {
    const random = philox(state.seed, 1, state.used)
    const points = draw(state, random)
    state.used = random.used
    const system = systemAt(state, points, { ends, start: startValues(state, points), rate: state.rate, balance: state.balance.length > 0 ? state.balance : undefined })
    const unknowns = unknownsOf(state), before = new Float64Array(system.count)
    system.residuals(unknowns, before)
    const worst = worstOf(system.misfits)
    const detail = `[${[...problem.hjb.labels, ...problem.block.labels][worst.row]}] at ${states.map(({ name }, s) => `${name} = ${numberText(points.states[s][worst.point])}`).join(", ")}`
    state.residual = meanSquare(system.misfits.map(row => row.subarray(STARTS, STARTS + evenCount)))
    if (state.residual <= tolerance) {
      // The few points of a step may flatter: as good on many others, or it goes on.
      const others = philox(state.seed, 2, state.tested)
      state.residual = meanSquare(misfitsAt(state, uniform(unitBox(states.length), TEST_POINTS, others)))
      state.tested = others.used
    }
    const { residual } = state, shown = { residual, tolerance }
    if (residual <= tolerance) return { ...shown, done: true, detail }
    rebalance(state, system, unknowns, before)
    const report = gaussNewtonStep(state.gauss, unknowns, system, { accelerate: true })
    state.weights.set(unknowns.subarray(0, state.weights.length))
    const size = state.switches[0]?.length ?? 1
    state.switches = state.switches.map((_, k) => [...unknowns.subarray(state.weights.length + k * size, state.weights.length + (k + 1) * size)])
    // Pseudo-time goes on by longer steps while the residual falls, and ends in Newton's own.
    state.rate = report.accepted ? state.rate / 2 : Math.min(1, state.rate * 4 + 1e-6)
    checkSwitches(state)
    return { ...shown, damping: report.damping, accepted: report.accepted, ...(state.switches.length > 0 ? { switch: middleOf(state.switches[0]) } : {}), detail }
  }

  /** Where a switch lies in the middle of the other states. */
  function middleOf(coefficients: readonly number[]): number {
    const surface = chebyshev(states.length - 1)
    surface.at(coefficients, states.slice(1).map(() => 0))
    return axis.coordinate.stateAt(Float64Array.of((surface.value + 1) / 2))[0]
  }
  /** The start of the block first, then uniform points, then more, the ends last. */
  function draw(state: State, random: Random): Points {
    const box = unitBox(states.length)
    const even = toStates(states, uniform(box, evenCount, random))
    const more = (): Columns => {
      if (moreCount === 0) return states.map(() => new Float64Array(0))
      if (settings.sampling === "active") return switchBand(states, state.switches, settings.band, moreCount, random)
      if (settings.sampling === "uniform") return toStates(states, uniform(box, moreCount, random))
      const score: Score = candidates => {
        const rows = misfitsAt(state, candidates)
        return candidates[0].map((_, p) => Math.sqrt(rows.reduce((sum, row) => sum + row[p] ** 2, 0)))
      }
      const fresh = (settings.sampling === "rar-g" ? rarG : rarD)(box, Math.ceil(moreCount / WINDOW), POOL * moreCount, score, random)
      // Refinement adds points and never drops one; here the oldest make room, so that a step costs the same throughout.
      state.added = join(states.length, [state.added, fresh]).map(column => column.slice(-moreCount))
      return toStates(states, state.added)
    }
    return at(join(states.length, [lowerFace(states, random), even, more(), ...(ends.length > 0 ? faces(states, random) : [])]))
  }
  /** Prices and shares at the lower end, from the exact static block there: the first equation that it cannot solve leaves them out. */
  function startValues(state: State, points: Points): Float64Array {
    if (!axis.start || problem.block.labels.length === 0) return new Float64Array(0)
    const jets = nets.slice(0, values).map((net, u): ValueJets => {
      const found = net.jets(part(state, u), frameOf(state, u)(state.switches.flat()), pointsBetween(points, 0, STARTS))
      return isLog[u] ? exponential(found) : found
    })
    const blocks = Array.from({ length: STARTS }, (_, p) => staticBlock(problem, points.states.map(x => x.slice(p, p + 1)), jets.map(j => ({
      value: j.value.slice(p, p + 1), first: j.first.map(f => f.slice(p, p + 1)), second: j.second.map(f => f.slice(p, p + 1)) }))))
    return blocks.some(b => b.failure) ? new Float64Array(0) : Float64Array.from(blocks[0].values.flatMap((_, k) => blocks.map(b => b.values[k][0])))
  }
  /** Weights of the equations for the next step, from the residuals of this one, which hold those of now. */
  function rebalance(state: State, system: NetSystem, unknowns: Float64Array, residuals: Float64Array): void {
    if (settings.balance === "fixed") return
    const held = system.terms.map((_, k) => state.balance[k] ?? 1)
    if (settings.balance === "relobralo") {
      const random = philox(state.seed, 3, 2 * state.steps)
      state.balance = relobralo(state.relobralo, system.terms.map(({ from, to }, k) => residuals.subarray(from, to).reduce((sum, r) => sum + r * r, 0) / held[k]), random)
    } else state.balance = gradientNorm(held, system.terms.map(({ from, to }, k) => {
      const width = unknowns.length, jacobian = new Float64Array((to - from) * width), gradient = new Float64Array(width)
      system.jacobian(unknowns, jacobian, from, to)
      for (let r = from; r < to; r++) for (let j = 0; j < width; j++) gradient[j] += (jacobian[(r - from) * width + j] * residuals[r]) / held[k]
      return gradient
    }))
  }
  /**
   * In one state: takes the switches of the nets where their number has changed (the places where the first side of a line, continued
   * from below the kinks, reaches zero), and finds the other kinks. In several the start says which lines have a switch.
   */
  function checkSwitches(state: State): void {
    if (!bending || !one) return
    const found = switching ? crossings(state) : []
    if (found.length !== state.switches.length) state.switches = toCoordinate(found).map(x => [x])
    const settled = jetsOnGrid(state)
    grid.fillStatic(settled.map(j => j.value), settled, "hjb")
    state.bends = bendsOn(state.switches)
  }
  /** Kinks on the grid, as it is filled, that are not switches. */
  function bendsOn(switches: readonly (readonly number[])[]): number[] {
    const places = axis.coordinate.stateAt(Float64Array.from(switches, ([x]) => (x + 1) / 2))
    return kinksOn(grid).filter(k => places.every(s => Math.abs(s - k) > 1e-3))
  }
  function crossings(state: State): number[] {
    const jets = jetsOnGrid(state, false)
    grid.fillStatic(jets.map(j => j.value), jets, "block")
    const out = outputsFor(problem.block.kernel, nodes.length)
    problem.block.kernel.run(grid.inputs.all, nodes.length, out)
    return problem.block.residuals.filter(r => r.second >= 0).flatMap(({ first }) => {
      const f = out[first], i = f.findIndex((v, k) => k > 0 && v <= 0 && f[k - 1] > 0)
      return i < 0 ? [] : [nodes[i - 1] + ((nodes[i] - nodes[i - 1]) * f[i - 1]) / (f[i - 1] - f[i])]
    })
  }
})

/** Points on which the end is confirmed. */
const TEST_POINTS = 2000
/** Rows of the first static block for each state but the first, their nodes, and every how manyth of these is fitted to. */
const ROWS = 24
const NODES = 240
const THIN = 8
const ROW_TOLERANCE = 1e-6
/** Degree of a switch as a polynomial of the other states, by the number of states. */
const SWITCH_DEGREE = [0, 0, 8, 5, 4]
/** Nodes of the table, by the number of states. */
const TABLE = [[400], [120, 31], [60, 11, 11], [40, 7, 7, 7]]
/** Candidates for each point that refinement holds, and the steps over which these are renewed. */
const POOL = 8
const WINDOW = 10
/** The damping of each step of the fit, and the summed squared error of all nets at which it is good enough to begin with. */
const FIT_DAMPING = 1e-4
const FIT_ENOUGH = 1e-5
/** In several states the nets, larger and at more places, take so many times as many steps to fit. */
const MORE_FIT = 5

interface State {
  seed: number
  /** Random words used for points, and for those of the tests. */
  used: number
  tested: number
  steps: number
  phase: string
  /** The economy on one row, in several states. */
  row: RelaxationState | null
  weights: Float64Array
  gauss: GaussNewtonState
  /** What the nets are fitted to first, and where. */
  sample: Float64Array[]
  target: Float64Array[]
  /** Of the fit of each net, in several states. */
  fits: GaussNewtonState[]
  sizes: number[][]
  /** Where complementarity lines change side: coefficients of their surfaces (`Frame`). */
  switches: number[][]
  /** Where other kinks of the coefficients lie, in one state. */
  bends: number[]
  /** One over the step of pseudo-time, a year. */
  rate: number
  /** Coordinates of the points that refinement has added. */
  added: Float64Array[]
  /** The weight of each term of the loss; empty for one each. */
  balance: number[]
  relobralo: RelobraloState
  failure: string
  residual: number
}

/** A share that is its bound where the first side of the line binds, and short of it elsewhere. */
function heldAt({ value, first, second }: ValueJets, regime: Uint8Array, bound: number): ValueJets {
  const with0 = (column: Float64Array, at: number): Float64Array => column.map((x, i) => (regime[i] & 1 ? at : x))
  return { value: with0(value.map(x => Math.min(x, bound - SHORT)), bound), first: first.map(f => with0(f, 0)), second: second.map(f => with0(f, 0)) }
}

function meanSquare(rows: readonly Float64Array[]): number {
  return rows.reduce((sum, row) => sum + row.reduce((s, r) => s + r * r, 0) / row.length, 0) / rows.length
}

function worstOf(rows: readonly Float64Array[]): { row: number; point: number } {
  let worst = { row: 0, point: 0 }, most = -1
  rows.forEach((values, row) => values.forEach((r, point) => { if (!(Math.abs(r) <= most)) { most = Math.abs(r); worst = { row, point } } }))
  return worst
}
