import { normalOfWord, uniformOfWord } from "../math/normal.ts"
import { philoxWords } from "../math/random.ts"

/**
 * A Brownian path whose every value is addressed: by seed, purpose, path, period and place within the period. The increment
 * over a period is drawn first; where a period is halved, and its halves again, the value between comes from the Brownian
 * bridge (Lévy 1948). The path is therefore the same however finely it is looked at, on whichever thread.
 *
 * Places within a period: 0 is the increment over it, 1 its middle, 2 and 3 the middles of its halves, and so on (a heap).
 */
export interface Brownian {
  /** Goes to a period of a path. */
  open(path: number, period: number): void
  /** A standard normal for shock k at a place. */
  normal(place: number, k: number): number
  /** Four uniforms (0 to 3) at a place, apart from its normals, for what happens at a boundary within a step. */
  uniform(place: number, which: number): number
}

/** `levels`: how many times a period is halved at most. */
export function brownian(seed: number, purpose: number, shocks: number, levels: number): Brownian {
  const low = seed >>> 0, high = Math.floor(seed / 2 ** 32) >>> 0
  // One block of four words is kept for each level: places of one level are visited in order.
  const words = Array.from({ length: levels + 1 }, () => new Uint32Array(4))
  const held = new Float64Array(levels + 1).fill(-1)
  const increments = new Uint32Array(4), boundary = new Uint32Array(4)
  let path = -1, period = -1, heldIncrements = -1
  return {
    open(nextPath, nextPeriod) {
      if (nextPath !== path) heldIncrements = -1
      path = nextPath
      period = nextPeriod
      for (let level = 0; level <= levels; level++) held[level] = -1
    },
    normal(place, k) {
      if (place === 0) {
        const word = period * shocks + k, block = Math.floor(word / 4)
        if (heldIncrements !== block) philoxWords(INCREMENT, heldIncrements = block, path, purpose, low, high, increments)
        return normalOfWord(increments[word & 3])
      }
      const word = place * shocks + k, block = word >>> 2, level = 31 - Math.clz32(place)
      if (held[level] !== block) philoxWords(held[level] = block, period, path, purpose, low, high, words[level])
      return normalOfWord(words[level][word & 3])
    },
    uniform(place, which) {
      philoxWords((BOUNDARY | place) >>> 0, period, path, purpose, low, high, boundary)
      return uniformOfWord(boundary[which])
    },
  }
}

/** Three ranges of addresses: below both, places within a period; increments over periods; uniforms at boundaries. */
const INCREMENT = 0x7fffffff
const BOUNDARY = 0x80000000
