import { banded, addTo, solveBanded } from "./banded.ts"

/** A Markov chain in continuous time on 0..size-1: jumps from i to targets[k] at rates[k], k from starts[i] to starts[i+1]. */
export interface Chain {
  readonly size: number
  /** The longest jump, in states. */
  readonly band: number
  readonly starts: Int32Array
  readonly targets: Int32Array
  readonly rates: Float64Array
}

/** Builds a chain from the jumps out of each state; jumps to oneself and at rate zero are left out. */
export function chainOf(size: number, jumpsFrom: (state: number, jump: (target: number, rate: number) => void) => void): Chain {
  const starts = new Int32Array(size + 1)
  const targets: number[] = [], rates: number[] = []
  let band = 0
  for (let i = 0; i < size; i++) {
    jumpsFrom(i, (target, rate) => {
      if (target === i || rate === 0) return
      if (!(rate > 0) || !(target >= 0 && target < size)) throw new RangeError(`a jump from ${i} to ${target} at rate ${rate}`)
      targets.push(target)
      rates.push(rate)
      band = Math.max(band, Math.abs(target - i))
    })
    starts[i + 1] = targets.length
  }
  return { size, band, starts, targets: Int32Array.from(targets), rates: Float64Array.from(rates) }
}

/**
 * The stationary distribution of an irreducible chain by the algorithm of Grassmann, Taksar & Heyman (1985): elimination of
 * states without a subtraction, so that every probability is non-negative and right to rounding of its own size. Sums to 1.
 * Cost: size * band^2.
 */
export function stationaryOf(chain: Chain): Float64Array {
  const { size, band } = chain
  const width = 2 * band + 1
  const a = new Float64Array(size * width)
  for (let i = 0; i < size; i++)
    for (let k = chain.starts[i]; k < chain.starts[i + 1]; k++) a[i * width + chain.targets[k] - i + band] += chain.rates[k]
  for (let n = size - 1; n > 0; n--) {
    const first = Math.max(0, n - band), rowN = n * width - n + band
    let sum = 0
    for (let j = first; j < n; j++) sum += a[rowN + j]
    for (let i = first; i < n; i++) {
      const row = i * width - i + band
      if (a[row + n] === 0) continue
      const part = a[row + n] / sum
      a[row + n] = part
      for (let j = first; j < n; j++) a[row + j] += part * a[rowN + j]
    }
  }
  const p = new Float64Array(size)
  p[0] = 1
  for (let n = 1; n < size; n++) {
    let sum = 0
    for (let i = Math.max(0, n - band); i < n; i++) sum += p[i] * a[i * width - i + band + n]
    p[n] = sum
    // What is smaller than this by so much has no weight at the end.
    if (sum > HUGE) for (let i = 0; i <= n; i++) p[i] /= HUGE
  }
  let total = 0
  for (let i = 0; i < size; i++) total += p[i]
  return p.map(x => x / total)
}

const HUGE = 1e120

/**
 * The expectation of f at the state of the chain after a time, from every state: e^(tG) f by uniformisation (Jensen 1953), a
 * sum of positive terms. Where that takes more than `mostTerms` terms, by implicit steps, extrapolated to order two; undefined
 * where the band is too wide for these.
 */
export function expectedAfter(chain: Chain, f: Float64Array, time: number, mostTerms = 20_000): Float64Array | undefined {
  return uniformised(chain, f, time, mostTerms) ?? implicit(chain, f, time)
}

