import { textTable } from "../../src/cli/textTable.ts"
import { hasTorch, INSTALL, MACHINE, torch, walras } from "./programs.ts"

type Rates = Record<string, Record<string, number>>

const ROUNDS = 3

/** Keeps the rates that a program prints where they are better than those of the rounds before. */
function keep(found: unknown, best: Rates): void {
  for (const [precision, rates] of Object.entries((found as { points_per_second: Rates }).points_per_second))
    for (const [key, rate] of Object.entries(rates)) {
      const of = (best[precision] ??= {})
      of[key] = Math.max(of[key] ?? 0, rate)
    }
}

/** The same training step by walras and PyTorch, in turn, and how they compare. */
export function compareSteps(json: boolean): string {
  const ours: Rates = {}, theirs: Rates = {}
  for (let round = 0; round < ROUNDS; round++) {
    if (hasTorch) keep(torch("step.py"), theirs)
    keep(walras("bench", "step"), ours)
  }
  const ratios = Object.fromEntries(Object.entries(theirs).map(([precision, of]) => {
    const fastest = Math.max(...Object.values(ours[precision]))
    return [precision, { best: fastest / Math.max(...Object.values(of)), slides: fastest / of.slides }]
  }))
  if (json) return JSON.stringify({ machine: MACHINE, walras: ours, torch: theirs, ratios })
  const rows = Object.keys(ours).flatMap(precision => [
    ...Object.entries(ours[precision]).map(([threads, rate]) => [precision, `walras, ${threads} thread${threads === "1" ? "" : "s"}`, Math.round(rate / 1000)] as const),
    ...Object.entries(theirs[precision] ?? {}).map(([name, rate]) => [precision, `PyTorch, ${name}`, Math.round(rate / 1000)] as const),
  ])
  return [
    MACHINE, "", ...textTable(["precision", "program", "1000 points/s"], rows), "",
    ...Object.entries(ratios).map(([precision, { best, slides }]) => `${precision}: ${best.toFixed(2)} times the best PyTorch, ${slides.toFixed(2)} times the slides' formulation`),
    ...(hasTorch ? [] : [INSTALL]),
  ].join("\n")
}
