import { pairs, type Jet, type Problem, type Rows } from "../../model/problem.ts"
import { numberText } from "../../run/numberText.ts"
import { algebraicBlock, isAlgebraic } from "../block/algebraicBlock.ts"
import { sizeOf, stridesOf } from "./behind.ts"
import { mixed } from "./mixed.ts"
import { inputsFor, outputsFor, type Inputs } from "../pointInputs.ts"
import { marchesIn, staticBlock, type StaticBlock, type ValueJets } from "../block/staticBlock.ts"
import { regionStencils, type RegionStencils } from "./regions.ts"
import { applyStencil, centralFirst, centralSecond, spread, turnUpwind, type Stencil } from "./stencil.ts"

/**
 * A grid over the states of a problem (the product of the nodes of each), and the derivatives of unknowns on it. Three readers
 * want derivatives of prices and shares in three ways (`regions.ts`): the static block looks back; HJB lines take first
 * derivatives inside a region but second ones across kinks (the kink of a price is a local time in the drift of that price); a
 * table of the solution takes both inside regions.
 */
export type Reader = "block" | "hjb" | "table"

export interface Lattice {
  readonly problem: Problem
  /** The nodes of each state, increasing. */
  readonly axes: readonly Float64Array[]
  /** How many nodes there are: node k lies at `inputs.states[s][k]`; the last state runs fastest. */
  readonly size: number
  /** The nodes of the first state: of the grid, where there is one state. */
  readonly nodes: Float64Array
  readonly values: number
  readonly inputs: Inputs
  /** Sets the regime of every node, and with it the stencils of prices and shares; `start` is that of `StaticBlock`. */
  setRegime(regime: Uint8Array, start: Float64Array): void
  /** Counts the changes of the stencils' columns. */
  readonly version: number
  /** Counts the turns of the derivatives inside drift terms. */
  readonly turns: number
  /** Fills the jets of all unknowns as a reader wants them, those that the static block holds where it is the reader; time derivatives are zero. */
  fill(unknowns: readonly Float64Array[], reader: Reader): void
  /** Fills the jets, those of the first unknowns as given (all value functions, or all unknowns). */
  fillStatic(unknowns: readonly Float64Array[], values: readonly ValueJets[], reader: Reader): void
  /** Turns the derivatives inside drift terms against the drift at the jets now filled, mixed ones along the covariance, and fills them. */
  turnUpwind(unknowns: readonly Float64Array[]): void
  /** The stencil of a jet for a reader; undefined for an unknown itself and for its time derivative. */
  stencil(jet: Jet, reader: Reader): Stencil | undefined
  march(values: readonly ValueJets[], warm?: readonly Float64Array[]): StaticBlock
  /** The same at the first node only. */
  marchFirst(values: readonly ValueJets[]): StaticBlock
  valueJets(unknowns: readonly Float64Array[]): ValueJets[]
}

/** The lattice over a problem with so many points a state (one number: the same for each). */
export function lattice(problem: Problem, points: number | readonly number[]): Lattice {
  return latticeOn(problem, problem.states.map((state, s) => state.nodes(typeof points === "number" ? points : points[s])))
}

/** The row along state 0 through the middle of the others (of their grids), where these stand still: derivatives by them are zero. */
export const middleRow = (problem: Problem, points: number): Lattice =>
  latticeOn(problem, problem.states.map((state, s) => (s === 0 ? state.nodes(points) : state.coordinate.stateAt(Float64Array.of(0.5)))))