function uniformised(chain: Chain, f: Float64Array, time: number, mostTerms: number): Float64Array | undefined {
  const { size, starts, targets, rates } = chain
  let fastest = 0
  for (let i = 0; i < size; i++) {
    let out = 0
    for (let k = starts[i]; k < starts[i + 1]; k++) out += rates[k]
    fastest = Math.max(fastest, out)
  }
  const jumps = fastest * time
  const last = Math.ceil(jumps + 8 * Math.sqrt(jumps) + 20)
  if (!(last <= mostTerms)) return undefined
  const result = new Float64Array(size)
  let now = f.slice(), next = new Float64Array(size)
  let left = 1
  for (let m = 0, logWeight = -jumps; m <= last; m++) {
    const weight = Math.exp(logWeight)
    left -= weight
    for (let i = 0; i < size; i++) result[i] += weight * now[i]
    for (let i = 0; i < size; i++) {
      let change = 0
      for (let k = starts[i]; k < starts[i + 1]; k++) change += rates[k] * (now[targets[k]] - now[i])
      next[i] = now[i] + change / fastest
    }
    const held = now
    now = next
    next = held
    logWeight += Math.log(jumps / (m + 1))
  }
  // The weights that were left out, at most rounding, so that constants stay constants.
  for (let i = 0; i < size; i++) result[i] += left * now[i]
  return result
}

/** Backward Euler with n and 2n steps: twice the second less the first. */
function implicit(chain: Chain, f: Float64Array, time: number): Float64Array | undefined {
  const { size, band } = chain
  if (size * band * band > MOST_WORK) return undefined
  const [rough, fine] = [STEPS, 2 * STEPS].map(steps => {
    let now: Float64Array | undefined = f.slice()
    for (let i = 0; i < steps && now; i++) now = implicitStep(chain, now, time / steps)
    return now
  })
  return rough && fine && fine.map((x, i) => 2 * x - rough[i])
}

const STEPS = 100
/** Of one implicit step. */
const MOST_WORK = 1e6

/** (1 - hG) x = f. */
function implicitStep({ size, band, starts, targets, rates }: Chain, f: Float64Array, h: number): Float64Array | undefined {
  const matrix = banded(size, band, band), x = f.slice()
  for (let i = 0; i < size; i++) {
    addTo(matrix, i, i, 1)
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      addTo(matrix, i, i, h * rates[k])
      addTo(matrix, i, targets[k], -h * rates[k])
    }
  }
  return solveBanded(matrix, x) < 0 ? x : undefined
}

/** The mean time until the chain first enters the target set, from every state: G T = -1 outside it, 0 inside. Undefined where some state never does. */
export function meanTimesTo(chain: Chain, isTarget: (state: number) => boolean): Float64Array | undefined {
  const { size, band, starts, targets, rates } = chain
  const matrix = banded(size, band, band), right = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    if (isTarget(i)) {
      addTo(matrix, i, i, 1)
      continue
    }
    right[i] = 1
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      addTo(matrix, i, i, rates[k])
      addTo(matrix, i, targets[k], -rates[k])
    }
  }
  return solveBanded(matrix, right) < 0 && right.every(Number.isFinite) ? right : undefined
}

/**
 * The time over which a function of the state of a chain is correlated with itself: the integral of its autocorrelation. A mean
 * over T years of one path is worth T/(2 tau) independent draws. From G y = mean(f) - f; NaN where f is constant or there is no answer.
 */
export function autocorrelationTime(chain: Chain, stationary: Float64Array, f: Float64Array): number {
  const { size, band, starts, targets, rates } = chain
  const mean = f.reduce((sum, x, i) => sum + stationary[i] * x, 0)
  const mode = stationary.reduce((best, p, i) => (p > stationary[best] ? i : best), 0)
  const matrix = banded(size, band, band), right = f.map(x => x - mean)
  for (let i = 0; i < size; i++) {
    // The equations determine y up to a constant, which does not matter: it is zero at the mode, whose equation follows from the others.
    if (i === mode) {
      addTo(matrix, i, i, 1)
      right[i] = 0
      continue
    }
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      addTo(matrix, i, i, rates[k])
      addTo(matrix, i, targets[k], -rates[k])
    }
  }
  if (solveBanded(matrix, right) >= 0) return NaN
  let together = 0, variance = 0
  for (let i = 0; i < size; i++) {
    together += stationary[i] * (f[i] - mean) * right[i]
    variance += stationary[i] * (f[i] - mean) ** 2
  }
  return together / variance
}
