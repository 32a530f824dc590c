import { philox, type Random } from "../math/random.ts"
import { gaussNewtonStart, gaussNewtonStep, type GaussNewtonState } from "../nets/gaussNewton.ts"
import type { Activation } from "../nets/mlp.ts"
import { wasmJets } from "../nets/wasmJets.ts"
import { numberText } from "../run/numberText.ts"
import type { Procedure, Row } from "../run/run.ts"
import { gradientNorm } from "./balance/gradientNorm.ts"
import { relobralo, relobraloStart, type RelobraloState } from "./balance/relobralo.ts"
import { COMPLEMENTARITY, FORMULAS, type Complementarity } from "./complementarity.ts"
import { kinksOn, switchesOf } from "./facts.ts"
import { guessOn, lattice, regimeOf } from "./lattice.ts"
import { method } from "./method.ts"
import { netResiduals } from "./netResiduals.ts"
import { blockSizes, netSystem, type NetSystem, type NetUnknown, type SystemInput } from "./netSystem.ts"
import { outputsFor } from "./pointInputs.ts"
import { activeBand } from "./sampling/activeBand.ts"
import { join, unitBox, type Columns, type Score } from "./sampling/box.ts"
import { rarD } from "./sampling/rarD.ts"
import { rarG } from "./sampling/rarG.ts"
import { uniform } from "./sampling/uniform.ts"
import type { Solution } from "./solution.ts"
import type { ValueJets } from "./staticBlock.ts"
import { tabulate } from "./tabulate.ts"
import { channelsBetween, channelsOf, exponential, pointsAt, pointsBetween, steepEnd, valueNet, type Points, type ValueNet } from "./valueNet.ts"
import { widths } from "../run/widths.ts"

const SAMPLINGS = ["uniform", "active", "rar-g", "rar-d"] as const

/**
 * All unknowns as nets of the state, all equations minimised together (`netSystem.ts`) by Levenberg-Marquardt with geodesic
 * acceleration on the per-point Jacobian, in float64.
 *
 * 1. The nets begin with units that bend all over the domain, and are fitted to the guesses of the value functions and the static
 *    block solved exactly at them, which chooses the branch of prices on which the economy lives.
 * 2. Each step draws fresh points, uniform in the grid's coordinate and more where `sampling` puts them, and takes one
 *    Levenberg-Marquardt step.
 * 3. Where a complementarity line changes side is an unknown of that step. Nets of prices and shares may have a kink there, those of
 *    value functions a jump in the second derivative. After each step it is checked that there are as many switches as the
 *    nets say: the share continued from below reaches its bound there.
 * 4. It stops when the mean squared residual on the step's own uniform points, before they are trained on, is below the tolerance, and
 *    then that on 2,000 others.
 */
