import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { power, powers } from "../../src/math/power.ts"

// The oracle: whole numbers of 256 bits.
const BITS = 256n, ONE = 1n << BITS

/** ln(n/d) times 2^256. */
function logarithm(n: bigint, d: bigint): bigint {
  const z = ((n - d) << BITS) / (n + d), square = (z * z) >> BITS
  let sum = 0n
  for (let term = z, k = 1n; term !== 0n && term !== -1n; term = (term * square) >> BITS, k += 2n) sum += term / k
  return 2n * sum
}
const LN2 = logarithm(2n, 1n)

const view = new DataView(new ArrayBuffer(8))
/** The bits of a positive number as a whole number: neighbours differ by one. */
const bitsOf = (x: number): bigint => (view.setFloat64(0, x), view.getBigUint64(0))
const ofBits = (bits: bigint): number => (view.setBigUint64(0, bits), view.getFloat64(0))

/** x > 0 as whole · 2^exponent. */
function parts(x: number): { whole: bigint; exponent: number } {
  const bits = bitsOf(x), biased = Number(bits >> 52n), fraction = bits & ((1n << 52n) - 1n)
  return { whole: biased === 0 ? fraction : fraction | (1n << 52n), exponent: Math.max(1, biased) - 1075 }
}

const shifted = (n: bigint, by: number): bigint => (by >= 0 ? n << BigInt(by) : n >> BigInt(-by))

/** How far `found` > 0 is from x^y, in units of its last place. */
function unitsOff(x: number, y: number, found: number): number {
  const base = parts(x), exponent = parts(Math.abs(y)), digits = base.whole.toString(2).length
  // x = 2^k n/d with n/d about 1.
  const up = base.whole * 3n > 4n << BigInt(digits - 1) ? 1 : 0
  const log = logarithm(base.whole, 1n << BigInt(digits - 1 + up)) + BigInt(base.exponent + digits - 1 + up) * LN2
  const size = shifted(log * exponent.whole, exponent.exponent), product = y < 0 ? -size : size
  const twos = product / LN2 - (product < 0n ? 1n : 0n), rest = product - twos * LN2
  let value = 0n
  for (let term = ONE, k = 1n; term !== 0n; term = ((term * rest) >> BITS) / k, k++) value += term
  // Both in units of found's last place over 2^64.
  const { whole, exponent: unit } = parts(found)
  return Number(shifted(value, Number(twos) - unit + 64 - 256) - (whole << 64n)) / 2 ** 64
}

const isFinitePositive = (x: number): boolean => x > 0 && x < Infinity
/** Numbers even in their logarithm. */
const positive = (least: number, most: number): fc.Arbitrary<number> => fc.tuple(fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: least, max: most - 1 })).map(([m, k]) => m * 2 ** k)
const unit = (): fc.Arbitrary<number> => fc.double({ min: 0, max: 1, noNaN: true })
const signed = (size: fc.Arbitrary<number>): fc.Arbitrary<number> => fc.tuple(size, fc.boolean()).map(([x, minus]) => (minus ? -x : x))
const SHORT = [2, 3, 4, 1.5, 1, 0.5, 0, -0.5, -1, -2]

describe("x^y against whole numbers of 256 bits", () => {
  // Half a unit is rounding; one rounding more where the result is subnormal.
  const within = (cases: fc.Arbitrary<[number, number]>, numRuns = 1500): void => fc.assert(fc.property(cases, ([x, y]) => {
    const found = power(x, y)
    if (!isFinitePositive(x) || !isFinitePositive(found) || SHORT.includes(y)) return
    expect(Math.abs(unitsOff(x, y, found)), `${x} ^ ${y}`).toBeLessThan(found < 2 ** -1022 ? 0.76 : 0.51)
  }), { numRuns })

  it("of any size", () => within(fc.tuple(positive(-1022, 1024), signed(positive(-12, 5)))))
  it("of common sizes", () => within(fc.tuple(positive(-3, 4), signed(unit().map(u => 20 * u)))))
  it("near one, with exponents of any size", () => within(fc.tuple(fc.tuple(signed(unit()), fc.integer({ min: 1, max: 52 })).map(([u, k]) => 1 + u * 2 ** -k), signed(positive(-10, 60)))))
  it("to whole exponents", () => within(fc.tuple(positive(-2, 2), fc.integer({ min: -800, max: 800 }))))
  it("of subnormal numbers", () => within(fc.tuple(unit().map(u => u * 2 ** -1022), signed(unit()))))
  it("with results next to the largest and the smallest numbers", () => {
    within(fc.tuple(positive(1, 3), unit()).map(([x, u]) => [x, (709 + 0.8 * u) / Math.log(x)]))
    within(fc.tuple(positive(1, 3), unit()).map(([x, u]) => [x, -(707 + 39 * u) / Math.log(x)]))
  })
  it("at the seams of the tables", () => {
    within(fc.tuple(fc.integer({ min: 181, max: 362 }), signed(unit()), signed(positive(0, 8))).map(([j, u, y]) => [((j + 0.5) / 256) * (1 + 1e-8 * u), y]))
    within(fc.tuple(signed(unit()), signed(positive(0, 8))).map(([u, y]) => [Math.SQRT1_2 * (1 + 1e-5 * u), y]))
  })

  it("by products and roots: two units", () => fc.assert(fc.property(positive(-1074, 1024), fc.constantFrom(...SHORT.filter(y => y !== 0)), (x, y) => {
    const found = power(x, y)
    if (isFinitePositive(found)) expect(Math.abs(unitsOff(x, y, found)), `${x} ^ ${y}`).toBeLessThan(2)
  }), { numRuns: 1500 }))

  it("is infinite or zero only where x^y is out of range", () => fc.assert(fc.property(positive(-1074, 1024), signed(positive(-3, 70)), (x, y) => {
    const found = power(x, y), size = y * Math.log2(x)
    if (found === Infinity) expect(size).toBeGreaterThan(1024 * (1 - 1e-9))
    else if (found === 0) expect(size).toBeLessThan(-1075 * (1 - 1e-9))
    else expect(Math.abs(size)).toBeLessThan(1075 * (1 + 1e-9))
  })))
})

