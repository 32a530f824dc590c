import type { Jet, Problem, Rows } from "../model/problem.ts"
import { inputsFor, outputsFor, type Inputs } from "./pointInputs.ts"
import { marchesIn, staticBlock, type StaticBlock, type ValueJets } from "./staticBlock.ts"
import { regionStencils, type RegionStencils } from "./regions.ts"
import { applyStencil, centralFirst, centralSecond, emptyStencil, upwindFirst, type Stencil } from "./stencil.ts"

/**
 * A grid over the one state of a problem, and the derivatives of unknowns on it. Three readers want derivatives of prices
 * and shares in three ways (`regions.ts`): the static block looks back; HJB lines take first derivatives inside a region but
 * second ones across kinks (the kink of a price is a local time in the drift of that price); a table of the solution takes
 * both inside regions.
 */
export type Reader = "block" | "hjb" | "table"

export interface Lattice {
  readonly problem: Problem
  /** Nodes of each state. */
  readonly axes: readonly Float64Array[]
  /** Nodes of the first state. */
  readonly nodes: Float64Array
  /** How many nodes there are in all; the last state runs fastest. */
  readonly size: number
  readonly values: number
  readonly inputs: Inputs
  /** Sets the regime of every node, and with it the stencils of prices and shares. */
  setRegime(regime: Uint8Array, start: Float64Array): void
  /** Fills the jets of all unknowns as a reader wants them; time derivatives are zero. */
  fill(unknowns: readonly Float64Array[], reader: Reader): void
  /** Fills the jets, those of the first unknowns as given (all value functions, or all unknowns). */
  fillStatic(unknowns: readonly Float64Array[], values: readonly ValueJets[], reader: Reader): void
  /** Turns the derivatives inside drift terms against the drift at the jets now filled, and fills them. */
  turnUpwind(unknowns: readonly Float64Array[]): void
  /** The stencil of a jet for a reader; undefined for an unknown itself and for its time derivative. */
  stencil(jet: Jet, reader: Reader): Stencil | undefined
  march(values: readonly ValueJets[], warm?: readonly Float64Array[]): StaticBlock
  /** The same at the first node only. */
  marchFirst(values: readonly ValueJets[]): StaticBlock
  valueJets(unknowns: readonly Float64Array[]): ValueJets[]
}

/** The lattice of `points` nodes over a problem with one state. */
export function lattice(problem: Problem, points: number): Lattice {
  const [state] = problem.states
  const nodes = state.nodes(points)
  const n = nodes.length
  const values = problem.unknowns.filter(u => u.kind === "value").length
  const inputs = inputsFor(problem, n)
  inputs.states[0].set(nodes)
  const first = centralFirst(nodes, state.ends), second = centralSecond(nodes, state.ends), upwind = emptyStencil(n, 3)
  const marches = marchesIn(problem)
  const motion = outputsFor(problem.motion, n)
  let regions: RegionStencils = regionStencils(nodes, new Uint8Array(n), marches, state.start?.at)
  let ghosts: Float64Array = new Float64Array(0)

  const stencil: Lattice["stencil"] = (jet, reader) => {
    if (jet.kind === "value" || jet.kind === "time") return undefined
    if (jet.kind === "upwind") return upwind
    if (jet.unknown < values) return jet.kind === "first" ? first : second
    if (jet.kind === "first") return reader === "block" ? regions.march : regions.first
    return reader === "table" ? regions.second : second
  }
  const fillJet = (jet: Jet, k: number, unknown: Float64Array, reader: Reader): void => {
    const by = stencil(jet, reader)
    if (by) applyStencil(by, unknown, inputs.jets[k], jet.unknown >= values ? (ghosts[jet.unknown - values] ?? 0) : 0)
    else if (jet.kind === "value") inputs.jets[k].set(unknown)
    else inputs.jets[k].fill(0)
  }
  return {
    problem, axes: [nodes], nodes, size: n, values, inputs, stencil,
    setRegime: (regime, start) => {
      regions = regionStencils(nodes, regime, marches, start.length > 0 ? state.start?.at : undefined)
      ghosts = start
    },
    fill: (unknowns, reader) => problem.jets.forEach((jet, k) => fillJet(jet, k, unknowns[jet.unknown], reader)),
    fillStatic: (unknowns, given, reader) => problem.jets.forEach((jet, k) => {
      if (jet.unknown >= given.length) fillJet(jet, k, unknowns[jet.unknown], reader)
      else if (jet.kind === "time") inputs.jets[k].fill(0)
      else if (jet.kind === "value") inputs.jets[k].set(given[jet.unknown].value)
      else inputs.jets[k].set(given[jet.unknown][jet.kind === "second" ? "second" : "first"][0])
    }),
    turnUpwind: unknowns => {
      problem.motion.run(inputs.all, n, motion)
      upwindFirst(upwind, nodes, state.ends, motion[0], motion[1])
      problem.jets.forEach((jet, k) => { if (jet.kind === "upwind") applyStencil(upwind, unknowns[jet.unknown], inputs.jets[k]) })
    },
    marchFirst: jets => staticBlock(problem, [nodes.slice(0, 1)], jets),
    march: (jets, warm) => staticBlock(problem, [nodes], jets, warm),
    valueJets: unknowns => unknowns.slice(0, values).map(value => {
      const jets = { value, first: [new Float64Array(n)], second: [new Float64Array(n)] }
      applyStencil(first, value, jets.first[0])
      applyStencil(second, value, jets.second[0])
      return jets
    }),
  }
}

/** First guesses of all unknowns on a lattice. */
export function guessOn({ problem, inputs, nodes }: Lattice): Float64Array[] {
  const out = outputsFor(problem.guess, nodes.length)
  problem.guess.run(inputs.all, nodes.length, out)
  return out
}

/** The side of each complementarity line that binds at each node (bit 1: the first side), from the outputs of the block. */
export function regimeOf(block: Rows, outputs: readonly Float64Array[], n: number): Uint8Array {
  const regime = new Uint8Array(n)
  block.residuals.filter(r => r.second >= 0).forEach(({ first, second }, bit) => {
    for (let i = 0; i < n; i++) if (outputs[first][i] <= outputs[second][i]) regime[i] |= 1 << bit
  })
  return regime
}
