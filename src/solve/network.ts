import { philox } from "../math/random.ts"
import { gaussNewtonStart, gaussNewtonStep, type GaussNewtonState } from "../nets/gaussNewton.ts"
import type { Activation } from "../nets/mlp.ts"
import { wasmJets } from "../nets/wasmJets.ts"
import { numberText } from "../run/numberText.ts"
import type { Procedure, Row } from "../run/run.ts"
import { kinksOn, switchesOf } from "./facts.ts"
import { guessOn, lattice, regimeOf } from "./lattice.ts"
import { method } from "./method.ts"
import { netResiduals } from "./netResiduals.ts"
import { blockSizes, netSystem, type NetUnknown } from "./netSystem.ts"
import { outputsFor } from "./pointInputs.ts"
import { activeBands, drawStates } from "./sampling.ts"
import type { Solution } from "./solution.ts"
import type { ValueJets } from "./staticBlock.ts"
import { tabulate } from "./tabulate.ts"
import { exponential, firstPoints, pointsAt, steepEnd, valueNet, type Frame, type Points, type ValueNet } from "./valueNet.ts"
import { widths } from "../run/widths.ts"

/**
 * All unknowns as nets of the state, all equations minimised together (`netSystem.ts`) by Levenberg-Marquardt on the per-point
 * Jacobian, in float64.
 *
 * 1. The nets are first fitted to the guesses of the value functions and the static block solved exactly at them, which chooses
 *    the branch of prices on which the economy lives.
 * 2. Each step draws fresh points, uniform in the grid's coordinate and some in bands about the switches, and takes one
 *    Levenberg-Marquardt step.
 * 3. Where a complementarity line changes side is read off the nets after each step: the share continued from below reaches its
 *    bound there. Nets of prices and shares may have a kink there, those of value functions a jump in the second derivative.
 * 4. It stops when the mean squared residual on fresh points is below the tolerance.
 */
