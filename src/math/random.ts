/**
 * Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as
 * 1, 2, 3"). A number depends only on (seed, stream, index), so that the same draw is the same on any machine and worker.
 */
export interface Random {
  /** Uniform on [0, 1), 53 bits. */
  next(): number
  /** Standard normal (Box-Muller, two uniforms a call). */
  normal(): number
  /** How many 32-bit words were used; `philox(seed, stream, used)` goes on from there. */
  readonly used: number
}

const MULTIPLIER_0 = 0xd2511f53
const MULTIPLIER_1 = 0xcd9e8d57
const WEYL_0 = 0x9e3779b9
const WEYL_1 = 0xbb67ae85

/** The stream `stream` of the generator with key `seed` (both any non-negative safe integer), from word `used` on. */
export function philox(seed: number, stream: number, used = 0): Random {
  const block = new Uint32Array(4)
  let at = used
  let held = -1
  const word = (): number => {
    const index = Math.floor(at / 4)
    if (index !== held) {
      philoxBlock([index >>> 0, Math.floor(index / 2 ** 32) >>> 0, stream >>> 0, Math.floor(stream / 2 ** 32) >>> 0],
        [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0], block)
      held = index
    }
    return block[at++ % 4]
  }
  const next = (): number => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    get used() { return at },
  }
}

/** One block of four words: ten rounds on a 128-bit counter with a 64-bit key. */
export function philoxBlock(counter: readonly [number, number, number, number], key: readonly [number, number], out: Uint32Array): void {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0), low0 = Math.imul(MULTIPLIER_0, c0) >>> 0
    const high1 = multiplyHigh(MULTIPLIER_1, c2), low1 = Math.imul(MULTIPLIER_1, c2) >>> 0
    c0 = (high1 ^ c1 ^ k0) >>> 0; c1 = low1
    c2 = (high0 ^ c3 ^ k1) >>> 0; c3 = low0
    k0 = (k0 + WEYL_0) >>> 0; k1 = (k1 + WEYL_1) >>> 0
  }
  out[0] = c0; out[1] = c1; out[2] = c2; out[3] = c3
}

/** The upper 32 bits of the product of two 32-bit words. Products of halves, and these sums of them, fit 32 bits: integers throughout. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff, a1 = a >>> 16, b0 = b & 0xffff, b1 = b >>> 16
  const middle = Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)
  const carried = Math.imul(a0, b1) + (middle & 0xffff)
  return (Math.imul(a1, b1) + (middle >>> 16) + (carried >>> 16)) >>> 0
}
