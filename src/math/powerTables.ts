/**
 * The tables behind `power`: logarithms and powers of two to twice the precision of a number, from whole numbers of 128 bits
 * when the module is loaded, so that no engine's functions enter them.
 */

const BITS = 128n, ONE = 1n << BITS

/** ln(numerator/denominator) times 2^128: twice the series of the inverse hyperbolic tangent of their difference over their sum. */
function logarithm(numerator: bigint, denominator: bigint): bigint {
  const z = ((numerator - denominator) << BITS) / (numerator + denominator), square = (z * z) >> BITS
  let sum = 0n
  for (let power = z, k = 1n; power !== 0n && power !== -1n; power = (power * square) >> BITS, k += 2n) sum += power / k
  return 2n * sum
}

/** A value times 2^128 as a multiple of 2^-`bits` and the rest. */
function parted(value: bigint, bits: bigint): [high: number, low: number] {
  const shift = BITS - bits, high = (value + (1n << (shift - 1n))) >> shift
  return [Number(high) * 2 ** -Number(bits), Number(value - (high << shift)) * 2 ** -128]
}

const LN2 = logarithm(2n, 1n)

/** ln 2: a multiple of 2^-40, so that whole multiples of it up to 2^11 are exact, and the rest. */
export const [LN2_HIGH, LN2_LOW] = parted(LN2, 40n)

/** ln 2 / 128: a multiple of 2^-42, so that whole multiples of it up to 2^18 are exact, and the rest. */
export const [STEP_HIGH, STEP_LOW] = parted(LN2 / 128n, 42n)
export const STEPS_PER_UNIT = 1 / (STEP_HIGH + STEP_LOW)

/** Rows of three for m = j/256, where j goes from FIRST on to 362: a reciprocal of 12 bits after the point; its negative logarithm, a multiple of 2^-40; the rest of that. */
export const FIRST = 181
export const LOGARITHMS = new Float64Array(3 * (363 - FIRST))
for (let j = FIRST; j <= 362; j++) {
  const reciprocal = Math.round((4096 * 256) / j)
  LOGARITHMS.set([reciprocal / 4096, ...parted(logarithm(4096n, BigInt(reciprocal)), 40n)], 3 * (j - FIRST))
}

/** Rows of two: 2^(j/128) for j from 0 to 127, and what rounding took from it. */
export const ROOTS = new Float64Array(2 * 128)
for (let j = 0, value = ONE, root = exponential(LN2 / 128n); j < 128; j++, value = (value * root) >> BITS) {
  const high = Number(value)
  ROOTS.set([high * 2 ** -128, Number(value - BigInt(high)) * 2 ** -128], 2 * j)
}

/** e^x times 2^128 for x times 2^128, by its series. */
function exponential(x: bigint): bigint {
  let sum = 0n
  for (let term = ONE, k = 1n; term !== 0n; term = ((term * x) >> BITS) / k, k++) sum += term
  return sum
}

/** 2^(k - MIDDLE) at k, for exponents half as large as those of any number. */
export const MIDDLE = 540
export const TWOS = Float64Array.from({ length: 2 * MIDDLE + 1 }, (_, k) => 2 ** (k - MIDDLE))
