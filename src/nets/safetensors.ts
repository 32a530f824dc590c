import { parseHeader, SafetensorsError, type HeaderEntry } from "./safetensorsHeader.ts"

export { SafetensorsError } from "./safetensorsHeader.ts"

/** The arrays that a file can hold. */
export type Tensor = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array

const kinds = { F64: Float64Array, F32: Float32Array, I32: Int32Array, U32: Uint32Array, U8: Uint8Array } as const
type Kind = keyof typeof kinds

/** The limit of the format's reference implementation. */
const mostHeader = 100_000_000

/**
 * Writes arrays, in the order of their names in the record, as a safetensors file: the length of the header as 64 bits,
 * the header as JSON padded with spaces to 8 bytes, the data; all little-endian, as is the memory of WebAssembly. Characters beyond
 * ASCII are escaped. Throws a SafetensorsError for a name that is not allowed and an array of another kind.
 */
export function writeSafetensors(tensors: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const header = headerBytes(tensors, metadata)
  const end = Object.values(tensors).reduce((sum, tensor) => sum + tensor.byteLength, 0)
  const bytes = new Uint8Array(8 + header.length + end)
  new DataView(bytes.buffer).setUint32(0, header.length, true)
  bytes.set(header, 8)
  let at = 8 + header.length
  for (const { buffer, byteOffset, byteLength } of Object.values(tensors)) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += byteLength
  }
  return bytes
}

/**
 * Reads a safetensors file of F64, F32, I32, U32 and U8 tensors; one of several dimensions comes back flat, row-major. Strict:
 * the ranges must tile the data exactly, and sizes must agree. Throws a SafetensorsError for anything else, before any array is made.
 */
export function readSafetensors(bytes: Uint8Array): { tensors: Record<string, Tensor>; metadata: Record<string, string> } {
  const { text, start } = headerText(bytes)
  const { entries, metadata } = parseHeader(text)
  for (const entry of entries) checkSize(entry)
  checkTiling(entries, bytes.length - start)
  const tensors: Record<string, Tensor> = {}
  // A copy of the bytes is aligned for any kind.
  for (const { name, kind, from, to } of entries)
    tensors[name] = new kinds[kind as Kind](new Uint8Array(bytes.subarray(start + from, start + to)).buffer)
  return { tensors, metadata }
}

function headerBytes(tensors: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>>): Uint8Array {
  let end = 0
  const items = Object.entries(tensors).map(([name, tensor]) => {
    const start = end
    end += tensor.byteLength
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype: kindOf(name, tensor), shape: [tensor.length], data_offsets: [start, end] })}`
  })
  if (Object.keys(metadata).length > 0) items.unshift(`"__metadata__":${JSON.stringify(metadata)}`)
  const text = `{${items.join(",")}}`.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
  // The reader's own rules, so that what is written can be read.
  parseHeader(text)
  if (text.length > mostHeader) throw new SafetensorsError(`the header would have ${text.length} bytes, more than the ${mostHeader} allowed`)
  const bytes = new Uint8Array(8 * Math.ceil(text.length / 8)).fill(0x20)
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k)
  return bytes
}

function kindOf(name: string, tensor: Tensor): Kind {
  for (const kind of Object.keys(kinds) as Kind[]) if (tensor instanceof kinds[kind]) return kind
  throw new SafetensorsError(`tensor \`${name}\` is not one of ${Object.values(kinds).map((kind) => kind.name).join(", ")}`)
}

function headerText(bytes: Uint8Array): { readonly text: string; readonly start: number } {
  if (bytes.length < 8) throw new SafetensorsError(`the file has ${bytes.length} bytes, fewer than the 8 that give the header's length`)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true))
  if (length > mostHeader) throw new SafetensorsError(`the header claims ${length} bytes, more than the ${mostHeader} allowed`)
  if (length > bytes.length - 8) throw new SafetensorsError(`the header claims ${length} bytes where ${bytes.length - 8} follow`)
  const pieces: string[] = []
  for (let from = 8; from < 8 + length; from += 4096) {
    const piece = bytes.subarray(from, Math.min(from + 4096, 8 + length))
    if (piece.some((byte) => byte > 126)) throw new SafetensorsError("the header holds bytes beyond ASCII, which should be escaped as \\u")
    pieces.push(String.fromCharCode(...piece))
  }
  return { text: pieces.join(""), start: 8 + length }
}

function checkSize({ name, kind, shape, from, to }: HeaderEntry): void {
  if (!Object.hasOwn(kinds, kind))
    throw new SafetensorsError(`tensor \`${name}\` is of dtype \`${kind}\`, not one of ${Object.keys(kinds).join(", ")}`)
  const size = shape.reduce((product, n) => product * n, kinds[kind as Kind].BYTES_PER_ELEMENT)
  if (size !== to - from) throw new SafetensorsError(`tensor \`${name}\` needs ${size} bytes by its dtype and shape, but spans ${to - from}`)
}

function checkTiling(entries: readonly HeaderEntry[], length: number): void {
  let end = 0
  for (const { name, from, to } of entries.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw new SafetensorsError(`tensor \`${name}\` starts at byte ${from} of the data, but the one before ends at ${end}`)
    end = to
  }
  if (end !== length) throw new SafetensorsError(`the tensors span ${end} bytes of data, but ${length} follow the header`)
}
