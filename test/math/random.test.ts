import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { philox, philoxBlock } from "../../src/math/random.ts"

const draws = (n: number, draw: () => number): number[] => Array.from({ length: n }, draw)

/** Philox4x32-10 with BigInt arithmetic, straight from the paper. */
function philoxByTheBook(counter: readonly number[], key: readonly number[]): number[] {
  const low = (x: bigint): bigint => x & 0xffffffffn
  let [c0, c1, c2, c3] = counter.map(BigInt), [k0, k1] = key.map(BigInt)
  for (let round = 0; round < 10; round++) {
    const first = 0xd2511f53n * c0, second = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(second >> 32n) ^ c1 ^ k0, low(second), (first >> 32n) ^ c3 ^ k1, low(first)];
    [k0, k1] = [low(k0 + 0x9e3779b9n), low(k1 + 0xbb67ae85n)]
  }
  return [c0, c1, c2, c3].map(Number)
}

describe("philoxBlock", () => {
  test.each([
    ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ])("meets the known answers of Random123: counter %s, key %s", (counter, key, answer) => {
    const words = (text: string): number[] => text.split(" ").map(word => parseInt(word, 16))
    const out = new Uint32Array(4)
    philoxBlock(words(counter) as [number, number, number, number], words(key) as [number, number], out)
    expect([...out]).toEqual(words(answer))
  })

  test("is exact integer arithmetic for any counter and key", () => {
    const word = fc.nat(0xffffffff)
    fc.assert(fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
      const out = new Uint32Array(4)
      philoxBlock(counter, key, out)
      expect([...out]).toEqual(philoxByTheBook(counter, key))
    }))
  })
})

describe("philox", () => {
  test("goes on from `used` as if it had never stopped, over block borders and with both kinds of draws", () => {
    fc.assert(fc.property(fc.maxSafeNat(), fc.maxSafeNat(), fc.array(fc.boolean(), { maxLength: 12 }), (seed, stream, kinds) => {
      const first = philox(seed, stream)
      for (const normal of kinds) normal ? first.normal() : first.next()
      const second = philox(seed, stream, first.used)
      expect(draws(9, second.next)).toEqual(draws(9, first.next))
      expect(second.used).toBe(first.used)
    }))
  })

  test("gives other numbers for another seed or stream, also where these differ above 32 bits only", () => {
    const of = (seed: number, stream: number): number => philox(seed, stream).next()
    const all = [of(0, 0), of(1, 0), of(0, 1), of(2 ** 32, 0), of(0, 2 ** 32), of(2 ** 32, 2 ** 32)]
    expect(new Set(all).size).toBe(all.length)
  })

  test("counts words beyond 32 bits of the counter", () => {
    const far = 4 * 2 ** 32
    expect(philox(7, 3, far).next()).not.toBe(philox(7, 3, 0).next())
  })

  test("is uniform on [0, 1): chi-square of 100 bins, and of pairs in 10 x 10 bins", () => {
    const n = 100_000, { next } = philox(20_260_101, 5)
    const sample = draws(n, next)
    expect(Math.min(...sample.slice(0, 50_000))).toBeGreaterThanOrEqual(0)
    expect(sample.every(x => x < 1)).toBe(true)
    const chiSquare = (bins: number[]): number => {
      const counts = new Float64Array(100)
      for (const bin of bins) counts[bin]++
      const expected = bins.length / 100
      return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    }
    const pairs = sample.flatMap((x, i) => (i % 2 ? [10 * Math.floor(10 * sample[i - 1]) + Math.floor(10 * x)] : []))
    // 99 degrees of freedom: between 56 and 150 with probability 0.999.
    for (const bins of [sample.map(x => Math.floor(100 * x)), pairs]) {
      expect(chiSquare(bins)).toBeGreaterThan(56)
      expect(chiSquare(bins)).toBeLessThan(150)
    }
  })

  test("has normals with the moments and the tails of a normal", () => {
    const n = 100_000, { normal } = philox(4, 2)
    const sample = draws(n, normal)
    const moment = (k: number): number => sample.reduce((sum, x) => sum + x ** k, 0) / n
    // Four standard errors of each sample moment.
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n))
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n))
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n))
    const tail = sample.filter(x => Math.abs(x) > 1.959964).length / n
    expect(Math.abs(tail - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / n))
  })
})
