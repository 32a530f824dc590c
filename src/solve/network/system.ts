import { chebyshev, termsOf } from "../../math/chebyshev.ts"
import { pairs, type Problem, type Rows } from "../../model/problem.ts"
import type { LeastSquares } from "../../nets/gaussNewton.ts"
import { complement, complementSlope, type Complementarity } from "./complementarity.ts"
import { inputsFor, jetPlaces, outputsFor } from "../pointInputs.ts"
import { channelsOf, pointsBetween, type Frame, type Points, type ValueNet } from "../valueNet.ts"

/**
 * All equations of a problem at points, with every unknown a net, as one least-squares problem in all weights:
 * - HJB lines, as relative growth of their value a year;
 * - lines of the static block, over their size; a complementarity line 0 <= f _|_ g >= 0 by a function of f and g (`complementarity.ts`);
 * - at the ends of a state the HJB lines without second derivatives of value functions by that state, as in `fd`;
 * - where the static block starts: prices and shares there (`start`).
 * A share that a complementarity line holds at its bound above a switch is just there in the HJB lines, and not below (`heldShare`): what jumps with it,
 * such as a rate in a crisis, must not depend on the last digits of a net.
 * Its unknowns are the weights of all nets and then the places of the switches, as the coefficients of their surfaces in the nets'
 * coordinates (`Frame`; one number each in one state): where a net has a kink is a free boundary, and a Newton step for it converges where a search between steps creeps.
 *
 * Derivatives with respect to weights are exact: those of the equations with respect to jets from the compiled kernels, those of jets
 * from the nets; with respect to a switch, its slopes and bends, central differences over 1e-5.
 */
export interface NetSystem extends LeastSquares {
  /** Residuals of every equation at the inner points, without balance and pseudo-time, after `residuals` was called. */
  readonly misfits: readonly Float64Array[]
  /** Rows that belong to each term of the loss: every HJB line, every line of the block, the start. */
  readonly terms: readonly { readonly from: number; readonly to: number }[]
}

export interface NetUnknown {
  readonly net: ValueNet
  /** What turns the net's units into those of the model, with switches of these coefficients, one after the other. */
  readonly frame: (switches: readonly number[]) => Frame
  readonly log: boolean
  /** Where its weights begin. */
  readonly offset: number
}

export interface SystemInput {
  readonly problem: Problem
  readonly unknowns: readonly NetUnknown[]
  readonly points: Points
  /** The last points are ends of the states with these numbers: HJB lines only, without second derivatives by that state. */
  readonly ends: readonly number[]
  /** The first points are where the static block starts; there prices and shares are these, one after the other, each at all of these points. Empty for none. */
  readonly start: Float64Array
  /**
   * Pseudo-time: each HJB line loses rate * growth of J since the first evaluation, an implicit step of 1/rate years. The lines are
   * also divided by the size that their own first- and second-order terms had there, where that is above one a year: a
   * fast law of motion at one end must not outweigh the rest.
   */
  readonly rate: number
  /** The size of each line of the static block, and of the second side where it has one. */
  readonly sizes: readonly (readonly [number, number])[]
  /** How many coefficients of switches are unknown. */
  readonly switches: number
  readonly complementarity: Complementarity
  /** The weight of each term of the loss; one each where there are none. */
  readonly balance?: readonly number[]
}

const SWITCH_STEP = 1e-5
/** Below a switch a share is short of its bound by at least this much: it says on which side a point is. */
export const SHORT = 1e-6

/** The share that the one complementarity line keeps at its upper bound above the one switch: where the line's first side is that share's distance to it. */
export function heldShare({ block, jets, unknowns }: Problem, switches: number): { readonly unknown: number; readonly bound: number } | undefined {
  const lines = block.residuals.flatMap(({ second }, row) => (second >= 0 ? [row] : []))
  if (lines.length !== 1 || switches !== 1) return undefined
  const [only, ...others] = block.partials.filter(({ row, side }) => row === lines[0] && side === 0)
  const unknown = only ? jets[only.jet].unknown : -1, share = unknowns[unknown]
  return share?.kind === "share" && share.range && others.length === 0 && jets[only.jet].kind === "value" ? { unknown, bound: share.range[1] } : undefined
}

