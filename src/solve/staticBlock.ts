import { solveDense } from "../math/dense.ts"
import type { Problem } from "../model/problem.ts"
import { inputsFor, jetPlaces, outputsFor } from "./pointInputs.ts"
import { differenceWeights } from "../math/differences.ts"

/**
 * The static block: prices and shares at given value functions, solved exactly at one node after the other, upward from
 * where the state starts. The derivative of a price is its backward difference (order 2, but of order 1 where the two nodes
 * behind lie on two sides of a switch), so at each node there are as many equations as prices and shares. A complementarity line
 * 0 <= f _|_ g >= 0 is min(f, g) = 0, solved by semismooth Newton; where that fails, the share is scanned upward for the
 * first root, which is the branch that hangs together with the start.
 */
export interface StaticBlock {
  /** Prices and shares, in the order of `problem.unknowns` after the value functions, at every node. */
  readonly values: Float64Array[]
  /** One bit for each complementarity line, 1 where its first side binds. */
  readonly regime: Uint8Array
  /** Their values at the start of the march, off the grid; empty where there is no start. */
  readonly start: Float64Array
  /** The first equation that could not be solved, with its node; undefined where all were. */
  readonly failure?: { readonly label: string; readonly node: number; readonly residual: number }
}

/** A function at points: its value, first derivatives (one a state) and second ones (one a pair of states, in the order of `pairs`). */
export interface ValueJets { readonly value: Float64Array; readonly first: readonly Float64Array[]; readonly second: readonly Float64Array[] }

const TOLERANCE = 1e-12
const MOST_ITERATIONS = 40