describe("special values", () => {
  // The language defines `**` for all of these pairs but where a finite number is raised to a finite one; there engines are near.
  const ends = [NaN, 0, 1, 2, 0.5, 1 + 2 ** -52, 1 - 2 ** -53, 3, 1e-310, Number.MIN_VALUE, 2 ** -1022, Number.MAX_VALUE, Infinity].flatMap(x => [x, -x])
  const exponents = [NaN, 0, 1, 2, 3, 4, 5, 0.5, 1.5, 2.5, 1 / 3, 1e-300, Number.MIN_VALUE, 2 ** -66, 2 ** -64, 1023, 1024, 1074, 1075, 1081.5, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 2 ** 63, 2 ** 64, 1e300, Number.MAX_VALUE, Infinity].flatMap(y => [y, -y])
  it.each(ends)("%f to any power is as `**` has it", x => {
    for (const y of exponents) {
      const found = power(x, y), expected = x ** y
      if (Number.isFinite(expected) && expected !== 0) expect(Math.abs(found / expected - 1), `${x} ^ ${y}`).toBeLessThan(1e-12)
      else expect(found, `${x} ^ ${y}`).toBe(expected)
    }
  })
})

describe("identities", () => {
  it("is exact wherever x^y is a number: whole powers, and roots of fourth powers", () => {
    for (let x = 2; x <= 400; x++) for (let n = 2, exact = BigInt(x) ** 2n; exact < 2n ** 53n; n++, exact *= BigInt(x)) {
      expect(power(x, n)).toBe(Number(exact))
      expect(power(-x, n)).toBe(n % 2 === 0 ? Number(exact) : -Number(exact))
      if (n % 4 === 0) for (const quarters of [1, 2, 3, 5]) if (n * quarters < 4 * 53 / Math.log2(x)) expect(power(Number(exact), quarters / 4)).toBe(Number(BigInt(x) ** BigInt((n * quarters) / 4)))
    }
    for (let k = -1074; k <= 1023; k++) expect(power(2, k)).toBe(2 ** k)
    for (let k = 0; k <= 22; k++) expect(power(10, k)).toBe(Number(10n ** BigInt(k)))
  })

  it("a negative number has the same whole powers but for the sign, and no others", () => fc.assert(fc.property(positive(-60, 60), fc.integer({ min: -60, max: 60 }), (x, n) => {
    expect(power(-x, n)).toBe(n % 2 === 0 ? power(x, n) : -power(x, n))
    expect(power(-x, n + 0.25)).toBeNaN()
  })))

  // Not by definition, but what half a unit and a hundredth leave: neighbours whose powers are a unit apart or more keep their order.
  it("rises and falls with x and with y, from each number to its neighbours", () => fc.assert(fc.property(positive(-40, 40), signed(positive(-6, 5)), (x, y) => {
    const next = (z: number, by: bigint): number => (z > 0 ? ofBits(bitsOf(z) + by) : -ofBits(bitsOf(-z) - by))
    for (const by of [1n, 2n, 1000n]) {
      if (y > 0) expect(power(next(x, by), y)).toBeGreaterThanOrEqual(power(x, y))
      else expect(power(next(x, by), y)).toBeLessThanOrEqual(power(x, y))
      if (x >= 1) expect(power(x, next(y, by))).toBeGreaterThanOrEqual(power(x, y))
      else expect(power(x, next(y, by))).toBeLessThanOrEqual(power(x, y))
    }
  }), { numRuns: 5000 }))
})

describe("powers of many", () => {
  it("are those of each, in place too, whatever lies beside them", () => fc.assert(fc.property(fc.array(fc.double(), { maxLength: 20 }), fc.oneof(fc.constantFrom(...SHORT), fc.double()), fc.boolean(), (xs, y, inPlace) => {
    const n = xs.length, memory = Float64Array.of(y, ...xs, ...new Float64Array(n), 7), to = inPlace ? 1 : 1 + n
    powers(memory, to, 1, 0, n)
    expect([...memory.subarray(to, to + n)]).toEqual(xs.map(x => power(x, y)))
    expect([memory[0], memory[1 + 2 * n]]).toEqual([y, 7])
  })))
})