export function netSystem({ problem, unknowns, points, ends, start, rate, sizes, switches, complementarity, balance }: SystemInput): NetSystem {
  const n = points.n, inner = n - ends.length, states = points.states.length
  const both = pairs(states), SECOND = 2 + states
  const values = problem.unknowns.filter(u => u.kind === "value").length
  const blockRows = problem.block.labels.length
  const bare = unknowns.reduce((sum, u) => sum + u.net.weightCount, 0), total = bare + switches
  const inputs = inputsFor(problem, n)
  inputs.states.forEach((state, s) => state.set(points.states[s]))
  const places = problem.unknowns.map((_, u) => jetPlaces(problem, u))
  const out = { hjb: outputsFor(problem.hjb.kernel, n), block: outputsFor(problem.block.kernel, n) }
  const channels = problem.unknowns.map(() => new Float64Array(channelsOf(states) * n))
  const misfits = [...problem.hjb.labels, ...problem.block.labels].map(() => new Float64Array(inner))
  const lengths = [...problem.hjb.labels.map(() => n), ...problem.block.labels.map(() => inner), ...(start.length > 0 ? [start.length] : [])]
  const terms = lengths.map((length, k) => ({ from: lengths.slice(0, k).reduce((a, b) => a + b, 0), to: lengths.slice(0, k).reduce((a, b) => a + b, length) }))
  const count = lengths.reduce((a, b) => a + b, 0)
  const root = terms.map((_, k) => Math.sqrt(balance?.[k] ?? 1))
  const starts = start.length / Math.max(1, problem.unknowns.length - values)
  const hjbScale = 1 / Math.sqrt(n), blockScale = 1 / Math.sqrt(inner), startScale = 1 / Math.sqrt(Math.max(1, starts))
  /** Whether a second derivative of a value function is left out at a point. */
  const isCut = (u: number, pair: number, p: number): boolean => p >= inner && u < values && both[pair].includes(ends[p - inner])
  const pairOf = problem.jets.map(({ by }) => both.findIndex(([s, r]) => s === by[0] && r === by[1]))
  const partOf = (weights: Float64Array, u: number): Float64Array => weights.subarray(unknowns[u].offset, unknowns[u].offset + unknowns[u].net.weightCount)
  const frameOf = (weights: Float64Array, u: number, from = 0, to = n): Frame => {
    const frame = unknowns[u].frame([...weights.subarray(bare, total)])
    return { ...frame, sides: sides?.map(side => side.subarray(from, to)) }
  }

  const size = unknowns[values]?.frame([...new Float64Array(switches)]).kinks[0]?.length ?? 1
  const held = heldShare(problem, switches / size), surface = chebyshev(states - 1)
  /**
   * For each switch the points above it where it was first: they stay while it moves, in the differences for it and in trial steps. A step
   * that carries a switch across a point must not look worse because something jumps there; the next begins with new points.
   */
  let sides: readonly Uint8Array[] | undefined
  const findSides = (weights: Float64Array): void => {
    const kinks = unknowns[values]?.frame([...weights.subarray(bare, total)]).kinks.slice(0, switches / size) ?? []
    sides = kinks.map(kink => Uint8Array.from({ length: n }, (_, p) => {
      surface.at(kink, points.x.slice(1).map(x => x[p]))
      return Number(points.x[0][p] > surface.value)
    }))
  }
  /** Where everything was last evaluated. */
  const now = new Float64Array(total).fill(NaN)
  const evaluate = (weights: Float64Array): void => {
    if (same(now, weights)) return
    now.set(weights)
    if (!sides) findSides(weights)
    unknowns.forEach(({ net, log }, u) => {
      net.channels(partOf(weights, u), frameOf(weights, u), points, channels[u])
      const c = channels[u], { value, first, second, upwind } = places[u]
      const v = inputs.jets[value]
      for (let p = 0; p < n; p++) v[p] = log ? Math.exp(c[p]) : c[p]
      for (let s = 0; s < states; s++) {
        const by = inputs.jets[first[s]], at = (1 + s) * n
        for (let p = 0; p < n; p++) by[p] = log ? v[p] * c[at + p] : c[at + p]
        if (upwind.length > 0) inputs.jets[upwind[s]].set(by)
      }
      both.forEach(([s, r], k) => {
        const by = inputs.jets[second[k]], at = (SECOND + k) * n
        for (let p = 0; p < n; p++) by[p] = isCut(u, k, p) ? 0 : log ? v[p] * (c[at + p] + c[(1 + s) * n + p] * c[(1 + r) * n + p]) : c[at + p]
      })
    })
    problem.block.kernel.run(inputs.all, n, out.block)
    if (!held) return problem.hjb.kernel.run(inputs.all, n, out.hjb)
    const [above] = sides!
    const own = problem.jets.flatMap((jet, k) => (jet.unknown === held.unknown ? [{ jet, k, raw: inputs.jets[k].slice() }] : []))
    for (const { jet, k } of own) for (let p = 0; p < n; p++) {
      if (above[p]) inputs.jets[k][p] = jet.kind === "value" ? held.bound : 0
      else if (jet.kind === "value") inputs.jets[k][p] = Math.min(inputs.jets[k][p], held.bound - SHORT)
    }
    problem.hjb.kernel.run(inputs.all, n, out.hjb)
    for (const { k, raw } of own) inputs.jets[k].set(raw)
  }

  const timeOf = problem.hjb.labels.map((_, row) => problem.hjb.partials.find(p => p.row === row && problem.jets[p.jet].kind === "time")!.output)
  /** log J (or J) at the weights of the first evaluation, and there the size of each HJB line's own terms: see `SystemInput`. */
  let anchor: Float64Array[] | undefined
  const stiffness = problem.hjb.labels.map(() => new Float64Array(n).fill(1))
  const hjbUnit = (row: number, p: number): number => (root[row] * hjbScale) / (stiffness[row][p] * out.hjb[timeOf[row]][p] * Math.abs(inputs.jets[places[row].value][p]))
  const setAnchor = (): void => {
    anchor = problem.hjb.labels.map((_, row) => channels[row].slice(0, n))
    const slope = new Float64Array(channelsOf(states) * n)
    problem.hjb.labels.forEach((_, row) => {
      slope.fill(0)
      for (const q of problem.hjb.partials) if (q.row === row && problem.jets[q.jet].unknown === row)
        for (let p = 0; p < n; p++) addSlope(slope, n, q.jet, row, p, p, (out.hjb[q.output][p] * hjbUnit(row, p)) / (root[row] * hjbScale))
      for (let p = 0; p < n; p++) {
        let size = 0
        for (let s = 0; s < states; s++) size += Math.abs(slope[(1 + s) * n + p] * points.first[s][p])
        both.forEach(([s, r], k) => { size += Math.abs(slope[(SECOND + k) * n + p] * points.first[s][p] * points.first[r][p]) })
        stiffness[row][p] = Math.max(1, size)
      }
    })
  }
  /** Growth of the value since the anchor. */
  const growth = (row: number, p: number): number => (channels[row][p] - anchor![row][p]) / (unknowns[row].log ? 1 : Math.abs(anchor![row][p]))
  const pseudo = (row: number, p: number): number => (root[row] * hjbScale * rate) / stiffness[row][p]

  /** The sides of a line of the block over their sizes; the second is undefined in an equation. */
  const sideOf = (row: number, which: 0 | 1, p: number): number => out.block[which === 0 ? problem.block.residuals[row].first : problem.block.residuals[row].second][p] / sizes[row][which]
  const blockValue = (row: number, p: number): number =>
    problem.block.residuals[row].second < 0 ? sideOf(row, 0, p) : complement(complementarity, sideOf(row, 0, p), sideOf(row, 1, p))
  const blockSlope = (row: number, which: 0 | 1, p: number): number =>
    problem.block.residuals[row].second < 0 ? 1 : complementSlope(complementarity, sideOf(row, 0, p), sideOf(row, 1, p), which)

  /** Adds d residual / d channels of one unknown at point p to entry i of `slope` (of `width` entries a channel), where a partial of a row is d. */
  function addSlope(slope: Float64Array, width: number, jet: number, u: number, p: number, i: number, d: number): void {
    const { log } = unknowns[u], c = channels[u], v = inputs.jets[places[u].value][p], { kind, by } = problem.jets[jet]
    if (kind === "value") slope[i] += d * (log ? v : 1)
    else if (kind === "first" || kind === "upwind") {
      slope[(1 + by[0]) * width + i] += d * (log ? v : 1)
      if (log) slope[i] += d * v * c[(1 + by[0]) * n + p]
    } else if (kind === "second" && !isCut(u, pairOf[jet], p)) {
      const at = SECOND + pairOf[jet], [s, r] = by
      slope[at * width + i] += d * (log ? v : 1)
      if (log) {
        const ofS = c[(1 + s) * n + p], ofR = c[(1 + r) * n + p]
        slope[(1 + s) * width + i] += d * v * ofR
        slope[(1 + r) * width + i] += d * v * ofS
        slope[i] += d * v * (c[at * n + p] + ofS * ofR)
      }
    }
  }
  let local: Float64Array = new Float64Array(0)
  /** Slopes of one equation with respect to the channels of one unknown at the points `from` to `to`, pulled back to rows of the Jacobian. */
  const writeRows = (weights: Float64Array, slope: Float64Array, u: number, from: number, to: number, jacobian: Float64Array, at: number): void => {
    const { net, offset } = unknowns[u], size = net.weightCount
    if (local.length < size * (to - from)) local = new Float64Array(size * (to - from))
    net.rows(partOf(weights, u), frameOf(weights, u, from, to), pointsBetween(points, from, to), slope, local)
    for (let p = 0; p < to - from; p++) jacobian.set(local.subarray(p * size, (p + 1) * size), (at + p) * total + offset)
  }
  const writeEquation = (weights: Float64Array, rows: Rows, results: readonly Float64Array[], row: number, from: number, to: number, unit: (side: 0 | 1, p: number) => number, jacobian: Float64Array, at: number): void => {
    const slope = new Float64Array(channelsOf(states) * (to - from))
    unknowns.forEach(({ log }, u) => {
      const partials = rows.partials.filter(q => q.row === row && problem.jets[q.jet].unknown === u)
      if (partials.length === 0) return
      slope.fill(0)
      for (const q of partials) for (let p = from; p < to; p++) {
        const isHeld = rows === problem.hjb && u === held?.unknown && (sides![0][p] === 1 || (problem.jets[q.jet].kind === "value" && inputs.jets[q.jet][p] >= held.bound - SHORT))
        const by = isHeld ? 0 : unit(q.side, p)
        if (by !== 0 && results[q.output][p] !== 0) addSlope(slope, to - from, q.jet, u, p, p - from, results[q.output][p] * by)
      }
      // An HJB line is divided by its value function: the derivative of 1/J; and pseudo-time.
      if (rows === problem.hjb && u === row) for (let p = from; p < to; p++)
        slope[p - from] -= (results[rows.residuals[row].first][p] * unit(0, p)) / (log ? 1 : inputs.jets[places[u].value][p]) + pseudo(row, p) / (log ? 1 : Math.abs(anchor![row][p]))
      writeRows(weights, slope, u, from, to, jacobian, at)
    })
  }

  const residuals = (weights: Float64Array, result: Float64Array): void => {
    evaluate(weights)
    if (!anchor) setAnchor()
    let at = 0
    problem.hjb.residuals.forEach(({ first }, row) => {
      for (let p = 0; p < n; p++) {
        const r = out.hjb[first][p] * hjbUnit(row, p)
        result[at++] = r - pseudo(row, p) * growth(row, p)
        if (p < inner) misfits[row][p] = r / (root[row] * hjbScale)
      }
    })
    for (let row = 0; row < blockRows; row++) for (let p = 0; p < inner; p++) {
      misfits[values + row][p] = blockValue(row, p)
      result[at++] = root[values + row] * blockScale * misfits[values + row][p]
    }
    start.forEach((s, k) => { result[at++] = root[values + blockRows] * startScale * (inputs.jets[places[values + Math.floor(k / starts)].value][k % starts] - s) })
  }

  /** The point of each row. */
  const pointOf = Int32Array.from(terms.flatMap(({ from, to }, k) => Array.from({ length: to - from }, (_, r) => (k < values + blockRows ? r : r % starts))))
  /** Derivatives with respect to the coefficients of the switches, and where they were last taken. */
  const bySwitch = Array.from({ length: switches }, () => new Float64Array(count)), differenced = new Float64Array(total).fill(NaN)
  const differenceSwitches = (weights: Float64Array): void => {
    if (same(differenced, weights)) return
    differenced.set(weights)
    const moved = weights.slice(), behind = new Float64Array(count)
    for (let from = 0; from < switches; from += size) {
      const columns = bySwitch.slice(from, from + size)
      columns.slice(0, quadratic).forEach((column, j) => {
        const k = bare + from + j
        moved[k] = weights[k] + SWITCH_STEP
        residuals(moved, column)
        moved[k] = weights[k] - SWITCH_STEP
        residuals(moved, behind)
        moved[k] = weights[k]
        for (let r = 0; r < count; r++) column[r] = (column[r] - behind[r]) / (2 * SWITCH_STEP)
      })
      if (size > quadratic) extend(columns)
    }
  }
  /**
   * A row reads a switch c at its own point y only: c, its slopes and its bends there. The derivatives by the coefficients up to degree two
   * say how it depends on each of these, and with that on all other coefficients.
   */
  const quadratic = Math.min(size, ((states + 1) * states) / 2)
  const extend = (columns: readonly Float64Array[]): void => {
    const others = pairs(states - 1), m = states - 1, y = new Array<number>(m), slope = new Float64Array(m), bend = new Float64Array(others.length)
    const units = columns.map((_, k) => Array.from({ length: k + 1 }, (_, j) => Number(j === k)))
    const degreeTwo = termsOf(m, 2).slice(m + 1).map(term => others.findIndex(([i, j]) => term.every((k, v) => k === Number(v === i) + Number(v === j))))
    for (let p = 0; p < n; p++) {
      for (let v = 0; v < m; v++) y[v] = points.x[v + 1][p]
      const at = units.slice(quadratic).map(unit => {
        surface.at(unit, y)
        return { value: surface.value, slope: surface.slope.slice(), bend: surface.bend.slice() }
      })
      for (const r of rowsAt[p]) {
        const value = columns[0][r]
        for (let v = 0; v < m; v++) slope[v] = columns[1 + v][r] - y[v] * value
        degreeTwo.forEach((pair, k) => {
          const [i, j] = others[pair], column = columns[1 + m + k][r]
          bend[pair] = i === j ? (column - (2 * y[i] ** 2 - 1) * value - 4 * y[i] * slope[i]) / 4 : column - y[i] * y[j] * value - y[j] * slope[i] - y[i] * slope[j]
        })
        at.forEach((unit, k) => {
          let sum = value * unit.value
          for (let v = 0; v < m; v++) sum += slope[v] * unit.slope[v]
          for (let v = 0; v < bend.length; v++) sum += bend[v] * unit.bend[v]
          columns[quadratic + k][r] = sum
        })
      }
    }
  }
  const rowsAt = Array.from({ length: n }, (): number[] => [])
  pointOf.forEach((p, r) => rowsAt[p].push(r))

  return {
    count, misfits, terms, residuals,
    jacobian: (weights, jacobian, from, to) => {
      evaluate(weights)
      if (!anchor) setAnchor()
      differenceSwitches(weights)
      evaluate(weights)
      jacobian.fill(0, 0, (to - from) * total)
      terms.forEach((term, k) => {
        const low = Math.max(from, term.from), high = Math.min(to, term.to)
        if (low >= high) return
        const [first, last, at] = [low - term.from, high - term.from, low - from], row = k - values
        if (k < values) writeEquation(weights, problem.hjb, out.hjb, k, first, last, (_, p) => hjbUnit(k, p), jacobian, at)
        else if (row < blockRows) writeEquation(weights, problem.block, out.block, row, first, last, (side, p) => (root[k] * blockScale * blockSlope(row, side, p)) / sizes[row][side], jacobian, at)
        else for (let line = first; line < last; line++) {
          const u = values + Math.floor(line / starts), p = line % starts, slope = new Float64Array(channelsOf(states))
          slope[0] = root[k] * startScale * (unknowns[u].log ? inputs.jets[places[u].value][p] : 1)
          writeRows(weights, slope, u, p, p + 1, jacobian, at + line - first)
        }
      })
      bySwitch.forEach((column, k) => { for (let r = from; r < to; r++) jacobian[(r - from) * total + bare + k] = column[r] })
    },
  }
}

const same = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((x, k) => x === b[k])

/** The size of each side of each line of the static block at given unknowns and outputs of its kernel: the mean of the largest effect of any unknown on it. */
export function blockSizes(problem: Problem, unknowns: readonly Float64Array[], out: readonly Float64Array[]): [number, number][] {
  const n = unknowns[0].length
  return problem.block.residuals.map((_, row) => [0, 1].map(side => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += problem.block.partials.filter(p => p.row === row && p.side === side && problem.jets[p.jet].kind === "value")
      .reduce((most, p) => Math.max(most, Math.abs(out[p.output][i] * unknowns[problem.jets[p.jet].unknown][i])), 0)
    return sum / n || 1
  }) as [number, number])
}
