import { binaries } from "./kernels.generated.ts"

// The little of WebAssembly that is used; the language library has no types for it without those of a host.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: unknown }
  validate(bytes: Uint8Array): boolean
}

/** The kernels of jets; every address is a byte address in `memory`. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  scratchBytes(net: number): number
  /** Comes first in a call, for each net. */
  prepare(net: number): void
  /** Takes up a tile of so many points, for all nets that share its rows. */
  seed(net: number, count: number): void
  /** Outputs on that tile. */
  forward(net: number, count: number): void
  /** Back over the tile of the last `forward`. */
  backward(net: number, count: number): void
  /** The same, point by point. */
  jacobian(net: number, count: number): void
  /** Writes what `backward` has gathered. */
  gradient(net: number): void
  /** The first byte after the constants, below `heapStart`. */
  dataEnd(): number
  /** The most points of a tile. */
  tile(): number
  /** So many rounds of `peakChains` independent vector multiply-adds z -> factor z + summand. */
  peak(rounds: number, factor: number, summand: number): number
}

/** Multiply-adds of a round of `peak`, in vectors. */
export const peakChains = 12

/** The float64 module holds those of dense matrices too. */
export interface DenseKernels extends Kernels {
  addGram(scale: number, rows: number, inner: number, a: number, aRow: number, c: number, cRow: number): void
  transpose(rows: number, columns: number, from: number, to: number, toRow: number): void
  cholesky(a: number, n: number, panel: number): number
}

/**
 * `simd128` gives the same bits on every machine. `relaxed` is the same sources with multiply-adds that round once where the machine
 * has them: faster, and other bits.
 */
export type KernelBuild = keyof typeof binaries

/** Whether the host can run a build: the build itself is the probe. */
export function hasKernels(build: KernelBuild): boolean {
  return WebAssembly.validate(decodeBase64(binaries[build].float32))
}

// One for the whole program, as a host has one set of instructions, so that no run mixes the bits of two.
let taken: KernelBuild = "simd128"

/** Takes a build for all kernels that are instantiated from now on; before the first call it is `simd128`. */
export function takeKernels(build: KernelBuild): void {
  taken = build
}

/** The build that is taken. */
export function kernelBuild(): KernelBuild {
  return taken
}

/** Compiled once; a module has no state. */
const modules = new Map<string, object>()

/** A fresh instance of the kernels, with a memory of its own. */
export function instantiate(precision: "float64"): DenseKernels
export function instantiate(precision: "float32" | "float64"): Kernels
export function instantiate(precision: "float32" | "float64"): Kernels {
  const key = `${taken} ${precision}`
  const module = modules.get(key) ?? new WebAssembly.Module(decodeBase64(binaries[taken][precision]))
  modules.set(key, module)
  return new WebAssembly.Instance(module).exports as Kernels
}

// One memory for all dense calls of a build, made at the first; a call leaves nothing in it that another reads.
const shared = new Map<KernelBuild, DenseKernels>()

/** The float64 kernels for calls that hold nothing in memory between them. */
export function sharedKernels(): DenseKernels {
  const kernels = shared.get(taken) ?? instantiate("float64")
  shared.set(taken, kernels)
  return kernels
}

/** The first byte that is free: constants lie below. */
export const heapStart = 4096

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
