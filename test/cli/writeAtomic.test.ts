import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { expect, test } from "vitest"
import { removeLeftovers, writeAtomic } from "../../src/cli/writeAtomic.ts"
import { scratch } from "./fixtures/scratch.ts"

const folder = scratch()
const writer = new URL("fixtures/killedWriter.ts", import.meta.url).pathname

test("replaces a file and leaves nothing else", () => {
  const path = join(folder, "a.txt")
  writeAtomic(path, "old")
  writeAtomic(path, new Uint8Array([110, 101, 119]))
  expect(readFileSync(path, "utf8")).toBe("new")
  expect(readdirSync(folder)).toEqual(["a.txt"])
})

test("a write that fails leaves the old file and no leftover", () => {
  const path = join(folder, "folder")
  mkdirSync(path)
  expect(() => writeAtomic(path, "text")).toThrow()
  expect(readdirSync(folder).filter(name => name.endsWith(".tmp"))).toEqual([])
})

test("a writer killed at any moment leaves a whole file", async () => {
  const place = join(folder, "killed")
  const path = join(place, "file")
  mkdirSync(place)
  for (let i = 0; i < 4; i++) {
    const before = existsSync(path) ? readFileSync(path, "utf8") : undefined
    const child = spawn(process.execPath, ["--import", "tsx", writer, path], { stdio: "ignore" })
    while (!existsSync(path) || readFileSync(path, "utf8") === before) await sleep(10)
    await sleep(13 * i)
    child.kill("SIGKILL")
    await once(child, "exit")
    const text = readFileSync(path, "utf8")
    expect(text).toBe(text[0].repeat(200_000) + "end")
  }
  writeFileSync(join(place, ".file.1.tmp"), "half")
  removeLeftovers(place)
  expect(readdirSync(place)).toEqual(["file"])
})
