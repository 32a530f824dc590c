import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { atMost, type Line } from "./line.ts"

/** Memory of training steps of 100,000 points, each in a process of its own, whose most counts. */
export function* memory(): Generator<Line> {
  const program = fileURLToPath(new URL("stepMemory.ts", import.meta.url))
  for (const precision of ["float32", "float64"]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", program, precision], { encoding: "utf8" })
    if (status !== 0) throw new Error(`the step did not end well:\n${stderr}`)
    yield atMost(`step of 100,000 points, ${precision}, two threads: resident memory, MB`, Number(stdout), 1000)
  }
}
