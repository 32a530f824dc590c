import { float32Kernels, float64Kernels } from "./kernels.generated.ts"

// The little of WebAssembly that is used; the language library has no types for it without those of a host.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: unknown }
}

/** The kernels of jets; every address is a byte address in `memory`. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  scratchBytes(net: number): number
  /** Comes first in a call. */
  prepare(net: number): void
  forward(net: number, from: number, to: number): void
  backward(net: number, from: number, to: number): void
  /** Backward over the tile that `forward` was last asked for. */
  backwardTile(net: number, from: number, to: number): void
  /** Writes what `backward` and `backwardTile` have gathered. */
  gradient(net: number): void
  jacobian(net: number, from: number, to: number): void
  /** The most points of a tile. */
  tile(): number
  /** So many rounds of `peakChains` independent vector multiply-adds. */
  peak(rounds: number): number
}

/** Multiply-adds of a round of `peak`, in vectors. */
export const peakChains = 12

/** The float64 module holds those of dense matrices too. */
export interface DenseKernels extends Kernels {
  addGram(scale: number, rows: number, inner: number, a: number, aRow: number, c: number, cRow: number): void
  transpose(rows: number, columns: number, from: number, to: number, toRow: number): void
  cholesky(a: number, n: number, panel: number): number
}

const sources = { float32: float32Kernels, float64: float64Kernels }
/** Compiled once; a module has no state. */
const modules: { float32?: object; float64?: object } = {}

/** A fresh instance of the kernels, with a memory of its own. */
export function instantiate(precision: "float64"): DenseKernels
export function instantiate(precision: "float32" | "float64"): Kernels
export function instantiate(precision: "float32" | "float64"): Kernels {
  const module = (modules[precision] ??= new WebAssembly.Module(decodeBase64(sources[precision])))
  return new WebAssembly.Instance(module).exports as Kernels
}

/** The first byte that is free: the kernels keep no data of their own, but zero stays no address. */
export const heapStart = 1024

/** Grows the memory to at least `bytes`; throws a RangeError where the host has no room. Detaches old views. */
export function reserve(kernels: Kernels, bytes: number): void {
  const missing = bytes - kernels.memory.buffer.byteLength
  if (missing <= 0) return
  const most = 2 ** 32
  try {
    if (bytes > most) throw new RangeError("beyond 32 bits")
    kernels.memory.grow(Math.ceil(missing / 65536))
  } catch {
    throw new RangeError(`got a problem of \`${bytes}\` bytes; the kernels have room for ${most} at most and the host gave less: make it smaller`)
  }
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/** Bytes of base64 text, padded as the standard says. */
export function decodeBase64(text: string): Uint8Array {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  for (let from = 0, to = 0; from < text.length; from += 4) {
    let word = 0
    for (let k = 0; k < 4; k++) word = (word << 6) | Math.max(alphabet.indexOf(text[from + k]), 0)
    for (let shift = 16; shift >= 0; shift -= 8) if (to < bytes.length) bytes[to++] = (word >> shift) & 255
  }
  return bytes
}
