import { textTable } from "../../src/cli/textTable.ts"
import { hasTorch, INSTALL, MACHINE, torch, walras, WEBASSEMBLY } from "./programs.ts"

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

/** The same training step by walras, with the kernels that it takes here and with those in WebAssembly, and by PyTorch, in turn; and how they compare. */
export function compareSteps(json: boolean): string {
  const programs: Record<"walras" | "webassembly" | "torch", Rates> = { walras: {}, webassembly: {}, torch: {} }
  let kernels = ""
  for (let round = 0; round < ROUNDS; round++) {
    if (hasTorch) keep(torch("step.py"), programs.torch)
    const ours = walras(["bench", "step"]) as { kernels: string }
    kernels = ours.kernels
    keep(ours, programs.walras)
    keep(walras(["bench", "step"], WEBASSEMBLY), programs.webassembly)
  }
  const ratiosOf = (ours: Rates) => Object.fromEntries(Object.entries(programs.torch).map(([precision, of]) => {
    const fastest = Math.max(...Object.values(ours[precision]))
    return [precision, { best: fastest / Math.max(...Object.values(of)), slides: fastest / of.slides }]
  }))
  const ratios = ratiosOf(programs.walras), portable = ratiosOf(programs.webassembly)
  if (json) return JSON.stringify({ machine: MACHINE, kernels, ...programs, ratios, webassembly_ratios: portable })
  const rows = Object.keys(programs.walras).flatMap(precision => [
    ...threads(precision, `walras, ${kernels}`, programs.walras), ...threads(precision, "walras, WebAssembly", programs.webassembly),
    ...Object.entries(programs.torch[precision] ?? {}).map(([name, rate]) => [precision, `PyTorch, ${name}`, Math.round(rate / 1000)] as const),
  ])
  const compared = (name: string, of: typeof ratios): string[] => Object.entries(of).map(([precision, { best, slides }]) =>
    `${precision}, ${name}: ${best.toFixed(2)} times the best PyTorch, ${slides.toFixed(2)} times the slides' formulation`)
  return [
    MACHINE, "", ...textTable(["precision", "program", "1000 points/s"], rows), "", ...compared(kernels, ratios), ...compared("WebAssembly", portable), ...(hasTorch ? [] : [INSTALL]),
  ].join("\n")
}

const threads = (precision: string, name: string, rates: Rates) =>
  Object.entries(rates[precision]).map(([count, rate]) => [precision, `${name}, ${count} thread${count === "1" ? "" : "s"}`, Math.round(rate / 1000)] as const)
