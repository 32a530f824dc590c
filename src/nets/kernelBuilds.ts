import type { DenseKernels, Kernels, Precision } from "./kernels.ts"
import { instantiateNative, NATIVE_BUILDS, type NativeBuild, type NativeModule } from "./nativeKernels.ts"
import { instantiateWebAssembly, runsWebAssembly, type WebAssemblyBuild } from "./webAssembly.ts"

/** The builds of the kernels. */
export type KernelBuild = WebAssemblyBuild | NativeBuild

/** Builds with the bits that are wanted, the fastest first. */
const plain: readonly KernelBuild[] = ["avx512", "avx2", "simd128"], fused: readonly KernelBuild[] = ["avx512-fma", "avx2-fma", "relaxed"]

let native: NativeModule | undefined

/** Offers kernels in machine code, or takes the offer back. Without one there are those in WebAssembly, with the same bits. */
export function offerNative(module: NativeModule | undefined): void {
  native = module
  takeBest(false)
}

const isNative = (build: KernelBuild): build is NativeBuild => (NATIVE_BUILDS as readonly string[]).includes(build)

/** Bytes of the vectors of a build. */
export function bytesOfVectors(build: KernelBuild): number {
  return build.startsWith("avx512") ? 64 : build.startsWith("avx2") ? 32 : 16
}

/** Whether the host can run a build. */
export function hasKernels(build: KernelBuild): boolean {
  return isNative(build) ? native !== undefined && native.supports(build) : runsWebAssembly(build)
}

// One for the whole program, as a host has one set of instructions, so that no run mixes the bits of two.
let taken: KernelBuild = "simd128"

/** Takes a build for all kernels that are instantiated from now on; before the first call it is `simd128`. */
export function takeKernels(build: KernelBuild): void {
  taken = build
}

/** Takes the fastest build that is there: of those with the same bits everywhere, or with `fastMath` of the others. */
export function takeBest(fastMath: boolean): void {
  takeKernels((fastMath ? fused : plain).find(hasKernels) ?? "simd128")
}

/** Whether there are kernels that round multiply-adds once. */
export function hasFastMath(): boolean {
  return fused.some(hasKernels)
}

/** The build that is taken. */
export function kernelBuild(): KernelBuild {
  return taken
}

/** A fresh instance of the kernels, with a memory of its own. @throws Error where the build that is taken is native and no longer offered. */
export function instantiate(precision: "float64"): DenseKernels
export function instantiate(precision: Precision): Kernels
export function instantiate(precision: Precision): Kernels {
  if (!isNative(taken)) return instantiateWebAssembly(taken, precision)
  if (native === undefined) throw new Error(`the kernels \`${taken}\` are taken, and this thread was offered none in machine code`)
  return instantiateNative(native, taken, precision)
}

// One memory for all dense calls of a build, made at the first; a call leaves nothing in it that another reads.
const shared = new Map<KernelBuild, DenseKernels>()

/** The float64 kernels for calls that hold nothing in memory between them. */
export function sharedKernels(): DenseKernels {
  const kernels = shared.get(taken) ?? instantiate("float64")
  shared.set(taken, kernels)
  return kernels
}
