import fc from "fast-check"
import { expect, test } from "vitest"
import { decodeSnapshot, encodeSnapshot } from "../../src/cli/snapshot.ts"

const number = fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE))
const { state } = fc.letrec(tie => ({
  state: fc.oneof({ maxDepth: 4 },
    number, fc.string({ unit: "binary" }), fc.boolean(), fc.constant(null),
    fc.float64Array(), fc.float32Array(), fc.int32Array(), fc.uint32Array(),
    fc.array(tie("state"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$tensor", "$number", "$object", "t0", "constructor")), tie("state"), { maxKeys: 4 })),
}))

/** Equal as bits: -0 is not 0, and the payloads of NaN in arrays count. */
function bits(value: unknown): unknown {
  if (typeof value === "number") return new Float64Array([value])
  if (ArrayBuffer.isView(value)) return [value.constructor.name, ...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)]
  if (Array.isArray(value)) return value.map(bits)
  return value !== null && typeof value === "object" ? Object.entries(value).map(([key, item]) => [key, bits(item)]) : value
}

test("every plain state comes back bit for bit", () => {
  fc.assert(fc.property(state, before => {
    const { state: after } = decodeSnapshot(encodeSnapshot(before))
    expect(bits(after)).toEqual(bits(before))
  }), { numRuns: 400 })
})

test("the bits of NaN in arrays are kept", () => {
  const quiet = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_1234n]).buffer)
  const { state: after } = decodeSnapshot(encodeSnapshot({ quiet })) as unknown as { state: { quiet: Float64Array } }
  expect(new BigUint64Array(after.quiet.slice().buffer)[0]).toBe(0x7ff8_0000_0000_1234n)
})

test("an array held in two places stays one", () => {
  const shared = new Float64Array([1, 2])
  const { state: after } = decodeSnapshot(encodeSnapshot({ a: shared, b: [shared] })) as unknown as { state: { a: Float64Array; b: Float64Array[] } }
  expect(after.b[0]).toBe(after.a)
})

test("what is said about it comes back beside it", () => {
  expect(decodeSnapshot(encodeSnapshot([1], { step: "7" })).about).toEqual({ step: "7" })
})

test.each([[() => 1, "function"], [new Map(), "Map"], [undefined, "undefined"], [1n, "bigint"]])("%s is refused with its place", (value, word) => {
  expect(() => encodeSnapshot({ net: [0, value] })).toThrow(`state.net[1] is ${word}`)
})

test("no truncation reads as a state", () => {
  const bytes = encodeSnapshot({ weights: new Float64Array(5), step: 3 })
  for (let length = 0; length < bytes.length; length++) expect(() => decodeSnapshot(bytes.slice(0, length))).toThrow()
})
