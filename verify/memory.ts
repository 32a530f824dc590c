import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { atMost, type Line } from "./line.ts"

/** Memory of training steps of 100,000 points, and of a step of Gauss-Newton on 10,000 points and weights, each in a process of its own. */
export function* memory(): Generator<Line> {
  for (const precision of ["float32", "float64"])
    yield atMost(`step of 100,000 points, ${precision}, two threads: resident memory, MB`, Number(printed("stepMemory.ts", precision)), 1000)
  const [megabytes, fall] = printed("gaussNewtonMemory.ts").split(" ").map(Number)
  yield atMost("Gauss-Newton on 10,000 points and weights, by batches: resident memory, MB", megabytes, 2000)
  yield atMost("Gauss-Newton on 10,000 points and weights: loss after one step over that before", fall, 0.1)
}

/** What a program beside this file prints. */
function printed(file: string, ...given: string[]): string {
  const program = fileURLToPath(new URL(file, import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", program, ...given], { encoding: "utf8" })
  if (status !== 0) throw new Error(`${file} did not end well:\n${stderr}`)
  return stdout.trim()
}
