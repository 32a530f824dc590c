import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { generated } from "../../kernels/build.ts"
import { allowFastMath } from "../../src/cli/fastMath.ts"
import { philox } from "../../src/math/random.ts"
import { weightCount, type Shape } from "../../src/nets/mlp.ts"
import { kernelJets } from "../../src/nets/kernelJets.ts"
import { decodeBase64 } from "../../src/nets/base64.ts"
import { hasKernels, instantiate, kernelBuild, takeKernels } from "../../src/nets/kernelBuilds.ts"
import { heapStart } from "../../src/nets/kernels.ts"

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

  it("are those of plain SIMD128 where nobody asks for others", () => {
    expect(hasKernels("simd128")).toBe(true)
    expect(kernelBuild()).toBe("simd128")
  })

  it.each([["simd128", "float32"], ["simd128", "float64"], ["relaxed", "float32"], ["relaxed", "float64"]] as const)("have their constants below the heap: %s %s", (build, precision) => {
    allowFastMath()
    takeKernels(build)
    expect(instantiate(precision).dataEnd()).toBeLessThanOrEqual(heapStart)
    takeKernels("simd128")
  })

  // Taken from Node 20.20 and found the same on 24.21.
  it.each([["float32", "e4c9f9274295d9c6"], ["float64", "fa66ec61365bd636"]] as const)("give the same bits on every machine: %s", (precision, bits) => {
    const { next } = philox(11, 0), n = 50, draw = (length: number) => Float64Array.from({ length }, () => 2 * next() - 1)
    let hash = 0xcbf29ce484222325n
    for (const activation of ["tanh", "swish", "softplus"] as const) {
      const shape: Shape = { inputs: 3, hidden: [17, 9], activation }, weights = draw(weightCount(shape)), gradient = weights.map(() => 0), out = new Float64Array(6 * n)
      const net = kernelJets(precision).net(shape, { first: [0, 2, 1], second: [[0, 0], [2, 1]] }, n), points = draw(3 * n)
      net.forward(weights, points, n, out)
      net.backward(weights, points, n, draw(6 * n), gradient)
      // FNV-1a.
      for (const byte of new Uint8Array(Float64Array.from([...out, ...gradient]).buffer)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
    }
    expect(hash.toString(16)).toBe(bits)
  })
})
