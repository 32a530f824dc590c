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
  philoxWords(counter[0], counter[1], counter[2], counter[3], key[0], key[1], out)
}

/** The same from numbers, without arrays on the way: for inner loops. */
export function philoxWords(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array): void {
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0), low0 = Math.imul(MULTIPLIER_0, c0)
    const high1 = multiplyHigh(MULTIPLIER_1, c2), low1 = Math.imul(MULTIPLIER_1, c2)
    c0 = high1 ^ c1 ^ k0; c1 = low1
    c2 = high0 ^ c3 ^ k1; c3 = low0
    k0 = (k0 + WEYL_0) | 0; k1 = (k1 + WEYL_1) | 0
  }
  out[0] = c0; out[1] = c1; out[2] = c2; out[3] = c3
}

/** The upper 32 bits of the product of two 32-bit words (Knuth, vol. 2, 4.3.1): no part exceeds 32 bits. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff, a1 = a >>> 16, b0 = b & 0xffff, b1 = b >>> 16
  const low = Math.imul(a0, b0) >>> 16
  const first = Math.imul(a1, b0) >>> 0, second = Math.imul(a0, b1) >>> 0
  const middle = low + (first & 0xffff) + (second & 0xffff)
  return (Math.imul(a1, b1) + (first >>> 16) + (second >>> 16) + (middle >>> 16)) | 0
}

/**
 * Fills `out` with the words of a stream from block `from` (four words each) on: those that `philox(seed, stream, 4 * from)` uses, in one
 * loop without allocation, for draws by the thousand.
 */
export function philoxStream(seed: number, stream: number, from: number, out: Uint32Array): void {
  const c2From = stream | 0, c3From = (stream / 2 ** 32) | 0
  const key0 = seed | 0, key1 = (seed / 2 ** 32) | 0
  const n = out.length
  for (let at = 0, index = from; at < n; at += 4, index++) {
    let c0 = index | 0, c1 = (index / 2 ** 32) | 0, c2 = c2From, c3 = c3From, k0 = key0, k1 = key1
    for (let round = 0; round < 10; round++) {
      // The upper halves of 0xd2511f53 * c0 and 0xcd9e8d57 * c2 by their 16-bit halves.
      const a0 = c0 & 0xffff, a1 = c0 >>> 16, b0 = c2 & 0xffff, b1 = c2 >>> 16
      const am = Math.imul(0x1f53, a1) + (Math.imul(0x1f53, a0) >>> 16) | 0, an = Math.imul(0xd251, a0) + (am & 0xffff) | 0
      const bm = Math.imul(0x8d57, b1) + (Math.imul(0x8d57, b0) >>> 16) | 0, bn = Math.imul(0xcd9e, b0) + (bm & 0xffff) | 0
      const high0 = Math.imul(0xd251, a1) + (am >>> 16) + (an >>> 16) | 0
      const high1 = Math.imul(0xcd9e, b1) + (bm >>> 16) + (bn >>> 16) | 0
      const low0 = Math.imul(0xd2511f53, c0), low1 = Math.imul(0xcd9e8d57, c2)
      c0 = high1 ^ c1 ^ k0; c1 = low1
      c2 = high0 ^ c3 ^ k1; c3 = low0
      k0 = k0 + 0x9e3779b9 | 0; k1 = k1 + 0xbb67ae85 | 0
    }
    out[at] = c0
    if (at + 1 < n) out[at + 1] = c1
    if (at + 2 < n) out[at + 2] = c2
    if (at + 3 < n) out[at + 3] = c3
  }
}

const one = new Uint32Array(1)

/** The first word of block `block` of a stream. */
export function philoxWord(seed: number, stream: number, block: number): number {
  philoxStream(seed, stream, block, one)
  return one[0]
}

/** Standard normals of a stream from block `block` on, two a block (Box-Muller, 32 bits a uniform). */
export function philoxNormals(seed: number, stream: number, block: number, words: Uint32Array, out: Float64Array): void {
  philoxStream(seed, stream, block, words)
  for (let i = 0; i < out.length; i++) {
    const radius = Math.sqrt(-2 * Math.log((words[2 * i] + 0.5) * 2 ** -32))
    out[i] = radius * Math.cos(2 * Math.PI * words[2 * i + 1] * 2 ** -32)
  }
}
