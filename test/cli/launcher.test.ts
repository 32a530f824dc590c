import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { expect, test } from "vitest"

const launcher = new URL("../../bin/walras.js", import.meta.url).pathname

test("starts from any folder; the answer is on stdout alone", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, "list", "--json"], { cwd: "/", encoding: "utf8" })
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toHaveProperty("economies")
  expect(stderr).toBe("")
})

test("hands on the exit status", () => {
  expect(spawnSync(process.execPath, [launcher, "bogus"]).status).toBe(2)
})

test("a reader that goes away is no fault", async () => {
  const child = spawn(process.execPath, [launcher, "show", "brunnermeier-sannikov-2016"], { stdio: ["ignore", "pipe", "pipe"] })
  child.stdout.destroy()
  let said = ""
  child.stderr.on("data", (data: Buffer) => { said += data.toString() })
  const [status] = await once(child, "close")
  expect({ status, said }).toEqual({ status: 0, said: "" })
})

test("output that cannot be written is told", { skip: process.platform !== "linux" }, () => {
  const { status, stderr } = spawnSync("sh", ["-c", `"${process.execPath}" "${launcher}" list > /dev/full`], { encoding: "utf8" })
  expect(status).toBe(1)
  expect(stderr).toMatch(/cannot be written/)
})
