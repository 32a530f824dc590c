import type { Problem, Rows } from "../model/problem.ts"
import type { LeastSquares } from "../nets/gaussNewton.ts"
import { inputsFor, jetPlaces, outputsFor } from "./pointInputs.ts"
import { channelsOf, type Frame, type Points, type ValueNet } from "./valueNet.ts"

/**
 * All equations of a problem at points, with every unknown a net, as one least-squares problem in all weights:
 * - HJB lines, as relative growth of their value a year;
 * - lines of the static block, over their size; a complementarity line 0 <= f _|_ g >= 0 is min(f, g) = 0 (semismooth);
 * - at natural ends the HJB lines without second derivatives of value functions, as in `fd`;
 * - where the static block starts: prices and shares there (`start`).
 * Derivatives are exact: those of the equations with respect to jets from the compiled kernels, those of jets from the nets.
 */
export interface NetSystem extends LeastSquares {
  /** Unscaled residuals of every equation at the inner points, after `residuals` was called. */
  readonly misfits: readonly Float64Array[]
}

export interface NetUnknown { readonly net: ValueNet; readonly frame: Frame; readonly log: boolean; readonly offset: number }

export interface SystemInput {
  readonly problem: Problem
  readonly unknowns: readonly NetUnknown[]
  readonly points: Points
  /** The last so many points are ends: HJB lines only, without second derivatives. */
  readonly ends: number
  /** The first point is the start of the static block, where prices and shares are these; empty for none. */
  readonly start: Float64Array
  /**
   * Pseudo-time: each HJB line loses rate * growth of J since the first evaluation, an implicit step of 1/rate years. The lines are
   * also divided by the size that their own first- and second-order terms had there, where that is above one a year: a
   * fast law of motion at one end must not outweigh the rest.
   */
  readonly rate: number
  /** The size of each line of the static block, and of the second side where it has one. */
  readonly sizes: readonly (readonly [number, number])[]
}

