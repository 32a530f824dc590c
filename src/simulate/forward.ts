import { autocorrelationTime, stationaryOf } from "../math/jumpChain.ts"
import type { State } from "../model/problem.ts"
import { cellsOf, indicesOf, PER_BIN, type Cells, type Window } from "./cells.ts"
import { fieldReader } from "./field.ts"
import { kolmogorovOf, yearsToCrisis, type Kolmogorov } from "./kolmogorov.ts"
import { noiseChannel, type Law } from "./law.ts"
import { partsOf, type Parts } from "./parts.ts"

/** The stationary solution of the forward equation, and what a chain on rougher cells is enough for. */
export interface Forward {
  readonly cells: Cells
  readonly parts: Parts
  readonly kolmogorov: Kolmogorov
  readonly masses: Float64Array
  /** By state: the integral of its autocorrelation. */
  readonly autocorrelationYears: readonly number[]
  /** Mean years until the crisis from a point; NaN where some paths never meet one. */
  yearsToCrisis(point: readonly number[]): number
}

type Solved = Pick<Forward, "cells" | "parts" | "kolmogorov" | "masses">

/** Cells of one state; of two, before it is known where they are. */
const ONE = [1000]
const TWO = [120, 60]

/** @throws RangeError for more than two states. */
export function forwardOf(law: Law, states: readonly State[]): Forward {
  const rough = solved(law, cellsOf(states, states.length === 1 ? ONE : TWO))
  const { cells, masses, kolmogorov, parts } = rough
  return {
    ...states.length === 1 ? rough : solved(law, finerCells(law, states, cells, masses)),
    autocorrelationYears: cells.centres.map((centres, s) => autocorrelationTime(kolmogorov.chain, masses, masses.map((_, cell) => centres[indicesOf(cells, cell)[s]]))),
    yearsToCrisis: point => yearsToCrisis(kolmogorov, parts)?.[cells.edges.reduce((cell, edges, s) =>
      cell + cells.strides[s] * Math.min(cells.shape[s] - 1, Math.max(0, edges.findLastIndex(edge => edge <= point[s]))), 0)] ?? NaN,
  }
}

/** The chain on given cells and its stationary masses. */
export function solved(law: Law, cells: Cells): Solved {
  const parts = partsOf(law, cells), kolmogorov = kolmogorovOf(law, cells, parts)
  return { cells, parts, kolmogorov, masses: stationaryOf(kolmogorov.chain) }
}

/**
 * Cells for two states, from the masses of rough ones: most of them where the states are, and so many of each that over a cell both
 * have about the same standard deviation, so that jumps to near neighbours can carry their correlation. Numbers run fastest
 * along the state that needs the longer jumps.
 */
function finerCells(law: Law, states: readonly State[], rough: Cells, masses: Float64Array): Cells {
  const windows = states.map((_, s) => windowOf(rough, masses, s))
  // Standard deviations in parts of the window: a cell of the finer ones is an even part of it.
  const reader = fieldReader(law.field), out = new Float64Array(law.field.channels)
  const ratios = masses.map((_, cell) => {
    const indices = indicesOf(rough, cell)
    reader.at(indices.map((i, s) => rough.centres[s][i]), out)
    const [a, b] = indices.map((i, s) => {
      const size = Math.hypot(...Array.from({ length: law.shocks }, (_, k) => out[noiseChannel(law, s, k)]))
      return (size * rough.first[s][i]) / rough.shape[s] / (windows[s].to - windows[s].from)
    })
    return a > 0 && b > 0 ? Math.log(b / a) : NaN
  })
  const weights = masses.map((mass, cell) => (Number.isNaN(ratios[cell]) ? 0 : mass))
  const mean = weights.reduce((sum, w, cell) => sum + (w > 0 ? w * ratios[cell] : 0), 0) / weights.reduce((a, b) => a + b, 0)
  const centre = Math.min(WIDEST, Math.max(-WIDEST, mean || 0))
  const shape = [centre / 2, -centre / 2].map(power => PER_BIN * Math.round((CELLS * Math.exp(power)) / PER_BIN))
  const [firstLonger, secondLonger] = [-1, 1].map(sign => weights.reduce((sum, w, cell) => sum + (sign * (ratios[cell] - centre) > Math.LN2 ? w : 0), 0))
  return cellsOf(states, shape, firstLonger > secondLonger ? 0 : 1, windows)
}

/** Cells of each of two states, in the geometric mean; the logarithm of their ratio is at most so much. */
const CELLS = 120
const WIDEST = Math.log(3)

/** The stretch of a state's coordinate that holds all but a trace of the mass, and two cells more on either side. */
function windowOf(cells: Cells, masses: Float64Array, s: number): Window {
  const n = cells.shape[s], marginal = new Float64Array(n)
  masses.forEach((mass, cell) => { marginal[indicesOf(cells, cell)[s]] += mass })
  let low = 0, high = n - 1
  for (let held = marginal[0]; held < OUTSIDE; held += marginal[++low]);
  for (let held = marginal[n - 1]; held < OUTSIDE; held += marginal[--high]);
  return { from: Math.max(0, low - 2) / n, to: Math.min(n, high + 3) / n }
}

const OUTSIDE = 1e-8
