/**
 * Greedy values of outputs V, G_1(.), G_2(.), ...: of each point one V and a head for each asset, point after point.
 *   value = V + part sum_a G_a(l_a)
 * In double Q-learning (van Hasselt et al. 2016) the levels l_a are the best of the network that learns, and the values the target network's, so that an
 * error of the one is not what it is chosen by.
 */
export interface Heads {
  /** Numbers a point has, and where each asset's head begins among them. */
  readonly outputs: number
  readonly starts: readonly number[]
  readonly levels: readonly number[]
}

/** The level with the largest of `levels` numbers from `from` on; the lowest of equals. */
export function best(values: Float64Array, from: number, levels: number): number {
  let at = 0
  for (let l = 1; l < levels; l++) if (values[from + l] > values[from + at]) at = l
  return at
}

/** The best level of each head at `m` points, asset after asset for each. */
export function greedyLevels(q: Float64Array, m: number, { outputs, starts, levels }: Heads, into: Int32Array): void {
  const assets = starts.length
  for (let p = 0; p < m; p++) for (let a = 0; a < assets; a++) into[p * assets + a] = best(q, p * outputs + starts[a], levels[a])
}

/** The values of `m` points at chosen levels; `part` is what an output of a head counts in units of V. */
export function valuesAt(q: Float64Array, m: number, { outputs, starts }: Heads, chosen: Int32Array, part: number, into: Float64Array): void {
  const assets = starts.length
  for (let p = 0; p < m; p++) {
    into[p] = q[p * outputs]
    for (let a = 0; a < assets; a++) into[p] += q[p * outputs + starts[a] + chosen[p * assets + a]] * part
  }
}
