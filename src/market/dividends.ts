import { philoxWords } from "../math/random.ts"

/** The law of the dividend of a share: y = scale exp(mu + sigma z), z standard normal, independent over time; or its mean for ever. */
export interface DividendLaw {
  readonly kind: "fixed" | "lognormal"
  readonly mu: number
  readonly sigma: number
  readonly scale: number
}

export function meanDividend({ mu, sigma, scale }: DividendLaw): number {
  return scale * Math.exp(mu + (sigma * sigma) / 2)
}

/** The dividend at a standard normal shock. */
export function dividendAt(law: DividendLaw, z: number): number {
  return law.kind === "fixed" ? meanDividend(law) : law.scale * Math.exp(law.mu + law.sigma * z)
}

/** Standard normals of a stream from block `block` on, two a block (Box-Muller, 32 bits a uniform). */
export function normals(seed: number, stream: number, block: number, words: Uint32Array, out: Float64Array): void {
  philoxWords(seed, stream, block, words)
  for (let i = 0; i < out.length; i++) {
    const radius = Math.sqrt(-2 * Math.log((words[2 * i] + 0.5) * 2 ** -32))
    out[i] = radius * Math.cos(2 * Math.PI * words[2 * i + 1] * 2 ** -32)
  }
}

/** E f(y) under the law, by the trapezoidal rule over z from -9 to 9, which converges faster than any power for smooth f. */
export function expectation(law: DividendLaw, f: (y: number) => number): number {
  if (law.kind === "fixed") return f(meanDividend(law))
  const steps = 720, h = 18 / steps
  let sum = 0, mass = 0
  for (let k = 0; k <= steps; k++) {
    const z = -9 + h * k, weight = Math.exp((-z * z) / 2)
    mass += weight
    sum += weight * f(dividendAt(law, z))
  }
  return sum / mass
}
