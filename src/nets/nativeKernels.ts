import type { Kernels, Precision } from "./kernels.ts"

/**
 * Wider vectors of the same operations: `avx2` and `avx512` give the bits of `simd128`; those with `fma` are the same sources with multiply-adds
 * that round once.
 */
export const NATIVE_BUILDS = ["avx512", "avx2", "avx512-fma", "avx2-fma"] as const
export type NativeBuild = (typeof NATIVE_BUILDS)[number]

/** Kernels in machine code, as a host may offer them (`kernels/native/module.c`). */
export interface NativeModule {
  supports(build: NativeBuild): boolean
  /** A memory of so many bytes, zero. */
  allocate(bytes: number): ArrayBuffer
  /** Functions of a memory and numbers. */
  kernels(build: NativeBuild, precision: Precision): Readonly<Record<string, (memory: ArrayBuffer, ...numbers: readonly number[]) => number>>
}

const PAGE = 65536

/** A fresh instance of the kernels of a module, with a memory of its own. */
export function instantiateNative(module: NativeModule, build: NativeBuild, precision: Precision): Kernels {
  const run = module.kernels(build, precision)
  const memory = {
    buffer: module.allocate(PAGE),
    grow(pages: number): number {
      // Twice as much costs nothing before it is touched, and what lies here is not copied again soon.
      const before = memory.buffer, grown = module.allocate(Math.min(2 ** 32, Math.max(2 * before.byteLength, before.byteLength + PAGE * pages)))
      new Uint8Array(grown).set(new Uint8Array(before))
      memory.buffer = grown
      return before.byteLength / PAGE
    },
  }
  const taking = (name: string) => (...numbers: readonly number[]): number => run[name](memory.buffer, ...numbers)
  const prepare = taking("prepare")
  return {
    memory, tile: taking("tile"),
    // Constants are not in this memory.
    dataEnd: () => 0,
    scratchBytes: taking("scratchBytes"), seed: taking("seed"), forward: taking("forward"), backward: taking("backward"),
    jacobian: taking("jacobian"), gradient: taking("gradient"), peak: taking("peak"),
    prepare: net => { if (prepare(net) !== 0) throw new RangeError("the memory of the kernels ends before the scratch of a net") },
    ...(precision === "float64" ? { addGram: taking("addGram"), transpose: taking("transpose"), cholesky: taking("cholesky") } : {}),
  } as Kernels
}
