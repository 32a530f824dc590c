import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { generated } from "../../kernels/build.ts"
import { decodeBase64 } from "../../src/nets/webAssembly.ts"

describe("kernels", () => {
  it("are built from their sources", async () => {
    const committed = readFileSync(new URL("../../src/nets/kernels.generated.ts", import.meta.url), "utf8")
    expect((await generated()) === committed, "src/nets/kernels.generated.ts is stale: run `npm run kernels`").toBe(true)
  })

  it("are decoded byte by byte", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeBase64(Buffer.from(bytes).toString("base64"))).toEqual(bytes)
    }))
  })
})