export function staticBlock(problem: Problem, nodes: Float64Array, values: readonly ValueJets[], warm?: readonly Float64Array[]): StaticBlock {
  const solver = pointSolver(problem)
  const { count, unknowns } = solver
  const n = nodes.length
  const out = unknowns.map(() => new Float64Array(n))
  const regime = new Uint8Array(n)
  const state = problem.states[0]
  const first = firstGuess(problem, nodes[0], values)
  const start = state.start && state.start.at < nodes[0] ? solver.atStart(state.start, values, first) : new Float64Array(0)
  if (start.some(Number.isNaN)) {
    const worst = solver.worst(solver.equations)
    return { values: out, regime, start, failure: { label: problem.block.labels[worst.row], node: 0, residual: worst.residual } }
  }
  const known: number[][] = start.length > 0 ? [[state.start!.at, ...start]] : []
  const x = new Float64Array(count)
  for (let i = 0; i < n; i++) {
    x.set(known.length > 0 ? known[known.length - 1].slice(1) : warm ? warm.map(w => w[0]) : first)
    const back = known.length >= 2 && (i < 2 || regime[i - 2] === regime[i - 1]) ? 2 : Math.min(1, known.length)
    solver.place(nodes[i], values, i)
    const side = solver.solve(x, nodes[i], known.slice(known.length - back))
    if (side === undefined) {
      const worst = solver.worst()
      return { values: out, regime, start, failure: { label: problem.block.labels[worst.row], node: i, residual: worst.residual } }
    }
    regime[i] = side
    for (let k = 0; k < count; k++) out[k][i] = x[k]
    known.push([nodes[i], ...x])
  }
  return { values: out, regime, start }
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

function firstGuess(problem: Problem, at: number, values: readonly ValueJets[]): Float64Array {
  const inputs = inputsFor(problem, 1)
  inputs.states[0][0] = at
  const out = outputsFor(problem.guess, 1)
  problem.guess.run(inputs.all, 1, out)
  return Float64Array.from(out.slice(values.length), o => o[0])
}

/** Solves the block at one point. The buffers are shared by all its calls. */
function pointSolver(problem: Problem) {
  const { block } = problem
  const valueCount = problem.unknowns.filter(u => u.kind === "value").length
  const unknowns = problem.unknowns.slice(valueCount)
  const count = unknowns.length
  const places = problem.unknowns.map((_, u) => jetPlaces(problem, u))
  const inputs = inputsFor(problem, 1)
  const outputs = outputsFor(block.kernel, 1)
  const columnOf = problem.jets.map(j => j.unknown - valueCount)
  const isFirst = problem.jets.map(j => j.kind === "first")
  const matrix = new Float64Array(count * count), right = new Float64Array(count), trial = new Float64Array(count)
  const slope = { own: 0, rest: new Float64Array(count) }

  const place = (at: number, values: readonly ValueJets[], i: number): void => {
    inputs.states[0][0] = at
    values.forEach((v, u) => {
      inputs.jets[places[u].value][0] = v.value[i]
      v.first.forEach((f, s) => { inputs.jets[places[u].first[s]][0] = f[i] })
      v.second.forEach((f, s) => { inputs.jets[places[u].second[s]][0] = f[i] })
    })
  }
  /** The backward difference: slope = own * x + rest, over the nodes behind (at most two, latest last). */
  const setSlope = (at: number, behind: readonly (readonly number[])[]): void => {
    slope.own = 0
    slope.rest.fill(0)
    if (behind.length === 0) return
    const weights = differenceWeights(at, [at, ...behind.map(b => b[0])], 1)
    slope.own = weights[0]
    behind.forEach((b, j) => { for (let k = 0; k < count; k++) slope.rest[k] += weights[j + 1] * b[k + 1] })
  }
  const evaluate = (x: Float64Array): void => {
    for (let k = 0; k < count; k++) {
      inputs.jets[places[valueCount + k].value][0] = x[k]
      inputs.jets[places[valueCount + k].first[0]][0] = slope.own * x[k] + slope.rest[k]
    }
    block.kernel.run(inputs.all, 1, outputs)
  }
  const side = (row: number): 0 | 1 => {
    const { first, second } = block.residuals[row]
    return second >= 0 && outputs[second][0] < outputs[first][0] ? 1 : 0
  }
  const residual = (row: number): number => {
    const { first, second } = block.residuals[row]
    return side(row) === 0 ? outputs[first][0] : outputs[second][0]
  }
  const size = (rows: readonly number[]): number => {
    let sum = 0
    for (const row of rows) sum += residual(row) ** 2
    return Math.sqrt(sum)
  }
  const allRows = block.residuals.map((_, row) => row)

  /** Newton on some rows for some unknowns, halving steps that do not bring the residual down. */
  const newton = (x: Float64Array, rows: readonly number[], columns: readonly number[]): boolean => {
    const m = rows.length
    evaluate(x)
    let norm = size(rows)
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      if (!Number.isFinite(norm)) return false
      matrix.fill(0)
      for (const p of block.partials) {
        const r = rows.indexOf(p.row), c = columns.indexOf(columnOf[p.jet])
        if (r < 0 || c < 0 || p.side !== side(p.row)) continue
        matrix[r * m + c] += outputs[p.output][0] * (isFirst[p.jet] ? slope.own : 1)
      }
      rows.forEach((row, r) => { right[r] = -residual(row) })
      if (!solveDense(matrix, right, m)) return norm < TOLERANCE
      let length = positiveLength(x, columns)
      const before = norm
      trial.set(x)
      for (let halving = 0; ; halving++) {
        columns.forEach((c, j) => { x[c] = trial[c] + length * right[j] })
        evaluate(x)
        norm = size(rows)
        if (norm <= (1 - 0.1 * length) * before || norm < TOLERANCE) break
        if (halving === 12) { if (norm > before || !Number.isFinite(norm)) { x.set(trial); evaluate(x); norm = size(rows) } break }
        length /= 2
      }
      const moved = columns.reduce((most, c, j) => Math.max(most, Math.abs(length * right[j]) / (1 + Math.abs(x[c]))), 0)
      if (norm < TOLERANCE || (moved < 1e-14 && norm < 1e-9)) return true
      if (moved < 1e-15) return false
    }
    return norm < 1e-9
  }
  /** The longest step in (0, 1] that leaves positive unknowns a tenth of their value. */
  const positiveLength = (x: Float64Array, columns: readonly number[]): number => columns.reduce((length, c, j) =>
    unknowns[c].positive && x[c] + right[j] < 0.1 * x[c] ? Math.min(length, (0.9 * x[c]) / -right[j]) : length, 1)

  const every = unknowns.map((_, k) => k)
  const lines = allRows.filter(row => block.residuals[row].second >= 0), equations = allRows.filter(row => block.residuals[row].second < 0)
  const share = unknowns.findIndex(u => u.kind === "share")

  /**
   * Solves for all prices and shares from those at the last node, x; returns the regime, or undefined where no solution was
   * found. Newton starts from the extrapolation of two nodes; what it finds far from there, where the gap rises, or at a
   * switch may be another branch (behind a pole of the volatility), so that the scan decides.
   */
  const solve = (x: Float64Array, at: number, behind: readonly (readonly number[])[]): number | undefined => {
    setSlope(at, behind)
    const last = x.slice()
    if (behind.length === 2) {
      const [a, b] = behind
      for (let k = 0; k < count; k++) x[k] += ((b[k + 1] - a[k + 1]) * (at - b[0])) / (b[0] - a[0])
    }
    const guess = x.slice()
    const found = newton(x, allRows, every)
    const inRange = unknowns.every((u, k) => !u.range || (x[k] >= u.range[0] - 1e-9 && x[k] <= u.range[1] + 1e-9))
    const near = behind.length === 2 && x.every((v, k) => Math.abs(v - guess[k]) <= 0.5 * Math.abs(guess[k] - last[k]) + 1e-8)
    const fits = found && inRange && falls(x)
    if (!fits || !near || switches(last)) {
      const candidate = x.slice()
      x.set(last)
      if (!scan(x)) {
        if (!fits) return undefined
        x.set(candidate)
        evaluate(x)
      }
    }
    return lines.reduce((bits, row, bit) => bits | ((1 - side(row)) << bit), 0)
  }

  /** The second side of the one line at a value of the share, the other unknowns solved; NaN where they cannot be. */
  const gapAt = (x: Float64Array, value: number): number => {
    x[share] = value
    return newton(x, allRows.filter(row => row !== lines[0]), every.filter(k => k !== share)) ? outputs[block.residuals[lines[0]].second][0] : NaN
  }
  const scans = lines.length === 1 && share >= 0

  /** Whether the gap falls through its root as the share rises, as at the first root from below. Behind a pole it rises. */
  const falls = (x: Float64Array): boolean => {
    if (!scans || side(lines[0]) === 0) return true
    const root = x.slice()
    const below = gapAt(x, root[share] - 1e-6)
    x.set(root)
    evaluate(x)
    return below > 0
  }
  /** Whether the share has come to its upper end since the last node. */
  const switches = (last: Float64Array): boolean => scans && side(lines[0]) === 0 && last[share] < unknowns[share].range![1]

  /** Walks the one share up from where it was until the second side of its line changes sign, then bisects. */
  const scan = (x: Float64Array): boolean => {
    if (!scans) return false
    const [low, high] = unknowns[share].range!
    const gap = (value: number): number => gapAt(x, value)
    let below = Math.max(low, Math.min(high, x[share]))
    let value = gap(below)
    if (!(value > 0)) { below = low; value = gap(below) }
    if (!(value >= 0)) return false
    const step = (high - low) / 400
    for (;;) {
      const above = Math.min(high, below + step)
      value = gap(above)
      if (value >= 0 && above >= high) return true
      if (!(value >= 0)) return bisect(below, above, gap)
      below = above
    }
  }
  const bisect = (low: number, high: number, gap: (value: number) => number): boolean => {
    for (let k = 0; k < 80 && high - low > 1e-16; k++) {
      const middle = (low + high) / 2
      if (gap(middle) >= 0) low = middle
      else high = middle
    }
    return gap(low) < 1e-6
  }

  /** The unknowns at the start of the march: some are given, the others solve the equations there; NaN where they cannot. */
  const atStart = (start: { at: number; values: Readonly<Record<string, number>> }, values: readonly ValueJets[], guess: Float64Array): Float64Array => {
    place(start.at, values, 0)
    setSlope(start.at, [])
    const x = guess.slice()
    unknowns.forEach((u, k) => { if (Object.hasOwn(start.values, u.name)) x[k] = start.values[u.name] })
    const columns = every.filter(k => !Object.hasOwn(start.values, unknowns[k].name))
    const rows = equations.slice(0, columns.length)
    return newton(x, rows, columns) ? x : x.fill(NaN)
  }
  const worst = (rows = allRows): { row: number; residual: number } => {
    const row = rows.reduce((a, b) => (!(Math.abs(residual(b)) <= Math.abs(residual(a))) ? b : a), rows[0])
    return { row, residual: residual(row) }
  }
  return { unknowns, count, equations, place, solve, atStart, worst }
}
