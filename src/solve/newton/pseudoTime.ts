import type { Rows } from "../../model/problem.ts"
import { bandedJacobian } from "./bandedJacobian.ts"
import { residualAt, type Group } from "./jacobian.ts"
import { outputsFor } from "../pointInputs.ts"
import { regimeOf, type Lattice } from "../grid/lattice.ts"
import { sparseJacobian } from "./sparseJacobian.ts"

/**
 * One implicit step of pseudo-time: J_t = (J_known - J)/dt in the HJB lines, nothing in the static block, all unknowns at
 * all nodes at once, by semismooth Newton with exact derivatives: on a band where one state alone has several nodes, else on a sparse matrix.
 */
export interface PseudoTime {
  /**
   * Solves for `unknowns` in place; false where Newton did not converge (they are then of no use). It stops when it moves no
   * unknown by more than `enough` of its largest value (default: all but rounding); with a step of Newton's own length it goes on from there
   * with the factors it has, as long as that gets nearer fast.
   */
  step(unknowns: readonly Float64Array[], start: Float64Array, regime: Uint8Array, dt: number, enough?: number): boolean
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
/** A step this long (years) is Newton's own. */
export const NEWTON_STEP = 1e5
/** With the last factors an iteration must leave less than this part of the change before. */
const FAST = 0.1

export function pseudoTime(grid: Lattice): PseudoTime {
  const { problem, size: n, inputs, values } = grid
  const m = problem.unknowns.length
  const hjb: Group = { rows: problem.hjb, reader: "hjb", base: 0, out: outputsFor(problem.hjb.kernel, n) }
  const block: Group = { rows: problem.block, reader: "block", base: values, out: outputsFor(problem.block.kernel, n) }
  const groups = [hjb, block]
  const timeJets = problem.jets.flatMap((j, k) => (j.kind === "time" ? [k] : []))
  const switching = problem.block.residuals.some(r => r.second >= 0)
  const newton = (grid.axes.slice(1).every(axis => axis.length === 1) ? bandedJacobian : sparseJacobian)(grid, groups)
  const right = new Float64Array(n * m)
  /** Where the equations were last evaluated, at rest: often where the next step begins. */
  let rest: { readonly unknowns: readonly Float64Array[]; readonly start: Float64Array; readonly regime: Uint8Array; readonly turns: number } | undefined
  const evaluatedAt = (unknowns: readonly Float64Array[], start: Float64Array, regime: Uint8Array): boolean =>
    rest !== undefined && rest.turns === grid.turns && alike(rest.regime, regime) && alike(rest.start, start) && rest.unknowns.every((u, k) => alike(u, unknowns[k]))

  const evaluateHjb = (unknowns: readonly Float64Array[], known?: readonly Float64Array[], dt = Infinity): void => {
    grid.fill(unknowns, "hjb")
    grid.turnUpwind(unknowns)
    if (known) timeJets.forEach((k, u) => { for (let i = 0; i < n; i++) inputs.jets[k][i] = (known[u][i] - unknowns[u][i]) / dt })
    hjb.rows.kernel.run(inputs.all, n, hjb.out)
  }
  const evaluateBlock = (unknowns: readonly Float64Array[]): void => {
    if (values === m) return
    grid.fill(unknowns, "block")
    block.rows.kernel.run(inputs.all, n, block.out)
  }
  const positive = problem.unknowns.map(u => u.positive)

  return {
    step: (unknowns, start, regime, dt, enough = 1e-8) => {
      const known = unknowns.slice(0, values).map(u => u.slice())
      let now = regime, fresh = false, ready = evaluatedAt(unknowns, start, regime), again = false, last = Infinity
      rest = undefined
      for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
        grid.setRegime(now, start)
        if (!ready) {
          if (!fresh) evaluateBlock(unknowns)
          evaluateHjb(unknowns, known, dt)
        }
        ready = false
        if (!newton.solve(dt, right, again)) return false
        const change = apply(unknowns, right, positive)
        if (!(change < 1e3)) return false
        if (change < 1e-11) return true
        fresh = switching
        if (fresh) evaluateBlock(unknowns)
        const next = fresh ? regimeOf(block.rows, block.out, n) : now, stays = alike(next, now)
        if (change < enough && stays && (dt < NEWTON_STEP || !newton.keeps || (again && change > FAST * last))) return true
        again = change < enough && stays
        last = change
        // Late in the iteration the stencils are held, so that a node on the edge cannot make it cycle.
        if (iteration < 8 && !stays) { now = next; fresh = false }
      }
      return again
    },
    residual: (unknowns, start, regime) => {
      grid.setRegime(regime, start)
      evaluateHjb(unknowns)
      evaluateBlock(unknowns)
      rest = { unknowns: unknowns.map(u => u.slice()), start: start.slice(), regime: regime.slice(), turns: grid.turns }
      const rows = groups.flatMap(({ rows, out }) => rows.labels.map((_, row) => {
        const column = new Float64Array(n)
        residuals(rows, out, row, column)
        return column
      }))
      rows.slice(0, values).forEach((row, u) => {
        const { output } = hjb.rows.partials.find(p => p.row === u && problem.jets[p.jet].kind === "time")!
        relative(row, hjb.out[output], unknowns[u])
      })
      const { largest, row, node } = worst(rows)
      return { largest, row, label: [...problem.hjb.labels, ...problem.block.labels][row], node, rows, regime: regimeOf(block.rows, block.out, n) }
    },
  }
}

