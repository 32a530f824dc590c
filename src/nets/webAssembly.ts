import { decodeBase64 } from "./base64.ts"
import { binaries } from "./kernels.generated.ts"
import type { Kernels, Precision } from "./kernels.ts"

// The little of WebAssembly that is used; the language library has no types for it without those of a host.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: unknown }
  validate(bytes: Uint8Array): boolean
}

/**
 * `simd128` gives the same bits on every machine. `relaxed` is the same sources with multiply-adds that round once where the machine
 * has them: faster, and other bits.
 */
export type WebAssemblyBuild = keyof typeof binaries

/** Whether the host can run a build: the build itself is the probe. */
export function runsWebAssembly(build: WebAssemblyBuild): boolean {
  return WebAssembly.validate(decodeBase64(binaries[build].float32))
}

/** Compiled once; a module has no state. */
const modules = new Map<string, object>()

/** A fresh instance of the kernels in WebAssembly, with a memory of its own. */
export function instantiateWebAssembly(build: WebAssemblyBuild, precision: Precision): Kernels {
  const key = `${build} ${precision}`
  const module = modules.get(key) ?? new WebAssembly.Module(decodeBase64(binaries[build][precision]))
  modules.set(key, module)
  return new WebAssembly.Instance(module).exports as Kernels
}
