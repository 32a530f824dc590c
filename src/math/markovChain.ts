import { solveDense } from "./dense.ts"

/** A Markov chain on n real numbers. */
export interface MarkovChain {
  /** The states' values, increasing. */
  readonly values: Float64Array
  /** Probabilities of going from state i to state j, at [i*n + j]; each row sums to one. */
  readonly transitions: Float64Array
}

/** How far a row sum may be from one before it is a mistake and not rounding. */
export const ROW_SLACK = 1e-9

/** What is wrong with n x n transition probabilities, in a sentence; undefined where they are a chain's. */
export function chainFault(n: number, transitions: ArrayLike<number>): string | undefined {
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) {
      const p = transitions[i * n + j]
      if (!(p >= 0 && p <= 1 + ROW_SLACK)) return `row ${i + 1} has the probability \`${p}\`; expected numbers from 0 to 1`
      sum += p
    }
    if (Math.abs(sum - 1) > ROW_SLACK) return `row ${i + 1} sums to ${Number(sum.toPrecision(12))}; the probabilities of a row sum to 1`
  }
  return undefined
}

/** E[f(x') | x = state i] for all i. */
export function expectation({ values: { length: n }, transitions }: MarkovChain, f: ArrayLike<number>): Float64Array {
  const means = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += transitions[i * n + j] * f[j]
    means[i] = sum
  }
  return means
}

/** The distribution pi with pi = pi P; undefined where there is more than one. */
export function stationaryDistribution({ values: { length: n }, transitions }: MarkovChain): Float64Array | undefined {
  // The columns of P - I sum to zero in every row, so one equation is spare; the sum of pi takes its place.
  const matrix = new Float64Array(n * n), right = new Float64Array(n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[j * n + i] = transitions[i * n + j] - (i === j ? 1 : 0)
  for (let i = 0; i < n; i++) matrix[(n - 1) * n + i] = 1
  right[n - 1] = 1
  if (!solveDense(matrix, right)) return undefined
  return right.every(p => p > -1e-9 && p < 1 + 1e-9) ? right.map(p => Math.max(0, p)) : undefined // rounding about 0
}

/** Mean, variance and first autocorrelation of the chain where it starts from its stationary distribution. */
export function chainMoments(chain: MarkovChain): { mean: number; variance: number; autocorrelation: number } | undefined {
  const pi = stationaryDistribution(chain)
  if (!pi) return undefined
  const { values } = chain
  const mean = values.reduce((sum, x, i) => sum + pi[i] * x, 0)
  const off = values.map(x => x - mean), next = expectation(chain, off)
  const variance = off.reduce((sum, x, i) => sum + pi[i] * x * x, 0)
  return { mean, variance, autocorrelation: off.reduce((sum, x, i) => sum + pi[i] * x * next[i], 0) / variance }
}
