import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
import { benchCommand } from "../../src/cli/benchCommand.ts"
import { main } from "../../src/cli/main.ts"
import { catalogue } from "../../src/economies/index.ts"
import { kernelBuild, takeKernels } from "../../src/nets/kernelBuilds.ts"
import { checkFastMath, computation, requestOf } from "../../src/request.ts"
import { Mistake } from "../../src/run/mistake.ts"
import { fakeHost } from "./fixtures/fakeHost.ts"
import { scratch } from "./fixtures/scratch.ts"

const place = scratch()
const SMALL = ["merton-1971", "--method", "network", "--set", "hidden=4", "--set", "points=16", "--set", "grid=50", "--set", "fit=1", "--set", "maxSteps=3", "--quiet"]
const read = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8")

afterEach(() => takeKernels("simd128"))

test("it is a mistake to ask for it where it is not to be had", () => {
  expect(() => checkFastMath(true, () => false)).toThrow(Mistake)
  expect(() => checkFastMath(true, () => false)).toThrow("expected Node 22 or newer, Node 20 with --experimental-wasm-relaxed-simd, or a browser that has it")
  expect(() => checkFastMath(false, () => false)).not.toThrow()
})

test("a run folder says which kernels ran, and a run is gone on with by the same", async () => {
  const folder = (name: string) => join(place, name)
  for (const [name, flags, kernels] of [["plain", [], "simd128"], ["fast", ["--fast-math"], "relaxed"]] as const) {
    expect(await main(["solve", ...SMALL, ...flags, "--out", folder(name)], fakeHost())).toBe(3)
    expect(JSON.parse(read(folder(name), "manifest.json"))).toMatchObject({ kernels })
    takeKernels("simd128")
    expect(await main(["resume", folder(name), "--quiet"], fakeHost())).toBe(3)
    expect(JSON.parse(read(folder(name), "manifest.json"))).toMatchObject({ kernels })
  }
  const residual = (name: string) => (JSON.parse(read(folder(name), "solution.json")) as { residual: number }).residual
  // Where the machine has no fused multiply-add the two may agree to the last bit.
  expect(Math.abs(residual("fast") / residual("plain") - 1)).toBeLessThan(1e-6)
})

test("what is asked for next without it is computed without it", () => {
  expect(kernelBuild()).toBe("simd128")
  computation(requestOf(catalogue["merton-1971"], { fastMath: true }))
  expect(kernelBuild()).toBe("relaxed")
  computation(requestOf(catalogue["merton-1971"]))
  expect(kernelBuild()).toBe("simd128")
})

test.each([[false, "simd128"], [true, "relaxed"]])("benchmarks say which kernels ran: %s", async (fastMath, kernels) => {
  const host = fakeHost({ tick: 1000 })
  await benchCommand("step", { json: true, fastMath }, host)
  expect(JSON.parse(host.stdout())).toMatchObject({ kernels })
})