export const network = method("network", "all unknowns as nets, all equations at once, by Levenberg-Marquardt; one state", {
  hidden: { value: "12,12", is: "widths of the hidden layers of each net, separated by commas" },
  activation: { value: "tanh", is: "activation of the hidden layers", among: ["tanh", "swish", "softplus"] },
  points: { value: 200, is: "points of a step", least: 16, most: 100_000, whole: true },
  active: { value: 60, is: "more points in bands about the switches", least: 0, most: 100_000, whole: true },
  band: { value: 0.05, is: "half-width of the bands", above: 0 },
  fit: { value: 25, is: "steps that fit the guesses", least: 1, whole: true },
  grid: { value: 400, is: "grid points of the static block at the guess and of the table", least: 50, most: 200_000, whole: true },
  tolerance: { value: 1e-8, is: "largest mean squared residual accepted, on fresh points", above: 0 },
  maxSteps: { value: 800, is: "most steps", least: 1, whole: true },
}, problem => {
  if (problem.states.length !== 1) return `\`network\` solves economies with one state; \`${problem.economy.name}\` has ${problem.states.length}`
  const steep = steepEnd(problem)
  return steep ? `\`network\` works in the coordinate of the grid, and \`states.${steep}.grid\` has slope zero at an end; mix in an even part, as in \`0.1*s + 0.9*(3*s^2 - 2*s^3)\`` : undefined
},
(problem, settings): Procedure<State, Solution> => {
  const [axis] = problem.states
  const grid = lattice(problem, settings.grid)
  const { nodes, values } = grid
  const hidden = widths("network", settings.hidden)
  const engine = wasmJets("float64")
  const switching = problem.block.residuals.some(r => r.second >= 0), bending = switching || problem.kinks.outputs > 0
  const capacity = Math.max(settings.grid, settings.points + settings.active + 3)
  const nets: ValueNet[] = problem.unknowns.map((_, u) => valueNet(engine, { states: 1, hidden, activation: settings.activation as Activation, timed: false, kink: u < values ? (bending ? 2 : 0) : switching ? 1 : 0 }, capacity))
  const offsets = nets.map((_, u) => nets.slice(0, u).reduce((sum, net) => sum + net.weightCount, 0))
  const onGrid = pointsAt(problem.states, [nodes])
  const isLog = problem.unknowns.map(u => u.positive)

  const coordinates = (states: readonly number[]): number[] => [...pointsAt(problem.states, [Float64Array.from(states)]).x[0]]
  const frames = (state: State): Frame[] => {
    const switches = coordinates(state.switches), all = coordinates([...state.switches, ...state.bends])
    return nets.map((_, u) => ({ scale: 1, dt: 1, kinks: (u < values ? all : switches).map(x => [x]) }))
  }
  const members = (state: State): NetUnknown[] => {
    const frame = frames(state)
    return nets.map((net, u) => ({ net, frame: frame[u], log: isLog[u], offset: offsets[u] }))
  }
  const part = (state: State, u: number): Float64Array => state.weights.subarray(offsets[u], offsets[u] + nets[u].weightCount)
  /** Unknowns and their derivatives at points. */
  const jetsAt = (state: State, points: Points, kinks = true): ValueJets[] => frames(state).map((frame, u) => {
    const jets = nets[u].jets(part(state, u), kinks ? frame : { ...frame, kinks: [] }, points)
    return isLog[u] ? exponential(jets) : jets
  })

  return {
    start: seed => {
      const random = philox(seed, 0)
      const weights = Float64Array.from(nets.flatMap(net => [...net.initial(random.next)]))
      const target = guessOn(grid)
      const block = problem.block.labels.length > 0 ? grid.march(grid.valueJets(target)) : undefined
      const failure = block?.failure ? `[${block.failure.label}] could not be solved at ${axis.name} = ${numberText(nodes[block.failure.node])} at the first guess` : ""
      if (block && failure === "") block.values.forEach((v, k) => target[values + k].set(v))
      grid.setRegime(block?.regime ?? new Uint8Array(nodes.length), block?.start ?? new Float64Array(0))
      grid.fill(target, "table")
      const sizes = blockSizes(problem, target, out => problem.block.kernel.run(grid.inputs.all, nodes.length, out))
      const switches = switchesOf(grid, block?.regime ?? new Uint8Array(nodes.length)).map(s => s.at)
      return { seed, used: 0, steps: 0, weights, gauss: gaussNewtonStart(), target, sizes: sizes.map(s => [...s]), switches, bends: kinksOn(grid).filter(k => switches.every(s => Math.abs(s - k) > 1e-3)), rate: 1, failure, residual: -1 }
    },
    step: state => {
      if (state.failure !== "") return { failed: true, detail: state.failure }
      state.steps++
      return state.steps <= settings.fit ? fit(state) : improve(state)
    },
    finish: (state, ending) => {
      const jets = jetsAt(state, onGrid)
      const unknowns = jets.map(j => j.value)
      grid.fillStatic(unknowns, jets, "block")
      const out = outputsFor(problem.block.kernel, nodes.length)
      problem.block.kernel.run(grid.inputs.all, nodes.length, out)
      const regime = Uint8Array.from(regimeOf(problem.block, out, nodes.length)).map((_, i) => (state.switches.length > 0 ? Number(nodes[i] > state.switches[0]) : 0))
      return tabulate(grid, { name: "network", settings, ending, seed: state.seed, residual: state.residual < 0 ? NaN : state.residual, tolerance: settings.tolerance,
        measure: "mean squared residual of all equations on fresh points", unknowns, values: jets, regime, start: new Float64Array(0), rows: netResiduals(grid, unknowns, jets) })
    },
  }

  /** One step of fitting every net to the guess, or to the block at it. */
  function fit(state: State): Row {
    let loss = 0
    const points = onGrid, n = points.n
    nets.forEach((net, u) => {
      const frame = frames(state)[u], weights = part(state, u).slice(), cotangent = new Float64Array(4 * n).fill(0)
      cotangent.fill(1 / Math.sqrt(n), 0, n)
      const aim = isLog[u] ? state.target[u].map(Math.log) : state.target[u]
      const gauss = gaussNewtonStart(1e-4)
      const report = gaussNewtonStep(gauss, weights, {
        count: n,
        residuals: (w, out) => { const { value } = net.jets(w, frame, points); for (let p = 0; p < n; p++) out[p] = (value[p] - aim[p]) / Math.sqrt(n) },
        jacobian: (w, out) => net.rows(w, frame, points, cotangent, out),
      })
      state.weights.set(weights, offsets[u])
      loss += 2 * report.loss
    })
    return { fit_residual: loss, tolerance: settings.tolerance }
  }

  function improve(state: State): Row {
    const random = philox(state.seed, 1, state.used)
    const points = draw(state, random.next)
    state.used = random.used
    const start = startValues(state, points)
    const ends = problem.hjb.labels.length > 0 ? 2 : 0
    const system = netSystem({ problem, unknowns: members(state), points, ends, start, rate: state.rate, sizes: state.sizes as [number, number][] })
    const before = new Float64Array(system.count)
    system.residuals(state.weights, before)
    const residual = meanSquare(system.misfits)
    const worst = worstOf(system.misfits)
    state.residual = residual
    const at = `[${[...problem.hjb.labels, ...problem.block.labels][worst.row]}] at ${axis.name} = ${numberText(points.states[0][worst.point])}`
    if (residual <= settings.tolerance) return { residual, tolerance: settings.tolerance, done: true, detail: at }
    const report = gaussNewtonStep(state.gauss, state.weights, system)
    // Pseudo-time goes on by longer steps while the residual falls, and ends in Newton's own.
    state.rate = report.accepted ? state.rate / 2 : Math.min(1, state.rate * 4 + 1e-6)
    followSwitches(state)
    return { residual, tolerance: settings.tolerance, damping: report.damping, accepted: report.accepted, ...(state.switches.length > 0 ? { switch: state.switches[0] } : {}), detail: at }
  }

  /** The start of the block first, the ends last, all others fresh. */
  function draw(state: State, uniform: () => number): Points {
    const bands = settings.active > 0 ? activeBands(state.switches, settings.band, axis.from, axis.to) : []
    const inside = drawStates(uniform, axis, settings.points, bands, bands.length > 0 ? settings.active : 0)
    const z = Float64Array.from([axis.from, ...inside, ...(problem.hjb.labels.length > 0 ? [axis.from, axis.to] : [])])
    return pointsAt(problem.states, [z])
  }
  /** Prices and shares at the lower end, from the exact static block there. */
  function startValues(state: State, points: Points): Float64Array {
    if (!axis.start || problem.block.labels.length === 0) return new Float64Array(0)
    const first = jetsAt(state, firstPoints(1, points))
    const block = grid.marchFirst(first.slice(0, values))
    return block.failure ? new Float64Array(0) : Float64Array.from(block.values, v => v[0])
  }
  /** Moves each switch to where the first side of its line, continued from below the kinks, reaches zero. */
  function followSwitches(state: State): void {
    if (!switching) return
    const jets = jetsAt(state, onGrid, false)
    grid.fillStatic(jets.map(j => j.value), jets, "block")
    const out = outputsFor(problem.block.kernel, nodes.length)
    problem.block.kernel.run(grid.inputs.all, nodes.length, out)
    const lines = problem.block.residuals.filter(r => r.second >= 0)
    state.switches = lines.flatMap(({ first }) => {
      const f = out[first], i = f.findIndex((v, k) => k > 0 && v <= 0 && f[k - 1] > 0)
      return i < 0 ? [] : [nodes[i - 1] + ((nodes[i] - nodes[i - 1]) * f[i - 1]) / (f[i - 1] - f[i])]
    })
    const settled = jetsAt(state, onGrid)
    grid.fillStatic(settled.map(j => j.value), settled, "hjb")
    state.bends = kinksOn(grid).filter(k => state.switches.every(s => Math.abs(s - k) > 1e-3))
  }
})

interface State {
  seed: number
  used: number
  steps: number
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