export function netSystem({ problem, unknowns, points, ends, start, rate, sizes }: SystemInput): NetSystem {
  const n = points.n, inner = n - ends
  const values = problem.unknowns.filter(u => u.kind === "value").length
  const inputs = inputsFor(problem, n)
  inputs.states.forEach((state, s) => state.set(points.states[s]))
  const places = problem.unknowns.map((_, u) => jetPlaces(problem, u))
  const out = { hjb: outputsFor(problem.hjb.kernel, n), block: outputsFor(problem.block.kernel, n) }
  const channels = problem.unknowns.map(() => new Float64Array(channelsOf(1) * n))
  const blockRows = problem.block.labels.length
  const count = values * n + blockRows * inner + start.length
  const misfits = [...problem.hjb.labels, ...problem.block.labels].map(() => new Float64Array(inner))
  const hjbScale = 1 / Math.sqrt(n), blockScale = 1 / Math.sqrt(inner)

  /** log J (or J) at the weights of the first evaluation, and there the size of each HJB line's own terms: see `SystemInput`. */
  let anchor: Float64Array[] | undefined
  const stiffness = problem.hjb.labels.map(() => new Float64Array(n).fill(1))
  const setAnchor = (): void => {
    anchor = problem.hjb.labels.map((_, row) => channels[row].slice(0, n))
    problem.hjb.labels.forEach((_, row) => {
      slope.fill(0)
      for (const q of problem.hjb.partials) if (q.row === row && problem.jets[q.jet].unknown === row)
        for (let p = 0; p < n; p++) addSlope(slope, q.jet, row, p, out.hjb[q.output][p] * hjbUnit(row, p))
      for (let p = 0; p < n; p++)
        stiffness[row][p] = Math.max(1, (Math.abs(slope[n + p] * points.first[0][p]) + Math.abs(slope[3 * n + p]) * points.first[0][p] ** 2) / hjbScale)
    })
  }
  /** Growth of the value since the anchor. */
  const growth = (row: number, p: number): number => (channels[row][p] - anchor![row][p]) / (unknowns[row].log ? 1 : Math.abs(anchor![row][p]))
  const part = (weights: Float64Array, u: number): Float64Array => weights.subarray(unknowns[u].offset, unknowns[u].offset + unknowns[u].net.weightCount)

  const evaluate = (weights: Float64Array): void => {
    unknowns.forEach(({ net, frame, log }, u) => {
      net.channels(part(weights, u), frame, points, channels[u])
      const c = channels[u], { value, first, second, upwind } = places[u]
      for (let p = 0; p < n; p++) {
        const v = log ? Math.exp(c[p]) : c[p]
        const slope = log ? v * c[n + p] : c[n + p]
        inputs.jets[value][p] = v
        inputs.jets[first[0]][p] = slope
        inputs.jets[second[0]][p] = p >= inner && u < values ? 0 : log ? v * (c[3 * n + p] + c[n + p] ** 2) : c[3 * n + p]
        if (upwind.length > 0) inputs.jets[upwind[0]][p] = slope
      }
    })
    problem.hjb.kernel.run(inputs.all, n, out.hjb)
    problem.block.kernel.run(inputs.all, n, out.block)
  }
  const timeOf = problem.hjb.labels.map((_, row) => problem.hjb.partials.find(p => p.row === row && problem.jets[p.jet].kind === "time")!.output)
  const hjbUnit = (row: number, p: number): number => hjbScale / (stiffness[row][p] * out.hjb[timeOf[row]][p] * Math.abs(inputs.jets[places[row].value][p]))
  const side = (row: number, p: number): 0 | 1 => {
    const { first, second } = problem.block.residuals[row]
    return second >= 0 && out.block[second][p] / sizes[row][1] < out.block[first][p] / sizes[row][0] ? 1 : 0
  }
  const sided = (row: number, p: number): number => {
    const { first, second } = problem.block.residuals[row]
    return side(row, p) === 0 ? out.block[first][p] / sizes[row][0] : out.block[second][p] / sizes[row][1]
  }

  /** Adds d residual / d channels of one unknown to `slope` where a partial of a row is d. */
  const addSlope = (slope: Float64Array, jet: number, u: number, p: number, d: number): void => {
    const { log } = unknowns[u], c = channels[u], v = inputs.jets[places[u].value][p], kind = problem.jets[jet].kind
    if (kind === "value") slope[p] += d * (log ? v : 1)
    else if (kind === "first" || kind === "upwind") {
      slope[n + p] += d * (log ? v : 1)
      if (log) slope[p] += d * v * c[n + p]
    } else if (kind === "second" && !(p >= inner && u < values)) {
      slope[3 * n + p] += d * (log ? v : 1)
      if (log) {
        slope[n + p] += d * v * 2 * c[n + p]
        slope[p] += d * v * (c[3 * n + p] + c[n + p] ** 2)
      }
    }
  }
  const total = unknowns.reduce((sum, u) => sum + u.net.weightCount, 0)
  const slope = new Float64Array(channelsOf(1) * n)
  const local = unknowns.map(({ net }) => new Float64Array(net.weightCount * n))

  /** Writes the Jacobian rows of one equation: for each unknown, its slopes pulled back to the weights. */
  const writeRows = (rows: Rows, results: readonly Float64Array[], row: number, to: number, unit: (p: number) => number, active: (p: number) => 0 | 1, jacobian: Float64Array, at: number): void => {
    unknowns.forEach(({ net, frame, offset, log }, u) => {
      const partials = rows.partials.filter(q => q.row === row && problem.jets[q.jet].unknown === u)
      if (partials.length === 0) return
      slope.fill(0)
      for (const q of partials) for (let p = 0; p < to; p++)
        if (q.side === active(p) && results[q.output][p] !== 0) addSlope(slope, q.jet, u, p, results[q.output][p] * unit(p))
      // An HJB line is divided by its value function: the derivative of 1/J.
      if (rows === problem.hjb && u === row) for (let p = 0; p < to; p++)
        slope[p] -= (results[rows.residuals[row].first][p] * unit(p)) / (log ? 1 : inputs.jets[places[u].value][p]) + (hjbScale * rate) / (stiffness[row][p] * (log ? 1 : Math.abs(anchor![row][p])))
      net.rows(part(weightsNow, u), frame, points, slope, local[u])
      for (let p = 0; p < to; p++) jacobian.set(local[u].subarray(p * net.weightCount, (p + 1) * net.weightCount), (at + p) * total + offset)
    })
  }
  let weightsNow: Float64Array = new Float64Array(0)

  return {
    count, misfits,
    residuals: (weights, result) => {
      evaluate(weights)
      if (!anchor) setAnchor()
      let at = 0
      problem.hjb.residuals.forEach(({ first }, row) => {
        for (let p = 0; p < n; p++) {
          const r = out.hjb[first][p] * hjbUnit(row, p)
          result[at++] = r - ((hjbScale * rate) / stiffness[row][p]) * growth(row, p)
          if (p < inner) misfits[row][p] = r / hjbScale
        }
      })
      for (let row = 0; row < blockRows; row++) for (let p = 0; p < inner; p++) {
        result[at++] = blockScale * sided(row, p)
        misfits[values + row][p] = sided(row, p)
      }
      start.forEach((s, k) => { result[at++] = inputs.jets[places[values + k].value][0] - s })
    },
    jacobian: (weights, jacobian) => {
      weightsNow = weights
      evaluate(weights)
      jacobian.fill(0)
      let at = 0
      problem.hjb.residuals.forEach((_, row) => {
        writeRows(problem.hjb, out.hjb, row, n, p => hjbUnit(row, p), () => 0, jacobian, at)
        at += n
      })
      for (let row = 0; row < blockRows; row++, at += inner)
        writeRows(problem.block, out.block, row, inner, p => blockScale / sizes[row][side(row, p)], p => side(row, p), jacobian, at)
      start.forEach((_, k) => {
        const u = values + k, { net, frame, offset, log } = unknowns[u]
        slope.fill(0)
        slope[0] = log ? inputs.jets[places[u].value][0] : 1
        net.rows(part(weights, u), frame, points, slope, local[u])
        jacobian.set(local[u].subarray(0, net.weightCount), at++ * total + offset)
      })
    },
  }
}

/** The size of each side of each line of the static block at given unknowns: the mean of the largest effect of any unknown on it. */
export function blockSizes(problem: Problem, unknowns: readonly Float64Array[], run: (outputs: readonly Float64Array[]) => void): [number, number][] {
  const n = unknowns[0].length
  const out = outputsFor(problem.block.kernel, n)
  run(out)
  return problem.block.residuals.map((_, row) => [0, 1].map(side => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += problem.block.partials.filter(p => p.row === row && p.side === side && problem.jets[p.jet].kind === "value")
      .reduce((most, p) => Math.max(most, Math.abs(out[p.output][i] * unknowns[problem.jets[p.jet].unknown][i])), 0)
    return sum / n || 1
  }) as [number, number])
}
