import { gaussHermite } from "./gaussHermite.ts"
import { cellOf } from "./interpolate.ts"
import { stationaryDistribution, type MarkovChain } from "./markovChain.ts"
import { normalBetween } from "./normalCdf.ts"

/** x' = (1 - persistence) mean + persistence x + volatility e, e standard normal. */
export interface Autoregression {
  readonly mean: number
  /** Between -1 and 1, these not included. */
  readonly persistence: number
  /** 0 or above. */
  readonly volatility: number
}

/** A chain that stands in for an autoregression, and its law from any point between its states. */
export interface ChainOfAutoregression extends MarkovChain {
  /** Probabilities of the states after x (any real number), written to `row`. At a state of the chain they are its row. */
  rowAt(x: number, row: Float64Array): void
  /** Long-run probabilities of the states. */
  stationary(): Float64Array
}

export const stationaryDeviation = ({ persistence, volatility }: Autoregression): number => volatility / Math.sqrt(1 - persistence ** 2)

/** Without risk the process rests at its mean. */
const still = ({ mean }: Autoregression): ChainOfAutoregression => ({ values: Float64Array.of(mean), transitions: Float64Array.of(1), rowAt: (_, row) => { row[0] = 1 }, stationary: () => Float64Array.of(1) })

/** Even states over `reach` stationary deviations on each side of the mean. */
function evenStates(law: Autoregression, n: number, reach: number): Float64Array {
  const width = reach * stationaryDeviation(law)
  return Float64Array.from({ length: n }, (_, i) => law.mean + (n === 1 ? 0 : width * ((2 * i) / (n - 1) - 1)))
}

/**
 * The trapezoidal rule: even states, probabilities proportional to the normal density at them. The rule converges geometrically
 * for a density (Goodwin 1949; Trefethen & Weideman 2014): at a spacing of h volatilities its error is 2 exp(-2 pi^2/h^2), that is
 * 1e-15 at 3/4. What lies beyond `reach` deviations is left out.
 */
export function trapezoidal(law: Autoregression, n: number, reach: number): ChainOfAutoregression {
  if (law.volatility === 0) return still(law)
  const states = evenStates(law, n, reach)
  // By the same rule; a linear system would lose the relative accuracy of what is unlikely.
  const density = states.map(x => Math.exp(-(((x - law.mean) / stationaryDeviation(law)) ** 2) / 2)), total = density.reduce((a, b) => a + b)
  return { ...chainOfDensity(law, states, states.map(() => 1)), stationary: () => density.map(p => p / total) }
}

/** States that hold the process to the accuracy of the trapezoidal rule at a spacing of `spacing` volatilities. */
export function trapezoidalSize(law: Autoregression, reach: number, spacing: number): number {
  return law.volatility === 0 ? 1 : 1 + 2 * Math.ceil((reach * stationaryDeviation(law)) / (spacing * law.volatility))
}

/**
 * Tauchen & Hussey (1991): states and weights of Gauss-Hermite quadrature for a normal density about the mean; probabilities
 * proportional to weight times (density of x' given x)/(that density). The reference density's deviation lies between the
 * volatility and the stationary one (Flodén 2008). Without persistence it is Gauss-Hermite quadrature itself.
 */
export function tauchenHussey(law: Autoregression, n: number): ChainOfAutoregression {
  const { mean, persistence, volatility } = law
  if (volatility === 0) return still(law)
  const weight = 0.5 + Math.abs(persistence) / 4
  const deviation = persistence === 0 ? volatility : weight * volatility + (1 - weight) * stationaryDeviation(law)
  const { nodes, weights } = gaussHermite(n)
  return chainOfDensity(law, nodes.map(z => mean + deviation * z), weights.map((w, i) => w * Math.exp(nodes[i] ** 2 / 2)))
}

function chainOfDensity({ mean, persistence, volatility }: Autoregression, states: Float64Array, weights: ArrayLike<number>): ChainOfAutoregression {
  const rowAt = (x: number, row: Float64Array): void => {
    const centre = mean + persistence * (x - mean)
    // Exponents are taken relative to the largest, so that a centre far outside the states leaves the end state and not 0/0.
    let most = -Infinity
    for (let j = 0; j < states.length; j++) most = Math.max(most, row[j] = Math.log(weights[j]) - ((states[j] - centre) / volatility) ** 2 / 2)
    let sum = 0
    for (let j = 0; j < states.length; j++) sum += row[j] = Math.exp(row[j] - most)
    for (let j = 0; j < states.length; j++) row[j] /= sum
  }
  return withRows(states, rowAt)
}

/** Tauchen (1986): even states over `reach` deviations; the probability of a state is that of the cell about it. */
export function tauchen(law: Autoregression, n: number, reach = 3): ChainOfAutoregression {
  const { mean, persistence, volatility } = law
  if (volatility === 0) return still(law)
  const states = evenStates(law, n, reach)
  const half = n > 1 ? (states[1] - states[0]) / 2 : Infinity
  return withRows(states, (x, row) => {
    const centre = mean + persistence * (x - mean)
    states.forEach((state, j) => {
      const low = j === 0 ? -Infinity : (state - half - centre) / volatility, high = j === n - 1 ? Infinity : (state + half - centre) / volatility
      row[j] = normalBetween(low, high)
    })
  })
}

/**
 * Rouwenhorst (1995), in the form of Kopecky & Suen (2010): the chain of n even states over sqrt(n - 1) deviations that has the
 * process's conditional mean and variance, and so its unconditional ones and its autocorrelation, exactly. Between states the
 * law is interpolated, which keeps the conditional mean; beyond the last it is the law there.
 */
export function rouwenhorst(law: Autoregression, n: number): ChainOfAutoregression {
  if (law.volatility === 0) return still(law)
  const stay = (1 + law.persistence) / 2
  const states = evenStates(law, n, Math.sqrt(n - 1))
  // A state counts how many of n - 1 independent two-state chains are up: those that stay up and those that come up.
  const transitions = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const up = binomial(i, stay), come = binomial(n - 1 - i, 1 - stay)
    up.forEach((p, k) => come.forEach((q, l) => { transitions[i * n + k + l] += p * q }))
  }
  const rowAt = (x: number, row: Float64Array): void => {
    if (n === 1) { row[0] = 1; return }
    const i = cellOf(states, x), share = Math.min(1, Math.max(0, (x - states[i]) / (states[i + 1] - states[i])))
    for (let j = 0; j < n; j++) row[j] = (1 - share) * transitions[i * n + j] + share * transitions[(i + 1) * n + j]
  }
  return { values: states, transitions, rowAt, stationary: () => binomial(n - 1, 0.5) }
}

/** Probabilities of 0, 1, ..., n successes. */
function binomial(n: number, p: number): Float64Array {
  const row = new Float64Array(n + 1)
  row[0] = 1
  for (let k = 1; k <= n; k++) for (let j = k; j >= 0; j--) row[j] = row[j] * (1 - p) + (j > 0 ? row[j - 1] * p : 0)
  return row
}

function withRows(states: Float64Array, rowAt: ChainOfAutoregression["rowAt"]): ChainOfAutoregression {
  const n = states.length, transitions = new Float64Array(n * n)
  states.forEach((x, i) => rowAt(x, transitions.subarray(i * n, (i + 1) * n)))
  return { values: states, transitions, rowAt, stationary: () => stationaryDistribution({ values: states, transitions })! }
}