/**
 * Applies a Newton step (`right`: by node, then unknown), shortened so that no positive unknown loses more than nine tenths. Returns the
 * largest change of an unknown before that, by its largest value; not a finite number where the step is none.
 */
function apply(unknowns: readonly Float64Array[], right: Float64Array, positive: readonly boolean[]): number {
  const m = unknowns.length
  let length = 1, change = 0
  for (let u = 0; u < m; u++) if (positive[u]) length = Math.min(length, longest(unknowns[u], right, u, m))
  for (let u = 0; u < m; u++) change = Math.max(change, move(unknowns[u], right, u, m, length))
  return change
}

function longest(x: Float64Array, right: Float64Array, u: number, m: number): number {
  let length = 1
  for (let i = 0; i < x.length; i++) {
    const dx = right[i * m + u]
    if (x[i] + dx < 0.1 * x[i]) length = Math.min(length, (0.9 * x[i]) / -dx)
  }
  return length
}

function move(x: Float64Array, right: Float64Array, u: number, m: number, length: number): number {
  let scale = 1e-300, change = 0
  for (let i = 0; i < x.length; i++) {
    const dx = right[i * m + u]
    scale = Math.max(scale, Math.abs(x[i]))
    change = Math.max(change, Math.abs(dx))
    x[i] += length * dx
  }
  return change / scale
}

function residuals(rows: Rows, out: readonly Float64Array[], row: number, column: Float64Array): void {
  for (let i = 0; i < column.length; i++) column[i] = residualAt(rows, out, row, i)
}

/** The coefficient of the drift times the size of the value turns the residual of an HJB line into relative growth. */
function relative(row: Float64Array, coefficient: Float64Array, value: Float64Array): void {
  for (let i = 0; i < row.length; i++) row[i] /= coefficient[i] * Math.max(Math.abs(value[i]), 1e-300)
}

function worst(rows: readonly Float64Array[]): { largest: number; row: number; node: number } {
  const found = { largest: 0, row: 0, node: 0 }
  for (let row = 0; row < rows.length; row++) for (let i = 0; i < rows[row].length; i++) {
    const size = Math.abs(rows[row][i])
    if (!(size <= found.largest)) { found.largest = size; found.row = row; found.node = i }
  }
  return found
}

function alike(a: Float64Array | Uint8Array, b: Float64Array | Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return a.length === b.length
}
