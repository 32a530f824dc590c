/**
 * Selling's decomposition (1874) of a symmetric positive definite matrix D of order two into a sum of w e e^T with whole
 * vectors e and weights w >= 0: what lets a diffusion with any correlation jump between the nodes of a grid at positive rates
 * (Bonnans, Ottenwaelter & Zidani 2004; Fehrenbach & Mirebeau 2014).
 */
export interface Direction {
  readonly offset: readonly [number, number]
  readonly weight: number
}

/**
 * The three directions of D = [[a, b], [b, c]]. No offset is longer than `reach`, given for each coordinate: where the
 * decomposition would need longer ones (variances of very different size with a strong correlation), b is brought nearer
 * to zero until it does not. `kept` is the part of b that is left.
 */
export function sellingDirections(a: number, b: number, c: number, [far, high]: readonly [number, number]): { directions: readonly Direction[]; kept: number } {
  let kept = b === 0 ? 1 : Math.min(1, Math.min(far * c, high * a) / Math.abs(b))
  for (;;) {
    const directions = decomposition(a, kept * b, c)
    if (directions.every(({ offset: [x, y], weight }) => weight === 0 || (Math.abs(x) <= far && Math.abs(y) <= high))) return { directions, kept }
    kept *= kept > 1e-3 ? SHRINK : 0
  }
}

const SHRINK = 0.98
/** Each turn shortens the superbase; far more than any matrix of doubles needs. */
const MOST_TURNS = 200

function decomposition(a: number, b: number, c: number): Direction[] {
  const product = (u: Vector, v: Vector): number => a * u[0] * v[0] + b * (u[0] * v[1] + u[1] * v[0]) + c * u[1] * v[1]
  let base: [Vector, Vector, Vector] = [[1, 0], [0, 1], [-1, -1]]
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const sharp = PAIRS.find(([i, j]) => product(base[i], base[j]) > 0)
    if (!sharp) break
    const [u, v] = [base[sharp[0]], base[sharp[1]]]
    base = [[-u[0], -u[1]], v, [u[0] - v[0], u[1] - v[1]]]
  }
  return PAIRS.map(([i, j, k]) => ({ offset: [-base[k][1], base[k][0]] as const, weight: Math.max(0, -product(base[i], base[j])) }))
}

type Vector = readonly [number, number]
const PAIRS = [[0, 1, 2], [0, 2, 1], [1, 2, 0]] as const
