import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readSafetensors, SafetensorsError, writeSafetensors, type Tensor } from "../../src/nets/safetensors.ts"

const name = fc.string({ unit: "grapheme" }).filter((s) => !["__proto__", "constructor", "prototype", "__metadata__"].includes(s))
const tensor: fc.Arbitrary<Tensor> = fc.oneof(
  fc.float64Array(), fc.float32Array(), fc.int32Array(), fc.uint32Array(), fc.uint8Array())
const files = fc.record({ tensors: fc.dictionary(name, tensor, { noNullPrototype: true }), metadata: fc.dictionary(name, fc.string({ unit: "binary" }), { noNullPrototype: true }) })

/** A file with this header and so many bytes of data. */
function file(header: string, data: number, length = header.length): Uint8Array {
  const bytes = new Uint8Array(8 + header.length + data)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(Buffer.from(header, "latin1"), 8)
  return bytes
}

const range = (from: number, to: number, kind = "U8", shape = `[${to - from}]`) =>
  `{"dtype":"${kind}","shape":${shape},"data_offsets":[${from},${to}]}`

/** Reads, or throws the one error that is allowed. */
function tryRead(bytes: Uint8Array): void {
  try {
    readSafetensors(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(SafetensorsError)
  }
}

describe("safetensors", () => {
  it("brings back every bit", () => {
    fc.assert(fc.property(files, ({ tensors, metadata }) => {
      const bytes = writeSafetensors(tensors, metadata)
      const back = readSafetensors(bytes)
      expect(back).toEqual({ tensors, metadata })
      expect(Object.keys(back.tensors)).toEqual(Object.keys(tensors))
      expect(writeSafetensors(back.tensors, back.metadata)).toEqual(bytes)
      expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0)
    }), { numRuns: 200 })
  })

  it("writes the format as published", () => {
    const bytes = writeSafetensors({ a: Float32Array.of(1, -2) }, { from: "é" })
    const header = '{"__metadata__":{"from":"\\u00e9"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8)
    expect(bytes).toEqual(Uint8Array.of(padded.length, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(padded), 0, 0, 128, 63, 0, 0, 0, 192))
  })

  it("reads other orders, other blanks, several dimensions and views of larger buffers", () => {
    const bytes = file(`{ "b":${range(2, 8, "U8", "[2, 3]")},\n"a" : ${range(0, 2)} } `, 8)
    bytes.set([1, 2, 3, 4, 5, 6, 7, 8], bytes.length - 8)
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    const { tensors } = readSafetensors(shifted.subarray(3))
    expect(tensors).toEqual({ b: Uint8Array.of(3, 4, 5, 6, 7, 8), a: Uint8Array.of(1, 2) })
  })

  it.each([
    ["a gap", file(`{"a":${range(0, 2)},"b":${range(3, 4)}}`, 4), "starts at byte 3"],
    ["an overlap", file(`{"a":${range(0, 3)},"b":${range(2, 4)}}`, 4), "starts at byte 2"],
    ["data left over", file(`{"a":${range(0, 2)}}`, 4), "span 2 bytes of data, but 4"],
    ["data missing", file(`{"a":${range(0, 8)}}`, 4), "span 8 bytes of data, but 4"],
    ["a wrong size", file(`{"a":${range(0, 4, "F64", "[1]")}}`, 4), "needs 8 bytes"],
    ["a product beyond all numbers", file(`{"a":${range(0, 4, "F64", "[9007199254740991,9007199254740991]")}}`, 4), "needs"],
    ["an unknown dtype", file(`{"a":${range(0, 4, "BF16", "[2]")}}`, 4), "`BF16`"],
    ["a dtype of the prototype", file(`{"a":${range(0, 4, "toString", "[2]")}}`, 4), "`toString`"],
    ["a negative offset", file('{"a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}', 4), "a whole number"],
    ["a backward range", file('{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}', 4), "spans -4"],
    ["a missing field", file('{"a":{"dtype":"U8","shape":[4]}}', 4), "lacks"],
    ["an unknown field", file(`{"a":{"x":"y","dtype":"U8","shape":[4],"data_offsets":[0,4]}}`, 4), "unknown field"],
    ["a name twice", file(`{"a":${range(0, 2)},"a":${range(2, 4)}}`, 4), "stands twice"],
    ["a name twice in two spellings", file(`{"a":${range(0, 2)},"\\u0061":${range(2, 4)}}`, 4), "stands twice"],
    ["a name of the prototype", file(`{"__proto__":${range(0, 4)}}`, 4), "not allowed"],
    ["metadata of the prototype", file('{"__metadata__":{"__proto__":"x"}}', 0), "not allowed"],
    ["metadata that is no text", file('{"__metadata__":{"a":1}}', 0), "a string"],
    ["a header beyond the file", file("{}", 0, 3), "claims 3 bytes where 2"],
    ["a header beyond the limit", file("{}", 0, 100_000_001), "more than the 100000000"],
    ["bytes beyond ASCII", file('{"\xe9":1}', 0), "beyond ASCII"],
    ["an open string", file('{"a\\', 0), "a string"],
    ["a bad escape", file('{"\\x":1}', 0), "valid escapes"],
    ["text after the end", file("{}{", 0), "the end"],
    ["no header", new Uint8Array(7), "7 bytes"],
    ["an empty header", file("", 0), "`{`"],
  ])("refuses %s", (_what, bytes, said) => {
    expect(() => readSafetensors(bytes)).toThrow(SafetensorsError)
    expect(() => readSafetensors(bytes)).toThrow(said)
  })

  it("refuses a file cut anywhere", () => {
    const bytes = writeSafetensors({ a: Float64Array.of(1, 2), b: Uint8Array.of(3) }, { made: "here" })
    for (let length = 0; length < bytes.length; length++) expect(() => readSafetensors(bytes.subarray(0, length))).toThrow(SafetensorsError)
  })

  it("survives any flip of a bit and any noise", () => {
    const bytes = writeSafetensors({ a: Float64Array.of(1, 2), b: Uint8Array.of(3) }, { made: "here" })
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3] ^= 1 << (bit & 7)
      tryRead(flipped)
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => tryRead(noise)))
    fc.assert(fc.property(fc.string(), (text) => tryRead(file(text, 0))))
  })

  it("takes a long header in one pass, without deep recursion", () => {
    tryRead(file("[".repeat(1_000_000), 0))
    tryRead(file(`{"${"\\\\".repeat(500_000)}`, 0))
    tryRead(file(`{${" ".repeat(1_000_000)}`, 0))
    expect(() => tryRead(file(`{"a":{"dtype":"U8","shape":[${"1,".repeat(300_000)}1],"data_offsets":[0,1]}}`, 1))).not.toThrow()
  })

  it("writes nothing that it would not read", () => {
    expect(() => writeSafetensors({ constructor: Uint8Array.of(1) } as Record<string, Tensor>)).toThrow(SafetensorsError)
    expect(() => writeSafetensors({ __metadata__: Uint8Array.of(1) })).toThrow(SafetensorsError)
    expect(() => writeSafetensors({ a: new Int16Array(1) as unknown as Tensor })).toThrow("`a` is not one of")
  })
})