export const network = method("network", "all unknowns as nets, all equations at once, by Levenberg-Marquardt; one state", {
  hidden: { value: "10,10", is: "widths of the hidden layers of each net, separated by commas" },
  activation: { value: "tanh", is: "activation of the hidden layers", among: ["tanh", "swish", "softplus"] },
  points: { value: 150, is: "uniform points of a step", least: 16, most: 100_000, whole: true },
  active: { value: 40, is: "more points, where `sampling` puts them", least: 0, most: 100_000, whole: true },
  sampling: { value: "active", is: "where more points are: anywhere, in bands about the switches, at the largest residuals, or by a density of residuals", among: SAMPLINGS },
  band: { value: 0.05, is: "half-width of the bands", above: 0 },
  balance: { value: "fixed", is: "weights of the equations: all one, by the fall of their losses, or by their gradients", among: ["fixed", "relobralo", "gradient-norm"] },
  complementarity: { value: "min", is: "how complementarity lines become equations", among: COMPLEMENTARITY },
  fit: { value: 10, is: "most steps that fit the guesses", least: 1, whole: true },
  grid: { value: 400, is: "grid points of the static block at the guess and of the table", least: 50, most: 200_000, whole: true },
  tolerance: { value: 1e-8, is: "largest mean squared residual accepted, on fresh points", above: 0 },
  maxSteps: { value: 800, is: "most steps", least: 1, whole: true },
}, problem => {
  if (problem.states.length !== 1) return `\`network\` solves economies with one state; \`${problem.economy.name}\` has ${problem.states.length}`
  return steepEnd(problem) ? `\`network\` works in the coordinate of the grid, and \`states.${problem.states[0].name}.grid\` has slope zero at an end; mix in an even part, as in \`0.1*s + 0.9*(3*s^2 - 2*s^3)\`` : undefined
},
(problem, settings): Procedure<State, Solution> => {
  const [axis] = problem.states
  const grid = lattice(problem, settings.grid)
  const { nodes, values } = grid
  const hidden = widths("network", settings.hidden)
  const engine = wasmJets("float64")
  const complementarity = settings.complementarity as Complementarity
  const switching = problem.block.residuals.some(r => r.second >= 0), bending = switching || problem.kinks.outputs > 0
  const capacity = Math.max(settings.grid, settings.points + settings.active + 3, POOL * settings.active, TEST_POINTS)
  const nets: ValueNet[] = problem.unknowns.map((_, u) => valueNet(engine, { states: 1, hidden, activation: settings.activation as Activation, timed: false, kink: u < values ? (bending ? 2 : 0) : switching ? 1 : 0 }, capacity))
  const offsets = nets.map((_, u) => nets.slice(0, u).reduce((sum, net) => sum + net.weightCount, 0))
  const isLog = problem.unknowns.map(u => u.positive)
  const at = (z: Float64Array): Points => pointsAt(problem.states, [z])
  const onGrid = at(nodes)
  const ends = problem.hjb.labels.length > 0 ? 2 : 0

  const toCoordinate = (states: readonly number[]): number[] => [...at(Float64Array.from(states)).x[0]]
  const toState = (x: readonly number[]): number[] => [...axis.coordinate.stateAt(Float64Array.from(x, c => (c + 1) / 2))]
  const frameOf = (state: State, u: number): NetUnknown["frame"] => {
    const bends = u < values ? toCoordinate(state.bends) : []
    return switches => ({ scale: 1, dt: 1, kinks: [...switches, ...bends].map(x => [x]) })
  }
  const part = (state: State, u: number): Float64Array => state.weights.subarray(offsets[u], offsets[u] + nets[u].weightCount)
  /** Unknowns and their derivatives at points. */
  const jetsAt = (state: State, points: Points, kinks = true): ValueJets[] => nets.map((net, u) => {
    const frame = frameOf(state, u)(toCoordinate(state.switches))
    const jets = net.jets(part(state, u), kinks ? frame : { ...frame, kinks: [] }, points)
    return isLog[u] ? exponential(jets) : jets
  })
  const systemAt = (state: State, points: Points, more: Pick<SystemInput, "ends" | "start" | "rate" | "balance">): NetSystem => netSystem({
    problem, points, complementarity, switches: state.switches.length, sizes: state.sizes as [number, number][],
    unknowns: nets.map((net, u) => ({ net, frame: frameOf(state, u), log: isLog[u], offset: offsets[u] })), ...more,
  })
  /** All weights, then the switches in the nets' coordinate. */
  const unknownsOf = (state: State): Float64Array => Float64Array.of(...state.weights, ...toCoordinate(state.switches))
  /** Residuals of all equations at points that are not trained on. */
  const misfitsAt = (state: State, states: Float64Array): readonly Float64Array[] => {
    const system = systemAt(state, at(states), { ends: 0, start: new Float64Array(0), rate: 0 })
    system.residuals(unknownsOf(state), new Float64Array(system.count))
    return system.misfits
  }

  return {
    start: seed => {
      const random = philox(seed, 0)
      const weights = Float64Array.from(nets.flatMap(net => [...net.spread(random)]))
      const target = guessOn(grid)
      const block = problem.block.labels.length > 0 ? grid.march(grid.valueJets(target)) : undefined
      const failure = block?.failure ? `[${block.failure.label}] could not be solved at ${axis.name} = ${numberText(nodes[block.failure.node])} at the first guess` : ""
      if (block && failure === "") block.values.forEach((v, k) => target[values + k].set(v))
      grid.setRegime(block?.regime ?? new Uint8Array(nodes.length), block?.start ?? new Float64Array(0))
      grid.fill(target, "table")
      const sizes = blockSizes(problem, target, out => problem.block.kernel.run(grid.inputs.all, nodes.length, out))
      const switches = switchesOf(grid, block?.regime ?? new Uint8Array(nodes.length)).map(s => s.at)
      return {
        seed, used: 0, tested: 0, steps: 0, phase: "fit", weights, gauss: gaussNewtonStart(), target, sizes: sizes.map(s => [...s]), switches,
        bends: kinksOn(grid).filter(k => switches.every(s => Math.abs(s - k) > 1e-3)), rate: 1, added: new Float64Array(0), balance: [], relobralo: relobraloStart(), failure, residual: -1,
      }
    },
    step: state => {
      if (state.failure !== "") return { failed: true, detail: state.failure }
      state.steps++
      return state.phase === "fit" ? fit(state) : improve(state)
    },
    finish: (state, ending) => {
      const jets = jetsAt(state, onGrid)
      const unknowns = jets.map(j => j.value)
      grid.fillStatic(unknowns, jets, "block")
      const out = outputsFor(problem.block.kernel, nodes.length)
      problem.block.kernel.run(grid.inputs.all, nodes.length, out)
      const regime = Uint8Array.from(regimeOf(problem.block, out, nodes.length)).map((_, i) => (state.switches.length > 0 ? Number(nodes[i] > state.switches[0]) : 0))
      return tabulate(grid, { name: "network", settings, ending, seed: state.seed, residual: state.residual < 0 ? NaN : state.residual, tolerance: settings.tolerance,
        measure: `mean squared residual of all equations on fresh points${switching ? `; complementarity as ${FORMULAS[complementarity]}` : ""}`, unknowns, values: jets, regime, start: new Float64Array(0), rows: netResiduals(grid, unknowns, jets) })
    },
  }

  /** One step of fitting every net to the guess, or to the block at it; before the first its mean is set right. */
  function fit(state: State): Row {
    let loss = 0
    const points = onGrid, n = points.n, switches = toCoordinate(state.switches)
    const cotangent = new Float64Array(channelsOf(1) * n).fill(1 / Math.sqrt(n), 0, n)
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
      const report = gaussNewtonStep(gaussNewtonStart(FIT_DAMPING), weights, {
        count: n, residuals,
        jacobian: (w, out, from, to) => net.rows(w, frame, pointsBetween(points, from, to), channelsBetween(cotangent, n, from, to), out),
      })
      state.weights.set(weights, offsets[u])
      loss += 2 * report.loss
    })
    if (loss < FIT_ENOUGH || state.steps >= settings.fit) state.phase = "solve"
    return { fit_residual: loss, tolerance: settings.tolerance }
  }

  function improve(state: State): Row {
    const random = philox(state.seed, 1, state.used)
    const points = draw(state, random)
    state.used = random.used
    const system = systemAt(state, points, { ends, start: startValues(state, points), rate: state.rate, balance: state.balance.length > 0 ? state.balance : undefined })
    const unknowns = unknownsOf(state), before = new Float64Array(system.count)
    system.residuals(unknowns, before)
    const worst = worstOf(system.misfits)
    const detail = `[${[...problem.hjb.labels, ...problem.block.labels][worst.row]}] at ${axis.name} = ${numberText(points.states[0][worst.point])}`
    state.residual = meanSquare(system.misfits.map(row => row.subarray(1, 1 + settings.points)))
    if (state.residual <= settings.tolerance) {
      // The few points of a step may flatter: as good on many others, or it goes on.
      const others = philox(state.seed, 2, state.tested)
      state.residual = meanSquare(misfitsAt(state, axis.coordinate.stateAt(uniform(unitBox(1), TEST_POINTS, others)[0])))
      state.tested = others.used
    }
    const { residual } = state, shown = { residual, tolerance: settings.tolerance }
    if (residual <= settings.tolerance) return { ...shown, done: true, detail }
    rebalance(state, system, unknowns, before)
    const report = gaussNewtonStep(state.gauss, unknowns, system, { accelerate: true })
    state.weights.set(unknowns.subarray(0, state.weights.length))
    state.switches = toState([...unknowns.subarray(state.weights.length)])
    // Pseudo-time goes on by longer steps while the residual falls, and ends in Newton's own.
    state.rate = report.accepted ? state.rate / 2 : Math.min(1, state.rate * 4 + 1e-6)
    checkSwitches(state)
    return { ...shown, damping: report.damping, accepted: report.accepted, ...(state.switches.length > 0 ? { switch: state.switches[0] } : {}), detail }
  }

  /** The start of the block first, then uniform points, then more, the ends last. */
  function draw(state: State, random: Random): Points {
    const toStates = (coordinates: Columns): Float64Array => axis.coordinate.stateAt(coordinates[0])
    const even = toStates(uniform(unitBox(1), settings.points, random))
    const more = (): Float64Array => {
      if (settings.active === 0) return new Float64Array(0)
      if (settings.sampling === "active") return activeBand({ from: [axis.from], to: [axis.to] }, [Float64Array.from(state.switches)], settings.band, settings.active, random)[0]
      if (settings.sampling === "uniform") return toStates(uniform(unitBox(1), settings.active, random))
      const score: Score = candidates => {
        const rows = misfitsAt(state, toStates(candidates))
        return candidates[0].map((_, p) => Math.sqrt(rows.reduce((sum, row) => sum + row[p] ** 2, 0)))
      }
      const fresh = (settings.sampling === "rar-g" ? rarG : rarD)(unitBox(1), Math.ceil(settings.active / WINDOW), POOL * settings.active, score, random)
      // Refinement adds points and never drops one; here the oldest make room, so that a step costs the same throughout.
      state.added = join(1, [[state.added], fresh])[0].slice(-settings.active)
      return toStates([state.added])
    }
    return at(Float64Array.from([axis.from, ...even, ...more(), ...(ends > 0 ? [axis.from, axis.to] : [])]))
  }
  /** Prices and shares at the lower end, from the exact static block there. */
  function startValues(state: State, points: Points): Float64Array {
    if (!axis.start || problem.block.labels.length === 0) return new Float64Array(0)
    const block = grid.marchFirst(jetsAt(state, pointsBetween(points, 0, 1)).slice(0, values))
    return block.failure ? new Float64Array(0) : Float64Array.from(block.values, v => v[0])
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
   * Takes the switches of the nets where their number has changed: the places where the first side of a line, continued from below the
   * kinks, reaches zero. Finds the other kinks.
   */
  function checkSwitches(state: State): void {
    if (!bending) return
    const found = switching ? crossings(state) : []
    if (found.length !== state.switches.length) state.switches = found
    const settled = jetsAt(state, onGrid)
    grid.fillStatic(settled.map(j => j.value), settled, "hjb")
    state.bends = kinksOn(grid).filter(k => state.switches.every(s => Math.abs(s - k) > 1e-3))
  }
  function crossings(state: State): number[] {
    const jets = jetsAt(state, onGrid, false)
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
/** Candidates for each point that refinement holds, and the steps over which these are renewed. */
const POOL = 8
const WINDOW = 10
/** The damping of each step of the fit, and the summed squared error of all nets at which it is good enough to begin with. */
const FIT_DAMPING = 1e-4
const FIT_ENOUGH = 1e-5

interface State {
  seed: number
  /** Random words used for points, and for those of the tests. */
  used: number
  tested: number
  steps: number
  phase: string
  weights: Float64Array
  gauss: GaussNewtonState
  /** What the nets are fitted to first. */
  target: Float64Array[]
  sizes: number[][]
  /** Where complementarity lines change side, and where other kinks of the coefficients lie. */
  switches: number[]
  bends: number[]
  /** One over the step of pseudo-time, a year. */
  rate: number
  /** Coordinates of the points that refinement has added. */
  added: Float64Array
  /** The weight of each term of the loss; empty for one each. */
  balance: number[]
  relobralo: RelobraloState
  failure: string
  residual: number
}

function meanSquare(rows: readonly Float64Array[]): number {
  return rows.reduce((sum, row) => sum + row.reduce((s, r) => s + r * r, 0) / row.length, 0) / rows.length
}

function worstOf(rows: readonly Float64Array[]): { row: number; point: number } {
  let worst = { row: 0, point: 0 }, most = -1
  rows.forEach((values, row) => values.forEach((r, point) => { if (!(Math.abs(r) <= most)) { most = Math.abs(r); worst = { row, point } } }))
  return worst
}
