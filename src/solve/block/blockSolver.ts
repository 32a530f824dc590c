import { solveDense } from "../../math/dense.ts"
import type { Problem, Unknown } from "../../model/problem.ts"
import { inputsFor, jetPlaces, outputsFor } from "../pointInputs.ts"
import type { ValueJets } from "./staticBlock.ts"

/**
 * Solves the static block at one point: semismooth Newton on min(f, g) = 0, and a scan of the share upward where Newton
 * fails or may have found another branch. The buffers are shared by all its calls.
 */
export interface BlockSolver {
  /** Prices and shares, in the order of `problem.unknowns`. */
  readonly unknowns: readonly Unknown[]
  /** Sets the point: its states, and the jets of the value functions at index `i`. */
  place(states: readonly number[], values: readonly ValueJets[], i: number): void
  /** Solves from those at the last node, `x`, in place; the regime, or undefined where no solution was found. `guess` is the extrapolation of the last two. */
  solve(x: Float64Array, slopes: Slopes, guess?: Float64Array): number | undefined
  /** Solves at the start of the march, in place: some unknowns are given; NaN where it cannot. */
  atStart(x: Float64Array, given: Readonly<Record<string, number>>): void
  worst(): { readonly row: number; readonly residual: number }
}

/** Derivatives of the unknowns as they depend on their own values: d x_k / d state s = own[s] x_k + rest[s][k]. */
export interface Slopes { readonly own: Float64Array; readonly rest: readonly Float64Array[] }

export const noSlopes = (states: number, count: number): Slopes => ({ own: new Float64Array(states), rest: Array.from({ length: states }, () => new Float64Array(count)) })

const TOLERANCE = 1e-12
const MOST_ITERATIONS = 40

export function blockSolver(problem: Problem): BlockSolver {
  const { block } = problem
  const valueCount = problem.unknowns.filter(u => u.kind === "value").length
  const unknowns = problem.unknowns.slice(valueCount)
  const count = unknowns.length
  const places = problem.unknowns.map((_, u) => jetPlaces(problem, u))
  const inputs = inputsFor(problem, 1)
  const outputs = outputsFor(block.kernel, 1)
  const columnOf = problem.jets.map(j => j.unknown - valueCount)
  const stateOf = problem.jets.map(j => (j.kind === "first" ? j.by[0] : -1))
  const matrix = new Float64Array(count * count), right = new Float64Array(count), trial = new Float64Array(count)
  let slope = noSlopes(problem.states.length, count)

  const place: BlockSolver["place"] = (at, values, i) => {
    at.forEach((x, s) => { inputs.states[s][0] = x })
    values.forEach((v, u) => {
      inputs.jets[places[u].value][0] = v.value[i]
      v.first.forEach((f, s) => { inputs.jets[places[u].first[s]][0] = f[i] })
      v.second.forEach((f, s) => { inputs.jets[places[u].second[s]][0] = f[i] })
    })
  }
  const evaluate = (x: Float64Array): void => {
    for (let k = 0; k < count; k++) {
      inputs.jets[places[valueCount + k].value][0] = x[k]
      for (let s = 0; s < slope.own.length; s++) inputs.jets[places[valueCount + k].first[s]][0] = slope.own[s] * x[k] + slope.rest[s][k]
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
  /** The rows of the last solution, for `worst`. */
  let tried = allRows

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
        matrix[r * m + c] += outputs[p.output][0] * (stateOf[p.jet] >= 0 ? slope.own[stateOf[p.jet]] : 1)
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
  const besidesLine = allRows.filter(row => row !== lines[0]), besidesShare = every.filter(k => k !== share)

  /**
   * Newton starts from the extrapolation of two nodes; what it finds far from there, where the gap rises, or at a
   * switch may be another branch (behind a pole of the volatility), so that the scan decides.
   */
  const solve: BlockSolver["solve"] = (x, slopes, guess) => {
    slope = slopes
    tried = allRows
    const last = x.slice()
    if (guess) x.set(guess)
    const found = newton(x, allRows, every)
    const inRange = unknowns.every((u, k) => !u.range || (x[k] >= u.range[0] - 1e-9 && x[k] <= u.range[1] + 1e-9))
    const near = guess !== undefined && x.every((v, k) => Math.abs(v - guess[k]) <= 0.5 * Math.abs(guess[k] - last[k]) + 1e-8)
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
    return newton(x, besidesLine, besidesShare) ? outputs[block.residuals[lines[0]].second][0] : NaN
  }
  const scans = lines.length === 1 && share >= 0

  /** For each price, where the derivatives of the second side of the one line by its slopes stand among the outputs, one a state. */
  const bySlopes = !scans || problem.states.length === 1 ? [] : unknowns.map((_, k) => problem.states.map((_, s) =>
    block.partials.find(p => p.row === lines[0] && p.side === 1 && columnOf[p.jet] === k && stateOf[p.jet] === s)?.output ?? -1))
  /**
   * Whether the one line, as a differential equation for a price in several states, has characteristics that run upward in all:
   * at the point last evaluated, its derivatives by the slopes have one sign. Only such a root can the march follow. With short
   * steps along another state there are others at lower shares, where the price falls so steeply from the row below that
   * its volatility, a square, is as large.
   */
  const upward = (): boolean => bySlopes.every(([first, ...others]) => others.every(other => first < 0 || other < 0 || outputs[first][0] * outputs[other][0] >= 0))

  /** Whether the gap falls through its root as the share rises, as at the first root from below. Behind a pole it rises. */
  const falls = (x: Float64Array): boolean => {
    if (!scans || side(lines[0]) === 0) return true
    if (!upward()) return false
    const root = x.slice()
    const below = gapAt(x, root[share] - 1e-6)
    x.set(root)
    evaluate(x)
    return below > 0
  }
  /** Whether the share has come to its upper end since the last node. */
  const switches = (last: Float64Array): boolean => scans && side(lines[0]) === 0 && last[share] < unknowns[share].range![1]

  /** Walks the one share up from where it was until the second side of its line changes sign, then bisects. What the march cannot follow lies below the root. */
  const scan = (x: Float64Array): boolean => {
    if (!scans) return false
    const [low, high] = unknowns[share].range!
    const gap = (value: number): number => {
      const found = gapAt(x, value)
      return value >= high || Number.isNaN(found) || upward() ? found : Infinity
    }
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

  const atStart: BlockSolver["atStart"] = (x, given) => {
    slope = noSlopes(problem.states.length, count)
    unknowns.forEach((u, k) => { if (Object.hasOwn(given, u.name)) x[k] = given[u.name] })
    const columns = every.filter(k => !Object.hasOwn(given, unknowns[k].name))
    const rows = equations.slice(0, columns.length)
    if (newton(x, rows, columns)) return
    tried = rows
    x.fill(NaN)
  }
  const worst: BlockSolver["worst"] = () => {
    const row = tried.reduce((a, b) => (!(Math.abs(residual(b)) <= Math.abs(residual(a))) ? b : a), tried[0])
    return { row, residual: residual(row) }
  }
  return { unknowns, place, solve, atStart, worst }
}
