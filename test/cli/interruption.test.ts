import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { expect, test } from "vitest"
import { carryOut, startingPoint } from "../../src/cli/carryOut.ts"
import { newestCheckpoint } from "../../src/cli/checkpoint.ts"
import { makeFolders, PARTS } from "../../src/cli/runFolder.ts"
import { readRows } from "../../src/cli/runRecord.ts"
import { fakeHost } from "./fixtures/fakeHost.ts"
import { scratch } from "./fixtures/scratch.ts"
import { walkJob } from "./fixtures/walk.ts"

const place = scratch()
const slowRun = new URL("fixtures/slowRun.ts", import.meta.url).pathname
const STEPS = 150

/** The run as a process; resolves when it has made some steps. */
async function begun(folder: string) {
  const child = spawn(process.execPath, ["--import", "tsx", slowRun, folder, String(STEPS)], { stdio: ["ignore", "ignore", "pipe"] })
  let said = ""
  child.stderr.on("data", (data: Buffer) => { said += data.toString() })
  const rows = join(folder, "rows.jsonl")
  while (!existsSync(rows) || readFileSync(rows, "utf8").split("\n").length < 8) await sleep(10)
  return { child, said: () => said }
}

async function whole(): Promise<string> {
  const folder = join(place, "whole")
  makeFolders(folder, PARTS)
  await carryOut(walkJob(STEPS, 0, folder), undefined, fakeHost(), true)
  return readFileSync(join(folder, "tables/solution.csv"), "utf8")
}

async function goneOn(folder: string): Promise<string> {
  const host = fakeHost()
  await carryOut(walkJob(STEPS, 0, folder), startingPoint(folder, host), host, true)
  expect(readRows(folder).map(row => row.step)).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1))
  return readFileSync(join(folder, "tables/solution.csv"), "utf8")
}

test.each([["SIGINT", 130], ["SIGTERM", 143]] as const)("%s leaves a checkpoint and a readable folder; going on gives the same bits", async (signal, status) => {
  const folder = join(place, signal)
  const { child, said } = await begun(folder)
  child.kill(signal)
  const [code] = await once(child, "exit")
  expect(code).toBe(status)
  expect(said()).toContain(`\`walras resume ${folder}\` goes on`)
  const solution = JSON.parse(readFileSync(join(folder, "solution.json"), "utf8")) as { steps: number; outcome: string }
  expect(solution.outcome).toMatch(/^interrupted/)
  expect(newestCheckpoint(folder, note => { throw new Error(note) })!.step).toBe(solution.steps)
  expect(readRows(folder)).toHaveLength(solution.steps)
  expect(await goneOn(folder)).toBe(await whole())
})

test("a killed run goes on from its last checkpoint to the same bits", async () => {
  const folder = join(place, "killed")
  const { child } = await begun(folder)
  while (readdirSync(join(folder, "checkpoints")).length === 0) await sleep(10)
  child.kill("SIGKILL")
  await once(child, "exit")
  expect(existsSync(join(folder, "solution.json"))).toBe(false)
  expect(await goneOn(folder)).toBe(await whole())
})

test("the second signal ends the process at once", async () => {
  const host = fakeHost()
  const running = carryOut(walkJob(STEPS, 0, undefined), undefined, { ...host, now: () => { if (host.exits.length === 0) { host.send("SIGINT"); host.send("SIGTERM") } return 0 } }, true)
  await running
  expect(host.exits[0]).toBe(143)
})
