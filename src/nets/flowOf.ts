import type { Flow } from "./jet.ts"

/** A second-order operator b . D + tr(D D2) at each of `n` points, as its coefficients. */
export interface Operator {
  readonly n: number
  readonly inputs: number
  /** b, one row an input. */
  readonly drift: Float64Array
  /** The inputs that diffuse, one or two. */
  readonly diffuse: readonly [number] | readonly [number, number]
  /** The symmetric matrix D of these: D_ii; or D_ii, D_ij and D_jj, a row each. Half the covariance, for a diffusion. */
  readonly diffusion: Float64Array
}

/**
 * The points with directions that give the operator: D = sum_k s_k h_k h_k', from the eigenvectors of D at each point, so that a D that is
 * degenerate or indefinite (shocks with signs) is as good as any.
 */
export function flowOf(points: Float64Array, { n, inputs, drift, diffuse, diffusion }: Operator): Flow {
  const [i, j] = diffuse, shocks = diffuse.length
  if (i === j) throw new RangeError(`got the input \`${i}\` twice; expected two that diffuse`)
  const directions = new Float64Array((shocks + 1) * inputs * n), factors = new Float64Array(shocks * n)
  directions.set(drift.subarray(0, inputs * n), shocks * inputs * n)
  const put = (shock: number, p: number, eigenvalue: number, along: readonly number[]) => {
    const length = Math.sqrt(Math.abs(eigenvalue))
    factors[shock * n + p] = eigenvalue < 0 ? -1 : 1
    along.forEach((x, k) => { directions[(shock * inputs + diffuse[k]) * n + p] = length * x })
  }
  for (let p = 0; p < n; p++) {
    if (j === undefined) {
      put(0, p, diffusion[p], [1])
      continue
    }
    const { values, cosine, sine } = eigen(diffusion[p], diffusion[n + p], diffusion[2 * n + p])
    put(0, p, values[0], [cosine, -sine])
    put(1, p, values[1], [sine, cosine])
  }
  return { n, points, directions, factors }
}

/** Eigenvalues of [[a, b], [b, c]] and the rotation to its eigenvectors (cosine, -sine) and (sine, cosine): one step of Jacobi. */
function eigen(a: number, b: number, c: number): { values: readonly [number, number]; cosine: number; sine: number } {
  if (b === 0) return { values: [a, c], cosine: 1, sine: 0 }
  const tau = (c - a) / (2 * b)
  const tangent = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau))
  const cosine = 1 / Math.sqrt(1 + tangent * tangent)
  return { values: [a - tangent * b, c + tangent * b], cosine, sine: tangent * cosine }
}
