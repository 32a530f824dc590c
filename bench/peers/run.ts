// Runs walras and PyTorch in turn on the same training step and prints ratios: npm run bench:peers [-- --json]

import { spawnSync } from "node:child_process"
import { cpus } from "node:os"
import { fileURLToPath } from "node:url"
import { textTable } from "../../src/cli/textTable.ts"

type Rates = Record<string, Record<string, number>>

const ROUNDS = 3
const INSTALL = `PyTorch is missing: its side of the table is left out. On Debian or Ubuntu it comes with
  apt-get install python3-torch libopenblas0-pthread
and elsewhere with pip install torch; set PYTHON where another interpreter has it.`

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Debian's packages belong to its own interpreter, which is not always the first of the path. */
const pythons = process.env.PYTHON !== undefined ? [process.env.PYTHON] : ["/usr/bin/python3", "python3"]
const python = pythons.find(command => spawnSync(command, ["-c", "import torch"]).status === 0)

/** The rates that a program prints, kept where they are better than those of the rounds before. */
function measure(command: string, args: readonly string[], into: Rates): void {
  // One thread for BLAS: its own beside those of PyTorch get into each other's way.
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, OPENBLAS_NUM_THREADS: "1" } })
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stderr}`)
  for (const [precision, rates] of Object.entries((JSON.parse(stdout) as { points_per_second: Rates }).points_per_second))
    for (const [key, rate] of Object.entries(rates)) {
      const best = (into[precision] ??= {})
      best[key] = Math.max(best[key] ?? 0, rate)
    }
}

const walras: Rates = {}, torch: Rates = {}
for (let round = 0; round < ROUNDS; round++) {
  if (python !== undefined) measure(python, [pathOf("step.py")], torch)
  measure(process.execPath, [pathOf("../../bin/walras.js"), "bench", "step", "--json"], walras)
}

const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.versions.node}`
const ratios = Object.fromEntries(Object.entries(torch).map(([precision, of]) => {
  const fastest = Math.max(...Object.values(walras[precision]))
  return [precision, { best: fastest / Math.max(...Object.values(of)), slides: fastest / of.slides }]
}))

if (process.argv.includes("--json")) console.log(JSON.stringify({ machine, walras, torch, ratios }))
else {
  const rows = Object.keys(walras).flatMap(precision => [
    ...Object.entries(walras[precision]).map(([threads, rate]) => [precision, `walras, ${threads} thread${threads === "1" ? "" : "s"}`, Math.round(rate / 1000)] as const),
    ...Object.entries(torch[precision] ?? {}).map(([name, rate]) => [precision, `PyTorch, ${name}`, Math.round(rate / 1000)] as const),
  ])
  console.log([machine, "", ...textTable(["precision", "program", "1000 points/s"], rows), ""].join("\n"))
  for (const [precision, { best, slides }] of Object.entries(ratios))
    console.log(`${precision}: ${best.toFixed(2)} times the best PyTorch, ${slides.toFixed(2)} times the slides' formulation`)
  if (python === undefined) console.log(INSTALL)
}
