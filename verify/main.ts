import { machineCode } from "../src/cli/machineCode.ts"
import { offerNative } from "../src/nets/kernelBuilds.ts"
import { numberText } from "../src/run/numberText.ts"
import { convergence } from "./convergence.ts"
import { discrete } from "./discrete.ts"
import { learned } from "./learned.ts"
import type { Line } from "./line.ts"
import { memory } from "./memory.ts"
import { references } from "./references.ts"
import { simulated } from "./simulated.ts"
import { twoStates } from "./twoStates.ts"

const COLUMNS: readonly [string, number][] = [["what", 104], ["measured", 11], ["expected", 11], ["tolerance", 10], ["", 12], ["seconds", 8]]

/**
 * The slow checks of accuracy, one line each as it is done; `--quick` tries two seeds instead of ten. Returns 1 where a line
 * falls short, else 0; 2 for arguments it does not know. Seconds are those since the line before.
 */
export function main(args: readonly string[], out: { write(text: string): unknown }): number {
  const unknown = args.find(a => a !== "--quick")
  if (unknown !== undefined) {
    out.write(`unknown argument \`${unknown}\`; expected \`--quick\` or nothing\n`)
    return 2
  }
  offerNative(machineCode(process.env))
  const row = (cells: readonly string[]): unknown => out.write(`${cells.map((cell, k) => (k === 0 || k === 4 ? cell.padEnd(COLUMNS[k][1]) : cell.padStart(COLUMNS[k][1]))).join("  ").trimEnd()}\n`)
  row(COLUMNS.map(([name]) => name))
  let short = 0, count = 0, last = performance.now()
  for (const line of all(args.includes("--quick"))) {
    const now = performance.now()
    count++
    if (!line.holds) short++
    row([line.what, numberText(line.measured, 6), typeof line.expected === "number" ? numberText(line.expected, 6) : line.expected, line.tolerance,
      line.holds ? "holds" : "falls short", ((now - last) / 1000).toFixed(1)])
    last = now
  }
  out.write(`\n${count - short} of ${count} hold\n`)
  return short > 0 ? 1 : 0
}

function* all(quick: boolean): Generator<Line> {
  yield* discrete(Array.from({ length: quick ? 2 : 20 }, (_, seed) => seed))
  yield* memory()
  yield* references()
  yield* convergence()
  yield* twoStates()
  yield* simulated(Array.from({ length: quick ? 2 : 10 }, (_, seed) => seed))
  yield* learned(Array.from({ length: quick ? 2 : 10 }, (_, seed) => seed))
}
