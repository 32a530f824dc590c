import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { expect, test } from "vitest"
import { readRows } from "../../src/cli/runRecord.ts"
import { scratch } from "./fixtures/scratch.ts"

const place = scratch()
const walras = new URL("../../bin/walras.js", import.meta.url).pathname
const EPISODES = 16
/** A few seconds of training, so that there are checkpoints: a replay table that is full and in use, exploration that changes, a network that follows. */
const REQUEST = [
  "train", "lucas-auction", "--learner", "dqn", "--agents", "20", "--episodes", String(EPISODES), "--seed", "5", "--quiet", "--json", "--set", "horizon=100", "--set", "tests=1", "--set", "hidden=16,16",
  "--set", "capacity=4000", "--set", "replay=prioritised", "--set", "priceLevels=41", "--set", "bondLevels=31",
]

/** What a folder holds of a training, but for the seconds it took. */
function kept(folder: string) {
  const { seconds, ...training } = JSON.parse(readFileSync(join(folder, "training.json"), "utf8")) as Record<string, unknown>
  expect(seconds).toBeGreaterThan(0)
  const tables = readdirSync(join(folder, "tables")).sort().map(name => [name, readFileSync(join(folder, "tables", name), "utf8")])
  return { training, tables, rows: readRows(folder) }
}

/** Runs a command line to its end. */
async function told(words: readonly string[]): Promise<{ status: number; out: string }> {
  const child = spawn(process.execPath, [walras, ...words], { stdio: ["ignore", "pipe", "ignore"] })
  let out = ""
  child.stdout.on("data", (data: Buffer) => { out += data.toString() })
  const [status] = await once(child, "close") as [number]
  return { status, out }
}

test("a training killed in the middle and resumed gives the same bits, and the same figures", async () => {
  const killed = join(place, "killed"), whole = join(place, "whole"), checkpoints = join(killed, "checkpoints")
  const undisturbed = told([...REQUEST, "--out", whole])
  const child = spawn(process.execPath, [walras, ...REQUEST, "--out", killed], { stdio: "ignore" })
  while (!existsSync(checkpoints) || !readdirSync(checkpoints).some(name => name.endsWith(".safetensors"))) await sleep(5)
  child.kill("SIGKILL")
  await once(child, "exit")
  expect(existsSync(join(killed, "training.json"))).toBe(false)
  const done = readRows(killed).length
  expect(done).toBeGreaterThan(0)
  expect(done).toBeLessThan(EPISODES)

  const { status, out } = await told(["resume", killed, "--quiet", "--json"])
  expect((JSON.parse(out) as { episodes: number }).episodes).toBe(EPISODES)
  expect((await undisturbed).status).toBe(status)
  expect(kept(killed)).toEqual(kept(whole))
  const figures = (folder: string) => readdirSync(join(folder, "figures")).filter(name => name.endsWith(".svg")).map(name => [name, readFileSync(join(folder, "figures", name), "utf8")])
  expect(figures(killed)).toEqual(figures(whole))
}, 120_000)
