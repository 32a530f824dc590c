import type { Problem } from "../../model/problem.ts"
import { behind, sizeOf, stridesOf } from "../grid/behind.ts"
import { blockSolver, noSlopes } from "./blockSolver.ts"
import { inputsFor, outputsFor } from "../pointInputs.ts"

/**
 * The static block: prices and shares at given value functions, solved exactly at one node after the other: upward along
 * state 0 from where it starts, for each row of the other states, upward too. Derivatives of prices look back
 * (`behind.ts`), so that at each node there are as many equations as prices and shares; in several states that is upwind where
 * the characteristics of the block run upward in all of them, and other roots are not taken. A complementarity line 0 <= f _|_ g >= 0 is min(f, g) = 0.
 */
export interface StaticBlock {
  /** Prices and shares, in the order of `problem.unknowns` after the value functions, at every node (the last state fastest). */
  readonly values: Float64Array[]
  /** One bit for each complementarity line, 1 where its first side binds. */
  readonly regime: Uint8Array
  /** Their values at the start of the march, off the grid: one after the other, each for every row of the other states; empty where there is no start. */
  readonly start: Float64Array
  /** The first equation that could not be solved, with its node; undefined where all were. */
  readonly failure?: { readonly label: string; readonly node: number; readonly residual: number }
}

/** A function at points: its value, first derivatives (one a state) and second ones (one a pair of states, in the order of `pairs`). */
export interface ValueJets { readonly value: Float64Array; readonly first: readonly Float64Array[]; readonly second: readonly Float64Array[] }

/** `warm` are prices and shares to begin each row from, where the state does not start below the grid. */
export function staticBlock(problem: Problem, axes: readonly Float64Array[], values: readonly ValueJets[], warm?: readonly Float64Array[]): StaticBlock {
  const solver = blockSolver(problem), count = solver.unknowns.length
  const { start: declared } = problem.states[0]
  const starts = declared !== undefined && declared.at < axes[0][0]
  const size = sizeOf(axes), rows = stridesOf(axes)[0], strides = stridesOf(axes), along = axes[0].length
  const back = behind(axes, starts ? declared.at : undefined)
  const out = solver.unknowns.map(() => new Float64Array(size)), start = new Float64Array(starts ? count * rows : 0)
  const regime = new Uint8Array(size)
  const slopes = noSlopes(axes.length, count), x = new Float64Array(count), guess = new Float64Array(count)
  const failed = (node: number): StaticBlock => {
    const worst = solver.worst()
    return { values: out, regime, start, failure: { label: problem.block.labels[worst.row], node, residual: worst.residual } }
  }
  for (let row = 0; row < rows; row++) {
    const states = axes.map((axis, s) => axis[Math.floor(row / strides[s]) % axis.length])
    x.set(warm && !starts ? warm.map(w => w[row]) : firstGuess(problem, states, count))
    if (starts) {
      solver.place([declared.at, ...states.slice(1)], values, row)
      solver.atStart(x, declared.values)
      if (x.some(Number.isNaN)) return failed(row)
      for (let k = 0; k < count; k++) start[k * rows + row] = x[k]
    }
    for (let i = 0; i < along; i++) {
      const node = i * rows + row
      back.set(node, regime)
      back.stencils.forEach(({ columns, weights, ghost, reach }, s) => {
        const from = node * reach
        slopes.own[s] = 0
        for (let k = 0; k < count; k++) slopes.rest[s][k] = ghost[node] === 0 ? 0 : ghost[node] * start[k * rows + row]
        for (let e = from; e < from + reach; e++) {
          if (columns[e] === node) slopes.own[s] += weights[e]
          else for (let k = 0; k < count; k++) slopes.rest[s][k] += weights[e] * out[k][columns[e]]
        }
      })
      solver.place([axes[0][i], ...states.slice(1)], values, node)
      const side = solver.solve(x, slopes, extrapolated(node, i, row) ? guess : undefined)
      if (side === undefined) return failed(node)
      regime[node] = side
      for (let k = 0; k < count; k++) out[k][node] = x[k]
    }
  }
  return { values: out, regime, start }

  /** Fills `guess` from the last two nodes of the row, where they have one regime. */
  function extrapolated(node: number, i: number, row: number): boolean {
    if (i < (starts ? 1 : 2) || (i >= 2 && regime[node - 2 * rows] !== regime[node - rows])) return false
    const [a, b] = [i >= 2 ? axes[0][i - 2] : declared!.at, axes[0][i - 1]]
    const share = (axes[0][i] - b) / (b - a)
    for (let k = 0; k < count; k++) {
      const last = out[k][node - rows]
      guess[k] = last + (last - (i >= 2 ? out[k][node - 2 * rows] : start[k * rows + row])) * share
    }
    return true
  }
}

/** Whether the static block is a differential equation in a regime: an active side depends on a derivative. */
export function marchesIn(problem: Problem): (regime: number) => boolean {
  const { residuals, partials } = problem.block
  const values = problem.unknowns.filter(u => u.kind === "value").length
  const bits = residuals.map((r, row) => (r.second < 0 ? -1 : residuals.slice(0, row).filter(p => p.second >= 0).length))
  const known = new Map<number, boolean>()
  return regime => {
    const held = known.get(regime)
    if (held !== undefined) return held
    const marches = partials.some(p => problem.jets[p.jet].kind !== "value" && problem.jets[p.jet].unknown >= values
      && (bits[p.row] < 0 || ((regime >> bits[p.row]) & 1 ? 0 : 1) === p.side))
    known.set(regime, marches)
    return marches
  }
}

function firstGuess(problem: Problem, states: readonly number[], count: number): Float64Array {
  const inputs = inputsFor(problem, 1)
  states.forEach((x, s) => { inputs.states[s][0] = x })
  const out = outputsFor(problem.guess, 1)
  problem.guess.run(inputs.all, 1, out)
  return Float64Array.from(out.slice(out.length - count), o => o[0])
}
