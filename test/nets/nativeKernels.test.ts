import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { buildNative, NATIVE_FILE, whatIsMissing } from "../../kernels/buildNative.ts"
import { machineCode } from "../../src/cli/machineCode.ts"
import { philox } from "../../src/math/random.ts"
import { symmetricSum } from "../../src/nets/dense.ts"
import { hasKernels, instantiate, kernelBuild, offerNative, takeBest, takeKernels } from "../../src/nets/kernelBuilds.ts"
import { heapStart, reserve } from "../../src/nets/kernels.ts"
import { weightCount, type Activation, type Shape } from "../../src/nets/mlp.ts"
import { Mistake } from "../../src/run/mistake.ts"
import { NATIVE_BUILDS } from "../../src/nets/nativeKernels.ts"
import { engineOf } from "./engines.ts"

const native = machineCode({})
beforeEach(() => { offerNative(native) })
afterEach(() => { offerNative(undefined) })

const missing = whatIsMissing()
// Other compilers make other bytes.
it.skipIf(missing !== undefined)(`the module in machine code is built from its sources${missing === undefined ? "" : ` (not looked at: needs ${missing})`}`, () => {
  const place = mkdtempSync(join(tmpdir(), "walras-test-")), made = join(place, "again.node")
  try {
    buildNative(made)
    expect(readFileSync(made).equals(readFileSync(NATIVE_FILE)), "native/linux-x64.node is stale: run `npm run kernels:native`").toBe(true)
  } finally {
    rmSync(place, { recursive: true })
  }
})

describe("the choice of kernels", () => {
  it("is WebAssembly where nothing is offered, or it is asked for", () => {
    offerNative(undefined)
    expect(kernelBuild()).toBe("simd128")
    expect(hasKernels("avx2")).toBe(false)
    expect(machineCode({ WALRAS_KERNELS: "webassembly" })).toBeUndefined()
    expect(() => machineCode({ WALRAS_KERNELS: "gpu" })).toThrow(Mistake)
  })

  it("is the fastest that a machine runs", () => {
    offerNative({ supports: build => build === "avx2", allocate: () => new ArrayBuffer(0), kernels: () => ({}) })
    expect(kernelBuild()).toBe("avx2")
    takeBest(true)
    expect(["relaxed", "simd128"]).toContain(kernelBuild())
    offerNative({ supports: () => true, allocate: () => new ArrayBuffer(0), kernels: () => ({}) })
    takeBest(true)
    expect(kernelBuild()).toBe("avx512-fma")
  })

  it("names the thread that was offered none", () => {
    offerNative(undefined)
    takeKernels("avx2")
    expect(() => instantiate("float64")).toThrow("this thread was offered none in machine code")
  })
})

const shapes: fc.Arbitrary<Shape> = fc.record({
  inputs: fc.integer({ min: 1, max: 4 }), hidden: fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 2 }) },
  ),
  activation: fc.constantFrom<Activation>("tanh", "swish", "softplus", "relu"),
})

/** Of numbers as they are stored: what `toEqual` would take minutes for. */
const sameBits = (a: readonly Float64Array[], b: readonly Float64Array[]): boolean =>
  a.every((row, k) => Buffer.from(row.buffer).equals(Buffer.from(b[k].buffer)))

// Those that round multiply-adds once have bits of their own.
const builds = NATIVE_BUILDS.filter(build => !build.endsWith("fma") && native?.supports(build))

