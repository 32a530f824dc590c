import { spawnSync } from "node:child_process"
import { cpus } from "node:os"
import { fileURLToPath } from "node:url"

/** What is run here, and where. */
export const MACHINE = `${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.versions.node}`
export const INSTALL = `PyTorch is missing: its side of the table is left out. On Debian or Ubuntu it comes with
  apt-get install python3-torch libopenblas0-pthread
and elsewhere with pip install torch; set PYTHON where another interpreter has it.`

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Debian's packages belong to its own interpreter, which is not always the first of the path. */
const pythons = process.env.PYTHON !== undefined ? [process.env.PYTHON] : ["/usr/bin/python3", "python3"]
const python = pythons.find(command => spawnSync(command, ["-c", "import torch"]).status === 0)
export const hasTorch = python !== undefined

/** What one of our programs in PyTorch prints, as JSON. */
export function torch(script: string, args: readonly string[] = []): unknown {
  return answer(python ?? "python3", [pathOf(script), ...args])
}

type Variables = Readonly<Record<string, string>>

/** Has walras leave machine code alone. */
export const WEBASSEMBLY: Variables = { WALRAS_KERNELS: "webassembly" }

/** What a command of walras prints with --json. */
export function walras(args: readonly string[], variables: Variables = {}): unknown {
  return answer(process.execPath, [pathOf("../../bin/walras.js"), ...args, "--json"], variables)
}

function answer(command: string, args: readonly string[], variables: Variables = {}): unknown {
  // One thread for BLAS: its own beside those of PyTorch get into each other's way.
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, OPENBLAS_NUM_THREADS: "1", ...variables } })
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stderr}`)
  return JSON.parse(stdout)
}