function latticeOn(problem: Problem, axes: readonly Float64Array[]): Lattice {
  const { states } = problem
  const size = sizeOf(axes), strides = stridesOf(axes), rows = strides[0]
  const values = problem.unknowns.filter(u => u.kind === "value").length
  const inputs = inputsFor(problem, size)
  inputs.states.forEach((at, s) => { for (let node = 0; node < size; node++) at[node] = axes[s][Math.floor(node / strides[s]) % axes[s].length] })

  const along = (of: (nodes: Float64Array, s: number) => Stencil): Stencil[] => axes.map((nodes, s) => spread(of(nodes, s), strides[s], size))
  const first = along((nodes, s) => centralFirst(nodes, states[s].ends)), upwind = along((nodes, s) => centralFirst(nodes, states[s].ends))
  const own = along((nodes, s) => centralSecond(nodes, states[s].ends))
  const axis = (s: number) => ({ nodes: axes[s], stride: strides[s] })
  const crosses = pairs(states.length).map(([s, r]) => (s === r ? undefined : mixed(axis(s), axis(r), size)))
  const second = pairs(states.length).map(([s], k) => crosses[k]?.stencil ?? own[s])
  const pairAt = new Map(problem.jets.filter(jet => jet.kind === "second").map(jet => [jet, pairs(states.length).findIndex(([s, r]) => s === jet.by[0] && r === jet.by[1])]))
  const pairOf = (jet: Jet): number => pairAt.get(jet)!

  const marches = marchesIn(problem)
  const motion = outputsFor(problem.motion, size)
  const made = new Map<boolean, RegionStencils>()
  /** The stencils with or without a start below the grid. */
  const regionsFor = (starts: boolean): RegionStencils => {
    const held = made.get(starts) ?? regionStencils(axes, marches, starts ? states[0].start?.at : undefined)
    made.set(starts, held)
    return held
  }
  const priced = values < problem.unknowns.length
  let regions = priced ? regionsFor(states[0].start !== undefined) : undefined, regimes = new Uint8Array(size), ghosts: Float64Array = new Float64Array(0), version = 0, turns = 0

  const stencil: Lattice["stencil"] = (jet, reader) => {
    if (jet.kind === "value" || jet.kind === "time") return undefined
    if (jet.kind === "upwind") return upwind[jet.by[0]]
    if (jet.kind === "second") return jet.unknown >= values && reader === "table" ? regions!.second()[pairOf(jet)] : second[pairOf(jet)]
    return jet.unknown < values ? first[jet.by[0]] : (reader === "block" ? regions!.march : regions!.first)[jet.by[0]]
  }
  const known = (unknown: number): Float64Array | undefined =>
    unknown >= values && ghosts.length > 0 ? ghosts.subarray((unknown - values) * rows, (unknown - values + 1) * rows) : undefined
  const fillJet = (jet: Jet, k: number, unknown: Float64Array, reader: Reader): void => {
    const by = stencil(jet, reader)
    if (by) applyStencil(by, unknown, inputs.jets[k], known(jet.unknown))
    else if (jet.kind === "value") inputs.jets[k].set(unknown)
    else inputs.jets[k].fill(0)
  }
  const turned = problem.jets.map(jet => jet.kind === "upwind" || (jet.kind === "second" && crosses[pairOf(jet)] !== undefined))
  const algebraic = isAlgebraic(problem), inBlock = new Set(problem.block.partials.map(p => p.jet))
  const built: Lattice = {
    problem, axes, size, nodes: axes[0], values, inputs, stencil,
    get version() { return version },
    get turns() { return turns },
    setRegime: (regime, start) => {
      ghosts = start
      if (!priced) return
      const wanted = regionsFor(start.length > 0)
      if (wanted === regions && regime.every((r, i) => r === regimes[i])) return
      regions = wanted
      regimes = regime.slice()
      regions.set(regime)
      version++
    },
    fill: (unknowns, reader) => problem.jets.forEach((jet, k) => { if (reader !== "block" || inBlock.has(k)) fillJet(jet, k, unknowns[jet.unknown], reader) }),
    fillStatic: (unknowns, given, reader) => problem.jets.forEach((jet, k) => {
      if (jet.unknown >= given.length) fillJet(jet, k, unknowns[jet.unknown], reader)
      else if (jet.kind === "time") inputs.jets[k].fill(0)
      else if (jet.kind === "value") inputs.jets[k].set(given[jet.unknown].value)
      else inputs.jets[k].set(jet.kind === "second" ? given[jet.unknown].second[pairOf(jet)] : given[jet.unknown].first[jet.by[0]])
    }),
    turnUpwind: unknowns => {
      turns++
      problem.motion.run(inputs.all, size, motion)
      pairs(states.length).forEach(([s, r], k) => {
        const covariance = motion[states.length + k]
        if (s === r) turnUpwind(upwind[s], axes[s], strides[s], motion[s], covariance)
        else crosses[k]!.turn(covariance)
      })
      problem.jets.forEach((jet, k) => { if (turned[k]) fillJet(jet, k, unknowns[jet.unknown], "hjb") })
    },
    marchFirst: jets => staticBlock(problem, axes.map(nodes => nodes.slice(0, 1)), jets),
    march: (jets, warm) => {
      if (!algebraic) return staticBlock(problem, axes, jets, warm)
      const prices = warm?.map(w => w.slice()) ?? guessOn(built).slice(values)
      built.fillStatic([...jets.map(j => j.value), ...prices], jets, "block")
      return algebraicBlock(problem, inputs, size, prices) ? { values: prices, regime: new Uint8Array(size), start: new Float64Array(0) } : staticBlock(problem, axes, jets, warm)
    },
    valueJets: unknowns => unknowns.slice(0, values).map(value => {
      const by = (stencil: Stencil): Float64Array => { const out = new Float64Array(size); applyStencil(stencil, value, out); return out }
      return { value, first: first.map(by), second: second.map(by) }
    }),
  }
  return built
}

/** First guesses of all unknowns on a lattice. */
export function guessOn({ problem, inputs, size }: Lattice): Float64Array[] {
  const out = outputsFor(problem.guess, size)
  problem.guess.run(inputs.all, size, out)
  return out
}

/** The states of a node, by name. */
export const placeOf = ({ problem, inputs }: Lattice, node: number): Record<string, number> =>
  Object.fromEntries(problem.states.map(({ name }, s) => [name, inputs.states[s][node]]))

/** The same for a reader: `z = 0.26, a = 0.1`. */
export const placeText = (grid: Lattice, node: number): string => Object.entries(placeOf(grid, node)).map(([name, x]) => `${name} = ${numberText(x)}`).join(", ")

/** The side of each complementarity line that binds at each node (bit 1: the first side), from the outputs of the block. */
export function regimeOf(block: Rows, outputs: readonly Float64Array[], n: number): Uint8Array {
  const regime = new Uint8Array(n)
  block.residuals.filter(r => r.second >= 0).forEach(({ first, second }, bit) => {
    for (let i = 0; i < n; i++) if (outputs[first][i] <= outputs[second][i]) regime[i] |= 1 << bit
  })
  return regime
}
