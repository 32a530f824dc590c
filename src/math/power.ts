import { FIRST, LN2_HIGH, LN2_LOW, LOGARITHMS, MIDDLE, ROOTS, STEPS_PER_UNIT, STEP_HIGH, STEP_LOW, TWOS } from "./powerTables.ts"

/**
 * x^y with the same bits on every engine. `**` is only approximated by engines, and by each in its own way (V8 changed its bits
 * between Node 20 and 24); this is made of IEEE additions, products and roots alone. Special values are those of `**`.
 *
 * A few exponents are products and roots, good to two units in the last place. The rest is exp(y log x) with log x to 2^-67 of itself, by the
 * table-driven way of Tang (1990, "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic"; 1989 for the
 * exponential): good to 0.51 units, and so exact wherever x^y is a number.
 */
export function power(x: number, exponent: number): number {
  ONE[0] = x
  ONE[1] = exponent
  powers(ONE, 2, 0, 1, 1)
  return ONE[2]
}

/** `power` of `count` values from address `from` on, each to the exponent that lies at `at`, written from `to` on; these may be the same places. */
export function powers(memory: Float64Array, to: number, from: number, at: number, count: number): void {
  switch (memory[at]) {
    case 2:
      for (let i = 0; i < count; i++) memory[to + i] = memory[from + i] * memory[from + i]
      return
    case 3:
      for (let i = 0; i < count; i++) memory[to + i] = memory[from + i] * memory[from + i] * memory[from + i]
      return
    case 4:
      for (let i = 0; i < count; i++) {
        const square = memory[from + i] * memory[from + i]
        memory[to + i] = square * square
      }
      return
    case 1.5:
      for (let i = 0; i < count; i++) {
        const x = memory[from + i]
        memory[to + i] = x > 0 ? x * Math.sqrt(x) : unusual(x, 1.5)
      }
      return
    case 1:
      for (let i = 0; i < count; i++) memory[to + i] = memory[from + i]
      return
    case 0.5:
      for (let i = 0; i < count; i++) {
        const x = memory[from + i]
        memory[to + i] = x > 0 ? Math.sqrt(x) : unusual(x, 0.5)
      }
      return
    case 0:
      for (let i = 0; i < count; i++) memory[to + i] = 1
      return
    case -0.5:
      for (let i = 0; i < count; i++) {
        const x = memory[from + i]
        memory[to + i] = x > 0 ? 1 / Math.sqrt(x) : unusual(x, -0.5)
      }
      return
    case -1:
      for (let i = 0; i < count; i++) memory[to + i] = 1 / memory[from + i]
      return
    case -2:
      // Not 1/(x x), whose square leaves the range before the quotient does.
      for (let i = 0; i < count; i++) memory[to + i] = 1 / memory[from + i] / memory[from + i]
      return
    default:
      anyPowers(memory, to, from, at, count)
  }
}

/** By logarithm and exponential. In the loop and not a function of one number: calls would box every number. */
function anyPowers(memory: Float64Array, to: number, from: number, at: number, count: number): void {
  const y = memory[at], usual = Math.abs(y) < LARGE && Math.abs(y) > SMALL
  // Halves of 26 bits, whose products are exact.
  const y1 = usual ? y * HALVES - (y * HALVES - y) : 0, y2 = y - y1
  for (let i = 0; i < count; i++) {
    const given = memory[from + i]
    if (!(usual && given > 0 && given < Infinity)) {
      memory[to + i] = unusual(given, y)
      continue
    }
    const subnormal = given < 2 ** -1022, x = subnormal ? given * 2 ** 54 : given
    // x = 2^k m with m from the root of 1/2 on; m = m1 + m2, m1 of 20 bits after the point.
    WORD[0] = x
    const exponent = (WORDS[HIGH] - 0x3fe6a09e) >> 20, half = exponent >> 1, k = subnormal ? exponent - 54 : exponent
    const m = x * TWOS[MIDDLE - half] * TWOS[MIDDLE - exponent + half]
    const m1 = m + 1.5 * 2 ** 32 - 1.5 * 2 ** 32, m2 = m - m1
    // m c = 1 + a + b with |a| < 0.003, |b| < 2^-20, both exact, and so is the square of a.
    const row = 3 * (((m * 256 + 0.5) | 0) - FIRST), c = LOGARITHMS[row], a = m1 * c - 1, b = m2 * c
    // log x = k log 2 - log c + (a + b) - (a + b)^2/2 + (a + b)^3/3 ...: `main` and what is `left`.
    const exact = k * LN2_HIGH + LOGARITHMS[row + 1] + a, square = 0.5 * a * a
    const less = exact - square, main = less + b, r = a + b
    const tail = r * r * r * (1 / 3 + r * (-1 / 4 + r * (1 / 5 + r * (-1 / 6 + r * (1 / 7 - r / 8)))))
    const left = exact - less - square + (less - main + b) + (tail - b * (a + 0.5 * b)) + (k * LN2_LOW + LOGARITHMS[row + 2])
    // y log x = p1 + p2, p1 exact.
    const l1 = main * HALVES - (main * HALVES - main), l2 = main - l1 + left
    const p1 = y1 * l1, p2 = y2 * l1 + y * l2
    // Beyond these every number is infinite or zero.
    if (!(Math.abs(p1) < 746)) {
      memory[to + i] = p1 > 0 ? Infinity : 0
      continue
    }
    // exp(p1 + p2) = 2^(n/128) e^t with |t| < 0.0028.
    const n = (p1 + p2) * STEPS_PER_UNIT + 1.5 * 2 ** 52 - 1.5 * 2 ** 52
    const t = p1 - n * STEP_HIGH - n * STEP_LOW + p2
    const growth = t + t * t * (1 / 2 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t / 720))))
    const steps = n | 0, root = 2 * (steps & 127), scale = steps >> 7, part = scale >> 1
    // Two factors, of which only the second can round: results may be subnormal.
    memory[to + i] = (ROOTS[root] + (ROOTS[root + 1] + ROOTS[root] * growth)) * TWOS[MIDDLE + part] * TWOS[MIDDLE + scale - part]
  }
}

/** What is not a positive number to a power between SMALL and LARGE: as `**` defines it. */
function unusual(x: number, y: number): number {
  if (x !== x || y !== y) return NaN
  const size = Math.abs(x), grows = size > 1 === y > 0
  if (Math.abs(y) >= LARGE) {
    if (size === 1) return Math.abs(y) < Infinity ? 1 : NaN
    return grows ? Infinity : 0
  }
  const odd = Math.abs(y % 2) === 1
  if (size === 0 || size === Infinity) {
    const limit = grows ? Infinity : 0
    return odd && (x < 0 || Object.is(x, -0)) ? -limit : limit
  }
  if (x < 0) return !Number.isInteger(y) ? NaN : odd ? -power(-x, y) : power(-x, y)
  return 1
}

/** No number but 1 has a power of this size that is neither infinite nor zero; the exponent is even. */
const LARGE = 2 ** 64
/** Every power of this size rounds to 1. */
const SMALL = 2 ** -65
/** Splits a number into two of 26 bits (Dekker 1971). */
const HALVES = 2 ** 27 + 1

const ONE = new Float64Array(3)
const WORD = new Float64Array(1), WORDS = new Int32Array(WORD.buffer)
WORD[0] = 1
/** Which half of a number holds its exponent, on this machine. */
const HIGH = WORDS[0] === 0 ? 1 : 0
