import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { atMost, yes, type Line } from "./line.ts"

/** Memory of training steps of 100,000 points, of a step of Gauss-Newton on 10,000 points and weights, and of markets of learners, each in a process of its own. */
export function* memory(): Generator<Line> {
  for (const precision of ["float32", "float64"])
    yield atMost(`step of 100,000 points, ${precision}, two threads: resident memory, MB`, Number(printed("stepMemory.ts", precision)), 1000)
  const [megabytes, fall] = printed("gaussNewtonMemory.ts").split(" ").map(Number)
  yield atMost("Gauss-Newton on 10,000 points and weights, by batches: resident memory, MB", megabytes, 2000)
  yield atMost("Gauss-Newton on 10,000 points and weights: loss after one step over that before", fall, 0.1)
  for (const [market, learner, agents, bound, more] of [
    ["lucas-auction", "shadow", 1200, 1500, ["follow=1100"]], ["lucas-posted", "dqn", 1200, 1500, ["horizon=100", "follow=1100"]],
    ["lucas-auction", "shadow", 100_000, 4000, ["horizon=40", "follow=8000"]], ["lucas-posted", "dqn", 100_000, 4000, ["horizon=12", "watch=2", "follow=9000"]],
  ] as const) {
    // Many agents are followed at once and seldom learned from, so that one episode fills the table.
    const [held, full] = printed("trainMemory.ts", market, learner, String(agents), "samplesPerInsert=0.1", ...more).split(" ").map(Number)
    yield yes(`${market} by ${learner}, ${agents} agents: the default replay table is full`, full === 1)
    yield atMost(`${market} by ${learner}, ${agents} agents: resident memory, MB`, held, bound)
  }
}

/** What a program beside this file prints. */
function printed(file: string, ...given: string[]): string {
  const program = fileURLToPath(new URL(file, import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", program, ...given], { encoding: "utf8" })
  if (status !== 0) throw new Error(`${file} did not end well:\n${stderr}`)
  return stdout.trim()
}