describe.each(builds)("machine code gives the bits of WebAssembly: %s", build => {
  it.each(["float32", "float64"] as const)("for values, derivatives, gradients and Jacobians of any net: %s", precision => {
    const engines = (["simd128", build] as const).map(each => engineOf(each, precision))
    fc.assert(fc.property(shapes, fc.integer({ min: 1, max: 150 }), fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(1, 30), (shape, n, seed, size) => {
      const { next } = philox(seed, 0), draw = (length: number) => Float64Array.from({ length }, () => size * (2 * next() - 1))
      const weights = draw(weightCount(shape)), points = draw(shape.inputs * n), last = shape.inputs - 1
      const channels = { first: last > 0 ? [0, last] : [0], second: [[0, 0], [last, 0]] as const }
      const cotangent = draw((1 + channels.first.length + 2) * n)
      const [wasm, machine] = engines.map(engine => {
        const net = engine.net(shape, channels, n), out = cotangent.map(() => 0), gradient = weights.map(() => 0), jacobian = new Float64Array(n * weights.length)
        net.forward(weights, points, n, out)
        net.backward(weights, points, n, cotangent, gradient)
        net.jacobian(weights, points, n, cotangent, jacobian)
        return [out, gradient, jacobian]
      })
      expect(sameBits(machine, wasm)).toBe(true)
    }), { numRuns: 60 })
  })

  it.each(["float32", "float64"] as const)("for generators along shocks: %s", precision => {
    const engines = (["simd128", build] as const).map(each => engineOf(each, precision))
    fc.assert(fc.property(shapes, fc.integer({ min: 1, max: 150 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 1e6 }), (shape, n, shocks, seed) => {
      const { next } = philox(seed, 0), draw = (length: number) => Float64Array.from({ length }, () => 2 * next() - 1)
      const weights = draw(weightCount(shape)), flow = { n, points: draw(shape.inputs * n), directions: draw((1 + shocks) * shape.inputs * n), factors: draw(shocks * n) }
      const cotangent = draw(2 * n)
      const [wasm, machine] = engines.map(engine => {
        const net = engine.generator(shape, shocks, n), out = cotangent.map(() => 0), gradient = weights.map(() => 0), jacobian = new Float64Array(n * weights.length)
        net.pass(weights, flow, 0, n, { out, cotangent, respond: () => {} }, gradient)
        net.rows(weights, flow, 0, n, { out, cotangent, respond: () => {} }, jacobian)
        return [out, gradient, jacobian]
      })
      expect(sameBits(machine, wasm)).toBe(true)
    }), { numRuns: 60 })
  })

  it("for normal matrices, their factors and solutions", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 1e6 }), (size, rows, seed) => {
      const { next } = philox(seed, 0), draw = (length: number) => Float64Array.from({ length }, () => 2 * next() - 1)
      const a = draw(size * rows), right = draw(size)
      const [wasm, machine] = (["simd128", build] as const).map(each => {
        takeKernels(each)
        const normal = symmetricSum(size), gram = symmetricSum(size), x = right.slice(), pivot = Float64Array.of(0)
        normal.addNormal(a, rows)
        gram.addGram(a, rows)
        pivot[0] = normal.factor(0.1)
        normal.solve(x)
        const entries = Float64Array.from({ length: 2 * size * size }, (_, k) => (k < size * size ? normal : gram).at(Math.floor(k / size) % size, k % size))
        return [pivot, x, entries, Float64Array.of(symmetricSum(size).factor(-1))]
      })
      expect(sameBits(machine, wasm)).toBe(true)
    }), { numRuns: 60 })
  })

  it("with a memory that grows and keeps what it held", () => {
    takeKernels(build)
    const kernels = instantiate("float64")
    new Float64Array(kernels.memory.buffer, heapStart, 1)[0] = 7
    reserve(kernels, 300_000)
    expect(kernels.memory.buffer.byteLength).toBeGreaterThanOrEqual(300_000)
    expect(new Float64Array(kernels.memory.buffer, heapStart, 1)[0]).toBe(7)
    expect(() => reserve(kernels, 2 ** 33)).toThrow(RangeError)
  })

  it("and refuses a net that lies beyond its memory", () => {
    takeKernels(build)
    const kernels = instantiate("float64")
    new Int32Array(kernels.memory.buffer, heapStart).set([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, kernels.memory.buffer.byteLength - 64, 1, 8])
    expect(() => kernels.prepare(heapStart)).toThrow(RangeError)
  })
})
