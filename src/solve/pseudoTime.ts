import { addTo, banded, solveBanded, type Banded } from "../math/banded.ts"
import type { Rows } from "../model/problem.ts"
import { outputsFor } from "./pointInputs.ts"
import { regimeOf, type Lattice, type Reader } from "./lattice.ts"

/**
 * One implicit step of pseudo-time: J_t = (J_known - J)/dt in the HJB lines, nothing in the static block, all unknowns at
 * all nodes at once, by semismooth Newton with exact derivatives on a banded matrix.
 */
export interface PseudoTime {
  /** Solves for `unknowns` in place; false where Newton did not converge (they are then of no use). */
  step(unknowns: readonly Float64Array[], start: Float64Array, regime: Uint8Array, dt: number): boolean
  /** How far the stationary equations are from holding at `unknowns`. */
  residual(unknowns: readonly Float64Array[], start: Float64Array, regime: Uint8Array): Residual
}

export interface Residual {
  readonly largest: number
  readonly row: number
  readonly label: string
  readonly node: number
  /** By equation (HJB lines, then the block), at every node; HJB lines as relative growth of the value a unit of time. */
  readonly rows: readonly Float64Array[]
  /** The sides that bind. */
  readonly regime: Uint8Array
}

const MOST_ITERATIONS = 15

export function pseudoTime(grid: Lattice): PseudoTime {
  const { problem, nodes, inputs, values } = grid
  const n = nodes.length, m = problem.unknowns.length, size = n * m
  const groups = [
    { rows: problem.hjb, reader: "hjb" as Reader, base: 0, out: outputsFor(problem.hjb.kernel, n) },
    { rows: problem.block, reader: "block" as Reader, base: values, out: outputsFor(problem.block.kernel, n) },
  ]
  const timeJets = problem.jets.flatMap((j, k) => (j.kind === "time" ? [k] : []))
  const lower = 3 * m - 1, upper = 2 * m - 1
  const right = new Float64Array(size)

  const evaluate = (unknowns: readonly Float64Array[], known?: readonly Float64Array[], dt = Infinity): void => {
    grid.fill(unknowns, "hjb")
    grid.turnUpwind(unknowns)
    if (known) timeJets.forEach((k, u) => { for (let i = 0; i < n; i++) inputs.jets[k][i] = (known[u][i] - unknowns[u][i]) / dt })
    groups[0].rows.kernel.run(inputs.all, n, groups[0].out)
    grid.fill(unknowns, "block")
    groups[1].rows.kernel.run(inputs.all, n, groups[1].out)
  }
  const sideAt = (rows: Rows, out: readonly Float64Array[], row: number, i: number): 0 | 1 => {
    const { first, second } = rows.residuals[row]
    return second >= 0 && out[second][i] < out[first][i] ? 1 : 0
  }
  const residualAt = (rows: Rows, out: readonly Float64Array[], row: number, i: number): number =>
    out[sideAt(rows, out, row, i) === 0 ? rows.residuals[row].first : rows.residuals[row].second][i]

  /** d residual / d unknowns, and minus the residual on the right. */
  const assemble = (dt: number): Banded => {
    const matrix = banded(size, lower, upper)
    for (const { rows, reader, base, out } of groups) {
      for (const p of rows.partials) {
        const jet = problem.jets[p.jet], by = grid.stencil(jet, reader), d = out[p.output]
        for (let i = 0; i < n; i++) {
          if (d[i] === 0 || p.side !== sideAt(rows, out, p.row, i)) continue
          const row = i * m + base + p.row
          if (!by) addTo(matrix, row, i * m + jet.unknown, jet.kind === "time" ? -d[i] / dt : d[i])
          else for (let k = i * by.reach, end = k + by.reach; k < end; k++)
            if (by.weights[k] !== 0) addTo(matrix, row, by.columns[k] * m + jet.unknown, d[i] * by.weights[k])
        }
      }
      for (let row = 0; row < rows.labels.length; row++)
        for (let i = 0; i < n; i++) right[i * m + base + row] = -residualAt(rows, out, row, i)
    }
    return matrix
  }
  /** Applies the Newton step, shortened so that no positive unknown loses more than nine tenths; returns the largest relative change. */
  const apply = (unknowns: readonly Float64Array[]): number => {
    let length = 1
    problem.unknowns.forEach(({ positive }, u) => {
      if (positive) for (let i = 0; i < n; i++) {
        const x = unknowns[u][i], dx = right[i * m + u]
        if (x + dx < 0.1 * x) length = Math.min(length, (0.9 * x) / -dx)
      }
    })
    let change = 0
    for (let u = 0; u < m; u++) {
      const scale = unknowns[u].reduce((most, x) => Math.max(most, Math.abs(x)), 1e-300)
      for (let i = 0; i < n; i++) {
        unknowns[u][i] += length * right[i * m + u]
        change = Math.max(change, Math.abs(right[i * m + u]) / scale)
      }
    }
    return change
  }

  return {
    step: (unknowns, start, regime, dt) => {
      const known = unknowns.slice(0, values).map(u => u.slice())
      let now = regime
      for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
        grid.setRegime(now, start)
        evaluate(unknowns, known, dt)
        const matrix = assemble(dt)
        if (solveBanded(matrix, right) >= 0 || !right.every(Number.isFinite)) return false
        const change = apply(unknowns)
        if (!(change < 1e3)) return false
        if (change < 1e-11) return true
        grid.fill(unknowns, "block")
        problem.block.kernel.run(inputs.all, n, groups[1].out)
        const next = regimeOf(problem.block, groups[1].out, n)
        if (change < 1e-8 && next.every((r, i) => r === now[i])) return true
        // Late in the iteration the stencils are held, so that a node on the edge cannot make it cycle.
        if (iteration < 8) now = next
      }
      return false
    },
    residual: (unknowns, start, regime) => {
      grid.setRegime(regime, start)
      evaluate(unknowns)
      const rows = groups.flatMap(({ rows, out }) => rows.labels.map((_, row) =>
        Float64Array.from({ length: n }, (_, i) => residualAt(rows, out, row, i) / (rows === problem.hjb ? growthUnit(rows, out, row, i, unknowns[row]) : 1))))
      let largest = 0, row = 0, node = 0
      rows.forEach((r, k) => r.forEach((x, i) => { if (!(Math.abs(x) <= largest)) { largest = Math.abs(x); row = k; node = i } }))
      return { largest, row, label: [...problem.hjb.labels, ...problem.block.labels][row], node, rows, regime: regimeOf(problem.block, groups[1].out, n) }
    },
  }
  /** Coefficient of the drift times the size of the value: turns the residual of an HJB line into relative growth. */
  function growthUnit(rows: Rows, out: readonly Float64Array[], row: number, i: number, value: Float64Array): number {
    const time = rows.partials.find(p => p.row === row && problem.jets[p.jet].kind === "time")!
    return out[time.output][i] * Math.max(Math.abs(value[i]), 1e-300)
  }
}
