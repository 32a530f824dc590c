import { readSafetensors, writeSafetensors } from "../nets/safetensors.ts"
import type { Plain } from "../run/run.ts"

/**
 * The state of a run as one safetensors file: typed arrays are its tensors, all else is a JSON skeleton in the metadata that
 * names them. Exact: every bit of every number comes back, -0, NaN and infinities included, and one array that is held in two places
 * comes back as one.
 */
export function encodeSnapshot(state: unknown, about: Readonly<Record<string, string>> = {}): Uint8Array {
  const tensors: Record<string, Tensor> = {}
  const names = new Map<Tensor, string>()
  const name = (array: Tensor): string => {
    let known = names.get(array)
    if (known === undefined) {
      names.set(array, known = `t${names.size}`)
      tensors[known] = array
    }
    return known
  }
  const skeleton = JSON.stringify(encode(state, "state", name))
  return writeSafetensors(tensors, { ...about, skeleton })
}

/** The inverse of `encodeSnapshot`. Throws where the bytes are no snapshot. */
export function decodeSnapshot(bytes: Uint8Array): { state: Plain; about: Record<string, string> } {
  const { tensors, metadata } = readSafetensors(bytes)
  const { skeleton, ...about } = metadata
  if (skeleton === undefined) throw new Error("this safetensors file holds no state of a run")
  const state = decode(JSON.parse(skeleton) as Json, name => {
    const array = Object.hasOwn(tensors, name) ? tensors[name] : undefined
    if (!isTensor(array)) throw new Error(`the state refers to tensor \`${name}\`, which is not in the file`)
    return array
  })
  return { state, about }
}

type Tensor = Float64Array | Float32Array | Int32Array | Uint32Array
type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

function isTensor(value: unknown): value is Tensor {
  return value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint32Array
}

/** What JSON cannot say is a one-key object: `$tensor` a name, `$number` the text of a number, `$object` an object whose own keys begin with `$`. */
function encode(value: unknown, path: string, name: (array: Tensor) => string): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: Object.is(value, -0) ? "-0" : String(value) }
  if (isTensor(value)) return { $tensor: name(value) }
  if (Array.isArray(value)) return value.map((item, i) => encode(item, `${path}[${i}]`, name))
  if (typeof value !== "object" || !isPlainObject(value))
    throw new TypeError(`${path} is ${typeof value === "object" ? value.constructor.name : typeof value}; a state holds only plain data and typed arrays`)
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [key, encode(item, `${path}.${key}`, name)])
  const plain = Object.fromEntries(entries)
  return entries.some(([key]) => key.startsWith("$")) ? { $object: plain } : plain
}

function decode(json: Json, tensor: (name: string) => Tensor): Plain {
  if (json === null || typeof json !== "object") return json
  if (Array.isArray(json)) return json.map(item => decode(item, tensor))
  if (typeof json.$tensor === "string") return tensor(json.$tensor)
  if (typeof json.$number === "string") return Number(json.$number)
  const plain = (json.$object ?? json) as Record<string, Json>
  return Object.fromEntries(Object.entries(plain).map(([key, item]) => [key, decode(item, tensor)]))
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as unknown
  return prototype === Object.prototype || prototype === null
}
