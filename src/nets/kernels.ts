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
  /** So many rounds of `peakChains` vector multiply-adds that wait for nothing but themselves; what they come to has no meaning. */
  peak(rounds: number, factor: number, summand: number): number
}

/** Multiply-adds of a round of `peak`, in vectors. */
export const peakChains = 12

export type Precision = "float32" | "float64"

/** The float64 kernels hold those of dense matrices too, row-major; rows lie `aRow`, `cRow`, `toRow` bytes apart. */
export interface DenseKernels extends Kernels {
  /** Adds to the lower triangle of C, rows x rows, scale A A' of A, rows x inner; `inner` is even and a few hundred at most. */
  addGram(scale: number, rows: number, inner: number, a: number, aRow: number, c: number, cRow: number): void
  /** Copies a rows x columns matrix to columns x rows. */
  transpose(rows: number, columns: number, from: number, to: number, toRow: number): void
  /** The lower factor of an n x n matrix in place, with a panel of n x 64 numbers; -1, or the index of the first pivot that is not positive. */
  cholesky(a: number, n: number, panel: number): number
}

/** The first byte that is free: constants lie below. */
export const heapStart = 4096

/** Grows the memory to at least `bytes`; throws a RangeError where the host has no room. Old views no longer show it. */
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
