/**
 * Exact book-keeping. Every amount of goods is a multiple of 2^-44 below 2^9 in size, and so a double whose sums and differences with
 * others are exact; shares and bonds are whole numbers of units. What one agent pays another receives, to the last bit.
 */
const PER_GOOD = 2 ** 44
export const QUANTUM = 1 / PER_GOOD

/** The largest amount one agent may hold for sums to stay exact. */
export const MOST_GOODS = 2 ** 9

/** Units in one lot: the finest part of a lot that rationing can deal out. */
export const UNITS_PER_LOT = 1024

/** The nearest amount that can be booked. */
export function goodsOf(amount: number): number {
  return Math.floor(amount * PER_GOOD + 0.5) * QUANTUM
}
