import { Mistake } from "../run/mistake.ts"
import { decimalOf } from "./query.ts"

const MOST_THREADS = 64

/** The number after `--threads`; where it is not given, that of the cores. @throws Mistake */
export function threadsOf(text: string | undefined, cores: number): number {
  if (text === undefined) return Math.min(MOST_THREADS, cores)
  const threads = decimalOf(text)
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) throw new Mistake(`--threads is \`${text}\`; expected a whole number from 1 to ${MOST_THREADS}`)
  return threads
}
